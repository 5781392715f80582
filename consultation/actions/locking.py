"""The poll's row, locked and re-read, and what the database's refusals mean in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from caoyang_portal.errors import Refused
from consultation.models import Poll
from consultation.queries import polls as checks


def locked_poll(poll: Poll) -> Poll:
    """The poll as it stands, held until the transaction ends; votes in flight come first."""
    return (
        Poll.objects.select_for_update(of=("self",))
        .select_related("kind", "neighbourhood")
        .get(pk=poll.pk)
    )


def refuse_unless(poll: Poll, *states: str) -> None:
    if poll.state not in states:
        raise Refused(
            _("这次表决%(state)s，现在不能这样做。") % {"state": poll.get_state_display()}
        )


def refuse_while_built(poll: Poll) -> None:
    """Nothing changes about a roll that a worker is building."""
    first_of(checks.being_built(poll))


def first_of(problems: list[str]) -> None:
    if problems:
        raise Refused(problems[0])


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what the database refuses into a sentence; around the transaction, not inside."""
    sentences = {
        "a_vote_falls_into_the_window": _("表决已经截止或还没开始，这一票没有计入。"),
        "one_live_vote_per_voter": _("这一票已经投过了，不会重复计算。"),
        "one_live_open_ballot_per_voter": _("这一票已经投过了，不会重复计算。"),
        "one_live_envelope_per_voter": _("这一票已经投过了，不会重复计算。"),
        "a_frozen_roll_stays": _("名册已经冻结，不能再改。"),
        "announced_questions_stay": _("题目已经公告，不能再改。"),
        "one_live_proxy_per_voter": _("这位表决人已有一份有效的委托。"),
        "a_home_stands_once_on_a_roll": _("这处房屋已经在名册上。"),
        "a_household_is_one_home_on_a_roll": _("这一户已经在名册上。"),
        "a_scan_belongs_to_one_ballot": _("这份扫描已经用过了。"),
        "nobody_keys_a_ballot_twice": _("这张票您已经录过了，请另一位同事录。"),
        "a_ballot_is_keyed_turn_by_turn": _("这张票刚有人录过，请刷新再看。"),
        "one_signs_in_while_the_meeting_is_on": _("会议没有在开，现在不能签到。"),
        "nobody_is_there_twice_at_once": _("这一位在这段时间里已经登记过了。"),
        "an_attendee_sits_once_for_a_head": _("这一位已经对上这个名册号了。"),
        "a_head_is_sat_for_by_one_mandate": _("这个名册号已经有人受委托到会。"),
        "a_seat_is_of_the_meeting_s_roll": _("这个名册号不在这次会议的名册上。"),
        "one_show_of_hands_at_a_time": _("还有一次举手表决没有结束。"),
        "a_teller_counts_once_each_time": _("这位计票人已经报过数了，要另一位计票人。"),
        "hands_are_counted_while_they_are_up": _("这次举手表决已经结束。"),
    }
    try:
        yield
    except IntegrityError as problem:
        diagnosis: Any = getattr(problem.__cause__, "diag", None)
        name = diagnosis.constraint_name if diagnosis else None
        if name in sentences:
            raise Refused(sentences[name]) from problem
        raise
