"""The sealed file of a signed agreement (盖章): owed from the last signature on, made by workers."""

import hashlib
import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal import documents
from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.nudging import nudge
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.models import Attachment
from households.documents.agreements import certificate, sealed_agreement
from households.models import Agreement, Sealing
from households.queries.agreements import SEALED_WITHIN

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 10  # about an hour, then a person looks (需人工处理)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=10)
ALARM_AGAIN = timedelta(hours=1)


class Unsealable(Exception):
    """The file is not what it must be; sealing it would vouch for a falsehood."""


def owe_seal(agreement: Agreement) -> Sealing:
    """See that a signed agreement stands in the queue; called once or more, in a transaction."""
    sealing, _new = Sealing.objects.get_or_create(
        agreement=agreement, defaults={"neighbourhood_id": agreement.neighbourhood_id}
    )
    transaction.on_commit(_wake, robust=True)
    return sealing


def _wake() -> None:
    nudge("households.seal_due")


def seal_due(*, seconds: float = 50) -> int:
    """Seal what is owed, oldest first, until nothing is; workers may run this side by side."""
    sealed = 0
    stop = time.monotonic() + seconds
    while time.monotonic() < stop and (sealing := _claim()):
        sealed += _attempt(sealing)
    return sealed


@transaction.atomic
def _claim() -> Sealing | None:
    """Take the sealing longest due and count the attempt before it is made.

    Committed first: a worker that dies leaves a sealing which another takes up after the wait.
    """
    sealing = (
        Sealing.objects.due()
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_try_at", "pk")
        .first()
    )
    if sealing is None:
        return None
    sealing.attempts += 1
    wait = FIRST_WAIT * 2 ** min(sealing.attempts - 1, 10)
    sealing.next_try_at = Now() + min(wait, LONGEST_WAIT)
    sealing.save(update_fields=["attempts", "next_try_at"])
    return sealing


def _attempt(claimed: Sealing) -> bool:
    try:
        seal_agreement(claimed)
    except documents.TimestampUnavailable:
        # Never sealed without its stamp, and never given up: the authority will be back.
        return _put_back(claimed, Sealing.State.WAITING_TIMESTAMP, "TimestampUnavailable")
    except Exception as error:
        # Whatever it is, the signature stands and the others in the queue go on.
        logger.exception("sealing %s failed", claimed.pk)
        given_up = claimed.attempts >= MOST_ATTEMPTS or isinstance(error, Unsealable)
        state = Sealing.State.FAILED if given_up else Sealing.State.QUEUED
        return _put_back(claimed, state, type(error).__name__)
    return True


@transaction.atomic
def _put_back(claimed: Sealing, state: Sealing.State, problem: str) -> bool:
    """Write down why it did not work, unless a later attempt has been made since."""
    sealing = Sealing.objects.select_for_update().get(pk=claimed.pk)
    if sealing.attempts == claimed.attempts and sealing.state != Sealing.State.SEALED:
        if state != sealing.state:
            sealing.move_to(state)
        sealing.last_problem = problem  # the kind only: a message may quote what it choked on
        sealing.save(update_fields=["state", "last_problem"])
    return False


def seal_agreement(sealing: Sealing) -> Agreement:
    """Fill every signature into the certified file, lock it, and certify how it was signed (盖章).

    The papers are made and kept first; the transaction takes them once, however many made some.
    """
    agreement = Agreement.objects.select_related(
        "template", "project", "household__building", "document", "supersedes"
    ).get(pk=sealing.agreement_id)
    pdf = _sealed_file(agreement)
    sha256 = hashlib.sha256(pdf).hexdigest()
    page = certificate(agreement, pdf, sha256)
    kept = _keep(agreement, pdf, agreement.number)
    kept_page = _keep(agreement, page, f"{agreement.number} 签署证明")
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
        sealing = Sealing.objects.select_for_update().get(pk=sealing.pk)
        if sealing.state == Sealing.State.SEALED:
            return agreement  # another worker was faster; these papers are nobody's
        sealing.move_to(Sealing.State.SEALED)
        sealing.last_problem = ""
        sealing.save(update_fields=["state", "last_problem"])
        agreement.sealed, agreement.sealed_sha256, agreement.sealed_at = (
            kept,
            sha256,
            timezone.now(),
        )
        agreement.certificate, agreement.certificate_sha256 = kept_page, kept_page.sha256
        agreement.save(
            update_fields=[
                "sealed", "sealed_sha256", "sealed_at", "certificate", "certificate_sha256"
            ]
        )  # fmt: skip
        record(
            "households.seal_agreement",
            agreement,
            number=agreement.number,
            document_sha256=agreement.document_sha256,
            sealed_sha256=sha256,
            certificate_sha256=kept_page.sha256,
        )
    return agreement


def _sealed_file(agreement: Agreement) -> bytes:
    """The final file, judged before anybody is given it."""
    if agreement.document is None:
        raise Unsealable("an agreement that was never frozen")
    certified = intake.read(agreement.document)
    if hashlib.sha256(certified).hexdigest() != agreement.document_sha256:
        raise Unsealable("the kept file is not the registered one")
    pdf = sealed_agreement(agreement, certified)
    fields = documents.resident_fields(agreement.signatories.count())
    judged = documents.verdict(
        pdf, expected_fields=fields, registered_sha256=hashlib.sha256(pdf).hexdigest()
    )
    if not judged.ok:
        raise Unsealable(judged.sentence)
    return pdf


def _keep(agreement: Agreement, pdf: bytes, name: str) -> Attachment:
    return intake.keep(
        pdf, f"{name}.pdf", "application/pdf", neighbourhood_id=agreement.neighbourhood_id, by=None
    )


@transaction.atomic
def retry_sealing(sealing: Sealing, *, by: User) -> Sealing:
    """Try now what has failed or waits (重新盖章)."""
    sealing = (
        Sealing.objects.select_for_update(of=("self",))
        .select_related("agreement", "neighbourhood")
        .get(pk=sealing.pk)
    )
    require(by, "households.retry_sealing", sealing)
    if sealing.state == Sealing.State.SEALED:
        raise Refused(_("这份协议已经盖章，不用再试。"))
    if sealing.state != Sealing.State.QUEUED:
        sealing.move_to(Sealing.State.QUEUED)
    sealing.attempts, sealing.next_try_at = 0, Now()
    sealing.save(update_fields=["state", "attempts", "next_try_at"])
    record("households.retry_sealing", sealing, by=by, number=sealing.agreement.number)
    transaction.on_commit(_wake, robust=True)
    return sealing


def alarm_unsealed(now: datetime | None = None) -> int:
    """Tell people that seals are late, once an hour and neighbourhood. Called by the clock."""
    now = now or timezone.now()
    late = Sealing.objects.owed().filter(queued_at__lte=now - SEALED_WITHIN)
    told = late.filter(alarmed_at__gt=now - ALARM_AGAIN).values("neighbourhood_id")
    first = late.exclude(neighbourhood_id__in=told).order_by("neighbourhood_id", "queued_at", "pk")
    return sum(_alarm(sealing, now) for sealing in first.distinct("neighbourhood_id"))


@transaction.atomic
def _alarm(sealing: Sealing, now: datetime) -> bool:
    sealing = (
        Sealing.objects.select_for_update(of=("self",))
        .select_related("agreement")
        .get(pk=sealing.pk)
    )
    if sealing.alarmed_at and sealing.alarmed_at > now - ALARM_AGAIN:
        return False  # another worker was faster
    sealing.alarmed_at = now
    sealing.save(update_fields=["alarmed_at"])
    waiting = Sealing.objects.owed().filter(neighbourhood=sealing.neighbourhood_id).count()
    record("households.alarm_unsealed", sealing, waiting=waiting)
    return True
