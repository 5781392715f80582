"""Rows for mailboxes and their letters, and those of a place."""

from django.utils import timezone

from caoyang_portal.uploads.intake import keep
from suggestions.models import Letter, MailboxRound
from tests.matrix.row import Row, of, prefixed
from tests.suggestions.point_builders import where

SPACE = "suggestions:"
STAFF_HERE = "committee street auditor administrator"
OTHERS_HERE = "street auditor administrator"
ANY_STAFF = "any_committee any_street any_auditor any_administrator"


def mailboxes_of(place, clerk, people, point, picture) -> dict:
    """One waiting for its second person, one with a letter; a box that can be opened."""
    from suggestions.actions import points

    second = people["lin"] if clerk == people["chen"] else people["hu"]
    other = points.add_point(
        place, kind="area", name="南片", hours="全天", by=clerk,
        **where(50, 90, belongs_to=point, mailbox_days=7),
    )  # fmt: skip
    free = points.add_point(
        place, kind="area", name="北片", hours="全天", by=clerk,
        **where(50, 10, belongs_to=point, mailbox_days=7),
    )  # fmt: skip
    given = {
        "neighbourhood": place, "opened_by": clerk, "second": second, "counted": 2,
        "opened_at": timezone.now(), "finish_by": timezone.localdate(),
    }  # fmt: skip
    waiting = MailboxRound.objects.create(point=point, **given)
    confirmed = MailboxRound.objects.create(
        point=other, state="confirmed", counted_again=2, confirmed_at=timezone.now(), **given
    )
    letter = Letter.objects.create(
        neighbourhood=place, round=confirmed, number=1, text="多放长椅。", transcribed_by=clerk
    )
    scan = keep(picture, "letter.png", "image/png", neighbourhood_id=place.pk, by=clerk)
    letter.scans.add(scan)
    return {
        "opened_round": waiting, "counted_round": confirmed, "letter": letter,
        "letter_page": scan, "free_mailbox": free,
    }  # fmt: skip


def _for(names: str, methods: str, **more) -> list[Row]:
    given = {"may": "committee", "sees": OTHERS_HERE, "shared": True} | more
    return prefixed(SPACE, names, methods, given.pop("may"), **given)


MAILBOXES: list[Row] = [
    Row("suggestions:mailbox_desk", "GET", ANY_STAFF),
    *_for("open_mailbox", "GET POST", thing=of("free_mailbox"), sees=""),
    *_for("mailbox_round", "GET", may=STAFF_HERE, thing=of("counted_round"), sees=""),
    *_for(
        "confirm_mailbox_round", "GET POST", may="colleague", thing=of("opened_round"),
        sees=f"clerk {OTHERS_HERE}",
    ),
    *_for("void_mailbox_round", "GET POST", thing=of("opened_round")),
    *_for("add_letters close_mailbox_round", "GET POST", thing=of("counted_round")),
    *_for("letter", "GET", thing=of("letter")),
    *_for("letter_scan", "GET", thing=of("letter", scan="letter_page")),
    *_for(
        "transcribe_letter make_letter_a_suggestion make_letter_a_claim set_letter_aside",
        "GET POST", thing=of("letter"),
    ),
]  # fmt: skip
