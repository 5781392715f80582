"""Papers signed inside the period and entered after it: until when, on which day, and that they count."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.errors import Refused
from households.actions import effect, evidence, projects
from households.models import Agreement, Project, Signature
from households.queries.papers import (
    last_day_for_papers,
    last_day_of_period,
    paper_closed_because,
)
from households.queries.rates import project_rates
from tests.conftest import open_signing
from tests.households.builders import frozen_agreement, signed_agreement
from tests.households.signing_helpers import on_paper, on_tablet

FRIDAY = dt.date(2026, 3, 13)  # no holiday near: five working days later is Friday the 20th
SHANGHAI = timezone.get_default_timezone()


def moment(day, hour=0, minute=0, second=0):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute, second)), SHANGHAI)


@pytest.fixture
def closed(places, households, announced):
    """A period that closed on Friday at 18:00."""
    return open_signing(
        places,
        [households.wang],
        signing_opens_at=moment(dt.date(2026, 3, 1)),
        signing_closes_at=moment(FRIDAY, 18),
    )


@pytest.fixture
def agreement(closed, households, people):
    return frozen_agreement(closed, households.wang, people["chen"])


@pytest.fixture
def at(monkeypatch):
    """Set the database's clock, as the signing acts read it."""

    def set_clock(now):
        locked = evidence.locked

        def then(*given):
            place = locked(*given)
            place.now = now
            return place

        monkeypatch.setattr("households.actions.signatures.locked", then)

    return set_clock


@pytest.mark.parametrize(
    ("closes_at", "days", "last", "papers"),
    [
        (moment(FRIDAY, 18), 5, FRIDAY, dt.date(2026, 3, 20)),
        (moment(FRIDAY), 5, dt.date(2026, 3, 12), dt.date(2026, 3, 19)),  # closes at midnight
        (moment(FRIDAY, 18), 0, FRIDAY, FRIDAY),
        (moment(dt.date(2026, 9, 30), 18), 5, dt.date(2026, 9, 30), dt.date(2026, 10, 13)),  # 国庆
    ],
)
def test_the_days_are_working_days(closed, closes_at, days, last, papers):
    closed.signing_closes_at, closed.paper_entry_days = closes_at, days
    assert (last_day_of_period(closed), last_day_for_papers(closed)) == (last, papers)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (moment(FRIDAY, 17, 59, 59), ""),
        (moment(FRIDAY, 18), ""),
        (moment(dt.date(2026, 3, 20), 23, 59, 59), ""),
        (moment(dt.date(2026, 3, 21)), "只能录入到2026年3月20日"),
    ],
)
def test_a_paper_is_entered_until_the_end_of_the_fifth_working_day(
    agreement, people, at, now, said
):
    at(now)
    if said:
        with pytest.raises(Refused, match=said):
            on_paper(agreement, people, signed_on=FRIDAY)
        assert Signature.objects.count() == 0
    else:
        on_paper(agreement, people, signed_on=FRIDAY)
        agreement.refresh_from_db()
        assert agreement.state == "signed"
    assert bool(paper_closed_because(agreement, now)) is (
        bool(said) or agreement.state == "signed"
    )


@pytest.mark.parametrize(
    ("signed_on", "said"),
    [
        (dt.date(2026, 2, 28), "签约开始以后"),
        (dt.date(2026, 3, 1), ""),
        (FRIDAY, ""),
        (dt.date(2026, 3, 14), "签约期满以后"),
    ],
)
def test_the_day_on_the_paper_lies_inside_the_period(agreement, people, at, signed_on, said):
    at(moment(dt.date(2026, 3, 17), 9))
    if said:
        with pytest.raises(Refused, match=said):
            on_paper(agreement, people, signed_on=signed_on)
    else:
        proof = json.loads(on_paper(agreement, people, signed_on=signed_on).evidence)
        assert proof["entered_late"] == agreement.project.paper_entry_reason
        assert proof["signed_on"] == signed_on.isoformat()


def test_a_paper_entered_in_time_needs_no_reason(agreement, people, at):
    at(moment(FRIDAY, 12))
    proof = json.loads(on_paper(agreement, people, signed_on=FRIDAY).evidence)
    assert proof["entered_late"] is None


def test_only_paper_comes_late(agreement, people, at):
    at(moment(dt.date(2026, 3, 17), 9))
    with pytest.raises(Refused, match="截止"):
        on_tablet(agreement, people)


def test_without_days_in_the_rule_none_comes_late(agreement, closed, people, at):
    Project.objects.update(paper_entry_days=0)
    at(moment(dt.date(2026, 3, 16), 9))
    with pytest.raises(Refused, match="只能录入到2026年3月13日"):
        on_paper(agreement, people, signed_on=FRIDAY)


def test_a_lapsed_project_takes_none(agreement, closed, people, at):
    assert effect.lapse_due_projects(moment(dt.date(2026, 3, 20), 23, 59)) == 0
    assert effect.lapse_due_projects(moment(dt.date(2026, 3, 21))) == 1
    at(moment(dt.date(2026, 3, 17), 9))
    with pytest.raises(Refused, match="已失效"):
        on_paper(agreement, people, signed_on=FRIDAY)


def test_the_paper_that_reaches_the_threshold_brings_all_into_effect(
    places, households, people, at
):
    project = open_signing(
        places,
        [households.wang, households.zhao],
        signing_opens_at=moment(dt.date(2026, 3, 1)),
        signing_closes_at=moment(FRIDAY, 18),
        code="late",
    )
    signed_agreement(project, households.zhao, people["chen"], signed_at=moment(FRIDAY, 9))
    last = frozen_agreement(project, households.wang, people["chen"])
    monday = moment(dt.date(2026, 3, 16), 9)
    assert effect.lapse_due_projects(monday) == 0
    assert project_rates(project).total.shown == "50.00"
    at(monday)
    on_paper(last, people, signed_on=FRIDAY)
    assert project_rates(project).total.shown == "100.00"
    assert effect.take_effect_if_reached(project) is True
    project.refresh_from_db()
    assert (project.stage, project.effective_at) == ("effective", monday)
    assert set(Agreement.objects.values_list("state", flat=True)) == {"effective"}


def test_the_counter_s_page_says_why_it_still_takes_papers(client, agreement, closed, people):
    now = timezone.now()
    closed.signing_opens_at = now - dt.timedelta(days=9)
    closed.signing_closes_at = now - dt.timedelta(minutes=1)
    closed.save()
    client.force_login(people["chen"])
    page = client.get(reverse("households:enter_paper_signature", args=[agreement.pk]))
    assert "只补录期内签的" in page.content.decode()
    assert closed.paper_entry_reason in page.content.decode()
    page = client.get(reverse("households:household_detail", args=[agreement.household_id]))
    file = page.content.decode()
    assert ("录入纸质签署" in file, "现场平板签约" in file) == (True, False)


def test_the_rule_is_set_with_the_terms_and_stands_in_the_database(project, people):
    Project.objects.update(stage="plan_approved")
    projects.set_signing_terms(
        project,
        opens_at=timezone.now(),
        closes_at=timezone.now() + dt.timedelta(days=9),
        threshold_pct=95,
        agreement_mode="agreed",
        paper_entry_days=3,
        paper_entry_reason="邮寄要三天",
        by=people["chen"],
    )
    project.refresh_from_db()
    assert (project.paper_entry_days, project.paper_entry_reason) == (3, "邮寄要三天")
    for wrong in ({"paper_entry_days": 31}, {"paper_entry_reason": ""}):
        with (
            pytest.raises(IntegrityError, match="papers_are_entered_within_thirty_days"),
            transaction.atomic(),
        ):
            Project.objects.update(**wrong)
