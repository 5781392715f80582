"""Suggestions and claims to try the portal with (演示建议). All of them are made up."""
