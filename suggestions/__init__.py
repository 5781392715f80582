"""Suggestions and claims (建议和诉求): what somebody says, and what became of it.

CollectionPoint      征集点    a place where suggestions are taken in, on the plan and in the list
PointHours           开放时间  when it is open, from a day on
"""
