"""The yearly evaluation of the owners' committee: by owners, once each, published as averages of five or more."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.models import Entry
from consultation import evaluation_forms
from consultation.actions import evaluations as actions
from consultation.models import (
    Evaluation,
    EvaluationCriterion,
    EvaluationForm,
    EvaluationSheet,
)
from consultation.queries.evaluations import outcome
from households.models import Household
from tests.conftest import EVERYONE
from tests.consultation.builders import neighbours

COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(("draft_evaluation", "open_evaluation", "publish_evaluation"), COMMITTEE)
WHO_MAY_OF_A_HOME = {"fill_evaluation": {"wang"}}


@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, people, places):
    subject = Evaluation(neighbourhood=places.here)
    allowed = {who for who in EVERYONE if may(people[who], f"consultation.{act}", subject)}
    assert allowed == WHO_MAY[act]


@pytest.mark.parametrize(
    ("tenure", "allowed"), [("private_owner", {"wang"}), ("public_tenant", set())]
)
def test_only_owners_evaluate(tenure, allowed, people, households):
    households.wang.tenure = tenure
    sheet = EvaluationSheet(household=households.wang)
    found = {who for who in EVERYONE if may(people[who], "consultation.fill_evaluation", sheet)}
    assert found == allowed


def the_form():
    evaluation_forms.seed(EvaluationForm, EvaluationCriterion)
    return EvaluationForm.objects.get(neighbourhood=None)


def opened(people, places, year=2026) -> Evaluation:
    today = timezone.localdate()
    evaluation = actions.draft_evaluation(
        places.here, form=the_form(), body_name="曹杨一村业委会", year=year, opens_on=today,
        closes_on=today + dt.timedelta(days=14), by=people["chen"],
    )  # fmt: skip
    return actions.open_evaluation(evaluation, by=people["chen"])


def score(evaluation, user, n, remarks=""):
    home = Household.objects.of(user).get()
    codes = evaluation.form.criteria.values_list("code", flat=True)
    return actions.fill_evaluation(
        evaluation, household=home, scores=dict.fromkeys(codes, n), remarks=remarks, by=user
    )


def closed(evaluation):
    Evaluation.objects.filter(pk=evaluation.pk).update(
        opens_on=dt.date(2020, 1, 1), closes_on=dt.date(2020, 1, 15)
    )
    actions.follow_days(timezone.localdate())
    return Evaluation.objects.get(pk=evaluation.pk)


def published(evaluation, people):
    return actions.publish_evaluation(closed(evaluation), by=people["chen"])


def test_a_household_changes_its_mind_until_the_end(people, places):
    evaluation = opened(people, places)
    [owner] = neighbours(places, 1)
    score(evaluation, owner, 2, "账目不清")
    sheet = score(evaluation, owner, 4, "")
    assert (EvaluationSheet.objects.count(), set(sheet.scores.values())) == (1, {4})
    noted = Entry.objects.filter(act="consultation.fill_evaluation")
    assert [sorted(entry.facts) for entry in noted] == [["household"]] * 2  # never how
    with time_machine.travel(timezone.now() + dt.timedelta(days=15)), pytest.raises(Refused):
        score(evaluation, owner, 1)


def test_a_tenant_is_refused(people, places):
    with pytest.raises(PermissionDenied):
        score(opened(people, places), people["wang"], 5)


@pytest.mark.parametrize("scores", [{}, {"money": 6}])
def test_every_criterion_gets_a_score_on_the_scale(scores, people, places):
    evaluation = opened(people, places)
    [owner] = neighbours(places, 1)
    home = Household.objects.of(owner).get()
    full = dict.fromkeys(evaluation.form.criteria.values_list("code", flat=True), 3)
    given = full | scores if scores else {}
    with pytest.raises(Refused, match="每一项都要打分"):
        actions.fill_evaluation(evaluation, household=home, scores=given, remarks="", by=owner)


@pytest.mark.parametrize(("owners", "shown"), [(4, False), (5, True)])
def test_of_fewer_than_five_nothing_is_published(owners, shown, client, people, places):
    evaluation = opened(people, places)
    for n, owner in enumerate(neighbours(places, owners)):
        score(evaluation, owner, 1 + n % 5, "账目要贴出来")
    evaluation = published(evaluation, people)
    found = outcome(evaluation)
    assert (found.answered, found.enough, bool(found.remarks)) == (owners, shown, shown)
    text = client.get(reverse("consultation:evaluation", args=[evaluation.pk])).content.decode()
    assert ("账目要贴出来" in text, "不到 5 户" in text) == (shown, not shown)


def test_averages_stand_beside_last_year_s(people, places):
    owners = neighbours(places, 6)
    earlier = opened(people, places, year=2025)
    for owner in owners:
        score(earlier, owner, 3)
    published(earlier, people)
    now = opened(people, places, year=2026)
    for n, owner in enumerate(owners):
        score(now, owner, 4 if n else 5)
    line = outcome(published(now, people)).averages[0]
    assert (line.mean, line.last_year, line.change) == (
        Decimal("4.2"), Decimal("3.0"), Decimal("1.2"),
    )  # fmt: skip


def test_before_it_is_published_nobody_sees_a_score(client, people, places):
    evaluation = opened(people, places)
    for owner in neighbours(places, 5):
        score(evaluation, owner, 1, "账目要贴出来")
    for state in (evaluation, closed(evaluation)):
        client.force_login(people["chen"])
        answer = client.get(reverse("consultation:evaluation", args=[state.pk]))
        assert (answer.context["outcome"], "账目要贴出来" in answer.content.decode()) == (
            None,
            False,
        )


MOVES = {"open_evaluation": {"draft"}, "publish_evaluation": {"closed"}}


@pytest.mark.parametrize("act", MOVES)
def test_which_act_in_which_state(act, people, places):
    evaluation = opened(people, places)
    possible = set()
    for state in Evaluation.State:
        Evaluation.objects.filter(pk=evaluation.pk).update(
            state=state, published_at=timezone.now() if state == "published" else None
        )
        try:
            getattr(actions, act)(evaluation, by=people["chen"])
            possible.add(state.value)
        except Refused:
            pass
    assert possible == MOVES[act]


def test_an_owner_fills_it_in_on_a_page(client, people, places):
    evaluation = opened(people, places)
    [owner] = neighbours(places, 1)
    client.force_login(owner)
    address = reverse("consultation:fill_evaluation", args=[evaluation.pk])
    page = client.get(address).content.decode()
    assert "checked" not in page
    assert client.post(address, {"remarks": "好"}).status_code == 422
    home = Household.objects.of(owner).get()
    sent = {f"score_{c.code}": 5 for c in evaluation.form.criteria.all()}
    assert client.post(address, sent | {"household": home.pk, "remarks": ""}).status_code == 302
    assert client.get(address).content.decode().count("checked") == len(evaluation_forms.CRITERIA)
    client.force_login(people["wang"])
    assert client.get(address).status_code == 404
