"""What a publicity lacks, what its places prove, and the lists of those who look (公示的查看)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from caoyang_portal.calendars.deadlines import add_days, add_working_days

from .models import PostingPlace, Publicity, PublicityObjection

State = Publicity.State


def last_day(first: date, days: int, counted_in: str) -> date:
    """The last of so many days after ``first``; off a holiday (Civil Code arts. 201, 203)."""
    if counted_in == Publicity.CountedIn.WORKING:
        return add_working_days(first, days)
    return add_days(first, days)


def posting(publicity: Publicity) -> list[str]:
    """What keeps a draft from being posted; empty when nothing does."""
    missing = []
    if not publicity.body.strip() and not publicity.files.exists():
        missing.append(_("还没有正文，也没有附件"))
    if not publicity.legal_basis.strip():
        missing.append(_("还没有写依据"))
    return missing


@dataclass(frozen=True)
class Proof:
    """What one place proves: the words of it, and whether it proves the whole period."""

    place: PostingPlace
    is_whole: bool
    words: str


def proof_of(place: PostingPlace, publicity: Publicity) -> Proof:
    """From the day it went up to the day it came down, and whether a photo shows it."""
    if place.put_up_on is None:
        return Proof(place, False, _("没有登记贴出"))
    if publicity.starts_on is None or publicity.ends_on is None:
        return Proof(place, False, "")
    gaps = []
    if place.photo_id is None:
        gaps.append(_("缺照片"))
    late = (place.put_up_on - publicity.starts_on).days
    if late > 0:
        gaps.append(_("晚贴 %(n)s 天") % {"n": late})
    if place.taken_down_on and place.taken_down_on < publicity.ends_on:
        early = (publicity.ends_on - place.taken_down_on).days
        gaps.append(_("早撤 %(n)s 天") % {"n": early})
    whole = _("已贴出，有照片") if publicity.state == State.POSTED else _("全程张贴，有照片")
    return Proof(place, not gaps, _("，").join(gaps) or whole)


def proofs(publicity: Publicity) -> list[Proof]:
    places = publicity.places.select_related("building", "photo")
    return [proof_of(place, publicity) for place in places]


def unproved(publicity: Publicity) -> list[str]:
    """What the certificate could not say; the days run out all the same."""
    found = proofs(publicity)
    missing = [f"{one.place}：{one.words}" for one in found if not one.is_whole]
    if not found:
        missing.append(_("没有登记张贴点，只能证明网上公示"))
    waiting = publicity.objections.waiting().count()
    if waiting:
        missing.append(_("还有 %(n)s 条异议没有答复") % {"n": waiting})
    return missing


def for_everyone(today: date, wanted: str = "") -> QuerySet[Publicity]:
    """Running ones first, those that end soonest at the top; then the rest, the newest first."""
    found = Publicity.objects.public().select_related("neighbourhood")
    if wanted:
        found = found.filter(
            Q(title__icontains=wanted, state__in=Publicity.SHOWN)
            | Q(number=wanted)
            | Q(neighbourhood__name__icontains=wanted)
        )
    rank = Case(
        When(state=State.POSTED, then=Value(0)),
        When(state=State.OPINIONS, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return found.annotate(rank=rank).order_by("rank", "-posted_at", "pk")


@dataclass(frozen=True)
class Register:
    """The objections of a publicity in numbers."""

    raised: int
    answered: int
    late: int
    by_outcome: list[tuple[str, int]]


def register(publicity: Publicity, today: date) -> Register:
    objections = list(publicity.objections.values_list("outcome", "answer_by"))
    return Register(
        len(objections),
        sum(1 for outcome, _day in objections if outcome),
        sum(1 for outcome, day in objections if not outcome and day < today),
        [
            (str(one.label), sum(1 for o, _d in objections if o == one))
            for one in PublicityObjection.Outcome
        ],
    )


def next_number(publicity: Publicity, year: int, taken: Iterable[str]) -> str:
    """The next of the year in its neighbourhood: 2026-003."""
    last = max((int(number.partition("-")[2]) for number in taken), default=0)
    return f"{year}-{last + 1:03d}"
