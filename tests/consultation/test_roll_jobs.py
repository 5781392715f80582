"""A long roll is built by a worker: how far it is, who may ask, and what happens meanwhile."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.community.models import Posting
from caoyang_portal.errors import Refused
from caoyang_portal.ledger import nudging
from caoyang_portal.ledger.models import Entry
from caoyang_portal.settings import CELERY_BEAT_SCHEDULE
from consultation.actions import polls, roll_jobs, rolls
from consultation.models import Poll, RollEntry, RollJob, RollUnit
from consultation.queries import heads
from consultation.tasks.rolls import work_on_rolls
from households.models import Household
from tests.conftest import make_household
from tests.consultation.builders import again, draft, entry_of, kind, neighbours
from tests.households.builders import attachment
from tests.households.test_signing_races import together

committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def long_rolls(monkeypatch):
    """Two residents are many; the files are read home by home."""
    monkeypatch.setattr(heads, "AT_ONCE", 1)
    monkeypatch.setattr(heads, "PIECE", 1)


@pytest.fixture
def chen(client, people):
    client.force_login(people["chen"])
    return client


def announced(people, places, **fields):
    poll = draft(people, places, **fields)
    polls.announce_poll(poll, by=people["chen"])
    return again(poll)


def at(name, poll):
    return reverse(f"consultation:{name}", args=[poll.pk])


def names(poll):
    return sorted(poll.roll.values_list("name", flat=True))


def built():
    return Entry.objects.filter(act="consultation.build_roll").count()


def test_a_short_roll_is_there_when_the_page_comes_back(chen, people, places, households):
    poll = announced(people, places)
    answer = chen.post(at("build_roll", poll), follow=True)
    assert answer.redirect_chain == [(at("desk_roll", poll), 302)]
    assert "名册已生成，共 3 票" in answer.content.decode()
    assert (names(poll), RollJob.objects.count()) == (["孙丽", "王桂芳", "赵大勇"], 0)


def test_a_long_one_is_built_by_a_worker_and_its_page_leads_on(
    chen, people, places, households, long_rolls
):
    poll = announced(people, places)
    answer = chen.post(at("build_roll", poll), follow=True)
    assert answer.redirect_chain == [(at("roll_job", poll), 302)]
    page = answer.content.decode()
    assert ("已读 0 / 3 户的档案" in page, "every 2s" in page) == (True, True)
    assert "名册正在生成" in chen.get(at("desk_roll", poll)).content.decode()
    assert at("roll_job", poll) in chen.get(at("desk_poll", poll)).content.decode()
    assert (roll_jobs.work_on_rolls(), roll_jobs.work_on_rolls()) == (1, 0)
    job = RollJob.objects.get()
    assert (job.state, job.done, job.total, built()) == ("done", 3, 3, 1)
    assert names(poll) == ["孙丽", "王桂芳", "赵大勇"]
    assert chen.get(at("roll_job", poll)).url == at("desk_roll", poll)
    by_itself = chen.get(at("roll_job", poll), headers={"HX-Request": "true"})
    assert by_itself.headers["HX-Redirect"] == at("desk_roll", poll)


def test_the_worker_s_roll_is_the_same_as_the_act_s(people, places, households, long_rolls):
    def lines(poll):
        return [
            (e.number, e.holder, e.name, e.identity, e.household_id, e.member_id, e.building_id,
             [(u.label, u.household_id, u.area_cent, u.basis, u.is_unsold) for u in e.units.all()])
            for e in poll.roll.order_by("number")
        ]  # fmt: skip

    for code in ("lift-compound", "residents", "first-consent", "art278-ordinary"):
        poll = announced(people, places, of=kind(code))
        rolls.build_roll(poll, by=people["chen"])
        by_act = lines(poll)
        roll_jobs.order_roll(poll, by=people["chen"])
        roll_jobs.work_on_rolls()
        assert RollJob.objects.filter(poll=poll, state="done").count() == 1
        assert lines(poll) == by_act != []


def test_asked_twice_it_is_one_job(people, places, households):
    poll = announced(people, places)
    first = roll_jobs.order_roll(poll, by=people["chen"])
    assert roll_jobs.order_roll(poll, by=people["lin"]) == first
    assert RollJob.objects.get().asked_by == people["chen"]
    with (
        pytest.raises(IntegrityError, match="a_roll_is_built_once_at_a_time"),
        transaction.atomic(),
    ):
        RollJob.objects.create(
            neighbourhood=places.here, poll=poll, total=1, asked_by=people["lin"]
        )
    roll_jobs.work_on_rolls()
    assert roll_jobs.order_roll(poll, by=people["chen"]) != first


def test_only_the_committee_asks(people, places, households):
    poll = announced(people, places)
    for who in ("wang", "gu", "adi", "root"):
        with pytest.raises(PermissionDenied):
            roll_jobs.order_roll(poll, by=people[who])
    assert RollJob.objects.count() == 0


def test_meanwhile_nothing_else_is_done_to_the_roll(people, places, households):
    chen, poll = people["chen"], announced(people, places)
    rolls.build_roll(poll, by=chen)
    unit = poll.units.get(household=households.wang)
    entries = [entry_of(poll, "王桂芳"), entry_of(poll, "孙丽")]
    fields = {
        "area_cent": 2250,
        "basis": "survey",
        "is_unsold": False,
        "reason": "测绘",
        "by": chen,
    }
    job = roll_jobs.order_roll(poll, by=chen)
    for act in (
        lambda: rolls.build_roll(poll, by=chen),
        lambda: rolls.freeze_roll(poll, by=chen),
        lambda: rolls.correct_roll_unit(unit, **fields),
        lambda: rolls.add_roll_unit(poll, label="104", owner="某", **fields),
        lambda: rolls.remove_roll_unit(unit, reason="错", by=chen),
        lambda: rolls.merge_roll_entries(entries, reason="同一人", by=chen),
    ):
        with pytest.raises(Refused, match="名册正在生成"):
            act()
    roll_jobs.work_on_rolls()
    job.refresh_from_db()
    assert (job.state, rolls.freeze_roll(poll, by=chen).state) == ("done", "frozen")


def test_a_draft_is_not_announced_while_its_roll_is_built(people, places, households):
    poll = draft(people, places)
    roll_jobs.order_roll(poll, by=people["chen"])
    with pytest.raises(Refused, match="名册正在生成"):
        polls.announce_poll(poll, by=people["chen"])
    roll_jobs.work_on_rolls()
    assert polls.announce_poll(poll, by=people["chen"]).state == "announced"


def voided(poll, people, monkeypatch):
    polls.void_poll(poll, reason="议题撤回", by=people["adi"])


def moved(poll, people, monkeypatch):
    changes = {"opens_at": poll.opens_at + dt.timedelta(days=1)}
    polls.edit_poll(poll, changes=changes, by=people["chen"])


def dismissed(poll, people, monkeypatch):
    Posting.objects.filter(user=people["chen"]).update(until=dt.date(2021, 1, 1))


def emptied(poll, people, monkeypatch):
    monkeypatch.setattr(roll_jobs, "heads_of", lambda poll, files: [])


@pytest.mark.parametrize(
    ("meanwhile", "problem"),
    [
        (voided, "这次表决已作废，现在不能这样做。"),
        (moved, "表决的时间刚刚改过，请重新生成名册。"),
        (dismissed, "经手人已经没有这项权限，请现在的工作人员重新生成。"),
        (emptied, "这个范围里没有可以表决的人，请核对范围和档案"),
    ],
)
def test_what_changed_meanwhile_is_said_and_the_old_roll_stays(
    chen, people, places, households, monkeypatch, meanwhile, problem
):
    """It happens after the files were read and before the roll is written."""
    poll = draft(people, places)
    rolls.build_roll(poll, by=people["chen"])
    before = set(poll.roll.values_list("pk", flat=True))
    roll_jobs.order_roll(poll, by=people["chen"])
    replace = roll_jobs._replace

    def replace_later(*args):
        meanwhile(poll, people, monkeypatch)
        return replace(*args)

    if meanwhile is emptied:
        emptied(poll, people, monkeypatch)
    else:
        monkeypatch.setattr(roll_jobs, "_replace", replace_later)
    assert roll_jobs.work_on_rolls() == 1
    job = RollJob.objects.get()
    assert (job.state, job.problem) == ("failed", problem)
    assert (set(poll.roll.values_list("pk", flat=True)), built()) == (before, 1)
    client_of = people["lin"]
    chen.force_login(client_of)
    page = chen.get(at("roll_job", poll)).content.decode()
    assert (problem in page, "名册没有改动。" in page) == (True, True)
    assert problem in chen.get(at("desk_roll", poll)).content.decode()


def test_once_ballots_went_out_the_roll_is_corrected_and_not_built_anew(
    people, places, households
):
    chen, poll = people["chen"], announced(people, places)
    rolls.build_roll(poll, by=chen)
    rolls.record_delivery(
        entry_of(poll, "王桂芳"), way="by_hand", delivered_on=timezone.localdate(),
        proof=attachment(places.here), by=chen,
    )  # fmt: skip
    for act in (rolls.build_roll, roll_jobs.order_roll):
        with pytest.raises(Refused, match="已经登记了送达"):
            act(poll, by=chen)
    assert len(names(poll)) == 3


def test_two_files_with_one_address_are_named(people, places, households):
    other = make_household(places.here, places.next_building, "101", "重名")
    Household.objects.filter(pk=other.pk).update(door=households.wang.door)
    poll = announced(people, places)
    with pytest.raises(Refused, match="档案里有两户都是“曹杨一村3号101室”，请先改档案"):
        rolls.build_roll(poll, by=people["chen"])


# ---- workers die, Redis is gone ----


def test_a_dead_worker_s_job_is_taken_over_and_given_up_in_the_end(
    people, places, households, long_rolls, monkeypatch
):
    poll = announced(people, places)
    roll_jobs.order_roll(poll, by=people["chen"])
    note, seen = roll_jobs._note, []

    def dies(job, done):
        seen.append(done)
        if len(seen) in (2, 3, 4):
            raise SystemExit
        return note(job, done)

    monkeypatch.setattr(roll_jobs, "_note", dies)
    for _death in range(2):
        with pytest.raises(SystemExit):
            roll_jobs.work_on_rolls()
        assert roll_jobs.work_on_rolls() == 0  # still leased
        RollJob.objects.update(lease_until=timezone.now())
    assert not poll.roll.exists()
    with pytest.raises(SystemExit):
        roll_jobs.work_on_rolls()
    RollJob.objects.update(lease_until=timezone.now())
    roll_jobs.work_on_rolls()
    job = RollJob.objects.get()
    assert (job.state, job.problem, job.attempts) == ("failed", "多次中断，请联系管理员。", 4)
    assert not poll.roll.exists()


def test_a_worker_that_lost_its_job_writes_nothing(
    people, places, households, long_rolls, monkeypatch
):
    """It was only slow; another has taken the job over and built the roll."""
    poll = announced(people, places)
    roll_jobs.order_roll(poll, by=people["chen"])
    replace = roll_jobs._replace

    def overtaken(job, *rest):
        monkeypatch.setattr(roll_jobs, "_replace", replace)
        RollJob.objects.update(lease_until=timezone.now())
        roll_jobs.work_on_rolls()
        replace(job, *rest)

    monkeypatch.setattr(roll_jobs, "_replace", overtaken)
    roll_jobs.work_on_rolls()
    assert (RollJob.objects.get().state, built(), len(names(poll))) == ("done", 1, 3)


def test_with_redis_gone_the_minute_clock_finds_the_job(
    people, places, households, monkeypatch, django_capture_on_commit_callbacks
):
    def gone(*args, **kwargs):
        raise OSError("connection refused")

    monkeypatch.setattr(nudging.current_app, "send_task", gone)
    poll = announced(people, places)
    with django_capture_on_commit_callbacks(execute=True):
        roll_jobs.order_roll(poll, by=people["chen"])
    assert CELERY_BEAT_SCHEDULE["rolls"]["task"] == work_on_rolls.name
    work_on_rolls()
    assert (RollJob.objects.get().state, len(names(poll))) == ("done", 3)


@committed
def test_whoever_looks_while_it_is_written_sees_the_old_roll_whole(
    people, places, households, monkeypatch
):
    """Looked at from another connection, after the new rows were written and before they count."""
    poll = announced(people, places)
    rolls.build_roll(poll, by=people["chen"])
    neighbours(places, 2)
    roll_jobs.order_roll(poll, by=people["chen"])
    seen, record = [], rolls.record

    def look():
        seen.append((RollEntry.objects.filter(poll=poll).count(), RollUnit.objects.count()))
        connection.close()

    def record_and_look(*args, **kwargs):
        assert RollEntry.objects.filter(poll=poll).count() == 5
        other = threading.Thread(target=look)
        other.start()
        other.join()
        return record(*args, **kwargs)

    monkeypatch.setattr(rolls, "record", record_and_look)
    roll_jobs.work_on_rolls()
    assert (seen, len(names(poll))) == ([(3, 3)], 5)


@committed
def test_asked_by_two_at_once_it_is_one_job(people, places, households, monkeypatch):
    poll = announced(people, places)
    meeting, locked = threading.Barrier(2), roll_jobs.locked_poll

    def lock_and_meet(found):
        held = locked(found)
        with pytest.raises(threading.BrokenBarrierError):
            meeting.wait(timeout=1)  # with the poll's row held the other never comes here in time
        return held

    monkeypatch.setattr(roll_jobs, "locked_poll", lock_and_meet)
    jobs = together(*[lambda: roll_jobs.order_roll(poll, by=people["chen"])] * 2)
    assert len({job.pk for job in jobs}) == RollJob.objects.count() == 1


# ---- what it costs ----


def test_reading_asks_no_more_for_more_homes(people, places, households):
    def asked():
        poll = announced(people, places)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rolls.build_roll(poll, by=people["chen"])
        return len(queries)

    before = asked()
    neighbours(places, 12)
    assert asked() == before


def test_the_progress_page_asks_little(chen, people, places, households):
    poll = announced(people, places)
    roll_jobs.order_roll(poll, by=people["chen"])
    chen.get(at("roll_job", poll))
    with CaptureQueriesContext(connection) as queries:
        chen.get(at("roll_job", poll), headers={"HX-Request": "true"})
    assert len(queries) <= 8


def test_moves():
    allowed = {
        ("queued", "working"),
        ("working", "working"),
        ("working", "done"),
        ("working", "failed"),
    }
    for start in RollJob.State:
        for end in RollJob.State:
            job = RollJob(state=start)
            if (start, end) in allowed:
                job.move_to(end)
                assert job.state == end
            else:
                with pytest.raises(Refused):
                    job.move_to(end)


def test_a_poll_in_the_vote_is_left_alone(people, places, households):
    poll = announced(people, places)
    job = roll_jobs.order_roll(poll, by=people["chen"])
    roll_jobs.work_on_rolls()
    rolls.freeze_roll(poll, by=people["chen"])
    with pytest.raises(Refused, match="名册已冻结"):
        roll_jobs.order_roll(poll, by=people["chen"])
    assert (RollJob.objects.get() == job, Poll.objects.get().state) == (True, "frozen")
