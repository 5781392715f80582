"""The moment the agreements take effect."""

import contextlib
import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from caoyang_portal.ledger.models import Entry
from households.actions import effect
from households.models import Agreement, Project
from tests.conftest import open_signing
from tests.households.builders import frozen_agreement, signed_agreement


def acts():
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def test_the_last_missing_household_brings_all_into_effect(project, households, people):
    early = timezone.now() - dt.timedelta(hours=5)
    signed_agreement(project, households.wang, people["chen"], signed_at=early)
    signed_agreement(project, households.zhao, people["chen"], signed_at=early)
    assert effect.take_effect_if_reached(project) is False

    last = timezone.now() - dt.timedelta(hours=1)
    signed_agreement(project, households.sun, people["chen"], signed_at=last)
    assert effect.take_effect_if_reached(project) is True
    assert effect.take_effect_if_reached(project) is False

    project.refresh_from_db()
    assert (project.stage, project.effective_at, project.effective_signed) == (
        "effective",
        last,
        3,
    )
    assert set(Agreement.objects.values_list("state", "effective_at")) == {("effective", last)}
    assert acts() == ["households.take_effect"]
    assert Entry.objects.get().facts == {
        "signed": 3,
        "total": 3,
        "threshold_pct": 95,
        "effective_at": last.isoformat(),
    }


def test_it_takes_effect_when_the_threshold_was_reached_not_when_it_was_noticed(
    places, households, people
):
    project = open_signing(
        places, [households.wang, households.zhao, households.sun], threshold_pct=95
    )
    hours = [timezone.now() - dt.timedelta(hours=h) for h in (3, 2, 1)]
    for home, at in zip([households.wang, households.zhao, households.sun], hours, strict=True):
        signed_agreement(project, home, people["chen"], signed_at=at)
    effect.take_effect_if_reached(project)
    project.refresh_from_db()
    assert project.effective_at == hours[2]


def test_late_agreements_are_effective_from_their_own_signature(project, households, people):
    signed_agreement(project, households.wang, people["chen"])
    project.stage, project.effective_at = "effective", timezone.now() - dt.timedelta(days=3)
    project.save()
    assert effect.bring_late_agreements_into_effect(project) == 1
    late = Agreement.objects.get()
    assert (late.state, late.effective_at) == ("effective", late.signed_at)
    assert effect.bring_late_agreements_into_effect(project) == 0


def test_a_period_that_runs_out_below_the_threshold_lapses(project, households, people):
    signed_agreement(project, households.wang, people["chen"])
    frozen_agreement(project, households.zhao, people["chen"])
    assert effect.lapse_due_projects(project.signing_closes_at - dt.timedelta(seconds=1)) == 0
    assert effect.lapse_due_projects(project.signing_closes_at) == 0  # papers may still come in
    late = project.signing_closes_at + dt.timedelta(days=40)
    assert effect.lapse_due_projects(late) == 1
    project.refresh_from_db()
    assert (project.stage, project.lapsed_at) == ("lapsed", late)
    assert set(Agreement.objects.values_list("state", flat=True)) == {"lapsed"}
    assert acts() == ["households.lapse_project"]


def test_a_period_that_runs_out_above_the_threshold_takes_effect(project, households, people):
    for home in (households.wang, households.zhao, households.sun):
        signed_agreement(project, home, people["chen"])
    assert effect.lapse_due_projects(project.signing_closes_at) == 1
    project.refresh_from_db()
    assert project.stage == "effective"


@pytest.mark.django_db(transaction=True)
def test_two_signatures_that_reach_the_threshold_together_make_it_effective_once(
    project, households, people, monkeypatch
):
    """Both workers are made to meet between counting and moving, if they can."""
    for home in (households.wang, households.zhao, households.sun):
        signed_agreement(project, home, people["chen"])
    meeting = threading.Barrier(2)
    move_to = Project.move_to

    def move_after_meeting(self, stage):
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=0.5)
        move_to(self, stage)

    monkeypatch.setattr(Project, "move_to", move_after_meeting)
    results = []

    def worker():
        try:
            results.append(effect.take_effect_if_reached(project))
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert sorted(results) == [False, True]
    assert acts() == ["households.take_effect"]


@pytest.mark.django_db(transaction=True)
def test_the_period_does_not_lapse_under_a_signature_in_flight(project, households, people):
    agreement = frozen_agreement(project, households.wang, people["chen"])
    closing = threading.Thread(
        target=lambda: (
            effect.lapse_due_projects(project.signing_closes_at + dt.timedelta(days=40)),
            connection.close(),
        )
    )
    with transaction.atomic():
        effect.hold_signing_open(project.pk)
        closing.start()
        closing.join(timeout=0.5)
        assert closing.is_alive()  # waits for us
        agreement.state, agreement.signed_at = "signed", timezone.now()
        agreement.save(update_fields=["state", "signed_at"])
    closing.join()
    assert Entry.objects.get().facts["signed"] == 1


@pytest.mark.parametrize("threshold", [94, 101])
def test_the_database_refuses_a_threshold_outside_95_to_100(project, threshold):
    with (
        pytest.raises(IntegrityError, match="the_threshold_is_95_to_100_per_cent"),
        transaction.atomic(),
    ):
        Project.objects.update(threshold_pct=threshold)
