"""Written opinions: every state against every act, their periods over the holidays, two rounds, promises."""

import datetime as dt
from contextlib import suppress

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from caoyang_portal.uploads.intake import keep
from consultation.actions import opinion_answers as answers
from consultation.actions import opinion_clocks as clocks
from consultation.actions import opinions as acts
from consultation.models import (
    OpinionClock,
    OpinionHandling,
    OpinionReply,
    Representative,
    WrittenOpinion,
)
from consultation.queries import opinions as queries
from tests.conftest import EVERYONE
from tests.consultation.congress_builders import (
    DAY,
    STAGES,
    TODAY,
    again,
    department,
    lead_part,
    opinion_at,
    seat,
    world,
    written,
)

OF_REPRESENTATIVE = ("write_opinion", "withdraw_opinion", "rate_opinion")
OF_OFFICE = (
    "receive_opinion", "assign_opinion", "settle_return", "settle_extension", "study_opinion",
    "export_opinions",
)  # fmt: skip
OF_DEPARTMENT = ("ask_return", "ask_extension", "submit_result", "reply_opinion", "keep_promise")
WHO_MAY = (
    {act: {"wang"} for act in OF_REPRESENTATIVE}
    | {act: {"gu"} for act in OF_OFFICE}
    | {act: {"deng"} for act in OF_DEPARTMENT}
)


@pytest.fixture
def made(people, places, households):
    return world(people, places)


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places):
    lead = department(places, people["deng"])
    sits = Representative(
        user=people["wang"], since=TODAY() - DAY, until=TODAY() + DAY, neighbourhood=places.here
    )
    things = {
        "opinion": WrittenOpinion(neighbourhood=places.here, representative=sits),
        "part": OpinionHandling(neighbourhood=places.here, department=lead),
    }
    found = {
        act
        for act in WHO_MAY
        if may(
            people[person],
            f"consultation.{act}",
            things["part" if act in OF_DEPARTMENT else "opinion"],
        )
    }
    assert found == {act for act, allowed in WHO_MAY.items() if person in allowed}


def test_who_has_no_login_writes_and_rates_through_the_office(made, people):
    listener = seat(made.congress, None, people["gu"], name="周律师")
    opinion = WrittenOpinion(neighbourhood=listener.neighbourhood, representative=listener)
    for act in ("write_opinion", "rate_opinion", "withdraw_opinion"):
        assert may(people["gu"], f"consultation.{act}", opinion)
        assert not may(people["chen"], f"consultation.{act}", opinion)


# What may be done in which state; everything else is refused.
ACTS = {
    "receive_opinion": {"written"},
    "withdraw_opinion": {"written", "received"},
    "assign_opinion": {"received"},
    "ask_return": {"assigned"},
    "settle_return": {"return_asked"},
    "ask_extension": {"assigned", "result_in"},
    "submit_result": {"assigned"},
    "reply_opinion": {"result_in"},
    "rate_opinion": {"replied"},
    "study_opinion": {"unsatisfied"},
    "keep_promise": {"tracked"},
}


def do(act, opinion, people, lead):
    """One act with right words by the right person."""
    gu, deng, wang = people["gu"], people["deng"], people["wang"]
    part, reply = opinion.handlings.filter(role="lead").last(), opinion.replies.last()
    if part is None and act in {*OF_DEPARTMENT, "settle_return"}:
        raise Refused("nobody has it")
    if reply is None and act == "keep_promise":
        raise Refused("nothing is promised")
    {
        "receive_opinion": lambda: acts.receive_opinion(
            opinion, category="traffic", grade="key", by=gu
        ),
        "withdraw_opinion": lambda: acts.withdraw_opinion(opinion, by=wang),
        "assign_opinion": lambda: acts.assign_opinion(opinion, lead=lead, by=gu),
        "ask_return": lambda: acts.ask_return(part, reason="不归我们", by=deng),
        "settle_return": lambda: acts.settle_return(part, agreed=True, answer="同意", by=gu),
        "ask_extension": lambda: acts.ask_extension(part, months=2, reason="要招标", by=deng),
        "submit_result": lambda: answers.submit_result(part, result="办好了", by=deng),
        "reply_opinion": lambda: answers.reply_opinion(
            part, reply_class="A", text="办好了", by=deng
        ),
        "rate_opinion": lambda: answers.rate_opinion(
            opinion, attitude="satisfied", outcome="mostly", by=wang
        ),
        "study_opinion": lambda: acts.study_opinion(opinion, again=True, note="再办", by=gu),
        "keep_promise": lambda: answers.keep_promise(
            reply, note="装好了", proof=proof(opinion), by=deng
        ),
    }[act]()


def proof(opinion):
    return keep(
        b"%PDF-1.4\n%%EOF\n", "proof.pdf", "application/pdf",
        neighbourhood_id=opinion.neighbourhood_id, by=None,
    )  # fmt: skip


@pytest.mark.parametrize("state", STAGES)
def test_each_state_against_each_act(state, made, people):
    opinion = opinion_at(state, people, made.congress, made.lead)
    done = set()
    for act in ACTS:
        with suppress(Refused), transaction.atomic():
            do(act, again(opinion), people, made.lead)
            done.add(act)
            transaction.set_rollback(True)
    assert done == {act for act, states in ACTS.items() if state in states}
    assert again(opinion).state == state


@pytest.mark.parametrize("start", WrittenOpinion.State)
def test_moves(start):
    chain = {
        "written": {"received", "withdrawn"},
        "received": {"assigned", "withdrawn"},
        "assigned": {"return_asked", "result_in"},
        "return_asked": {"received", "assigned"},
        "result_in": {"replied"},
        "replied": {"unsatisfied", "tracked", "closed"},
        "unsatisfied": {"received", "tracked", "closed"},
        "tracked": {"closed"},
    }
    reached = set()
    for end in WrittenOpinion.State:
        opinion = WrittenOpinion(state=start)
        with suppress(Refused):
            opinion.move_to(end)
            reached.add(opinion.state)
    assert reached == chain.get(start, set())


def at(day):
    """Noon of a day in Shanghai."""
    return time_machine.travel(f"{day}T12:00:00+08:00", tick=False)


def due(opinion):
    return {
        clock.kind: clock.due_on.isoformat()
        for clock in OpinionClock.objects.running().filter(opinion=opinion)
    }


def sits_since_2025(made):
    made.congress.representatives.update(since=dt.date(2025, 1, 1), until=dt.date(2027, 12, 31))


@pytest.mark.parametrize(
    ("received", "assigned", "periods", "return_until"),
    [
        # Spring Festival, 15 to 23 February 2026; 14 and 28 February are worked in exchange.
        (
            "2026-02-10", "2026-02-11",
            {"assign": "2026-02-26", "result": "2026-03-04", "feedback": "2026-04-10"},
            "2026-02-27",
        ),
        # National Day, 1 to 7 October 2026; 20 September and 10 October are worked in exchange.
        (
            "2026-09-28", "2026-09-29",
            {"assign": "2026-10-13", "result": "2026-10-20", "feedback": "2026-11-30"},
            "2026-10-14",
        ),
        # Three weeks that would end in the holiday end after it.
        (
            "2026-09-10", "2026-09-11",
            {"assign": "2026-09-20", "result": "2026-10-08", "feedback": "2026-11-10"},
            "2026-09-21",
        ),
    ],
)  # fmt: skip
def test_periods_over_the_holidays(
    received, assigned, periods, return_until, made, people, announced
):
    sits_since_2025(made)
    with at(received):
        opinion = written(people, made.congress)
        acts.receive_opinion(opinion, category="traffic", grade="key", by=people["gu"])
        assert due(opinion)["assign"] == periods["assign"]
    with at(assigned):
        part = acts.assign_opinion(opinion, lead=made.lead, helping=[made.other], by=people["gu"])
        found = due(opinion)
        assert (found["result"], found["feedback"]) == (periods["result"], periods["feedback"])
        assert part.return_until.isoformat() == return_until
        assert "assign" not in found


def test_a_helper_has_a_month_and_an_extension_moves_both_days(made, people, announced):
    sits_since_2025(made)
    with at("2026-03-10"):
        opinion = opinion_at("assigned", people, made.congress, made.lead, helping=[made.other])
        assert due(opinion) == {
            "result": "2026-03-31", "help": "2026-04-10", "feedback": "2026-05-11",
        }  # fmt: skip
        part = lead_part(opinion)
        with pytest.raises(Refused, match="最多延长 3 个月"):
            acts.ask_extension(part, months=4, reason="难", by=people["deng"])
        acts.ask_extension(part, months=3, reason="要招标", by=people["deng"])
        assert due(opinion)["feedback"] == "2026-05-11"  # not before consent
        acts.settle_extension(part, agreed=True, answer="同意", by=people["gu"])
        assert due(opinion) == {
            "result": "2026-06-30", "help": "2026-04-10", "feedback": "2026-08-10",
        }  # fmt: skip
        with pytest.raises(Refused, match="只能申请一次"):
            acts.ask_extension(part, months=1, reason="还难", by=people["deng"])


def test_returned_twice_with_consent_and_never_passed_on_alone(made, people, places):
    gu, deng = people["gu"], people["deng"]
    third = department(places, name="绿化所")
    opinion = opinion_at("assigned", people, made.congress, made.lead)
    first = lead_part(opinion)
    with pytest.raises(PermissionDenied):
        acts.assign_opinion(opinion, lead=made.other, by=deng)
    with pytest.raises(DatabaseError), transaction.atomic():
        OpinionHandling.objects.filter(pk=first.pk).update(ended_on=TODAY())
    acts.ask_return(first, reason="归交警管", by=deng)
    acts.settle_return(first, agreed=False, answer="还是你们办", by=gu)
    assert again(opinion).state == "assigned"
    with pytest.raises(Refused, match="已经申请过一次"):
        acts.ask_return(first, reason="真的不归", by=deng)
    second = opinion_at("assigned", people, made.congress, made.lead, title="第二件")
    for lead in (made.other, third):
        part = lead_part(second)
        if part.department_id != made.lead.pk:
            clerk_of(part.department, deng)
        acts.ask_return(part, reason="不归我们", by=deng)
        acts.settle_return(part, agreed=True, answer="同意", by=gu)
        assert (again(second).state, set(due(second))) == ("received", {"assign", "feedback"})
        acts.assign_opinion(second, lead=lead, by=gu)
    assert [
        (part.department.name, part.return_agreed, part.ended_on is not None)
        for part in second.handlings.order_by("pk")
    ] == [("市政科", True, True), ("交警中队", True, True), ("绿化所", None, False)]


def clerk_of(organisation, user):
    post = user.posting_set.get(office="department")
    post.pk, post._state.adding, post.id = None, True, None
    post.id = OpinionHandling().id
    post.organisation = organisation
    post.save()
    vars(user).pop("_live_postings", None)


def test_a_return_comes_too_late_after_seven_working_days(made, people, announced):
    sits_since_2025(made)
    with at("2026-02-10"):
        opinion = opinion_at("assigned", people, made.congress, made.lead)
    with at("2026-02-26"), transaction.atomic():
        acts.ask_return(lead_part(opinion), reason="不归", by=people["deng"])
        transaction.set_rollback(True)
    with at("2026-02-27"), pytest.raises(Refused, match="已经过了"):
        acts.ask_return(lead_part(opinion), reason="不归", by=people["deng"])


def test_the_classes_promise_or_do_not(made, people):
    opinion = opinion_at("result_in", people, made.congress, made.lead)
    part, deng = lead_part(opinion), people["deng"]
    for wrong in (
        {"reply_class": "B"},
        {"reply_class": "C", "promise": "装好"},
        {"reply_class": "A", "promise": "装好", "promise_due": TODAY() + DAY},
        {"reply_class": "D", "text": " "},
        {"reply_class": "B", "promise": "装好", "promise_due": TODAY()},
    ):
        with pytest.raises(Refused):
            answers.reply_opinion(part, **{"text": "好的", "by": deng} | wrong)
    answers.reply_opinion(part, reply_class="D", text="路太窄，装不了。", by=deng)
    with pytest.raises(DatabaseError), transaction.atomic():
        OpinionReply.objects.update(text="改了")
    assert due(opinion) == {}


def test_unsatisfied_is_studied_handled_once_again_and_promises_are_kept(made, people):
    gu, deng, wang = people["gu"], people["deng"], people["wang"]
    opinion = opinion_at("replied", people, made.congress, made.lead)
    with pytest.raises(Refused, match="哪里不满意"):
        answers.rate_opinion(opinion, attitude="satisfied", outcome="unsatisfied", by=wang)
    answers.rate_opinion(
        opinion, attitude="mostly", outcome="unsatisfied", remark="镜子太小", by=wang
    )
    assert again(opinion).state == "unsatisfied"
    acts.study_opinion(opinion, again=True, note="换大的", by=gu)
    assert (again(opinion).state, again(opinion).round) == ("received", 2)
    assert set(due(opinion)) == {"assign", "feedback"}
    acts.assign_opinion(opinion, lead=made.lead, by=gu)
    part = lead_part(opinion)
    assert part.round == 2
    answers.submit_result(part, result="订了大镜子", by=deng)
    answers.reply_opinion(
        part, reply_class="C", text="年底前换好。", promise="换大镜子", promise_due=TODAY() + 60 * DAY,
        by=deng,
    )  # fmt: skip
    answers.rate_opinion(
        opinion, attitude="unsatisfied", outcome="unsatisfied", remark="太慢", by=wang
    )
    assert again(opinion).state == "tracked"  # handled again once, not twice
    with pytest.raises(Refused):
        acts.study_opinion(opinion, again=True, note="再来", by=gu)
    reply = opinion.replies.get(round=2)
    answers.keep_promise(reply, note="换好了", proof=proof(opinion), by=deng)
    assert (again(opinion).state, due(opinion)) == ("closed", {})
    assert [(row.satisfied, row.mostly, row.unsatisfied) for row in queries.content(made.congress)] == [
        (0, 1, 1), (0, 0, 2),
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        OpinionReply.objects.filter(round=1).update(outcome="satisfied")


def test_unsatisfied_may_be_explained_instead(made, people):
    opinion = opinion_at("unsatisfied", people, made.congress, made.lead)
    acts.study_opinion(opinion, again=False, note="路太窄，已说明", by=people["gu"])
    assert (again(opinion).state, again(opinion).closed_on) == ("closed", TODAY())


def told(reader):
    """How often somebody heard that a period ends, or has ended."""
    return Notice.objects.filter(reader=reader, text__regex="到期|超期").count()


def test_the_clock_warns_and_climbs_the_ladder_each_once(made, people, announced):
    """Due on Wednesday 4 March: warned three days before; clerk, head and office three working days apart."""
    sits_since_2025(made)
    gu, deng, mei = people["gu"], people["deng"], people["mei"]
    with at("2026-02-11"):
        opinion = opinion_at("assigned", people, made.congress, made.lead)
        assert due(opinion)["result"] == "2026-03-04"
    seen = []
    for day in (
        "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09",
        "2026-03-10", "2026-03-12", "2026-03-13", "2026-03-20",
    ):  # fmt: skip
        with at(day):
            for _n in range(2):
                clocks.follow_clocks()
            deliver_pending()
        now = (told(deng), told(mei), told(gu))
        seen.append((day[5:], now))
    assert [row for n, row in enumerate(seen) if n == 0 or row[1] != seen[n - 1][1]] == [
        ("02-28", (0, 0, 0)),
        ("03-01", (1, 0, 0)),  # three days before
        ("03-05", (2, 0, 0)),  # the clerk
        ("03-10", (2, 1, 0)),  # the head
        ("03-13", (2, 1, 1)),  # the office
    ]
    assert Entry.objects.filter(act="consultation.press_opinion").count() == 3
    assert OpinionClock.objects.get(kind="result").step == OpinionClock.Step.STREET


def test_one_opinion_s_trouble_is_not_another_s(made, people, monkeypatch):
    first = opinion_at("assigned", people, made.congress, made.lead)
    second = opinion_at("assigned", people, made.congress, made.lead, title="第二件")
    OpinionClock.objects.filter(kind="result").update(
        starts_on=TODAY() - 30 * DAY, due_on=TODAY() - 9 * DAY
    )
    right = clocks.step_due

    def wrong(clock, congress, today):
        if clock.opinion_id == first.pk:
            raise ZeroDivisionError
        return right(clock, congress, today)

    monkeypatch.setattr(clocks, "step_due", wrong)
    clocks.follow_clocks()
    steps = OpinionClock.objects.filter(kind="result").values_list("opinion_id", "step")
    assert dict(steps)[first.pk] == 0
    assert dict(steps)[second.pk] > 0


def test_everybody_concerned_is_told(made, people):
    opinion = opinion_at("closed", people, made.congress, made.lead)
    deliver_pending()
    heard = {
        who: Notice.objects.filter(reader=people[who]).count()
        for who in ("wang", "deng", "gu", "chen")
    }
    # 王: the gathering, registered, answered. 邓: assigned, rated. 顾: written, result, rated.
    assert heard == {"wang": 3, "deng": 2, "gu": 3, "chen": 0}
    assert opinion.number in Notice.objects.filter(reader=people["wang"]).last().text


def test_writing_needs_a_live_mandate_in_an_open_congress(made, people):
    congress = made.congress
    made.congress.representatives.update(until=timezone.localdate() - DAY, since=TODAY() - 9 * DAY)
    with pytest.raises(PermissionDenied):
        written(people, congress)
    made.congress.representatives.update(until=TODAY() + DAY)
    congress.state = "closed"
    with pytest.raises(Refused, match="不收书面意见"):
        written(people, congress)


def test_numbers_follow_one_another(made, people):
    first = opinion_at("received", people, made.congress, made.lead)
    second = opinion_at("received", people, made.congress, made.lead, title="第二件")
    year = made.congress.year
    assert (first.number, second.number) == (f"{year}-001", f"{year}-002")
