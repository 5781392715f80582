"""How the boards show hashes."""

from django import template

register = template.Library()


@register.filter
def fingerprint_groups(sha256: str) -> str:
    """64 hex characters in 8 groups of 8, as on the printed notice."""
    return " ".join(sha256[at : at + 8] for at in range(0, len(sha256), 8))
