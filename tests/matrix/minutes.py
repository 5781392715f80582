"""Minutes of a place in every state that a page of theirs needs, and the rows of their addresses (纪要)."""

import datetime as dt

from django.utils import timezone

from caoyang_portal.uploads.intake import keep
from consultation.actions import minutes as writing
from consultation.actions import minutes_corrections, minutes_papers
from consultation.models import (
    AgendaItem,
    Invitation,
    Meeting,
    Minutes,
    MinutesPaper,
    MinutesSignature,
)
from consultation.queries.minutes import current
from tests.matrix.polls import ANY_STAFF, OTHERS_HERE, STAFF_HERE
from tests.matrix.row import Row, prefixed

MINUTES = "consultation:"
DAY = dt.timedelta(days=1)


MET = {"chen": (("chen", "lin"), ("wang", "zhao")), "fang": (("fang",), ("hu",))}


def minutes_of(place, clerk, people, pdf, picture) -> dict:
    """Meetings of the committee with its residents; the clerk hosts, the last one keeps the record."""
    met = next(met for who, met in MET.items() if people[who] == clerk)
    staff, residents = ([people[who] for who in group] for group in met)
    kept = {"neighbourhood_id": place.pk, "by": clerk}
    draft = _draft(_held(place, staff, residents), clerk)
    sent = _sent(place, staff, residents, picture)
    correction = minutes_corrections.enter_correction(
        sent, name="王小明", section="", text="我说的是下午", by=clerk
    )
    signing = _at(_sent(place, staff, residents, picture), "signing")
    signatory = signing.signatories.get(user=residents[0])
    sealed = _signed(place, staff, residents, picture)
    for paper in sealed.papers.all():
        file = keep(pdf, "minutes.pdf", "application/pdf", **kept)
        MinutesPaper.objects.filter(pk=paper.pk).update(
            state="done", file=file, sha256=file.sha256, sealed_at=timezone.now(), steps=3
        )
    Minutes.objects.filter(pk=sealed.pk).update(
        state="sealed", sealed_at=timezone.now(), search_text="摊位怎么排"
    )
    addendum = minutes_papers.add_addendum(sealed, text="摊位 12 个", reason="漏记", by=clerk)
    for paper in addendum.papers.all():
        file = keep(pdf, "addendum.pdf", "application/pdf", **kept)
        MinutesPaper.objects.filter(pk=paper.pk).update(
            state="done", file=file, sha256=file.sha256, sealed_at=timezone.now(), steps=3
        )
    stuck = _signed(place, staff, residents, picture)
    stuck.papers.update(state="failed", problem="OSError")
    version = current(signing)
    return {
        "bare_meeting": _held(place, staff, residents),
        "draft_minutes": draft,
        "sent_minutes": sent,
        "minutes_correction": correction,
        "signing_minutes": signing,
        "minutes_signatory": signatory,
        "minutes_signature": MinutesSignature.objects.create(
            neighbourhood=place, signatory=signing.signatories.last(), version=version,
            way="paper", text_sha256=version.text_sha256, entered_by=clerk,
            scan=keep(picture, "scan.png", "image/png", **kept),
        ),
        "sealed_minutes": sealed,
        "minutes_paper": stuck.papers.first(),
    }  # fmt: skip


def _held(place, staff, residents) -> Meeting:
    now = timezone.now()
    meeting = Meeting.objects.create(
        neighbourhood=place, form="round_table", title="菜场升级圆桌会", convenor="居委会",
        host=staff[0], place="议事厅", starts_at=now - DAY, ends_at=now, state="held",
        announced_at=now - 8 * DAY, opened_at=now - DAY, closed_at=now, drafted_by=staff[0],
    )  # fmt: skip
    meeting.recorders.add(staff[-1])
    AgendaItem.objects.create(neighbourhood=place, meeting=meeting, number=1, title="摊位怎么排")
    for resident in residents:
        Invitation.objects.create(
            neighbourhood=place, meeting=meeting, role="resident", name=resident.name,
            user=resident, answer="yes",
        )  # fmt: skip
    return meeting


def _draft(meeting, clerk) -> Minutes:
    minutes = writing.draft_minutes(meeting, by=clerk)
    body = current(minutes).body
    body["sections"][0] |= {"discussion": "王桂芳：靠北好", "decision": "靠北"}
    writing.edit_minutes(minutes, changes=body, edition=1, by=clerk)
    return minutes


def _sent(place, staff, residents, picture) -> Minutes:
    clerk = staff[0]
    minutes = _draft(_held(place, staff, residents), clerk)
    writing.add_minutes_photo(
        minutes,
        photo=keep(picture, "hall.png", "image/png", neighbourhood_id=place.pk, by=clerk),
        caption="会场", when="", is_public=True, by=clerk,
    )  # fmt: skip
    writing.send_minutes(
        minutes, recorder=staff[-1], representatives=residents, on_paper=["王小明"],
        correction_days=5, by=clerk,
    )  # fmt: skip
    return _again(minutes)


def _at(minutes, *states) -> Minutes:
    for state in states:
        Minutes.objects.filter(pk=minutes.pk).update(state=state, signed_at=timezone.now())
    return _again(minutes)


def _signed(place, staff, residents, picture) -> Minutes:
    minutes = _at(_sent(place, staff, residents, picture), "signing", "signed")
    minutes_papers.order_papers(minutes)
    return minutes


def _again(minutes) -> Minutes:
    return Minutes.objects.select_related("meeting__host", "neighbourhood").get(pk=minutes.pk)


def _by(name, **more):
    """By the meeting of the minutes called so."""
    return lambda target: {"pk": getattr(target, name).meeting_id} | more


def _pk(name):
    return lambda target: {"pk": getattr(target, name).pk}


def _for(names: str, methods: str, thing, **more) -> list[Row]:
    """Of the committee's: those who watch know it and have no right."""
    more = {"may": "committee", "sees": OTHERS_HERE, "thing": thing, "shared": True} | more
    return prefixed(MINUTES, names, methods, more.pop("may"), **more)


WERE_THERE = "neighbours committee"
SEALED = {"thing": _by("sealed_minutes"), "shared": True}
MINUTES_READ: list[Row] = [
    Row("consultation:minutes_list", "GET", "everybody"),
    *prefixed(MINUTES, "minutes_page minutes_pdf", "GET", "everybody", **SEALED),
    Row(
        "consultation:minutes_addendum_pdf", "GET", "everybody", _by("sealed_minutes", number=1),
        shared=True,
    ),
    Row("consultation:full_minutes_pdf", "GET", WERE_THERE, sees="signed_in", **SEALED),
    Row(
        "consultation:full_minutes_addendum_pdf", "GET", WERE_THERE,
        _by("sealed_minutes", number=1), sees="signed_in", shared=True,
    ),
    Row(
        "consultation:minutes_page", "GET", f"{WERE_THERE} {OTHERS_HERE}", _by("sent_minutes"),
        passerby=404, shared=True,
    ),
    Row("consultation:minutes_page", "GET", "", _by("draft_minutes"), passerby=404, shared=True),
    Row(
        "consultation:minutes_photo", "GET", f"{WERE_THERE} {OTHERS_HERE}",
        _by("sent_minutes", number=1), passerby=404, shared=True,
    ),
    Row(
        "consultation:raise_correction", "GET POST", WERE_THERE, _by("sent_minutes"),
        sees=OTHERS_HERE, shared=True,
    ),
    Row(
        "consultation:sign_minutes", "GET POST", WERE_THERE, _by("signing_minutes"), shared=True
    ),
    Row("consultation:ask_minutes_code", "POST", WERE_THERE, _by("signing_minutes"), shared=True),
]  # fmt: skip

DESK_OF_MINUTES: list[Row] = [
    Row("consultation:desk_minutes_list", "GET", ANY_STAFF),
    *_for("desk_minutes", "GET", _by("draft_minutes"), may=STAFF_HERE, sees=""),
    *_for("desk_minutes", "GET", _by("sent_minutes"), may=STAFF_HERE, sees=""),
    *_for("desk_minutes minutes_progress", "GET", _by("sealed_minutes"), may=STAFF_HERE, sees=""),
    *_for("draft_minutes", "POST", _pk("bare_meeting")),
    *_for("edit_minutes send_minutes", "GET POST", _by("draft_minutes")),
    *_for("add_minutes_photo remove_minutes_photo", "POST", _by("draft_minutes")),
    *_for("preview_minutes draft_minutes_pdf", "GET", _by("draft_minutes"), sees=""),
    *_for("enter_correction", "GET POST", _by("sent_minutes")),
    *_for(
        "accept_correction answer_correction", "GET POST", _pk("minutes_correction"), sees=""
    ),
    *_for("start_signing", "POST", _by("sent_minutes")),
    *_for("reopen_minutes", "GET POST", _by("signing_minutes")),
    *_for("enter_minutes_signature excuse_signatory", "GET POST", _pk("minutes_signatory")),
    *_for("minutes_signature_scan", "GET", _pk("minutes_signature")),
    *_for(
        "retry_minutes_paper", "POST", _pk("minutes_paper"), may="committee administrator",
        sees="street auditor",
    ),
    *_for("add_addendum", "GET POST", _by("sealed_minutes")),
]  # fmt: skip
