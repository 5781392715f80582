"""A claim from its first word to the callback: who may, what may follow what, what is promised."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.community.models import Organisation
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from households.models import FileReading
from suggestions.actions import callbacks, claim_upkeep, claims, dispatches
from suggestions.claim_paces import due
from suggestions.models import Claim, ClaimCallback, ClaimExtension, ClaimMerge, Dispatch
from tests.conftest import EVERYONE
from tests.suggestions.claim_builders import (
    DONE,
    NOT_DONE,
    accepted,
    again,
    entered,
    in_state,
    lead_of,
    made,
    replied,
    unit_of,
    whistled,
    working_day,
)

State = Claim.State
COORDINATORS = {"chen", "lin", "gu"}
WHO_MAY = dict.fromkeys(
    (
        "enter_claim", "accept_claim", "refer_claim", "merge_claim", "unmerge_claim",
        "note_contact", "whistle_claim", "pause_claim", "resume_claim", "form_claim_team",
        "note_claim_told", "record_leader_visit", "answer_finding", "claim_finding",
        "call_back_claim", "note_unreached",
    ),
    COORDINATORS,
) | {
    "make_claim": {"wang", "zhao"},
    "withdraw_claim": {"wang"},
    "rate_claim": {"wang"},
    "supervise_claim": {"gu"},
    "close_claim": {"gu"},
    "see_claimant": COORDINATORS | {"deng", "mei"},
    "see_claimant_phone": COORDINATORS | {"deng", "mei"},
}  # fmt: skip
UNIT = {"deng", "mei"}
WHO_MAY_OF_A_UNIT = {
    "ask_claim_return": UNIT,
    "ask_claim_extension": UNIT,
    "reply_claim": UNIT,
    "settle_claim_return": COORDINATORS,
}
WHO_MAY_OF_AN_EXTENSION = {"settle_claim_extension": COORDINATORS}


def found(table, person, people, thing):
    return {act for act in table if may(people[person], f"suggestions.{act}", thing)}


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places, households):
    claim = made(people, places)
    part = whistled(claim, people, places)
    extension = ClaimExtension(
        neighbourhood=places.here, claim=claim, dispatch=part, asked_by=people["deng"]
    )
    claim = again(claim)
    for table, thing in (
        (WHO_MAY, claim), (WHO_MAY_OF_A_UNIT, part), (WHO_MAY_OF_AN_EXTENSION, extension),
    ):  # fmt: skip
        assert found(table, person, people, thing) == {
            act for act, allowed in table.items() if person in allowed
        }


def test_nobody_asks_about_or_agrees_to_their_own(people, places, households):
    """The committee settles one by itself; whoever answered does not call back, nor close."""
    claim = made(people, places)
    accepted(claim, people)
    dispatches.note_contact(claim, way="door", words="去看", by=people["chen"])
    dispatches.whistle_claim(claim, lead=None, by=people["chen"])
    replied(claim, people, by="chen")
    claim = again(claim)
    for act in ("call_back_claim", "note_unreached"):
        assert not may(people["chen"], f"suggestions.{act}", claim)
        assert may(people["lin"], f"suggestions.{act}", claim)
    with pytest.raises(PermissionDenied):
        callbacks.call_back_claim(claim, way="phone", **DONE, by=people["chen"])
    callbacks.call_back_claim(claim, way="phone", **DONE, by=people["lin"])
    assert again(claim).state == "closed"


ACTS = {
    "accept_claim": lambda c, p, x: claims.accept_claim(c, claim_class="help", by=p["chen"]),
    "refer_claim": lambda c, p, x: claims.refer_claim(
        c, elsewhere="court", answer="去法院。", by=p["chen"]
    ),
    "withdraw_claim": lambda c, p, x: claims.withdraw_claim(c, by=c.claimant),
    "merge_claim": lambda c, p, x: claim_upkeep.merge_claim(
        c, into=Claim.objects.get(title="另一件"), by=p["chen"]
    ),
    "unmerge_claim": lambda c, p, x: claim_upkeep.unmerge_claim(c, by=p["chen"]),
    "note_contact": lambda c, p, x: dispatches.note_contact(
        c, way="phone", words="说过", by=p["chen"]
    ),
    "whistle_claim": lambda c, p, x: dispatches.whistle_claim(c, lead=unit_of(x, p), by=p["chen"]),
    "reply_claim": lambda c, p, x: replied(c, p),
    "call_back_claim": lambda c, p, x: callbacks.call_back_claim(
        c, way="phone", **DONE, by=p["lin"]
    ),
    "not_done": lambda c, p, x: callbacks.call_back_claim(c, way="phone", **NOT_DONE, by=p["lin"]),
    "rate_claim": lambda c, p, x: callbacks.rate_claim(c, **DONE, by=c.claimant),
    "note_unreached": lambda c, p, x: callbacks.note_unreached(c, way="phone", by=p["lin"]),
    "supervise_claim": lambda c, p, x: callbacks.supervise_claim(
        c, lead=unit_of(x, p), until=working_day(5), words="换防水层", by=p["gu"]
    ),
    "close_claim": lambda c, p, x: callbacks.close_claim(c, answer="等大修。", by=p["gu"]),
    "pause_claim": lambda c, p, x: claim_upkeep.pause_claim(
        c, until=timezone.localdate() + dt.timedelta(days=9), reason="住院", by=p["chen"]
    ),
    "resume_claim": lambda c, p, x: claim_upkeep.resume_claim(c, by=p["chen"]),
    "form_claim_team": lambda c, p, x: claim_upkeep.form_claim_team(
        c, members=[p["chen"], p["deng"]], words="", by=p["gu"]
    ),
}
LEADS_TO = {
    "made": {
        "accept_claim": "accepted", "refer_claim": "referred", "withdraw_claim": "withdrawn",
        "merge_claim": "merged",
    },
    "accepted": {
        "note_contact": "contacted", "refer_claim": "referred", "withdraw_claim": "withdrawn",
        "merge_claim": "merged", "pause_claim": "accepted",
    },
    "contacted": {
        "whistle_claim": "in_progress", "refer_claim": "referred", "withdraw_claim": "withdrawn",
        "merge_claim": "merged", "pause_claim": "contacted", "form_claim_team": "contacted",
    },
    "in_progress": {
        "reply_claim": "replied", "pause_claim": "in_progress", "form_claim_team": "in_progress",
    },
    "replied": {
        "call_back_claim": "closed", "rate_claim": "closed", "not_done": "in_progress",
        "note_unreached": "replied",
    },
    "supervised": {
        "supervise_claim": "in_progress", "close_claim": "closed", "pause_claim": "supervised",
        "form_claim_team": "supervised",
    },
    "closed": {},
    "referred": {},
    "merged": {"unmerge_claim": "made"},
    "withdrawn": {},
}  # fmt: skip


@pytest.mark.parametrize("state", State.values)
def test_what_may_follow_what(state, people, places, households):
    """Each state with each act: it leads where it should, or a sentence says why not and nothing is changed."""
    claim = in_state(people, places, state)
    made(people, places, "另一件", "zhao")
    for act, do in ACTS.items():
        before = (claim.state, claim.next_on, claim.steps.count())
        leads = LEADS_TO[state].get(act)
        with transaction.atomic():
            if leads:
                do(claim, people, places)
                now = again(claim)
                last = now.steps.last()
                assert (act, now.state, now.is_live) == (act, leads, now.next_on is not None)
                assert (last.state, last.next_on, last.next_step) == (
                    leads, now.next_on, now.next_step,
                )  # fmt: skip
            else:
                with pytest.raises((Refused, Dispatch.DoesNotExist)):
                    do(claim, people, places)
                now = again(claim)
                assert (act, now.state, now.next_on, now.steps.count()) == (act, *before)
            transaction.set_rollback(True)


@pytest.mark.usefixtures("announced")
@pytest.mark.parametrize(
    ("claim_class", "reply_due"),
    [
        ("consultation", dt.date(2026, 10, 8)),
        ("supervised", dt.date(2026, 10, 10)),  # a Saturday worked in exchange
        ("help", dt.date(2026, 10, 13)),
        ("complaint", dt.date(2026, 10, 13)),
    ],
)
def test_limits_are_counted_over_the_national_day(
    claim_class, reply_due, people, places, households
):
    with time_machine.travel(dt.datetime(2026, 9, 30, 2), tick=False):
        claim = accepted(made(people, places), people, claim_class)
        assert (claim.next_on, claim.contact_due) == (dt.date(2026, 10, 8),) * 2
        assert claim.reply_due == reply_due
        assert due("complex", dt.date(2026, 9, 30)) == dt.date(2026, 10, 27)


def test_whoever_made_it_is_told_every_step_and_the_unit_of_what_is_theirs(
    people, places, households
):
    claim = in_state(people, places, "closed")
    deliver_pending()
    told = Notice.objects.filter(reader=people["wang"]).order_by("entry__at")
    assert told.count() == claim.steps.count() == 6
    assert told[0].text.startswith("您的诉求《楼顶漏水》已收到。下一步：居委看一看归谁办，")
    assert told[5].text == "您的诉求《楼顶漏水》已办结，详情请登录门户看。"
    others = Notice.objects.exclude(reader=people["wang"])
    assert sorted(others.values_list("reader__name", flat=True)) == ["林红", "邓明", "陈静"]


def test_somebody_for_whom_it_was_written_down_has_confirmed_it(people, places, households):
    claim = entered(
        people, places, household=households.sun, claimant_phone="138 0000 0777",
        hotline_number="SH20261122-0001",
    )  # fmt: skip
    assert (claim.confirmed, claim.phone, claim.building) == (
        "read_out", "+8613800000777", places.building,
    )  # fmt: skip
    with pytest.raises(Refused, match="谁说的"):
        entered(people, places, "灯坏了", claimant_name="")
    with pytest.raises(Refused, match="确认"):
        entered(people, places, "灯坏了", confirmed="")
    with pytest.raises(IntegrityError, match="was_confirmed"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(confirmed="")
    with connection.cursor() as cursor:
        cursor.execute("SELECT claimant_phone FROM suggestions_claim WHERE id = %s", [claim.pk])
        assert "0777" not in cursor.fetchone()[0]


def test_reading_a_phone_is_seen_by_the_home(people, places, households):
    claim = made(people, places)
    assert claim_upkeep.see_claimant_phone(claim, by=people["chen"]) == "+8613800000101"
    reading = FileReading.objects.get(household=households.wang)
    assert (reading.reader, reading.reason) == (people["chen"], f"联系诉求 {claim.number}")
    assert Entry.objects.filter(act="suggestions.see_claimant_phone").count() == 1
    with pytest.raises(PermissionDenied):
        claim_upkeep.see_claimant_phone(claim, by=people["shen"])


def test_the_same_is_not_claimed_twice_and_not_without_end(people, places, households):
    made(people, places)
    with pytest.raises(Refused, match="已经提过"):
        made(people, places)
    for n in range(9):
        made(people, places, f"第{n}件")
    with pytest.raises(Refused, match="10 件"):
        made(people, places, "再一件")


def test_a_return_names_the_right_unit_and_is_agreed_to(people, places, households):
    claim = made(people, places)
    part = whistled(claim, people, places)
    right = unit_of(places, people, "燃气公司", who=None, head=None)
    with pytest.raises(Refused, match="已经在办"):
        dispatches.ask_claim_return(part, return_to=part.unit, reason="不归", by=people["deng"])
    dispatches.ask_claim_return(part, return_to=right, reason="是燃气管", by=people["deng"])
    with pytest.raises(PermissionDenied):
        dispatches.settle_claim_return(part, agreed=True, answer="是", by=people["deng"])
    due_on, next_on = part.due_on, again(claim).next_on
    dispatches.settle_claim_return(part, agreed=True, answer="是", by=people["chen"])
    now = lead_of(claim)
    assert (now.unit, now.due_on, again(claim).next_on) == (right, due_on, next_on)
    assert claim.steps.last().text == "改由燃气公司办理。"
    deliver_pending()
    told = Notice.objects.filter(reader=people["wang"], text__contains="办理中")
    assert told.count() == 2  # when it was handed on, and when it was passed to another
    with pytest.raises(Refused, match="不在您的单位"):
        replied_by(part, people)
    with pytest.raises(IntegrityError, match="without_consent"), transaction.atomic():
        Dispatch.objects.filter(pk=now.pk).update(ended_on=timezone.localdate())
    with pytest.raises(IntegrityError, match="names_the_right_unit"), transaction.atomic():
        Dispatch.objects.filter(pk=now.pk).update(return_asked_by=people["deng"])


def replied_by(part, people):
    return dispatches.reply_claim(part, outcome="solved", text="好", by=people["deng"])


def test_what_the_committee_cannot_settle_it_reports_up(people, places, households):
    """The return of the committee's own is agreed to by the street (居委会条例 art. 30)."""
    claim = made(people, places)
    accepted(claim, people)
    dispatches.note_contact(claim, way="phone", words="看", by=people["chen"])
    part = dispatches.whistle_claim(claim, lead=None, by=people["chen"])
    unit = unit_of(places, people)
    dispatches.ask_claim_return(part, return_to=unit, reason="要开屋面", by=people["chen"])
    deliver_pending()
    assert "申请退单" in Notice.objects.get(reader=people["gu"]).text
    dispatches.settle_claim_return(part, agreed=True, answer="请房管所办", by=people["gu"])
    assert lead_of(claim).unit == unit


def test_more_time_is_granted_by_somebody_else_and_never_past_the_limit(
    people, places, households
):
    claim = made(people, places)
    part = whistled(claim, people, places)
    latest = due("complex", timezone.localdate())
    with pytest.raises(Refused, match="最晚延到"):
        dispatches.ask_claim_extension(
            part, until=latest + dt.timedelta(days=1), reason="等料", by=people["deng"]
        )
    extension = dispatches.ask_claim_extension(
        part, until=latest, reason="等料", by=people["deng"]
    )
    assert again(claim).next_on == part.due_on
    with pytest.raises(IntegrityError, match="their_own_extension"), transaction.atomic():
        ClaimExtension.objects.filter(pk=extension.pk).update(
            agreed=True, answer="是", answered_by=people["deng"]
        )
    dispatches.settle_claim_extension(extension, agreed=True, answer="同意", by=people["chen"])
    now = again(claim)
    assert (now.next_on, now.reply_due, now.claim_class) == (latest, latest, "complex")
    assert now.steps.last().text == "要多些时间：等料"
    with pytest.raises(Refused, match="一次"):
        dispatches.ask_claim_extension(part, until=latest, reason="再等", by=people["deng"])


def test_not_done_reopens_once_and_then_goes_to_the_street(people, places, households):
    helper = unit_of(places, people, "市政科", who=None, head=None)
    claim = made(people, places)
    whistled(claim, people, places, helping=[helper])
    replied(claim, people)
    callbacks.call_back_claim(claim, way="phone", **NOT_DONE, by=people["lin"])
    now = again(claim)
    assert (now.state, now.round, now.next_on) == (
        "in_progress", 2, due("again", timezone.localdate()),
    )  # fmt: skip
    units = now.live_dispatches().values_list("unit__name", "role", "due_on")
    assert set(units) == {("房管所", "lead", now.next_on), ("市政科", "helping", now.next_on)}
    with pytest.raises(Refused, match="工作记录"):
        replied(claim, people, work_record="")
    replied(claim, people)
    callbacks.rate_claim(claim, **NOT_DONE, by=people["wang"])
    now = again(claim)
    assert (now.state, now.round) == ("supervised", 2)
    deliver_pending()
    assert "两次没办好" in Notice.objects.get(reader=people["gu"]).text
    callbacks.supervise_claim(
        claim,
        lead=unit_of(places, people),
        until=working_day(5),
        words="换防水层",
        by=people["gu"],
    )
    replied(claim, people)
    callbacks.call_back_claim(claim, way="door", **DONE, by=people["lin"])
    now = again(claim)
    assert (now.state, now.round, now.closed_by) == ("closed", 3, people["lin"])


def test_attitude_and_result_are_asked_separately(people, places, households):
    claim = in_state(people, places, "replied")
    with pytest.raises(Refused, match="差在哪里"):
        callbacks.rate_claim(
            claim, is_done=True, attitude="unsatisfied", result="satisfied", by=people["wang"]
        )
    callbacks.rate_claim(
        claim, is_done=True, attitude="unsatisfied", result="satisfied", words="说话凶",
        by=people["wang"],
    )  # fmt: skip
    assert again(claim).state == "closed"
    with pytest.raises(IntegrityError, match="asked_separately"), transaction.atomic():
        ClaimCallback.objects.filter(claim=claim).update(attitude="")


def test_who_is_not_reached_on_three_days_is_not_asked_for_ever(people, places, households):
    claim = in_state(people, places, "replied")
    now = timezone.now()
    for day in range(3):
        with time_machine.travel(now + dt.timedelta(days=day), tick=False):
            callbacks.note_unreached(claim, way="phone", by=people["lin"])
            if day < 2:
                with pytest.raises(Refused, match="改天"):
                    callbacks.note_unreached(claim, way="phone", by=people["lin"])
    claim = again(claim)
    assert (claim.state, claim.callbacks.filter(reached=True).count()) == ("closed", 0)


@pytest.mark.parametrize("who", ["deng", "lin"])
def test_the_database_closes_nothing_without_a_callback_or_by_its_handler(
    who, people, places, households
):
    claim = in_state(people, places, "replied")
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(
            state="closed", next_on=None, next_step="", closed_at=timezone.now(),
            closed_by=people[who],
        )  # fmt: skip
    reply = claim.replies.get()
    values = {
        "neighbourhood": places.here, "claim": claim, "reply": reply, "round": 1,
        "on": timezone.localdate(), "way": "phone", "reached": True, **DONE,
    }  # fmt: skip
    if who == "deng":
        for handler in ("deng", "gu"):  # also when another one is put down as the handler
            with (
                pytest.raises(DatabaseError, match=r"refused|their_own_work"),
                transaction.atomic(),
            ):
                ClaimCallback.objects.create(by=people["deng"], handler=people[handler], **values)
    with pytest.raises(IntegrityError, match="promises_its_next_step"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(next_on=None)


def picture(claim):
    fields = (
        "state", "next_step", "next_on", "rung", "claim_class", "accepted_on", "reply_due",
        "merged_into", "round",
    )  # fmt: skip
    return Claim.objects.values(*fields).get(pk=claim.pk)


@pytest.mark.parametrize("state", ["made", "accepted", "contacted"])
def test_taking_apart_gives_back_what_was_put_together(state, people, places, households):
    claim, other = in_state(people, places, state), made(people, places, "屋顶漏", "zhao")
    before, other_before = picture(claim), picture(other)
    claim_upkeep.merge_claim(claim, into=other, by=people["chen"])
    with pytest.raises(Refused, match="先分开"):
        claims.refer_claim(other, elsewhere="court", answer="去。", by=people["chen"])
    claim_upkeep.unmerge_claim(claim, by=people["chen"])
    assert (picture(claim), picture(other)) == (before, other_before)


def test_those_answered_together_are_each_asked(people, places, households):
    first, second = made(people, places), made(people, places, "屋顶漏", "zhao")
    claim_upkeep.merge_claim(second, into=first, by=people["chen"])
    whistled(first, people, places)
    replied(first, people)
    second = again(second)
    assert (second.state, second.merged_into, second.replies.get().text) == (
        "replied", None, "补好了。",
    )  # fmt: skip
    assert not ClaimMerge.objects.filter(ended_at=None).exists()
    callbacks.call_back_claim(second, way="phone", **NOT_DONE, by=people["lin"])
    assert (again(first).state, again(second).state) == ("replied", "in_progress")
    assert lead_of(second).unit.name == "房管所"
    deliver_pending()
    assert Notice.objects.filter(reader=people["zhao"], text__contains="已答复").exists()


@pytest.mark.usefixtures("announced")
def test_a_pause_leaves_as_many_working_days_as_were_left(people, places, households):
    with time_machine.travel(dt.datetime(2026, 9, 21, 2), tick=False) as clock:  # a Monday
        claim = made(people, places)
        part = whistled(claim, people, places)
        assert part.due_on == dt.date(2026, 9, 29)  # the 25th is a holiday
        clock.move_to(dt.datetime(2026, 9, 23, 2))
        claim_upkeep.pause_claim(
            claim, until=dt.date(2026, 10, 9), reason="住院", by=people["chen"]
        )
        now = again(claim)
        assert (now.next_on, now.paused_until) == (dt.date(2026, 10, 9),) * 2
        with pytest.raises(Refused, match="暂停"):
            replied(claim, people)
        clock.move_to(dt.datetime(2026, 10, 9, 2))
        claim_upkeep.resume_claim(claim, by=people["chen"])
        now = again(claim)
        # three working days were left on the 23rd: the 24th, the 28th, the 29th
        assert (now.next_on, now.reply_due, lead_of(claim).due_on) == (dt.date(2026, 10, 13),) * 3


def test_levels_are_counted_by_who_answered(people, places, households):
    grid = Organisation.objects.create(
        sub_district=places.street, neighbourhood=places.here, kind="grid", name="第一网格"
    )
    part = Dispatch(unit=grid)
    assert (part.level, Dispatch().level) == ("grid", "neighbourhood")
    assert Dispatch(unit=unit_of(places, people)).level == "sub_district"


def test_who_sees_a_claim(people, places, households):
    claim = made(people, places)
    seen = {who for who in EVERYONE if claim in Claim.objects.visible_to(people[who])}
    assert seen == {"wang", "chen", "lin", "gu", "shen"}
    whistled(claim, people, places)
    claim_upkeep.form_claim_team(
        claim, members=[people["lou"], people["deng"]], words="", by=people["gu"]
    )
    for who in EVERYONE:
        vars(people[who]).pop("_live_postings", None)
    seen = {who for who in EVERYONE if claim in Claim.objects.visible_to(people[who])}
    assert seen == {"wang", "chen", "lin", "gu", "shen", "deng", "mei", "lou"}
