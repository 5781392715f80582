"""What people do to their own account (账号)."""

from caoyang_portal.community.models import User


def keep_elder_mode(user: User, elder_mode: bool) -> None:
    """Remember large type (大字版) with the account; a preference, not an act: nothing is recorded."""
    User.objects.filter(pk=user.pk).update(elder_mode=elder_mode)


def keep_language(user: User, language: str) -> None:
    """Remember the language with the account; a preference, not an act: nothing is recorded."""
    User.objects.filter(pk=user.pk).update(language=language)
