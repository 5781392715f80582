"""Words and numbers as people read them (显示)."""

import re

from django import template

register = template.Library()


@register.filter
def tel(number: str) -> str:
    """A number as a telephone link wants it: ``021-6216 0000`` -> ``02162160000``."""
    return re.sub(r"[^0-9+]", "", number or "")
