"""The sealed files of minutes and their addenda (纪要盖章): owed from the last signature, made by workers."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal import documents
from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.nudging import nudge
from caoyang_portal.uploads.intake import keep
from caoyang_portal.uploads.models import Attachment
from consultation.documents import minutes as papers
from consultation.minutes_text import cleaned, masker, words_of
from consultation.models import Minutes, MinutesAddendum, MinutesCorrection, MinutesPaper
from consultation.queries import minutes as checks

from .minutes import locked, refuse_unless

log = structlog.get_logger(__name__)

State, Audience = MinutesPaper.State, MinutesPaper.Audience
TASK = "consultation.work_on_minutes"
LEASE = timedelta(minutes=5)  # longer than a step takes; then another worker goes on
WAIT = timedelta(minutes=1)
MOST_ATTEMPTS = 8


def order_papers(minutes: Minutes, addendum: MinutesAddendum | None = None) -> None:
    """Queue the internal and the public file; in the transaction that makes them owed."""
    MinutesPaper.objects.bulk_create(
        MinutesPaper(
            neighbourhood_id=minutes.neighbourhood_id, minutes=minutes, addendum=addendum,
            audience=audience,
        )
        for audience in Audience
    )  # fmt: skip
    transaction.on_commit(lambda: nudge(TASK), robust=True)


def work_on_minutes() -> int:
    """Make the files that wait (做纪要文书); workers may run this side by side. By the clock."""
    made = 0
    while (paper := _claim()) is not None:
        made += _attempt(paper)
    return made


@transaction.atomic
def _claim() -> MinutesPaper | None:
    """Take the oldest that is due, or whose worker died, and count the attempt before it is made."""
    now = timezone.now()
    due = Q(state=State.QUEUED) & (Q(lease_until=None) | Q(lease_until__lt=now))
    left = Q(state=State.WORKING, lease_until__lt=now)
    waiting = MinutesPaper.objects.filter(due | left).order_by("queued_at", "audience")
    paper = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if paper is None:
        return None
    paper.move_to(State.WORKING)
    paper.attempts, paper.steps, paper.lease_until = paper.attempts + 1, 0, now + LEASE
    paper.save(update_fields=["state", "attempts", "steps", "lease_until"])
    return paper


def _attempt(paper: MinutesPaper) -> bool:
    try:
        return _make(paper)
    except documents.TimestampUnavailable:
        # Never sealed without its stamp, and never given up: the authority will be back.
        return _put_back(paper, State.QUEUED, "时间戳暂时取不到，会自动再试")
    except Exception as error:
        # Whatever it is, the signatures stand and the other papers go on.
        log.exception("minutes_paper_failed", paper=str(paper.pk))
        given_up = paper.attempts >= MOST_ATTEMPTS
        return _put_back(paper, State.FAILED if given_up else State.QUEUED, type(error).__name__)


def _make(paper: MinutesPaper) -> bool:
    """Print, certify, seal and judge one file; a worker that dies leaves it to the next."""
    pdf = papers.printed(paper)
    if not _note(paper, 1):
        return False
    pdf = documents.certify(pdf, [documents.FINAL], reason="会议纪要定稿")
    if not _note(paper, 2):
        return False
    pdf = documents.sign_field(pdf, documents.FINAL, reason="会议纪要存档")
    sha256 = hashlib.sha256(pdf).hexdigest()
    judged = documents.verdict(pdf, expected_fields=[documents.FINAL], registered_sha256=sha256)
    if not judged.ok:
        raise RuntimeError(judged.sentence)
    name = f"{papers.number_of(paper)}-{paper.audience}.pdf"
    place = paper.neighbourhood_id
    return _settle(paper, keep(pdf, name, "application/pdf", neighbourhood_id=place, by=None))


def _mine(paper: MinutesPaper) -> QuerySet[MinutesPaper]:
    """The row, while it is still this worker's."""
    return MinutesPaper.objects.filter(
        pk=paper.pk, state=State.WORKING, lease_until=paper.lease_until
    )


def _note(paper: MinutesPaper, steps: int) -> bool:
    """Write down a step that is done, and stay its worker for the next."""
    lease = timezone.now() + LEASE
    if not _mine(paper).update(steps=steps, lease_until=lease):
        return False  # another worker has taken it over
    paper.lease_until = lease
    return True


@transaction.atomic
def _put_back(paper: MinutesPaper, state: str, problem: str) -> bool:
    held = _mine(paper).select_for_update(of=("self",)).first()
    if held is not None:
        held.move_to(State(state))
        held.problem, held.lease_until = problem[:200], timezone.now() + WAIT
        held.save(update_fields=["state", "problem", "lease_until"])
    return False


@transaction.atomic
def _settle(paper: MinutesPaper, file: Attachment) -> bool:
    """Keep the file; with the last of them the minutes are sealed."""
    minutes = locked(Minutes(pk=paper.minutes_id))
    held = _mine(paper).select_for_update(of=("self",)).first()
    if held is None:
        return False
    held.move_to(State.DONE)
    held.file, held.sha256, held.sealed_at = file, file.sha256, timezone.now()
    held.steps, held.problem = MinutesPaper.STEPS, ""
    held.save(update_fields=["state", "file", "sha256", "sealed_at", "steps", "problem"])
    together = MinutesPaper.objects.filter(minutes=minutes, addendum=held.addendum_id)
    if together.exclude(state=State.DONE).exists():
        return True
    hashes = dict(together.values_list("audience", "sha256"))
    if held.addendum is not None:
        record("consultation.seal_addendum", held.addendum, **hashes)
        return True
    minutes.move_to(Minutes.State.SEALED)
    minutes.sealed_at = timezone.now()
    version = checks.current(minutes)
    minutes.search_text = words_of(version.public_body)
    minutes.save(update_fields=["state", "sealed_at", "search_text"])
    record("consultation.seal_minutes", minutes, text=version.text_sha256, **hashes)
    return True


@transaction.atomic
def retry_minutes_paper(paper: MinutesPaper, *, by: User) -> MinutesPaper:
    """Try again what was given up (重新做)."""
    paper = MinutesPaper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    require(by, "consultation.retry_minutes_paper", paper)
    paper.move_to(State.QUEUED)
    paper.attempts, paper.lease_until, paper.problem = 0, None, ""
    paper.save(update_fields=["state", "attempts", "lease_until", "problem"])
    record("consultation.retry_minutes_paper", paper, by=by)
    transaction.on_commit(lambda: nudge(TASK), robust=True)
    return paper


@transaction.atomic
def add_addendum(
    minutes: Minutes,
    *,
    text: str,
    reason: str,
    correction: MinutesCorrection | None = None,
    by: User,
) -> MinutesAddendum:
    """Add to sealed minutes (补记): a sealed paper of its own that names what it belongs to."""
    minutes = locked(minutes)
    require(by, "consultation.add_addendum", minutes)
    refuse_unless(minutes, Minutes.State.SEALED)
    text, reason = cleaned(text), cleaned(reason)
    if not text or not reason:
        raise Refused(_("请写明补记的内容和原因"))
    if correction is not None and correction.minutes_id != minutes.pk:
        raise Refused(_("这条更正不是这份纪要的"))
    unprintable = documents.missing_glyphs(text + reason)
    if unprintable:
        raise Refused(_("这些字印不出来，请换写法：%(letters)s") % {"letters": unprintable})
    sealed = dict(minutes.papers.filter(addendum=None).values_list("audience", "sha256"))
    mask = _mask_for(minutes, text, reason)
    addendum = MinutesAddendum.objects.create(
        neighbourhood=minutes.neighbourhood,
        minutes=minutes,
        number=minutes.addenda.count() + 1,
        text=text,
        public_text=mask(text),
        reason=reason,
        public_reason=mask(reason),
        correction=correction,
        sealed_sha256=sealed[Audience.INTERNAL],
        public_sha256=sealed[Audience.PUBLIC],
        written_by=by,
    )
    order_papers(minutes, addendum)
    record("consultation.add_addendum", addendum, by=by, to=addendum.sealed_sha256)
    return addendum


def _mask_for(minutes: Minutes, *texts: str) -> Callable[[str], str]:
    body = checks.current(minutes).body
    with_texts = body | {"closing": "\n".join([body["closing"], *texts])}
    return masker(checks.names_to_hide(minutes, with_texts), body["unnamed"])
