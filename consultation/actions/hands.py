"""A show of hands (举手表决): put and called by the host, counted by two or ticked off a list.

It is good only while the quorum holds: without it none is begun, and one during which it was lost is
called invalid, with the numbers.
"""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import (
    AgendaItem,
    HandTick,
    Meeting,
    Poll,
    PollKind,
    Secrecy,
    ShowOfHands,
    TellerCount,
)
from consultation.queries import hands as tallies
from consultation.queries.attendance import Hall, hall
from consultation.tally import HEADS, Share

from . import polls
from .locking import in_words

State, Counting = ShowOfHands.State, ShowOfHands.Counting


def open_show_of_hands(
    meeting: Meeting,
    *,
    question: str,
    counting: ShowOfHands.Counting,
    item: AgendaItem | None = None,
    must_hold: ShowOfHands.MustHold = ShowOfHands.MustHold.THROUGHOUT,
    passes: Share = tallies.MORE_THAN_HALF,
    by: User,
) -> ShowOfHands:
    """Put a question to those present (开始举手表决)."""
    with in_words(), transaction.atomic():
        meeting = _locked_meeting(meeting)
        show = ShowOfHands(
            neighbourhood_id=meeting.neighbourhood_id, meeting=meeting, item=item,
            question=question.strip(), counting=counting, must_hold=must_hold, opened_by=by,
            pass_part=passes.part.numerator, pass_whole=passes.part.denominator,
            pass_exceeded=passes.exceeded, number=meeting.shows.count() + 1,
        )  # fmt: skip
        require(by, "consultation.open_show_of_hands", show)
        _refuse_unless_on(meeting)
        if counting == Counting.TELLERS and meeting.quorum not in tallies.BY_HEADS:
            raise Refused(_("这次会议按户数或面积算，要照到会名单逐个登记。"))
        show.opened_at = timezone.now()
        now = hall(meeting).at(show.opened_at)
        if not now.holds:
            raise Refused(now.problem or _("到会人数不够，现在不能举手表决。"))
        show.at_opening = now.as_dict()
        show.save(force_insert=True)
        record("consultation.open_show_of_hands", show, by=by, at_opening=show.at_opening)
    return show


def enter_teller_count(
    show: ShowOfHands, *, teller: str, yes: int, no: int, abstain: int, by: User
) -> TellerCount:
    """Enter what one teller counted (录入计票人的数); the second does not see the first."""
    with in_words(), transaction.atomic():
        show = _locked(show)
        require(by, "consultation.enter_teller_count", show)
        if show.counting != Counting.TELLERS:
            raise Refused(_("这次举手表决照名单逐个登记。"))
        before = list(show.counts.all())
        attempt = tallies.attempt(before)
        if tallies.agreed(before) is not None:
            raise Refused(_("两位计票人数得一样，可以结束了。"))
        there = len(_there_during(hall(show.meeting), show.opened_at, timezone.now()))
        if yes + no + abstain > there:
            raise Refused(_("数出来的手比到会的 %(n)s 位还多，请再数一遍。") % {"n": there})
        count = TellerCount.objects.create(
            neighbourhood_id=show.neighbourhood_id, show=show, attempt=attempt,
            teller=teller.strip(), yes=yes, no=no, abstain=abstain, entered_by=by,
        )  # fmt: skip
        record("consultation.enter_teller_count", show, by=by, attempt=attempt)
    return count


def tick_hands(show: ShowOfHands, *, choices: Mapping[UUID, str], by: User) -> int:
    """Note who raised the hand for what (逐个登记); ``choices`` is by head of the roll, or attendee.

    Those not named stay as they are, so that two may tick at once.
    """
    with in_words(), transaction.atomic():
        show = _locked(show)
        require(by, "consultation.tick_hands", show)
        if show.counting != Counting.TICKS:
            raise Refused(_("这次举手表决由计票人数。"))
        of, now = hall(show.meeting), timezone.now()
        sitting = tallies.who_votes(of, now)
        if set(choices) - set(sitting):
            raise Refused(_("名单上有人刚刚离开，请刷新再登记。"))
        for voter, choice in choices.items():
            row, entry = sitting[voter]
            who = {"entry_id": entry} if entry else {"entry": None, "attendance_id": row}
            values = {"attendance_id": row, "choice": choice, "noted_by": by, "noted_at": now}
            HandTick.objects.update_or_create(
                show=show, **who,
                defaults=values, create_defaults=values | {"neighbourhood_id": show.neighbourhood_id},
            )  # fmt: skip
        record("consultation.tick_hands", show, by=by, heads=len(choices))
    return len(choices)


@transaction.atomic
def close_show_of_hands(show: ShowOfHands, *, by: User) -> ShowOfHands:
    """Call the result (结束举手表决), or that it does not count because too few were there."""
    _locked_meeting(show.meeting)
    show = _locked(show)
    require(by, "consultation.close_show_of_hands", show)
    of, now = hall(show.meeting), timezone.now()
    _note_the_numbers(show, of, now)
    why = _why_invalid(show, of, now)
    if why:
        show.move_to(State.INVALID)
        show.why = why
    else:
        _count(show, of, now)
        show.move_to(State.COUNTED)
    show.closed_by = by
    show.save()
    record(
        "consultation.close_show_of_hands", show, by=by, state=show.state, yes=show.yes, no=show.no,
        abstain=show.abstain, at_closing=show.at_closing, at_least=show.at_least,
    )  # fmt: skip
    return show


@transaction.atomic
def withdraw_show_of_hands(show: ShowOfHands, *, why: str, by: User) -> ShowOfHands:
    """Take the question back before it is called (撤回举手表决)."""
    show = _locked(show)
    require(by, "consultation.withdraw_show_of_hands", show)
    if not why.strip():
        raise Refused(_("请写明原因"))
    show.move_to(State.WITHDRAWN)
    show.why, show.closed_at, show.closed_by = why.strip(), timezone.now(), by
    show.save(update_fields=["state", "why", "closed_at", "closed_by"])
    record("consultation.withdraw_show_of_hands", show, by=by)
    return show


@transaction.atomic
def note_dissent(show: ShowOfHands, *, dissent: str, by: User) -> ShowOfHands:
    """Keep what those who did not agree want kept (记下不同意见)."""
    show = ShowOfHands.objects.select_for_update(of=("self",)).get(pk=show.pk)
    require(by, "consultation.note_dissent", show)
    show.dissent = dissent.strip()
    show.save(update_fields=["dissent"])
    record("consultation.note_dissent", show, by=by)
    return show


@transaction.atomic
def link_show_to_poll(show: ShowOfHands, *, poll: Poll, by: User) -> ShowOfHands:
    """What is too large for a show of hands is decided by a poll (接到书面表决)."""
    show = ShowOfHands.objects.select_for_update(of=("self",)).get(pk=show.pk)
    require(by, "consultation.link_show_to_poll", show)
    if poll.neighbourhood_id != show.neighbourhood_id:
        raise Refused(_("这次表决不属于本居民区"))
    show.poll = poll
    show.save(update_fields=["poll"])
    record("consultation.link_show_to_poll", show, by=by, poll=poll.pk)
    return show


@transaction.atomic
def draft_poll_from_show(
    show: ShowOfHands,
    *,
    kind: PollKind,
    code: str,
    opens_at: datetime,
    closes_at: datetime,
    by: User,
) -> Poll:
    """Draft the poll that puts the same question to the whole roll (起草书面表决)."""
    show = ShowOfHands.objects.select_for_update(of=("self",)).get(pk=show.pk)
    require(by, "consultation.draft_poll_from_show", show)
    poll = polls.draft_poll(
        show.neighbourhood, kind=kind, code=code, title=show.question[:120],
        secrecy=Secrecy(kind.secrecies[0]), opens_at=opens_at, closes_at=closes_at, by=by,
    )  # fmt: skip
    if not kind.has_options:
        polls.set_questions(poll, questions=[(show.question, ())], by=by)
    show.poll = poll
    show.save(update_fields=["poll"])
    record("consultation.draft_poll_from_show", show, by=by, poll=poll.pk)
    return poll


def _locked_meeting(meeting: Meeting) -> Meeting:
    """The meeting's row, held: whoever comes in waits until the numbers are written."""
    return Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)


def _locked(show: ShowOfHands) -> ShowOfHands:
    show = (
        ShowOfHands.objects.select_for_update(of=("self",))
        .select_related("meeting__roll", "meeting__neighbourhood")
        .get(pk=show.pk)
    )
    if show.state != State.OPEN:
        raise Refused(_("这次举手表决%(state)s。") % {"state": show.get_state_display()})
    return show


def _refuse_unless_on(meeting: Meeting) -> None:
    if meeting.state != Meeting.State.UNDER_WAY:
        raise Refused(_("会议没有在开，不能举手表决。"))


def _there_during(of: Hall, first: datetime, last: datetime) -> set[UUID]:
    found: set[UUID] = set()
    for moment in of.between(first, last):
        found |= of.voters(moment)
    return found


def _note_the_numbers(show: ShowOfHands, of: Hall, now: datetime) -> None:
    show.closed_at = now
    show.at_closing = of.at(now).as_dict()
    moment, least = of.least(show.opened_at, now)
    show.at_least = least.as_dict() | {"at": moment.isoformat()}
    show.voters = len(_there_during(of, show.opened_at, now))


def _why_invalid(show: ShowOfHands, of: Hall, now: datetime) -> str:
    """Why it does not count; "" when it does."""
    if show.meeting.state != Meeting.State.UNDER_WAY:
        return _("还没结束举手，会就散了。")
    if not of.at(now).holds:
        return _("结束时到会人数不够。")
    if show.must_hold == ShowOfHands.MustHold.AT_BOTH_ENDS or show.at_least["holds"]:
        return ""
    return _("举手期间到会人数一度不够。")


def _count(show: ShowOfHands, of: Hall, now: datetime) -> None:
    if show.counting == Counting.TELLERS:
        counted = tallies.agreed(show.counts.all())
        if counted is None:
            raise Refused(_("两位计票人的数还没有对上，请再数一遍。"))
        show.yes, show.no, show.abstain = counted
    else:
        sums = tallies.weigh_ticks(of, list(show.ticks.all()))
        show.yes, show.no, show.abstain = (sums[HEADS][c] for c in tallies.CHOICES)
        show.weighed = {name: sums[name] for name in sums if name != HEADS}
    if show.yes + show.no + show.abstain > show.voters:
        raise Refused(_("数出来的手比到会的人还多，请再数一遍。"))
    part = Fraction(show.pass_part, show.pass_whole)
    show.is_adopted = tallies.adopted(show, Share(part, show.pass_exceeded))
