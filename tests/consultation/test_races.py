"""Many at once, one while the poll closes, and what the disk still tells after the count."""

import contextlib
import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from consultation.actions import ballots, counting, paper, polls, proxies
from consultation.models import CastMark, OpenBallot, Poll, PollKind, RollEntry, SecretBallot
from consultation.queries.results import figures
from consultation.scans import ScannedPage
from tests.consultation.builders import (
    YES,
    again,
    ask_code,
    cast,
    counted,
    entry_of,
    kind,
    neighbours,
    opened,
    the_code,
)
from tests.households.builders import attachment
from tests.households.test_signing_races import together

committed = pytest.mark.django_db(transaction=True)


def scanned(poll, entry, people):
    """A paper ballot of ``entry``, printed, scanned and keyed once."""
    paper.print_papers(poll, by=people["chen"])
    page = ScannedPage(
        attachment(poll.neighbourhood, sha256=f"{new_id().int:064x}"),
        entry.papers.get().serial,
    )
    paper.take_in_scans(poll, pages=[page], by=people["chen"])
    return paper.key_paper(entry.papers.get(), choices={"1": "no"}, by=people["chen"])


def mandate(poll, entry, people):
    today = timezone.localdate()
    proxy = proxies.record_proxy(
        entry, agent_name="孙丽", agent_phone=people["sun"].phone, instructions=YES,
        valid_from=today, valid_to=today, document=attachment(poll.neighbourhood),
        by=people["chen"],
    )  # fmt: skip
    return proxies.approve_proxy(proxy, by=people["lin"])


@committed
def test_twenty_casts_over_four_channels_are_one_vote(people, places, households):
    poll = opened(people, places, of=kind("lift-compound", revote=False))
    entry = entry_of(poll, "王桂芳")
    sheet, proxy = scanned(poll, entry, people), mandate(poll, entry, people)
    code = ask_code(entry, people["wang"])
    ballots.ask_proxy_code(proxy, session_key="s", ip="", by=people["sun"])
    agent_code = the_code(people["sun"])

    def online():
        return cast(poll, people["wang"], code=code)

    def tablet():
        return ballots.cast_on_tablet(
            entry, choices=YES, witness=people["lin"], form_key=str(new_id()), by=people["chen"]
        )

    def by_proxy():
        return ballots.cast_by_proxy(
            proxy, choices=YES, code=agent_code, session_key="s", form_key=str(new_id()),
            by=people["sun"],
        )  # fmt: skip

    def on_paper():
        try:
            return paper.key_paper(sheet, choices={"1": "no"}, by=people["lin"])
        except PermissionDenied as keyed_before:
            raise Refused(str(keyed_before)) from keyed_before

    results = together(*[online, tablet, by_proxy, on_paper] * 5)
    assert CastMark.objects.filter(voided=False).count() == 1
    assert OpenBallot.objects.count() == 1
    sheet.refresh_from_db()
    receipts = [r for r in results if not isinstance(r, Refused | type(sheet))]
    assert len(receipts) + (sheet.state == "counted") == 1
    assert sheet.state in ("counted", "set_aside")


@committed
def test_one_household_s_vote_does_not_wait_for_another_s(people, places, households, monkeypatch):
    """Both are made to meet inside the act, holding their locks."""
    poll = opened(people, places)
    codes = {
        who: ask_code(entry_of(poll, people[who].name), people[who]) for who in ("wang", "zhao")
    }
    meeting = threading.Barrier(2)
    put_in = ballots.put_in

    def put_in_and_meet(*args, **kwargs):
        receipt = put_in(*args, **kwargs)
        meeting.wait(timeout=10)  # broken, and the test with it, if one waits for the other
        return receipt

    monkeypatch.setattr(ballots, "put_in", put_in_and_meet)
    together(*[lambda who=who: cast(poll, people[who], code=codes[who]) for who in codes])
    assert CastMark.objects.count() == 2


@committed
def test_the_poll_closes_after_the_vote_in_flight_and_counts_it(
    people, places, households, monkeypatch
):
    poll = opened(people, places)
    code = ask_code(entry_of(poll, "王桂芳"), people["wang"])
    in_the_box, closing = threading.Event(), threading.Event()
    put_in = ballots.put_in

    def put_in_slowly(*args, **kwargs):
        receipt = put_in(*args, **kwargs)
        in_the_box.set()
        closing.wait(timeout=5)
        with contextlib.suppress(threading.BrokenBarrierError):
            threading.Event().wait(timeout=0.5)  # the closing is at the poll's row by now
        return receipt

    def close():
        in_the_box.wait(timeout=5)
        closing.set()
        return polls.close_poll(poll)

    monkeypatch.setattr(ballots, "put_in", put_in_slowly)
    monkeypatch.setattr(
        polls.checks, "database_now", lambda: timezone.now() + dt.timedelta(days=2)
    )
    together(lambda: cast(poll, people["wang"], code=code), close)
    assert again(poll).state == "counting"
    assert poll.board.last().facts["kind"] == "batch"
    counting.finish_count(poll)
    assert again(poll).result.shown["participating"]["heads"] == 1


@committed
def test_a_vote_that_comes_while_the_poll_closes_is_late_and_leaves_nothing(
    people, places, households, monkeypatch
):
    """The view saw it open; the database sees it closed."""
    poll = opened(people, places)
    code = ask_code(entry_of(poll, "王桂芳"), people["wang"])
    put_in = ballots.put_in

    def close_first(*args, **kwargs):
        def close():
            Poll.objects.update(closes_at=timezone.now())
            polls.close_poll(poll)
            connection.close()

        closing = threading.Thread(target=close)
        closing.start()
        closing.join(timeout=20)
        return put_in(*args, **kwargs)

    monkeypatch.setattr(ballots, "put_in", close_first)
    with pytest.raises(Refused, match="这一票没有计入"):
        cast(poll, people["wang"], code=code)
    assert (CastMark.objects.count(), OpenBallot.objects.count()) == (0, 0)


def traces(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text, ctid::text FROM {table}")
        return cursor.fetchall()


def _in_turn(rows):
    """From the least on: a vacuum of the server's own may have freed places at the front."""
    start = rows.index(min(rows))
    return rows[start:] + rows[:start]


@committed
def test_after_the_count_neither_xmin_nor_ctid_joins_a_ballot_to_a_voter(
    people, places, households
):
    voters = neighbours(places, 10)
    poll = opened(people, places, of=kind("residents"), secrecy="separated")
    for voter in reversed(voters):
        cast(poll, voter)
    before = {xmin for xmin, _ctid in traces("consultation_secretballot")}
    assert before == {xmin for xmin, _ctid in traces("consultation_castmark")}
    assert len(before) == 10  # while it is open the operator is trusted, and the notice says so
    counted(poll)
    counting.sweep_dead_rows()
    secret, marks = traces("consultation_secretballot"), traces("consultation_castmark")
    assert len({xmin for xmin, _ctid in secret + marks}) == 1
    assert not before & {xmin for xmin, _ctid in secret}
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM consultation_secretballot ORDER BY ctid")
        codes = [code for (code,) in cursor.fetchall()]
        cursor.execute(
            "SELECT entry.number FROM consultation_castmark mark"
            " JOIN consultation_rollentry entry ON entry.id = mark.entry_id ORDER BY mark.ctid"
        )
        numbers = [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT xmax::text FROM consultation_rollentry")
        locked_by = {xmax for (xmax,) in cursor.fetchall()}
    assert (_in_turn(codes), _in_turn(numbers)) == (sorted(codes), sorted(numbers))
    assert locked_by <= {"0"} | {
        xmin for xmin, _ctid in marks
    }  # the count's own, the same for all
    assert not CastMark.objects.exclude(replay_hash="").exists()
    assert SecretBallot.objects.count() == 10


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["wang", "zhao"]),
        st.sampled_from(["online", "tablet", "paper", "proxy"]),
        st.sampled_from(["yes", "no", "abstain"]),
    ),
    max_size=8,
)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=DEEDS, revote=st.booleans())
def test_whatever_members_and_channels_do_each_voter_has_one_valid_vote(
    people, places, households, deeds, revote
):
    """The first vote stands, or the last one where the kind allows; paper never replaces one."""
    poll = opened(people, places, of=kind("lift-compound", revote=revote))
    paper.print_papers(poll, by=people["chen"])
    for who in ("wang", "zhao"):
        mandate(poll, entry_of(poll, people[who].name), people)
    expected = {}
    for who, channel, choice in deeds:
        entry = entry_of(poll, people[who].name)
        takes = who not in expected or (revote and channel != "paper")
        with contextlib.suppress(Refused):
            vote_by(channel, poll, entry, choice, people, people[who])
            expected[who] = choice if takes else expected[who]
    live = CastMark.objects.filter(poll=poll, voided=False)
    assert live.count() == len(expected)
    stand = OpenBallot.objects.filter(poll=poll, superseded=False)
    assert {ballot.entry.name: ballot.choices["1"]["choice"] for ballot in stand} == {
        people[who].name: choice for who, choice in expected.items()
    }
    heads = figures(poll)["questions"][0]["choices"]
    assert sum(held["heads"] for held in heads.values()) == len(expected)


def vote_by(channel, poll, entry, choice, people, voter):
    choices = {"1": choice}
    if channel == "online":
        cast(poll, voter, choices)
    elif channel == "tablet":
        ballots.cast_on_tablet(
            entry, choices=choices, witness=people["lin"], form_key=str(new_id()),
            by=people["chen"],
        )  # fmt: skip
    elif channel == "proxy":  # instructed to say yes, and refused anything else
        proxy = entry.proxies.get()
        OneTimeCode.objects.filter(user=people["sun"]).delete()
        ballots.ask_proxy_code(proxy, session_key="s", ip="", by=people["sun"])
        ballots.cast_by_proxy(
            proxy, choices=choices, code=the_code(people["sun"]), session_key="s",
            form_key=str(new_id()), by=people["sun"],
        )  # fmt: skip
    else:
        sheet = entry.papers.get()
        scan = attachment(poll.neighbourhood, sha256=f"{new_id().int:064x}")
        taken, _stray = paper.take_in_scans(
            poll, pages=[ScannedPage(scan, sheet.serial)], by=people["chen"]
        )
        for keyer in ("chen", "lin") if taken else ():
            paper.key_paper(sheet, choices=choices, by=people[keyer])


def test_casting_takes_few_statements(people, places, households, django_assert_max_num_queries):
    poll = opened(people, places)
    code = ask_code(entry_of(poll, "王桂芳"), people["wang"])
    entry = RollEntry.objects.get(name="王桂芳")
    with django_assert_max_num_queries(14):
        ballots.cast_online(
            entry, choices=YES, code=code, session_key="s", form_key="f", by=people["wang"]
        )
    assert PollKind.objects.filter(pk=poll.kind_id).exists()
