"""Deadlines in working days and calendar days (工作日).

SpecialDay  特殊日  a holiday, or a weekend day worked in exchange (调休)
"""
