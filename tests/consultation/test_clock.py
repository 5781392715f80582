"""The minute clock of polls: one poll's trouble is not another's."""

import datetime as dt

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from caoyang_portal.apart import apart
from caoyang_portal.errors import Refused
from consultation.actions import board, counting
from consultation.models import Poll
from tests.consultation.builders import again, cast, closed, frozen, neighbours, opened


@pytest.fixture
def spoilt(monkeypatch):
    """Make an act of the clock fail for one poll, as a damaged row would."""

    def spoil(module, name, poll, problem):
        act = getattr(module, name)

        def fails(subject):
            if subject.ledger_chain == poll.ledger_chain:
                raise problem
            return act(subject)

        fails.__name__ = name
        monkeypatch.setattr(module, name, fails)

    return spoil


def logged(work):
    with capture_logs() as lines:
        work()
    told = ("event", "chain", "act", "log_level")
    return [tuple(line[word] for word in told) for line in lines if "chain" in line]


def due(poll):
    now, hour = timezone.now(), dt.timedelta(hours=1)
    Poll.objects.filter(pk=poll.pk).update(
        announced_at=now - dt.timedelta(days=40), opens_at=now - hour, closes_at=now + hour
    )
    return poll


def test_one_poll_that_breaks_keeps_no_other_from_opening(people, places, households, spoilt):
    bad, good = (due(frozen(people, places)) for _n in range(2))
    spoilt(counting, "open_poll", bad, RuntimeError("damaged"))
    assert logged(counting.follow_clock) == [("stuck", bad.ledger_chain, "open_poll", "error")]
    assert (again(bad).state, again(good).state) == ("frozen", "open")


def test_nor_from_closing_and_being_counted(people, places, households, spoilt):
    bad, good = (opened(people, places) for _n in range(2))
    spoilt(counting, "close_poll", bad, RuntimeError("damaged"))
    late = timezone.now() - dt.timedelta(seconds=1)
    Poll.objects.filter(pk__in=[bad.pk, good.pk]).update(closes_at=late)
    assert logged(counting.follow_clock) == [("stuck", bad.ledger_chain, "close_poll", "error")]
    assert (again(bad).state, again(good).state) == ("open", "counted")


def test_a_refusal_is_only_noted(people, places, households, spoilt):
    poll = due(frozen(people, places))
    spoilt(counting, "open_poll", poll, Refused("还没有公告。"))
    assert logged(counting.follow_clock) == [("waits", poll.ledger_chain, "open_poll", "info")]


def test_nor_from_posting_its_codes(people, places, households, spoilt):
    voters = neighbours(places, board.LEAST)
    bad, good = (opened(people, places) for _n in range(2))
    for voter in voters:
        cast(good, voter)
    spoilt(board, "post_batch", bad, RuntimeError("damaged"))
    assert logged(board.post_due_batches) == [("stuck", bad.ledger_chain, "post_batch", "error")]
    assert (bad.board.count(), good.board.count()) == (1, 2)


def test_nor_from_having_its_notice_printed(people, places, households, monkeypatch):
    bad, good = (opened(people, places) for _n in range(2))
    for poll in (bad, good):
        closed(poll)
        counting.finish_count(poll)
    printed = counting.documents.result_notice

    def fails(result):
        if result.poll_id == bad.pk:
            raise OSError("no time stamp")
        return printed(result)

    monkeypatch.setattr(counting.documents, "result_notice", fails)
    assert counting.print_result_notices() == 1
    assert [again(poll).result.notice_id is None for poll in (bad, good)] == [True, False]


def test_what_it_gives_is_handed_on(people, places, households):
    poll = opened(people, places)
    assert apart(again, poll) == poll
