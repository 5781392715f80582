"""The letter to a household (告知书): three facts, a telephone number, a code."""

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from caoyang_portal import documents
from households.models import LetterCode, Member
from households.models.lettercodes import shown_code

LETTERS = "households/papers/letters.html"


def letters_pdf(letters: Sequence[LetterCode]) -> bytes:
    """A sheet for each letter. The picture holds the code and nothing about anybody."""
    names = {
        holder.household_id: holder.name
        for holder in Member.objects.filter(
            household__in=[letter.household_id for letter in letters],
            role=Member.Role.HOLDER,
            left_at=None,
            is_deceased=False,
        )
    }
    sheets = [
        {
            "picture": f"asset:qr-{place}",
            "code": shown_code(letter.code),
            "address": letter.household.address,
            "name": names.get(letter.household_id, ""),
            "neighbourhood": letter.household.neighbourhood,
            "until": timezone.localtime(letter.expires_at).date(),
            "issued": timezone.localtime(letter.issued_at).date(),
        }
        for place, letter in enumerate(letters)
    ]
    images = {
        f"qr-{place}": documents.qr(f"{settings.SITE_URL}/link/?c={letter.code}&elder=1")
        for place, letter in enumerate(letters)
    }
    return documents.render_pdf(
        LETTERS,
        {"sheets": sheets, "paper_title": "告知书", "site": _site()},
        images=images,
    )


def _site() -> str:
    return settings.SITE_URL.partition("://")[2]
