"""Ballots printed and scans read by a worker, piece by piece (印票与读扫描件)."""

import io
from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter

from caoyang_portal.authority import require
from caoyang_portal.community.models import Building, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.nudging import nudge
from caoyang_portal.uploads.intake import keep, read
from caoyang_portal.uploads.models import Attachment
from consultation.documents import ballots_pdf
from consultation.models import CastMark, PaperBallot, PaperJob, Poll
from consultation.scans import read_pages

from .locking import locked_poll, refuse_unless
from .paper import VOTING, print_papers, take_in_scans

CHUNK = 50  # ballots printed between two notes of progress
LEASE = timedelta(minutes=10)  # longer than a piece takes; then another worker goes on
State, Task = PaperJob.State, PaperJob.Task
TASK = "consultation.work_on_papers"


@transaction.atomic
def order_ballots(poll: Poll, *, building: Building | None = None, by: User) -> PaperJob:
    """Have the ballots of a building, or all, printed (排印表决票); who has voted needs none."""
    poll = locked_poll(poll)
    require(by, "consultation.order_ballots", poll)
    if building and building.neighbourhood_id != poll.neighbourhood_id:
        raise Refused(_("这一幢不属于本居民区"))
    if building and poll.is_secret:
        raise Refused(_("无记名的票都一样，请一次印好"))
    if not poll.papers.exists() or (not poll.is_secret and poll.roll.filter(papers=None).exists()):
        print_papers(poll, by=by)
    job = PaperJob(
        neighbourhood_id=poll.neighbourhood_id, poll=poll, task=Task.PRINT, building=building,
        asked_by=by, total=0,
    )  # fmt: skip
    job.serials = list(_to_print(job).values_list("serial", flat=True))
    job.total = len(job.serials)
    if not job.total:
        raise Refused(_("这里没有要印的票"))
    job.save(force_insert=True)
    record("consultation.order_ballots", job, by=by, ballots=job.total)
    transaction.on_commit(lambda: nudge(TASK), robust=True)
    return job


def _to_print(job: PaperJob) -> QuerySet[PaperBallot]:
    """The ballots of a job, in the order of the roll."""
    voted = CastMark.objects.filter(entry=OuterRef("entry"), voided=False)
    papers = job.poll.papers.filter(~Exists(voted), state=PaperBallot.State.PRINTED)
    if job.building_id:
        papers = papers.filter(entry__building=job.building_id)
    return papers.order_by("entry__number", "serial")


@transaction.atomic
def hand_in_scans(poll: Poll, *, files: Sequence[Attachment], by: User) -> PaperJob:
    """Hand in scanned ballots to be read (上传扫描件): a PDF of many pages, or photographs."""
    poll = locked_poll(poll)
    require(by, "consultation.hand_in_scans", poll)
    refuse_unless(poll, *VOTING)
    if any(file.neighbourhood_id != poll.neighbourhood_id for file in files):
        raise Refused(_("这份文件不属于本居民区"))
    job = PaperJob.objects.create(
        neighbourhood_id=poll.neighbourhood_id, poll=poll, task=Task.SCAN, total=len(files),
        parts=[str(file.pk) for file in files], asked_by=by,
    )  # fmt: skip
    record("consultation.hand_in_scans", job, by=by, sha256=[file.sha256 for file in files])
    transaction.on_commit(lambda: nudge(TASK), robust=True)
    return job


def work_on_papers() -> int:
    """Print and read what waits (印票与读扫描件). By the clock."""
    finished = 0
    while (job := _claim()) is not None:
        try:
            {Task.PRINT: _print, Task.SCAN: _read}[Task(job.task)](job)
        except (Refused, PermissionDenied) as problem:
            _settle(job, State.FAILED, problem=str(problem)[:200])
        finished += 1
    return finished


@transaction.atomic
def _claim() -> PaperJob | None:
    now = timezone.now()
    due = PaperJob.objects.filter(
        Q(state=State.QUEUED) | Q(state=State.WORKING, lease_until__lt=now)
    )
    job = due.select_for_update(skip_locked=True, of=("self",)).order_by("asked_at").first()
    if job is None:
        return None
    job.move_to(State.WORKING)
    job.lease_until = now + LEASE
    job.save(update_fields=["state", "lease_until"])
    return job


def _print(job: PaperJob) -> None:
    """Print the chunks still missing, then bind all; a worker that dies leaves only the rest."""
    poll = Poll.objects.select_related("kind", "neighbourhood").get(pk=job.poll_id)
    for start in range(len(job.parts) * CHUNK, job.total, CHUNK):
        papers = poll.papers.select_related("entry").filter(
            serial__in=job.serials[start : start + CHUNK]
        )
        ordered_papers = sorted(papers, key=lambda paper: job.serials.index(paper.serial))
        part = _kept(job, ballots_pdf(poll, ordered_papers))
        job.parts = [*job.parts, str(part.pk)]
        if not _note(job, parts=job.parts, done=min(start + CHUNK, job.total)):
            return  # another worker has taken it over
    ordered = _files(job)
    bound = ordered[0] if len(ordered) == 1 else _kept(job, _bound(ordered))
    if _settle(job, State.DONE, file=bound) and len(ordered) > 1:
        for part in ordered:
            part.delete()
            default_storage.delete(part.key)


def _files(job: PaperJob) -> list[Attachment]:
    found = {str(file.pk): file for file in Attachment.objects.filter(pk__in=job.parts)}
    return [found[key] for key in job.parts]


def _bound(parts: Sequence[Attachment]) -> bytes:
    writer = PdfWriter()
    for part in parts:
        writer.append(PdfReader(io.BytesIO(read(part))))
    writer.compress_identical_objects()  # each part brought its own fonts
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _kept(job: PaperJob, pdf: bytes) -> Attachment:
    name = f"{_('表决票')} {job.poll.code}.pdf"
    place = job.neighbourhood_id
    return keep(pdf, name, "application/pdf", neighbourhood_id=place, by=job.asked_by)


def _read(job: PaperJob) -> None:
    """Read the files still missing; each one's pages and the note of it stand or fall together."""
    for file in _files(job)[job.done :]:
        pages = read_pages(job.poll, [file], by=job.asked_by)
        with transaction.atomic():
            taken, stray = take_in_scans(job.poll, pages=pages, by=job.asked_by)
            noted = _note(
                job,
                done=F("done") + 1,
                taken=F("taken") + len(taken),
                stray=F("stray") + len(stray),
            )
            if not noted:
                transaction.set_rollback(True)
                return
    _settle(job, State.DONE)


def _note(job: PaperJob, **progress: object) -> bool:
    """Write down a piece that is done, and stay the job's worker for the next."""
    lease = timezone.now() + LEASE
    mine = PaperJob.objects.filter(pk=job.pk, lease_until=job.lease_until)
    if not mine.update(lease_until=lease, **progress):
        return False
    job.lease_until = lease
    return True


@transaction.atomic
def _settle(
    job: PaperJob, state: PaperJob.State, *, file: Attachment | None = None, problem: str = ""
) -> bool:
    mine = PaperJob.objects.select_for_update(of=("self",)).filter(
        pk=job.pk, state=State.WORKING, lease_until=job.lease_until
    )
    held = mine.first()
    if held is None:
        return False  # another worker has taken it over
    held.move_to(state)
    held.file, held.problem = file, problem
    held.save(update_fields=["state", "file", "problem"])
    if held.task == Task.PRINT:
        record("consultation.finish_ballots", held, state=str(state))
    return True


@transaction.atomic
def download_ballots(job: PaperJob, *, by: User) -> Attachment:
    """Take the printed ballots (下载表决票); who took them is recorded."""
    job = PaperJob.objects.select_for_update(of=("self",)).select_related("file").get(pk=job.pk)
    require(by, "consultation.download_ballots", job)
    if job.file is None:
        raise Refused(_("表决票还没有排好，请稍等"))
    record("consultation.download_ballots", job, by=by, ballots=job.total)
    return job.file
