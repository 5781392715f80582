"""A publicity from its draft to its withdrawal (公示). Apps call these inside their own transaction."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.canonical import canonical_json
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.nudging import nudge
from caoyang_portal.publicity.models import Publicity, PublicityExtension, PublicityFile
from caoyang_portal.publicity.queries import last_day, next_number, posting
from caoyang_portal.uploads.models import Attachment

from .locking import locked, reason_of, refuse_unless

State = Publicity.State
MOST_FILES = 20
EDITABLE = ("title", "body", "legal_basis", "days", "opinion_days", "counted_in", "answer_days")


@transaction.atomic
def draft_publicity(
    neighbourhood: Neighbourhood,
    *,
    title: str,
    body: str,
    legal_basis: str,
    days: int,
    opinion_days: int = 0,
    counted_in: str = Publicity.CountedIn.CALENDAR,
    answer_days: int = 7,
    about: str = "",
    about_id: Any = "",
    link: str = "",
    by: User | None,
) -> Publicity:
    """Start a publicity (起草公示), by staff; or without ``by``, by the clock of an app above."""
    publicity = Publicity(
        neighbourhood=neighbourhood, title=title, body=body, legal_basis=legal_basis, days=days,
        opinion_days=opinion_days, counted_in=counted_in, answer_days=answer_days, about=about,
        about_id=str(about_id), link=link, drafted_by=by,
    )  # fmt: skip
    if by is not None:
        require(by, "publicity.draft_publicity", publicity)
    publicity.save(force_insert=True)
    record("publicity.draft_publicity", publicity, by=by, about=about, about_id=str(about_id))
    return publicity


@transaction.atomic
def edit_publicity(publicity: Publicity, *, changes: dict[str, Any], by: User) -> Publicity:
    """Change a draft (修改)."""
    publicity = locked(publicity)
    require(by, "publicity.edit_publicity", publicity)
    refuse_unless(publicity, State.DRAFT)
    for name in EDITABLE:
        setattr(publicity, name, changes.get(name, getattr(publicity, name)))
    publicity.save(update_fields=EDITABLE)
    changed = sorted(set(changes) & set(EDITABLE))
    record("publicity.edit_publicity", publicity, by=by, changed=changed)
    return publicity


@transaction.atomic
def add_publicity_file(
    publicity: Publicity, *, name: str, file: Attachment, by: User
) -> PublicityFile:
    """Put a PDF or picture to a draft (添加附件)."""
    publicity = locked(publicity)
    require(by, "publicity.add_publicity_file", publicity)
    refuse_unless(publicity, State.DRAFT)
    if file.neighbourhood_id != publicity.neighbourhood_id:
        raise Refused(_("这份文件不属于本居民区"))
    if publicity.files.count() >= MOST_FILES:
        raise Refused(_("附件最多 %(n)s 份") % {"n": MOST_FILES})
    last = publicity.files.aggregate(last=Max("number"))["last"] or 0
    added = PublicityFile.objects.create(
        neighbourhood_id=publicity.neighbourhood_id, publicity=publicity, number=last + 1,
        name=name, file=file,
    )  # fmt: skip
    record("publicity.add_publicity_file", publicity, by=by, sha256=file.sha256)
    return added


@transaction.atomic
def remove_publicity_file(file: PublicityFile, *, by: User) -> Publicity:
    """Take a file off a draft again (去掉附件)."""
    publicity = locked(file.publicity)
    require(by, "publicity.remove_publicity_file", publicity)
    refuse_unless(publicity, State.DRAFT)
    sha256 = file.file.sha256
    file.delete()
    record("publicity.remove_publicity_file", publicity, by=by, sha256=sha256)
    return publicity


@transaction.atomic
def post_publicity(publicity: Publicity, *, by: User | None) -> Publicity:
    """Put it before everyone (发布公示): the text stands from here, its days run from tomorrow."""
    publicity = locked(publicity)
    if by is not None:
        require(by, "publicity.post_publicity", publicity)
    refuse_unless(publicity, State.DRAFT)
    for problem in posting(publicity):
        raise Refused(problem)
    publicity.move_to(State.POSTED)
    today = timezone.localdate()
    publicity.number = _number(publicity, today.year)
    publicity.posted_at, publicity.starts_on = timezone.now(), today
    publicity.ends_on = last_day(today, publicity.days, publicity.counted_in)
    publicity.opinions_until = _opinions_until(publicity)
    publicity.text_sha256 = _sha256_of(publicity)
    publicity.save(update_fields=[
        "state", "number", "posted_at", "starts_on", "ends_on", "opinions_until", "text_sha256",
    ])  # fmt: skip
    record(
        "publicity.post_publicity", publicity, by=by, sha256=publicity.text_sha256,
        ends_on=publicity.ends_on, opinions_until=publicity.opinions_until,
    )  # fmt: skip
    return publicity


def _number(publicity: Publicity, year: int) -> str:
    with connection.cursor() as cursor:
        place = f"publicity:{publicity.neighbourhood_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [place])
    taken = Publicity.objects.filter(
        neighbourhood=publicity.neighbourhood_id, number__startswith=f"{year}-"
    )
    return next_number(publicity, year, taken.values_list("number", flat=True))


def _opinions_until(publicity: Publicity) -> date:
    if not publicity.opinion_days:
        return publicity.ends_on
    return last_day(publicity.ends_on, publicity.opinion_days, publicity.counted_in)


def _sha256_of(publicity: Publicity) -> str:
    """Of title, text, basis and the hashes of the files, in their order."""
    files = publicity.files.values_list("file__sha256", flat=True)
    facts = {
        "title": publicity.title, "body": publicity.body, "basis": publicity.legal_basis,
        "files": list(files),
    }  # fmt: skip
    return hashlib.sha256(canonical_json(facts).encode()).hexdigest()


@transaction.atomic
def extend_publicity(publicity: Publicity, *, days: int, reason: str, by: User) -> Publicity:
    """Let it hang longer (延长公示), with the reason; never shorter."""
    publicity = locked(publicity)
    require(by, "publicity.extend_publicity", publicity)
    refuse_unless(publicity, *Publicity.RUNNING)
    reason = reason_of(reason)
    before = publicity.ends_on
    if publicity.state == State.OPINIONS:
        publicity.move_to(State.POSTED)
    first = max(before, timezone.localdate())
    publicity.ends_on = last_day(first, days, publicity.counted_in)
    publicity.opinions_until = max(_opinions_until(publicity), publicity.opinions_until)
    publicity.save(update_fields=["state", "ends_on", "opinions_until"])
    PublicityExtension.objects.create(
        neighbourhood_id=publicity.neighbourhood_id, publicity=publicity, days=days,
        reason=reason, ended_on=before, ends_on=publicity.ends_on, by=by,
    )  # fmt: skip
    record("publicity.extend_publicity", publicity, by=by, days=days, ends_on=publicity.ends_on)
    return publicity


@transaction.atomic
def publish_again(publicity: Publicity, *, days: int, reason: str, by: User) -> Publicity:
    """Draft it once more because its matter changed (再次公示); the old one stays on record."""
    publicity = locked(publicity)
    require(by, "publicity.publish_again", publicity)
    refuse_unless(publicity, State.ENDED, State.TAKEN_DOWN, State.WITHDRAWN)
    if Publicity.objects.filter(follows=publicity).exists():
        raise Refused(_("已经有一份再次公示"))
    again = Publicity.objects.create(
        neighbourhood=publicity.neighbourhood, title=publicity.title, body=publicity.body,
        legal_basis=publicity.legal_basis, days=days, opinion_days=publicity.opinion_days,
        counted_in=publicity.counted_in, answer_days=publicity.answer_days,
        about=publicity.about, about_id=publicity.about_id, link=publicity.link,
        follows=publicity, why_again=reason_of(reason), drafted_by=by,
    )  # fmt: skip
    copies: Sequence[PublicityFile] = [
        PublicityFile(
            neighbourhood_id=again.neighbourhood_id, publicity=again, number=file.number,
            name=file.name, file_id=file.file_id,
        )
        for file in publicity.files.all()
    ]  # fmt: skip
    PublicityFile.objects.bulk_create(copies)
    record("publicity.publish_again", again, by=by, follows=publicity.pk, days=days)
    return again


@transaction.atomic
def withdraw_publicity(publicity: Publicity, *, reason: str, by: User) -> Publicity:
    """Stop it before its end (撤回公示), for everyone to see why; nothing is deleted."""
    publicity = locked(publicity)
    require(by, "publicity.withdraw_publicity", publicity)
    publicity.move_to(State.WITHDRAWN)
    publicity.withdraw_reason = reason_of(reason)
    publicity.save(update_fields=["state", "withdraw_reason"])
    record("publicity.withdraw_publicity", publicity, by=by)
    return publicity


@transaction.atomic
def take_down_publicity(publicity: Publicity, *, by: User | None = None) -> Publicity:
    """Show its text no longer (撤下公示): by staff after its end, or by the clock."""
    publicity = locked(publicity)
    if by is not None:
        require(by, "publicity.take_down_publicity", publicity)
    publicity.move_to(State.TAKEN_DOWN)
    publicity.taken_down_at = timezone.now()
    publicity.save(update_fields=["state", "taken_down_at"])
    record("publicity.take_down_publicity", publicity, by=by)
    return publicity


@transaction.atomic
def order_certificate(publicity: Publicity, *, by: User) -> Publicity:
    """Have the certificate made as things stand (按现状出具): it says what was not proved."""
    publicity = locked(publicity)
    require(by, "publicity.order_certificate", publicity)
    refuse_unless(publicity, State.ENDED, State.TAKEN_DOWN)
    if publicity.certificate_id or publicity.certificate_asked_at:
        raise Refused(_("期满证明已经在办"))
    publicity.certificate_asked_at = timezone.now()
    publicity.save(update_fields=["certificate_asked_at"])
    record("publicity.order_certificate", publicity, by=by)
    transaction.on_commit(lambda: nudge("publicity.watch"), robust=True)
    return publicity
