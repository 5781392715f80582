"""What the clock does with publicities (到期): end, certificate, taking down, reminders."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from caoyang_portal.apart import apart
from caoyang_portal.ledger.entries import record
from caoyang_portal.publicity import documents
from caoyang_portal.publicity.models import KEEP_DAYS, Publicity, PublicityObjection
from caoyang_portal.publicity.queries import unproved
from caoyang_portal.uploads.intake import keep
from caoyang_portal.uploads.models import Attachment

from .locking import locked
from .publicities import take_down_publicity

log = structlog.get_logger(__name__)
State = Publicity.State
AT_ONCE = 7  # certificates printed in one run


def follow_clock() -> None:
    """Do what is due; one publicity's trouble is not another's."""
    today = timezone.localdate()
    for publicity in Publicity.objects.filter(state=State.POSTED, ends_on__lt=today):
        apart(end_notice, publicity)
    for publicity in Publicity.objects.filter(state=State.OPINIONS, opinions_until__lt=today):
        apart(end_publicity, publicity)
    old = today - timedelta(days=KEEP_DAYS)
    for publicity in Publicity.objects.filter(state=State.ENDED, opinions_until__lt=old):
        apart(take_down_publicity, publicity)
    owed = PublicityObjection.objects.waiting().filter(answer_by__lte=today + timedelta(days=1))
    for objection in owed.filter(reminded_on=None):
        apart(remind_of_answer, objection)


@transaction.atomic
def end_notice(publicity: Publicity) -> Publicity:
    """Its days are over (公示截止): opinions are still taken, or it ends as a whole. By the clock."""
    publicity = locked(publicity)
    today = timezone.localdate()
    if publicity.state != State.POSTED or today <= publicity.ends_on:
        return publicity
    if publicity.opinions_until < today:
        return _end(publicity)
    publicity.move_to(State.OPINIONS)
    publicity.save(update_fields=["state"])
    record("publicity.end_notice", publicity, ends_on=publicity.ends_on)
    return publicity


@transaction.atomic
def end_publicity(publicity: Publicity) -> Publicity:
    """The days for opinions are over too (公示期满). By the clock."""
    publicity = locked(publicity)
    if publicity.state != State.OPINIONS or timezone.localdate() <= publicity.opinions_until:
        return publicity
    return _end(publicity)


def _end(publicity: Publicity) -> Publicity:
    publicity.move_to(State.ENDED)
    publicity.ended_at = timezone.now()
    publicity.save(update_fields=["state", "ended_at"])
    record(
        "publicity.end_publicity", publicity, about=publicity.about, about_id=publicity.about_id,
        objections=publicity.objections.count(),
    )  # fmt: skip
    return publicity


def print_certificates() -> int:
    """Print and seal the certificates that are due (公示期满证明), outside of any transaction. By the clock.

    One that lacks nothing is made at once; one that lacks something when staff ask for it all the same.
    """
    made = 0
    due = Publicity.objects.filter(
        Q(state=State.ENDED) | Q(certificate_asked_at__isnull=False), certificate=None
    ).exclude(state__in=[State.DRAFT, State.WITHDRAWN])
    for publicity in due.select_related("neighbourhood").order_by("ended_at", "pk"):
        if made == AT_ONCE:
            break
        if publicity.certificate_asked_at is None and unproved(publicity):
            continue
        sealed = keep(
            documents.certificate(publicity),
            f"公示期满证明 {publicity.number}.pdf",
            "application/pdf",
            neighbourhood_id=publicity.neighbourhood_id,
            by=None,
        )
        keep_certificate(publicity, sealed)
        made += 1
    return made


@transaction.atomic
def keep_certificate(publicity: Publicity, sealed: Attachment) -> Publicity:
    """Put the sealed certificate to its publicity, once. By the clock."""
    publicity = locked(publicity)
    if publicity.certificate_id is not None:
        return publicity
    publicity.certificate, publicity.certificate_sha256 = sealed, sealed.sha256
    publicity.save(update_fields=["certificate", "certificate_sha256"])
    record("publicity.keep_certificate", publicity, sha256=sealed.sha256)
    return publicity


@transaction.atomic
def remind_of_answer(objection: PublicityObjection) -> None:
    """Tell the committee once that an answer is due by tomorrow (催办). By the clock."""
    objection = PublicityObjection.objects.select_for_update().get(pk=objection.pk)
    if objection.outcome or objection.reminded_on:
        return
    objection.reminded_on = timezone.localdate()
    objection.save(update_fields=["reminded_on"])
    record("publicity.remind_of_answer", objection, number=objection.number)
