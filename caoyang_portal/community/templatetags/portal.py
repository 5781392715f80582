"""Words and numbers as people read them (显示)."""

import re

from django import template

register = template.Library()


@register.filter
def tel(number: str) -> str:
    """A number as a telephone link wants it: ``021-6216 0000`` -> ``02162160000``."""
    return re.sub(r"[^0-9+]", "", str(number or ""))


@register.filter
def spaced(phone: str) -> str:
    """A number as people read it aloud: ``+8613800138000`` -> ``138 0013 8000``."""
    local = (phone or "").removeprefix("+86")
    return f"{local[:3]} {local[3:7]} {local[7:]}" if len(local) == 11 else local
