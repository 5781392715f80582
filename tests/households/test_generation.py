"""Agreements for many: batches, failures listed, cancelled, taken over from the dead, done once."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from households.actions import agreements, generation, sealing
from households.models import (
    Agreement,
    GenerationBatch,
    GenerationJob,
    Household,
    Member,
    Sealing,
)
from tests.conftest import make_household, open_signing
from tests.households import paperwork


@pytest.fixture
def template(project, people):
    return paperwork.published(project, people["chen"])


def figures(job):
    job.refresh_from_db()
    return job.state, job.total, Agreement.objects.filter(state="frozen").count()


def test_everybody_on_the_roster_gets_one(template, people):
    job = generation.start_generation(template, by=people["chen"])
    assert generation.generate_due() == 3
    assert figures(job) == ("done", 3, 3)
    assert job.failures.count() == 0
    deliver_pending()
    [notice] = Notice.objects.filter(reader=people["chen"])
    assert (notice.text, notice.link) == ("协议已生成 3 户，0 户未成。", f"/generation/{job.pk}/")


def test_one_building_only(template, people, places, households):
    job = generation.start_generation(template, building=places.next_building, by=people["chen"])
    generation.generate_due()
    assert list(Agreement.objects.values_list("household", flat=True)) == [households.zhao.pk]
    assert figures(job) == ("done", 1, 1)


def test_what_failed_is_listed_and_done_the_next_time(template, people, households):
    Household.objects.filter(pk=households.sun.pk).update(special="undetermined")
    job = generation.start_generation(template, by=people["chen"])
    generation.generate_due()
    assert figures(job) == ("done", 3, 2)
    assert list(job.failures.values_list("household", "reason")) == [
        (households.sun.pk, "签约人未定：本户标记为“签约人未定”。")
    ]
    Household.objects.filter(pk=households.sun.pk).update(special="")
    second = generation.start_generation(template, by=people["chen"])
    assert generation.generate_due() == 1
    assert figures(second) == ("done", 1, 3)
    with pytest.raises(Refused, match="每一户都已有协议"):
        generation.start_generation(template, by=people["chen"])


def test_a_draft_left_behind_is_finished(template, people, households):
    agreements.make_agreement(households.wang, template, by=people["chen"])
    generation.start_generation(template, by=people["chen"])
    assert generation.generate_due() == 3
    assert Agreement.objects.count() == 3


def test_one_job_at_a_time(template, people):
    generation.start_generation(template, by=people["chen"])
    with pytest.raises(Refused, match="已有一批正在生成"):
        generation.start_generation(template, by=people["chen"])


def test_cancelled_before_it_began_makes_nothing(template, people):
    job = generation.start_generation(template, by=people["chen"])
    generation.cancel_generation(job, by=people["lin"])
    assert generation.generate_due() == 0
    assert figures(job) == ("cancelled", 3, 0)
    with pytest.raises(Refused, match="已取消的任务不能转为"):
        generation.cancel_generation(job, by=people["lin"])


def test_cancelled_in_the_middle_stops_after_the_household_at_hand(template, people, monkeypatch):
    job = generation.start_generation(template, by=people["chen"])
    freeze = generation.freeze_agreement

    def freeze_and_cancel(agreement, *, by):
        done = freeze(agreement, by=by)
        generation.cancel_generation(job, by=people["lin"])
        return done

    monkeypatch.setattr(generation, "freeze_agreement", freeze_and_cancel)
    assert generation.generate_due() == 1
    assert figures(job) == ("cancelled", 3, 1)


def test_a_living_worker_s_batch_is_left_to_it(template, people):
    generation.start_generation(template, by=people["chen"])
    GenerationBatch.objects.update(lease_until=timezone.now() + dt.timedelta(seconds=30))
    assert generation.generate_due() == 0


def test_a_dead_worker_s_batch_is_taken_over(template, people):
    job = generation.start_generation(template, by=people["chen"])
    GenerationBatch.objects.update(
        lease_until=timezone.now() - dt.timedelta(seconds=1), attempts=1
    )
    GenerationJob.objects.update(state="running")
    assert generation.generate_due() == 3
    assert figures(job) == ("done", 3, 3)


def test_a_batch_that_kills_every_worker_is_given_up_and_says_so(template, people):
    job = generation.start_generation(template, by=people["chen"])
    GenerationBatch.objects.update(attempts=generation.MOST_ATTEMPTS)
    generation.generate_due()
    assert figures(job) == ("done", 3, 0)
    assert set(job.failures.values_list("reason", flat=True)) == {"多次中断，请联系管理员。"}


def test_a_broken_household_stops_nobody_else(template, people, households, monkeypatch):
    freeze = generation.freeze_agreement

    def stumble(agreement, *, by):
        if agreement.household_id == households.zhao.pk:
            raise OSError("disk full")
        return freeze(agreement, by=by)

    monkeypatch.setattr(generation, "freeze_agreement", stumble)
    job = generation.start_generation(template, by=people["chen"])
    assert generation.generate_due() == 2
    assert list(job.failures.values_list("household", "reason")) == [
        (households.zhao.pk, "出文书时中断，请稍后再生成一次。")
    ]


def test_residents_start_no_generation(template, people):
    with pytest.raises(PermissionDenied):
        generation.start_generation(template, by=people["wang"])


def test_the_page_shows_the_progress_and_its_part(client, template, people, project):
    client.force_login(people["chen"])
    answer = client.post(f"/projects/{project.pk}/generation/", {"template": template.pk})
    job = GenerationJob.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/generation/{job.pk}/")
    page = client.get(f"/generation/{job.pk}/").content.decode()
    assert ('hx-trigger="every 2s"' in page, "0 / 3" in page) == (True, True)
    generation.generate_due()
    part = client.get(f"/generation/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="progress">')
    assert ("hx-trigger" in part, "3 / 3" in part) == (False, True)
    client.force_login(people["fang"])
    assert client.get(f"/generation/{job.pk}/").status_code == 404


# --- killed ---------------------------------------------------------------------------------------


def start_worker(*command):
    """Our own ``manage.py`` on the test's database; the caller kills it."""
    environment = os.environ | {"DB_NAME": connection.settings_dict["NAME"]}
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_until(happened, seconds=60):
    stop = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < stop, "it did not happen in time"
        time.sleep(0.02)


def kill(worker):
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_generation_killed_in_the_middle_goes_on(places, households, people):
    homes = [
        make_household(places.here, places.building, f"{n}", f"住户{n}") for n in range(201, 231)
    ]
    project = open_signing(places, homes)
    template = paperwork.published(project, people["chen"])
    job = generation.start_generation(template, by=people["chen"])
    for round_ in range(2):
        worker = start_worker("generate_due")
        wait_until(lambda n=round_: Agreement.objects.filter(state="frozen").count() > 4 * (n + 1))
        kill(worker)
        GenerationBatch.objects.update(lease_until=None)  # the lease has run out
    generation.generate_due(seconds=300)
    assert figures(job) == ("done", 30, 30)
    assert (job.failures.count(), Agreement.objects.count()) == (0, 30)
    frozen = Entry.objects.filter(act="households.freeze_agreement")
    assert (frozen.count(), frozen.values("subject_id").distinct().count()) == (30, 30)
    finished = Entry.objects.filter(act="households.finish_generation")
    assert [entry.facts for entry in finished] == [{"made": 30, "failed": 0}]


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_sealing_killed_in_the_middle_gives_one_sealed_version(places, households, people):
    project = open_signing(places, [households.wang])
    template = paperwork.published(project, people["chen"])
    for order in range(1, 7):  # enough boxes that there is a middle to be killed in
        Member.objects.create(
            neighbourhood=places.here,
            household=households.wang,
            role="co_owner",
            name=f"共有{order}",
            order=order,
        )
    agreement = paperwork.frozen(households.wang, template, people["chen"])
    for signatory in agreement.signatories.all():
        paperwork.sign(agreement, signatory, signer=people["wang"])
    Sealing.objects.create(neighbourhood=places.here, agreement=agreement)
    for attempt in range(1, 4):
        worker = start_worker("seal_due")
        wait_until(lambda n=attempt: Sealing.objects.get().attempts == n)
        time.sleep(0.15 * attempt)
        kill(worker)
        if Sealing.objects.get().state == Sealing.State.SEALED:
            break
        Sealing.objects.update(next_try_at=timezone.now())
    sealing.seal_due()
    agreement.refresh_from_db()
    assert Sealing.objects.get().state == Sealing.State.SEALED
    [entry] = Entry.objects.filter(act="households.seal_agreement")
    assert entry.facts["sealed_sha256"] == agreement.sealed_sha256
