"""Corrections (更正): everybody's is accepted into a next version, or answered; none is lost."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.minutes_text import Body, cleaned
from consultation.models import Minutes, MinutesCorrection, MinutesVersion
from consultation.queries import minutes as checks

from .minutes import leave_time, locked, next_version

State = MinutesCorrection.State
MOST_WAITING = 20  # of one person


@transaction.atomic
def raise_correction(minutes: Minutes, *, section: str, text: str, by: User) -> MinutesCorrection:
    """Say what is wrong and what it should say (更正); after the last day it is kept as a remark."""
    minutes = locked(minutes)
    correction = MinutesCorrection(
        neighbourhood=minutes.neighbourhood, minutes=minutes, raised_by=by, name=by.name
    )
    require(by, "consultation.raise_correction", correction)
    mine = minutes.corrections.filter(raised_by=by, state=State.WAITING)
    if mine.count() >= MOST_WAITING:
        raise Refused(_("您已经提了很多条，请等居委答复后再提"))
    _enter(minutes, correction, section, text)
    record("consultation.raise_correction", correction, by=by, late=correction.state == "remark")
    return correction


@transaction.atomic
def enter_correction(
    minutes: Minutes, *, name: str, section: str, text: str, by: User
) -> MinutesCorrection:
    """Enter what somebody said at the desk or on the phone (代录更正)."""
    minutes = locked(minutes)
    correction = MinutesCorrection(
        neighbourhood=minutes.neighbourhood, minutes=minutes, entered_by=by, name=name.strip()
    )
    require(by, "consultation.enter_correction", correction)
    if not correction.name:
        raise Refused(_("请写明是谁提的"))
    _enter(minutes, correction, section, text)
    record("consultation.enter_correction", correction, by=by, late=correction.state == "remark")
    return correction


def _enter(minutes: Minutes, correction: MinutesCorrection, section: str, text: str) -> None:
    if minutes.state == Minutes.State.DRAFT:
        raise Refused(_("纪要还没有送出"))
    version = checks.current(minutes)
    titles = {part["key"]: part["title"] for part in version.body["sections"]}
    if section and section not in titles:
        raise Refused(_("纪要已更新，请刷新页面再选一次"))
    correction.text = cleaned(text)
    if not correction.text:
        raise Refused(_("请写明应该怎么写"))
    correction.version = version
    correction.section, correction.where = section, titles.get(section) or "整份纪要"
    if not minutes.takes_corrections(timezone.localdate()):
        correction.state = State.REMARK
    correction.save(force_insert=True)


@transaction.atomic
def accept_correction(
    correction: MinutesCorrection, *, changes: Body, version: int, by: User
) -> MinutesVersion:
    """Put it right (采纳): the edited text is the next version, and everybody has days to look at it."""
    minutes, correction = _locked(correction)
    require(by, "consultation.accept_correction", correction)
    _refuse_unless(correction, State.WAITING)
    before = checks.current(minutes)
    if before.number != version:
        raise Refused(_("刚有同事改出了新的一版，请在新的一版上改。"))
    said = f"按更正修改：{correction.where}"  # not whose: all who were there read it
    made = next_version(minutes, before.body | cleaned(changes), said[:300], by)
    _settle(correction, State.ACCEPTED, "", by)
    correction.became = made
    correction.save(update_fields=["state", "answer", "answered_by", "answered_at", "became"])
    leave_time(minutes, timezone.localdate())
    record(
        "consultation.accept_correction", correction, by=by, version=made.number,
        text=made.text_sha256, until=minutes.corrections_until,
    )  # fmt: skip
    return made


@transaction.atomic
def answer_correction(
    correction: MinutesCorrection, *, answer: str, by: User
) -> MinutesCorrection:
    """Say why it stays as it is (答复)."""
    _minutes, correction = _locked(correction)
    require(by, "consultation.answer_correction", correction)
    _refuse_unless(correction, State.WAITING, State.REMARK)
    if not answer.strip():
        raise Refused(_("请写明为什么不改"))
    _settle(correction, State.ANSWERED, answer.strip(), by)
    correction.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record("consultation.answer_correction", correction, by=by)
    return correction


def _locked(correction: MinutesCorrection) -> tuple[Minutes, MinutesCorrection]:
    minutes = locked(Minutes(pk=correction.minutes_id))
    correction = MinutesCorrection.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    correction.minutes = minutes
    return minutes, correction


def _refuse_unless(correction: MinutesCorrection, *states: str) -> None:
    if correction.state not in states:
        raise Refused(_("这条更正%(state)s，不用再办") % {"state": correction.get_state_display()})


def _settle(correction: MinutesCorrection, state: State, answer: str, by: User) -> None:
    correction.state, correction.answer = state, answer
    correction.answered_by, correction.answered_at = by, timezone.now()
