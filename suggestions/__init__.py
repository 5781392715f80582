"""Suggestions and claims (建议和诉求): what somebody says, and what became of it."""
