"""Whatever is done to claims in whatever order: none is silent, none is closed by its handler, each lapse is told once."""

import datetime as dt
import random

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from suggestions.actions import claim_clock, claim_upkeep, dispatches
from suggestions.claim_paces import RUNGS, shifted, working_days_between
from suggestions.models import Claim, ClaimMerge, Dispatch
from suggestions.queries.claim_warnings import warnings
from tests.households.test_signing_races import together
from tests.suggestions.claim_builders import (
    again,
    in_state,
    made,
    stocked,
    unit_of,
    whistled,
    working_day,
)
from tests.suggestions.test_claims import ACTS

DAY = dt.timedelta(days=1)
DEEDS = [*ACTS, "watch"]


@pytest.mark.usefixtures("announced")
@settings(
    max_examples=15, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 2)), min_size=10, max_size=40)
)
def test_no_claim_is_ever_silent(deeds, people, places, households):
    with transaction.atomic():
        claims = [
            made(people, places, title, who)
            for title, who in (("另一件", "wang"), ("甲", "wang"), ("乙", "zhao"))
        ]
        today = timezone.localdate()
        for deed, which in deeds:
            today += DAY * random.Random(deed).randrange(3)
            try:
                with transaction.atomic():
                    if deed == "watch":
                        claim_clock.watch_claims(today)
                    else:
                        ACTS[deed](again(claims[which]), people, places)
            except (Refused, PermissionDenied, Dispatch.DoesNotExist):
                pass
            _holds()
        deliver_pending()
        for claim in Claim.objects.all():
            told = Notice.objects.filter(
                reader=claim.claimant, link__endswith=f"claims/{claim.pk}/"
            )
            assert told.count() >= 1
        transaction.set_rollback(True)


def _holds():
    for claim in Claim.objects.all():
        last = claim.steps.last()
        assert claim.is_live == bool(claim.next_on and claim.next_step)
        assert (last.state, last.next_on, last.next_step) == (
            claim.state, claim.next_on, claim.next_step,
        )  # fmt: skip
        assert claim.pauses.filter(resumed_on=None).count() == bool(claim.paused_until)
        open_merges = ClaimMerge.objects.filter(claim=claim, ended_at=None).count()
        assert open_merges == (claim.state == "merged")
        if claim.state == "in_progress":
            assert claim.live_dispatches().filter(role="lead").count() == 1
        if claim.state == "closed":
            handlers = set(claim.replies.values_list("by", flat=True))
            assert claim.closed_by_id not in handlers
            assert claim.callbacks.filter(round=claim.round).exists()


def test_a_lapsed_promise_climbs_the_ladder_once_a_rung(people, places, households):
    claim = made(people, places)
    part = whistled(claim, people, places)
    late = part.due_on + DAY
    told = []
    for days in range(12):
        for _twice in range(2):
            claim_clock.watch_claims(late + DAY * days)
        told.append(again(claim).rung)
    assert told == sorted(told)
    assert told[0] >= 1
    assert told[-1] == len(RUNGS)
    entries = Entry.objects.filter(act="suggestions.press_claim")
    rungs = [rung for entry in entries for rung in entry.facts["rungs"]]
    assert sorted(rungs) == [1, 2, 3]
    deliver_pending()
    readers = Notice.objects.filter(text__contains="现在超期了").values_list(
        "reader__name", flat=True
    )
    assert sorted(readers) == sorted(["邓明", "梅芳", "陈静", "林红", "顾伟"])


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_escalate_and_warn_once(people, places, households):
    claim = in_state(people, places, "in_progress")
    late = claim.next_on + 20 * DAY
    together(*[lambda: claim_clock.watch_claims(late)] * 2)
    acts = ["suggestions.press_claim", "suggestions.warn_claim"]
    assert [Entry.objects.filter(act=act).count() for act in acts] == [1, 1]
    assert again(claim).rung == 3


def test_a_pause_ends_by_the_clock_once(people, places, households):
    claim = in_state(people, places, "contacted")
    until = timezone.localdate() + 9 * DAY
    claim_upkeep.pause_claim(claim, until=until, reason="住院", by=people["chen"])
    assert claim_clock.watch_claims(until - DAY) == 0
    claim_clock.watch_claims(until)
    assert claim_clock.watch_claims(until) == 0
    now = again(claim)
    assert (now.paused_until, now.state, now.next_step) == (None, "contacted", claim.next_step)
    assert working_days_between(until, now.next_on) == 1
    assert Entry.objects.filter(act="suggestions.end_claim_pause", actor=None).count() == 1


@pytest.mark.usefixtures("announced")
@pytest.mark.parametrize("days", [-7, -1, 0, 1, 5, 12])
def test_days_left_are_days_left(days, db):
    for first in (dt.date(2026, 2, 12), dt.date(2026, 9, 29), dt.date(2026, 11, 20)):
        if days >= 0:
            assert working_days_between(first, shifted(first, days)) == days
        else:
            assert working_days_between(shifted(first, days), first) == -days


def test_warnings_come_from_the_table_and_are_told_once_a_round(people, places, households):
    calm = made(people, places, "灯不亮")
    whistled(calm, people, places, "help")
    claims = Claim.objects.all()
    today = timezone.localdate()
    assert warnings(claims, today) == []
    loud = made(people, places, "太吵")
    part = whistled(loud, people, places, "complaint")
    made(people, places, "第三件")
    # a complaint, the third of the home
    assert [(one.claim, one.points) for one in warnings(claims, today)] == [(loud, 3)]
    dispatches.ask_claim_extension(part, until=working_day(9), reason="等料", by=people["deng"])
    found = warnings(claims, part.due_on)
    assert (found[0].claim, sorted(sign.key for sign in found[0].signs)) == (
        loud, ["complaint", "longer", "near", "often"],
    )  # fmt: skip
    claim_clock.watch_claims(today)
    claim_clock.watch_claims(today)
    deliver_pending()
    told = Notice.objects.filter(text__startswith="预警")
    assert sorted(told.values_list("reader__name", flat=True)) == ["林红", "梅芳", "陈静"]


def test_limits_are_rows(people, places, households):
    stocked()
    from suggestions.models import ClaimLimit

    ClaimLimit.objects.filter(code="help").update(working_days=2)
    claim = made(people, places)
    assert whistled(claim, people, places).due_on == working_day(2)
    assert unit_of(places, people).kind == "department"
