"""Who may do what (权限). Each app's rules.py names its acts; this asks."""

import rules
from django.core.exceptions import PermissionDenied


def may(user, act: str, subject=None) -> bool:
    """Whether ``user`` may do ``act`` to ``subject`` by the rules of its app.

    Not ``user.has_perm()``: Django answers True for every superuser before any rule is asked,
    and no office holder may sign or vote for a household.
    """
    return rules.has_perm(act, user, subject)


def require(user, act: str, subject=None) -> None:
    """Raise ``PermissionDenied`` unless ``user`` may do ``act`` to ``subject``."""
    if not may(user, act, subject):
        raise PermissionDenied(act)
