"""Letters, and who of a household a telephone number belongs to."""

from datetime import datetime

from django.db.models import QuerySet

from caoyang_portal.community.models import User
from caoyang_portal.confidential import blind_index
from households.models import Household, LetterCode, Member
from households.models.lettercodes import tidy_code


def live_letter(text: str, now: datetime) -> LetterCode | None:
    """The letter somebody typed the code of, unless it was used, replaced or ran out."""
    code = tidy_code(text)
    if not code:
        return None
    return (
        LetterCode.objects.filter(
            code_index=blind_index(code, "letter"),
            used_at=None,
            voided_at=None,
            expires_at__gt=now,
        )
        .select_related("household__building", "household__neighbourhood")
        .first()
    )


def members_with_phone_of(user: User, household: Household) -> QuerySet[Member]:
    """The living members of ``household`` whose number on file is the one ``user`` signed in with."""
    return household.members.filter(
        phone_index=blind_index(user.phone, "member"), left_at=None, is_deceased=False
    ).exclude(phone_index="")
