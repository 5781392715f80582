"""What is said against a publicity, and the answers (异议)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.calendars.deadlines import add_working_days
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.publicity.models import ObjectionFile, Publicity, PublicityObjection
from caoyang_portal.uploads.models import Attachment

from .locking import locked, reason_of

MOST_OF_ONE = 20  # of one person against one publicity
MOST_FILES = 5


@transaction.atomic
def object_to_publicity(
    publicity: Publicity,
    *,
    text: str,
    home: str = "",
    for_household: bool = False,
    is_unnamed: bool = False,
    files: Sequence[Attachment] = (),
    by: User,
) -> PublicityObjection:
    """Say that something is wrong (提出异议), signed in; sent twice it is one."""
    publicity = locked(publicity)
    objection = PublicityObjection(
        neighbourhood_id=publicity.neighbourhood_id, publicity=publicity, text=text.strip(),
        home=home.strip(), for_household=for_household, is_unnamed=is_unnamed, raised_by=by,
    )  # fmt: skip
    require(by, "publicity.object_to_publicity", objection)
    mine = publicity.objections.filter(raised_by=by)
    same = mine.filter(text=objection.text).first()
    if same:
        return same
    _refuse_untimely(publicity, timezone.localdate())
    if mine.count() >= MOST_OF_ONE:
        raise Refused(_("您已经提了很多条，请到居委当面说"))
    _enter(objection, files)
    record("publicity.object_to_publicity", objection, by=by, number=objection.number)
    return objection


@transaction.atomic
def enter_objection(
    publicity: Publicity,
    *,
    channel: PublicityObjection.Channel,
    name: str,
    home: str,
    text: str,
    raised_on: date,
    is_unnamed: bool = False,
    files: Sequence[Attachment] = (),
    by: User,
) -> PublicityObjection:
    """Take down what somebody said at the counter, by telephone or in a letter (代录异议).

    It counts from the day it was said: what came in time may be entered later.
    """
    publicity = locked(publicity)
    objection = PublicityObjection(
        neighbourhood_id=publicity.neighbourhood_id, publicity=publicity, text=text.strip(),
        channel=channel, name=name.strip(), home=home.strip(), is_unnamed=is_unnamed,
        entered_by=by,
    )  # fmt: skip
    require(by, "publicity.enter_objection", objection)
    if publicity.starts_on is None or publicity.state == Publicity.State.WITHDRAWN:
        raise Refused(_("这份公示%(state)s，现在不能这样做。")
                      % {"state": publicity.get_state_display()})  # fmt: skip
    if not publicity.starts_on <= raised_on <= min(publicity.opinions_until, timezone.localdate()):
        raise Refused(_("提出的日期不在公示和听取意见的期限内"))
    _enter(objection, files)
    record("publicity.enter_objection", objection, by=by, number=objection.number, on=raised_on)
    return objection


def _refuse_untimely(publicity: Publicity, today: date) -> None:
    if not publicity.takes_objections(today):
        raise Refused(_("提异议的期限已经过了。有话要说，请打电话给居委。"))


def _enter(objection: PublicityObjection, files: Sequence[Attachment]) -> None:
    """Number it, promise the day of the answer, keep its files; the publicity's row is held."""
    if not objection.text:
        raise Refused(_("请写下您的意见"))
    if len(files) > MOST_FILES:
        raise Refused(_("文件最多 %(n)s 份") % {"n": MOST_FILES})
    publicity = objection.publicity
    last = publicity.objections.aggregate(last=Max("number"))["last"] or 0
    objection.number = last + 1
    objection.answer_by = add_working_days(timezone.localdate(), publicity.answer_days)
    objection.save(force_insert=True)
    ObjectionFile.objects.bulk_create(
        ObjectionFile(neighbourhood_id=objection.neighbourhood_id, objection=objection, file=file)
        for file in files
    )


@transaction.atomic
def answer_objection(
    objection: PublicityObjection,
    *,
    outcome: PublicityObjection.Outcome,
    answer: str,
    by: User,
) -> PublicityObjection:
    """Answer with reasons (答复), once, by another than who raised it."""
    objection = PublicityObjection.objects.select_for_update().get(pk=objection.pk)
    require(by, "publicity.answer_objection", objection)
    if objection.outcome:
        raise Refused(_("这条异议已经答复"))
    if not answer.strip():
        raise Refused(_("请写明答复的理由"))
    objection.outcome, objection.answer = outcome, answer.strip()
    objection.answered_at, objection.answered_by = timezone.now(), by
    objection.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    record(
        "publicity.answer_objection", objection, by=by, number=objection.number, outcome=str(outcome)
    )  # fmt: skip
    return objection


@transaction.atomic
def hide_objection(objection: PublicityObjection, *, reason: str, by: User) -> PublicityObjection:
    """Keep its words from the public page, because they tell somebody's private matters (隐去)."""
    objection = PublicityObjection.objects.select_for_update().get(pk=objection.pk)
    require(by, "publicity.hide_objection", objection)
    objection.hidden_because = reason_of(reason)
    objection.save(update_fields=["hidden_because"])
    record("publicity.hide_objection", objection, by=by, number=objection.number)
    return objection
