"""Two who sign at the same moment, one who signs while the period closes, and a machine that fails."""

import contextlib
import datetime as dt
import itertools
import threading

import pytest
from django.db import OperationalError, connection

from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.models import Entry
from households.actions import effect
from households.models import Agreement, Sealing, Signature
from tests.households.builders import frozen_agreement, signed_agreement
from tests.households.signing_helpers import ask_code, co_owner, sign

SIGNING = ("households.sign_agreement", "households.complete_agreement")


def acts():
    found = Entry.objects.filter(act__in=[*SIGNING, "households.lapse_project"]).order_by("at")
    return list(found.values_list("act", flat=True))


def together(*deeds):
    """Do all at once, each on a connection of its own; what each gave or raised."""
    results = [None] * len(deeds)
    ready = threading.Barrier(len(deeds))

    def work(n, deed):
        try:
            ready.wait(timeout=10)
            results[n] = deed()
        except Refused as refusal:
            results[n] = refusal
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=job) for job in enumerate(deeds)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_twenty_taps_on_two_phones_are_one_signature_and_all_see_its_receipt(
    project, households, people
):
    agreement = frozen_agreement(project, households.wang, people["chen"])
    code = ask_code(agreement, people["wang"])
    results = together(*[lambda: sign(agreement, people["wang"], code=code)] * 20)
    signature = Signature.objects.get()
    assert results == [signature] * 20
    assert acts() == list(SIGNING)


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_sign_at_once_one_is_the_last(project, households, people, monkeypatch):
    """Both are made to meet between reading who is missing and moving the agreement, if they can."""
    agreement = frozen_agreement(project, households.wang, people["chen"])
    co_owner(agreement, "孙丽", people["sun"])
    codes = {who: ask_code(agreement, people[who]) for who in ("wang", "sun")}
    meeting = threading.Barrier(2)
    move_to = Agreement.move_to

    def move_after_meeting(self, state):
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=0.5)
        move_to(self, state)

    monkeypatch.setattr(Agreement, "move_to", move_after_meeting)
    together(
        lambda: sign(agreement, people["wang"], code=codes["wang"]),
        lambda: sign(agreement, people["sun"], code=codes["sun"]),
    )
    agreement.refresh_from_db()
    assert (agreement.state, Signature.objects.count(), Sealing.objects.count()) == (
        "signed",
        2,
        1,
    )
    assert acts() == [SIGNING[0], SIGNING[0], SIGNING[1]]


@pytest.mark.django_db(transaction=True)
def test_the_period_closes_after_the_signature_in_flight_and_counts_it(
    project, households, people, monkeypatch
):
    agreement = frozen_agreement(project, households.wang, people["chen"])
    code = ask_code(agreement, people["wang"])
    closing = threading.Thread(
        target=lambda: (
            effect.lapse_due_projects(project.signing_closes_at + dt.timedelta(days=40)),
            connection.close(),
        )
    )
    move_to = Agreement.move_to
    waited = []

    def close_meanwhile(self, state):
        closing.start()
        closing.join(timeout=0.5)
        waited.append(closing.is_alive())
        move_to(self, state)

    monkeypatch.setattr(Agreement, "move_to", close_meanwhile)
    sign(agreement, people["wang"], code=code)
    closing.join(timeout=30)
    assert waited == [True]
    assert acts() == [*SIGNING, "households.lapse_project"]
    assert Entry.objects.get(act="households.lapse_project").facts["signed"] == 1


def test_a_failure_before_any_write_leaves_nothing_and_the_same_code_still_signs(
    project, households, people
):
    """The machine fails before each write in turn; then it works, and the form is sent again."""
    agreement = frozen_agreement(project, households.wang, people["chen"])
    code = ask_code(agreement, people["wang"])
    writes = itertools.count(1)

    def failing(execute, sql, params, many, context):
        is_write = sql.split()[0] in ("INSERT", "UPDATE") or "ledger_append" in sql
        if is_write and next(writes) == doomed:
            raise OperationalError("the plug was pulled")
        return execute(sql, params, many, context)

    for doomed in range(1, 7):  # noqa: B007 read by failing()
        writes = itertools.count(1)
        with connection.execute_wrapper(failing), pytest.raises(OperationalError):
            sign(agreement, people["wang"], code=code)
        agreement.refresh_from_db()
        spent = OneTimeCode.objects.get()
        assert (agreement.state, spent.tries_left, spent.used_at) == ("frozen", 5, None)
        assert (Signature.objects.count(), Sealing.objects.count(), acts()) == (0, 0, [])
    doomed, writes = None, itertools.count(1)
    with connection.execute_wrapper(failing):
        sign(agreement, people["wang"], code=code)
    assert (next(writes), acts()) == (7, list(SIGNING))


def test_the_signature_that_reaches_the_threshold_brings_all_into_effect(
    project, households, people, django_capture_on_commit_callbacks
):
    signed_agreement(project, households.zhao, people["chen"])
    signed_agreement(project, households.sun, people["chen"])
    agreement = frozen_agreement(project, households.wang, people["chen"])
    with django_capture_on_commit_callbacks(execute=True):
        sign(agreement, people["wang"])
    project.refresh_from_db()
    assert (project.stage, project.effective_signed) == ("effective", 3)
    assert set(Agreement.objects.values_list("state", flat=True)) == {"effective"}
