"""Sums as people here write them (金额)."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def money(amount: Decimal | None) -> str:
    """``Decimal("12000")`` -> ``12,000.00``: groups of three in both languages, never rounded up."""
    return f"{amount:,.2f}" if amount is not None else "—"
