"""The last page under bad conditions: whose vote it is, which clock decides, nobody to help."""

import datetime as dt
import threading

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from caoyang_portal.errors import Refused
from caoyang_portal.ledger import nudging
from caoyang_portal.ledger.entries import deliver_pending
from consultation.actions import ballots, board, polls
from consultation.models import CastMark, OpenBallot, Poll, RollEntry
from consultation.queries.rolls import users_of
from households.models import Household
from tests.consultation.builders import (
    again,
    ask_code,
    cast,
    counted,
    entry_of,
    frozen,
    kind,
    neighbours,
    opened,
)
from tests.households.test_signing_races import together

committed = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("code", "whose"),
    [
        ("art278-ordinary", {"zhao": ["赵大勇"]}),
        ("lift-compound", {"wang": ["王桂芳"], "zhao": ["赵大勇"]}),
        ("first-consent", {"wang": ["王桂芳"], "zhao": ["赵大勇"]}),
        ("house-rules", {"wang": ["王桂芳"], "zhao": ["赵大勇"]}),
        ("residents", {"wang": ["王桂芳"], "zhao": ["赵大勇"]}),
    ],
)
def test_everyone_answers_for_their_own_entry_and_no_other(
    people, places, households, code, whose
):
    """A tenant stands nowhere in an owners' poll: the public owner's one vote is not theirs."""
    Household.objects.filter(pk=households.zhao.pk).update(tenure="private_owner")
    poll = frozen(people, places, of=kind(code))
    found = {
        who: [entry.name for entry in RollEntry.objects.of(person).filter(poll=poll)]
        for who, person in people.items()
        if who != "passerby"
    }
    assert {who: names for who, names in found.items() if names} == whose
    assert set(users_of(poll, poll.roll.all())) == {people[who] for who in whose}


def test_no_buyer_votes_for_the_developer(people, places, households):
    poll = opened(people, places)
    entry = entry_of(poll, "王桂芳")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        RollEntry.objects.filter(pk=entry.pk).update(holder="developer")
        cursor.execute("SET session_replication_role = origin")
    with pytest.raises(PermissionDenied):
        ballots.ask_vote_code(entry, session_key="s", ip="", by=people["wang"])


def test_the_database_s_clock_decides_about_the_last_instant(
    people, places, households, monkeypatch
):
    """The web machine believes there is an hour left; the moment of closing itself is too late."""
    poll = opened(people, places)
    code = ask_code(entry_of(poll, "王桂芳"), people["wang"])
    monkeypatch.setattr(ballots.timezone, "now", lambda: poll.opens_at)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE consultation_poll SET closes_at = clock_timestamp() WHERE id = %s", [poll.pk]
        )
    with pytest.raises(Refused, match="表决已经截止，这一票没有计入"):
        cast(poll, people["wang"], code=code)
    assert not CastMark.objects.exists()


def test_before_it_opens_and_at_its_end_the_database_takes_no_mark(people, places, households):
    poll = opened(people, places)
    entry, now = entry_of(poll, "王桂芳"), timezone.now()
    for opens_at, closes_at in (
        (now + dt.timedelta(minutes=1), now + dt.timedelta(hours=1)),
        (now - dt.timedelta(hours=1), now),
    ):
        Poll.objects.filter(pk=poll.pk).update(opens_at=opens_at, closes_at=closes_at)
        with pytest.raises(IntegrityError, match="not open"), transaction.atomic():
            CastMark.objects.create(
                neighbourhood=places.here, poll=poll, entry=entry, channel="online",
                cast_on=now.date(),
            )  # fmt: skip


@committed
def test_two_phones_of_one_home_are_made_to_meet_and_one_vote_stands(
    people, places, households, monkeypatch
):
    """Both have a right code; the second waits for the first's row and finds the vote."""
    poll = opened(people, places, of=kind("lift-compound", revote=False))
    entry = entry_of(poll, "王桂芳")
    first, meeting = ask_code(entry, people["wang"]), threading.Barrier(2)
    place = ballots._place

    def place_and_meet(found):
        locked = place(found)
        try:
            meeting.wait(timeout=1)  # with the row locked the other never comes here in time
        except threading.BrokenBarrierError:
            return locked
        raise AssertionError("two phones hold the same voter's row")

    monkeypatch.setattr(ballots, "_place", place_and_meet)
    outcomes = together(
        lambda: cast(poll, people["wang"], code=first, form_key="phone one"),
        lambda: cast(poll, people["wang"], {"1": "no"}, code=first, form_key="phone two"),
    )
    refused = [str(outcome) for outcome in outcomes if isinstance(outcome, Refused)]
    assert refused == ["这一票已经投过了（线上），不会重复计算。"]
    assert (CastMark.objects.count(), OpenBallot.objects.count()) == (1, 1)


@committed
def test_with_the_worker_dead_and_redis_gone_votes_are_cast_and_posted_later(
    people, places, households, monkeypatch
):
    def gone(*args, **kwargs):
        raise OSError("connection refused")

    voters = neighbours(places, board.LEAST)
    poll = opened(people, places)
    deliver_pending()
    monkeypatch.setattr(nudging.current_app, "send_task", gone)
    for voter in voters:
        cast(poll, voter)
    assert poll.board.count() == 1  # the set-up: nobody has posted yet
    assert board.post_due_batches() == 1  # the beat, once somebody is there again
    assert len(poll.board.last().facts["codes"]) == board.LEAST
    assert board.post_due_batches() == 0


@committed
def test_a_vote_and_the_closing_made_to_meet_count_it_or_refuse_it(
    people, places, households, monkeypatch
):
    """The vote has locked its own row and not yet the poll's when the closing takes it."""
    poll = opened(people, places)
    code = ask_code(entry_of(poll, "王桂芳"), people["wang"])
    meeting = threading.Barrier(2)
    put_in, move_to = ballots.put_in, Poll.move_to

    def put_in_at_the_closing(*args, **kwargs):
        meeting.wait(timeout=10)
        return put_in(*args, **kwargs)

    def move_at_the_vote(self, state):
        meeting.wait(timeout=10)
        return move_to(self, state)

    monkeypatch.setattr(ballots, "put_in", put_in_at_the_closing)
    monkeypatch.setattr(Poll, "move_to", move_at_the_vote)
    monkeypatch.setattr(polls.checks, "database_now", lambda: poll.closes_at)
    late, closed_one = together(
        lambda: cast(poll, people["wang"], code=code), lambda: polls.close_poll(poll)
    )
    assert isinstance(late, Refused)
    assert closed_one.state == again(poll).state == "counting"
    assert not CastMark.objects.exists()


# ---- what a secret ballot's table may know ----

SECRET = ("SecretBallot", "InnerEnvelope")
NO_TIME = (models.DateField, models.TimeField, models.AutoField)
MAY_NAME = {"neighbourhood", "poll"}


@pytest.mark.parametrize("name", SECRET)
def test_a_table_of_secret_ballots_knows_no_time_no_voter_and_no_order(name):
    fields = apps.get_model("consultation", name)._meta.get_fields()
    assert [field.name for field in fields if isinstance(field, NO_TIME)] == []
    assert {field.name for field in fields if field.is_relation} == MAY_NAME
    key = apps.get_model("consultation", name)._meta.pk
    assert key.default.__name__ == "uuid4"  # no time is hidden in it


def test_nothing_that_moves_leaves_a_secret_vote_s_time_in_the_database(
    people, places, households
):
    """No column of any table got the minute of the vote, but for the code's own row until closing."""
    poll = opened(people, places, of=kind("residents"), secrecy="separated")
    cast(poll, people["wang"])
    cast(poll, people["zhao"])
    counted(poll)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_name LIKE 'consultation_%%' AND data_type LIKE 'timestamp%%'"
        )
        timed = {table for table, _column in cursor.fetchall()}
        cursor.execute("SELECT count(*) FROM community_onetimecode WHERE purpose = 'vote'")
        codes = cursor.fetchone()[0]
    assert not timed & {
        "consultation_secretballot", "consultation_castmark", "consultation_openballot",
        "consultation_sealedenvelope", "consultation_innerenvelope",
    }  # fmt: skip
    assert codes == 0
