"""A congress from its preparation to its closing, who sits in it, where residents were heard."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import blind_index
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import Congress, CongressIssue, FaceToFace, Representative
from consultation.queries import congress as checks

from .locking import first_of

EDITABLE = (
    "theme", "ballot_kind", "held_on", "place", "live_url", "replay_url", "assign_working_days",
    "return_working_days", "result_days", "co_months", "feedback_months", "extension_months",
    "warn_days", "ladder_days", "legal_basis",
)  # fmt: skip


def locked_congress(congress: Congress) -> Congress:
    """The congress as it stands, held until the transaction ends."""
    return (
        Congress.objects.select_for_update(of=("self",))
        .select_related("sub_district", "neighbourhood")
        .get(pk=congress.pk)
    )


def refuse_unless_in(congress: Congress, *states: str) -> None:
    if congress.state not in states:
        raise Refused(
            _("这次社区代表会议%(state)s，现在不能这样做。")
            % {"state": congress.get_state_display()}
        )


def refuse_other_streets(congress: Congress, area: Neighbourhood) -> None:
    if area.sub_district_id != congress.sub_district_id:
        raise Refused(_("这个居民区不在这个街道"))


@transaction.atomic
def prepare_congress(
    neighbourhood: Neighbourhood, *, term: int, year: int, by: User, **fields: Any
) -> Congress:
    """Begin to prepare the congress of a year (筹备), hosted by one of the areas."""
    congress = Congress(
        neighbourhood=neighbourhood, sub_district_id=neighbourhood.sub_district_id, term=term,
        year=year, prepared_by=by, **{name: fields[name] for name in EDITABLE if name in fields},
    )  # fmt: skip
    require(by, "consultation.prepare_congress", congress)
    street = congress.sub_district_id
    if Congress.objects.filter(sub_district_id=street, year=year).exists():
        raise Refused(_("这一年的社区代表会议已经有了"))
    congress.save(force_insert=True)
    record("consultation.prepare_congress", congress, by=by, term=term, year=year)
    return congress


@transaction.atomic
def edit_congress(congress: Congress, *, by: User, **changes: Any) -> Congress:
    """Change place, links, periods of a congress (修改); periods already running stay."""
    congress = locked_congress(congress)
    require(by, "consultation.edit_congress", congress)
    refuse_unless_in(congress, *(state for state in Congress.State if state != "closed"))
    if congress.state not in ("preparing", "gathering"):
        changes.pop("ballot_kind", None)
    if congress.state == Congress.State.HELD and not changes.get("held_on", True):
        raise Refused(_("会议已经开过，请留着召开日期"))
    changed = [name for name in EDITABLE if name in changes]
    for name in changed:
        setattr(congress, name, changes[name])
    congress.save(update_fields=changed)
    record("consultation.edit_congress", congress, by=by, changed=sorted(changed))
    return congress


@transaction.atomic
def start_gathering(congress: Congress, *, by: User) -> Congress:
    """Announce it: from here everybody may say what should be done (开始征集)."""
    congress = locked_congress(congress)
    require(by, "consultation.start_gathering", congress)
    refuse_unless_in(congress, Congress.State.PREPARING)
    if not congress.representatives.exists():
        raise Refused(_("还没有登记社区代表"))
    congress.move_to(Congress.State.GATHERING)
    congress.save(update_fields=["state"])
    record("consultation.start_gathering", congress, by=by)
    return congress


@transaction.atomic
def freeze_candidates(
    congress: Congress, *, opens_at: datetime, closes_at: datetime, by: User
) -> Congress:
    """Number the listed issues (定下候选名单); every area votes on this list, at the same time."""
    congress = locked_congress(congress)
    require(by, "consultation.freeze_candidates", congress)
    refuse_unless_in(congress, Congress.State.GATHERING)
    first_of(checks.freezing(congress))
    if not timezone.now() < opens_at < closes_at:
        raise Refused(_("票选要在以后开始，截止时间要晚于开始时间"))
    listed = congress.issues.filter(state=CongressIssue.State.LISTED).order_by("number")
    for number, issue in enumerate(listed, 1):
        issue.move_to(CongressIssue.State.CANDIDATE)
        issue.candidate_no = number
        issue.save(update_fields=["state", "candidate_no"])
    congress.move_to(Congress.State.BALLOTING)
    congress.frozen_at, congress.opens_at, congress.closes_at = timezone.now(), opens_at, closes_at
    congress.save(update_fields=["state", "frozen_at", "opens_at", "closes_at"])
    record("consultation.freeze_candidates", congress, by=by, candidates=len(listed))
    return congress


@transaction.atomic
def reopen_gathering(congress: Congress, *, by: User) -> Congress:
    """Take the list back as long as no area votes on it (重新征集)."""
    congress = locked_congress(congress)
    require(by, "consultation.reopen_gathering", congress)
    refuse_unless_in(congress, Congress.State.BALLOTING)
    if checks.live_ballots(congress).exists():
        raise Refused(_("已经有居民区用这份名单票选，请先作废那次表决"))
    for issue in congress.issues.filter(state=CongressIssue.State.CANDIDATE):
        issue.move_to(CongressIssue.State.LISTED)
        issue.candidate_no = None
        issue.save(update_fields=["state", "candidate_no"])
    congress.move_to(Congress.State.GATHERING)
    congress.frozen_at = None
    congress.save(update_fields=["state", "frozen_at"])
    record("consultation.reopen_gathering", congress, by=by)
    return congress


@transaction.atomic
def hold_congress(congress: Congress, *, held_on: date, by: User, **links: str) -> Congress:
    """Say that it was held, when, and where the film of it is (登记召开)."""
    congress = locked_congress(congress)
    require(by, "consultation.hold_congress", congress)
    congress.move_to(Congress.State.HELD)
    if held_on > timezone.localdate():
        raise Refused(_("召开日期不能晚于今天"))
    congress.held_on = held_on
    congress.place = links.get("place", congress.place)
    congress.replay_url = links.get("replay_url", congress.replay_url)
    congress.save(update_fields=["state", "held_on", "place", "replay_url"])
    record("consultation.hold_congress", congress, by=by, held_on=held_on.isoformat())
    return congress


@transaction.atomic
def close_congress(congress: Congress, *, by: User) -> Congress:
    """The work of the year is done (结束); written opinions go on by their own periods."""
    congress = locked_congress(congress)
    require(by, "consultation.close_congress", congress)
    refuse_unless_in(congress, Congress.State.HELD)
    if congress.elected_at is None:
        first_of(checks.counting_ten(congress))
        raise Refused(_("前十还没有列入明年工作，请稍等"))
    congress.move_to(Congress.State.CLOSED)
    congress.save(update_fields=["state"])
    record("consultation.close_congress", congress, by=by)
    return congress


@transaction.atomic
def add_representative(
    congress: Congress,
    *,
    neighbourhood: Neighbourhood,
    name: str,
    category: Representative.Category,
    way: Representative.Way,
    since: date,
    until: date,
    phone: str = "",
    by: User,
) -> Representative:
    """Enter somebody who sits in this term (登记社区代表); with a telephone, under their login."""
    congress = locked_congress(congress)
    listens = category == Representative.Category.NON_VOTING
    seat = Representative(
        neighbourhood=neighbourhood, sub_district_id=congress.sub_district_id, term=congress.term,
        name=name.strip(), category=category, votes=not listens, way=way, since=since,
        until=until, added_by=by,
    )  # fmt: skip
    require(by, "consultation.add_representative", seat)
    refuse_other_streets(congress, neighbourhood)
    if until < since:
        raise Refused(_("任期止要在任期起以后"))
    if phone:
        seat.user = _login_of(phone)
    _refuse_twice(congress, seat)
    seat.save(force_insert=True)
    record("consultation.add_representative", seat, by=by, category=category, term=congress.term)
    return seat


def _refuse_twice(congress: Congress, seat: Representative) -> None:
    """By their login; without one, by the name in its area."""
    there = congress.representatives.filter(ended_on=None)
    if seat.user and there.filter(user=seat.user).exists():
        raise Refused(_("这个人已经是这一届的代表"))
    if not seat.user and there.filter(name=seat.name, neighbourhood=seat.neighbourhood).exists():
        raise Refused(_("这个居民区已经有同名的代表。真是两个人，请在姓名后面注明"))


def _login_of(phone: str) -> User:
    found = User.objects.filter(phone_index=blind_index(phone, "user"), is_active=True).first()
    if found is None:
        raise Refused(_("这个手机号还没有账号。请代表先登录一次，或不填手机号"))
    return found


@transaction.atomic
def end_representative(
    representative: Representative, *, ended_on: date, reason: str, by: User
) -> Representative:
    """End a mandate before its time (结束任期), with its reason; what was written stays."""
    seat = Representative.objects.select_for_update().get(pk=representative.pk)
    require(by, "consultation.end_representative", seat)
    if seat.ended_on is not None:
        raise Refused(_("这位代表的任期已经结束"))
    if not reason.strip():
        raise Refused(_("请写明结束的原因"))
    seat.ended_on, seat.ended_why = ended_on, reason.strip()
    seat.save(update_fields=["ended_on", "ended_why"])
    record("consultation.end_representative", seat, by=by, ended_on=ended_on.isoformat())
    return seat


@transaction.atomic
def record_face_to_face(
    congress: Congress,
    *,
    neighbourhood: Neighbourhood,
    held_on: date,
    place: str,
    present: Sequence[Representative],
    came: int,
    summary: str = "",
    by: User,
) -> FaceToFace:
    """Enter a hearing in one area (社区代表面对面): when, where, who of the representatives, how many came."""
    congress = locked_congress(congress)
    hearing = FaceToFace(
        neighbourhood=neighbourhood, congress=congress, held_on=held_on, place=place.strip(),
        came=came, summary=summary.strip(), recorded_by=by,
    )  # fmt: skip
    require(by, "consultation.record_face_to_face", hearing)
    refuse_unless_in(congress, Congress.State.PREPARING, Congress.State.GATHERING)
    refuse_other_streets(congress, neighbourhood)
    if held_on > timezone.localdate():
        raise Refused(_("日期不能晚于今天"))
    if not present:
        raise Refused(_("至少要有一位社区代表到场"))
    if congress.hearings.filter(
        neighbourhood=neighbourhood, held_on=held_on, place=hearing.place
    ).exists():
        raise Refused(_("这一场已经登记过了"))
    hearing.save(force_insert=True)
    hearing.present.set(present)
    record("consultation.record_face_to_face", hearing, by=by, came=came, present=len(present))
    return hearing
