"""Letters to the households (告知书): codes, the accounts behind them, one PDF for many."""

import io
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.confidential import blind_index
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.nudging import nudge
from caoyang_portal.uploads.intake import keep, read
from caoyang_portal.uploads.models import Attachment
from households.documents.letters import letters_pdf
from households.models import Household, LetterCode, LetterJob, Member
from households.models.lettercodes import new_code
from households.queries.roster_file.identity import is_mobile

LETTER_LIFE = timedelta(days=180)
CHUNK = 50  # letters printed between two notes of progress
LEASE = timedelta(minutes=5)  # longer than a chunk takes; then another worker goes on
BY_ADDRESS = ("building__number", "building__name", "door", "floor", "room", "part")
MOST_LETTERS = 5000


@transaction.atomic
def issue_letters(households: Iterable[Household], *, by: User) -> LetterJob:
    """Give each household a new letter with a new code (发告知书); the old code is dead at once.

    It also opens an account for every right holder whose telephone is on file: sign-in codes go only
    to numbers with an account, so this is the moment from which a resident can sign in.
    """
    wanted = {household.pk for household in households}
    homes = list(
        Household.objects.select_for_update(of=("self",))
        .filter(pk__in=wanted)
        .order_by(*BY_ADDRESS)
    )
    if not homes:
        raise Refused(_("请先选至少一户"))
    if len(homes) > MOST_LETTERS:
        raise Refused(_("一次最多 %(n)s 户，请分几次印") % {"n": MOST_LETTERS})
    for home in homes:
        require(by, "households.issue_letters", home)
    if len({home.neighbourhood_id for home in homes}) > 1:
        raise Refused(_("请一个居民区一个居民区地印"))
    now = timezone.now()
    LetterCode.objects.filter(household__in=homes, used_at=None, voided_at=None).update(
        voided_at=now
    )
    job = LetterJob.objects.create(
        neighbourhood_id=homes[0].neighbourhood_id, total=len(homes), asked_by=by
    )
    LetterCode.objects.bulk_create([_letter(home, job, by, now) for home in homes], batch_size=500)
    _open_accounts(homes)
    for home in homes:
        record("households.issue_letters", home, by=by, job=str(job.pk))
    transaction.on_commit(lambda: nudge("households.print_letters"), robust=True)
    return job


def _letter(home: Household, job: LetterJob, by: User, now: datetime) -> LetterCode:
    code = new_code()
    return LetterCode(
        neighbourhood_id=home.neighbourhood_id,
        household=home,
        job=job,
        code=code,
        code_index=blind_index(code, "letter"),
        issued_by=by,
        issued_at=now,
        expires_at=now + LETTER_LIFE,
    )


def _open_accounts(homes: list[Household]) -> None:
    """An account for each living right holder with a telephone on file; those who have one keep it."""
    holders = Member.objects.filter(
        household__in=homes, role=Member.Role.HOLDER, left_at=None, is_deceased=False
    ).exclude(phone_index="")
    wanted = {
        blind_index(holder.phone, "user"): holder for holder in holders if is_mobile(holder.phone)
    }
    known = User.objects.filter(phone_index__in=wanted).values_list("phone_index", flat=True)
    for index in known:
        del wanted[index]
    new = [
        User(phone=holder.phone, phone_index=index, name=holder.name)
        for index, holder in wanted.items()
    ]
    for user in new:
        user.set_unusable_password()
    # A number that another transaction registers meanwhile has its account then.
    User.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)


def open_account(phone: str, name: str) -> User:
    """The account with this telephone number, made if there is none (开通账号)."""
    index = blind_index(phone, "user")
    user = User.objects.filter(phone_index=index).first()
    if user is None:
        user = User.objects.create_user(phone, name=name)
    return user


@transaction.atomic
def _claim(job_pk: UUID | None = None) -> LetterJob | None:
    """Take the oldest job nobody is printing."""
    now = timezone.now()
    due = LetterJob.objects.filter(
        Q(state=LetterJob.State.QUEUED) | Q(state=LetterJob.State.PRINTING, lease_until__lt=now)
    )
    if job_pk is not None:
        due = due.filter(pk=job_pk)
    job = due.select_for_update(skip_locked=True).order_by("asked_at").first()
    if job is None:
        return None
    job.move_to(LetterJob.State.PRINTING)
    job.lease_until = now + LEASE
    job.save(update_fields=["state", "lease_until"])
    return job


def print_letters(job_pk: UUID | None = None, *, seconds: float = 400) -> int:
    """Print the letters that wait, or those of one job (印告知书). By the clock.

    What is printed is kept chunk by chunk, so that a worker that dies or runs out of time leaves
    the rest, and only the rest, to the next.
    """
    stop = time.monotonic() + seconds
    finished = 0
    while (job := _claim(job_pk)) is not None:
        if not _print(job, stop):
            break
        finished += 1
    return finished


def _print(job: LetterJob, stop: float) -> bool:
    """Print the job's remaining chunks; False if time ran out first."""
    letters = list(
        job.letters.select_related("household__building", "household__neighbourhood").order_by(
            *(f"household__{column}" for column in BY_ADDRESS), "pk"
        )
    )
    for start in range(len(job.parts) * CHUNK, len(letters), CHUNK):
        if time.monotonic() > stop:
            LetterJob.objects.filter(pk=job.pk, lease_until=job.lease_until).update(
                lease_until=timezone.now()
            )
            return False
        # A letter replaced since has a dead code: nobody should be sent it.
        chunk = [letter for letter in letters[start : start + CHUNK] if letter.voided_at is None]
        part = str(_kept(job, letters_pdf(chunk)).pk) if chunk else ""
        if not _note_part(job, part, min(start + CHUNK, len(letters))):
            return True  # another worker has taken it over
    _finish(job)
    return True


def _note_part(job: LetterJob, part: str, done: int) -> bool:
    """Write down a printed chunk and stay the job's worker for the next."""
    lease = timezone.now() + LEASE
    mine = LetterJob.objects.filter(pk=job.pk, lease_until=job.lease_until)
    parts = [*job.parts, part]
    if not mine.update(parts=parts, done=done, lease_until=lease):
        return False
    job.parts, job.lease_until = parts, lease
    return True


def _kept(job: LetterJob, pdf: bytes) -> Attachment:
    return keep(
        pdf,
        f"{_('告知书')} {timezone.localtime(job.asked_at):%Y-%m-%d %H%M}.pdf",
        "application/pdf",
        neighbourhood_id=job.neighbourhood_id,
        by=job.asked_by,
    )


def _finish(job: LetterJob) -> None:
    """Bind the parts into one file."""
    parts = {
        str(part.pk): part for part in Attachment.objects.filter(pk__in=filter(None, job.parts))
    }
    bound = None
    if len(parts) == 1:
        (bound,) = parts.values()
    elif parts:
        writer = PdfWriter()
        for key in filter(None, job.parts):
            writer.append(PdfReader(io.BytesIO(read(parts[key]))))
        out = io.BytesIO()
        writer.compress_identical_objects()  # each chunk brought its own fonts
        writer.write(out)
        bound = _kept(job, out.getvalue())
    if _settle(job, bound) and len(parts) > 1:
        for part in parts.values():
            default_storage.delete(part.key)
        Attachment.objects.filter(pk__in=parts).delete()


@transaction.atomic
def _settle(job: LetterJob, attachment: Attachment | None) -> bool:
    mine = LetterJob.objects.select_for_update().filter(
        pk=job.pk, state=LetterJob.State.PRINTING, lease_until=job.lease_until
    )
    held = mine.first()
    if held is None:
        return False  # another worker has taken it over
    job = held
    job.move_to(LetterJob.State.DONE if attachment else LetterJob.State.FAILED)
    job.file = attachment
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "file", "finished_at"])
    record("households.print_letters", job, pages=job.total)
    return True


@transaction.atomic
def download_letters(job: LetterJob, *, by: User) -> Attachment:
    """Take the printed letters (下载告知书); whoever holds them holds the codes, so it is recorded."""
    job = LetterJob.objects.select_for_update(of=("self",)).select_related("file").get(pk=job.pk)
    require(by, "households.download_letters", job)
    if job.file is None:
        raise Refused(_("告知书还没有排好，请稍等"))
    record("households.download_letters", job, by=by, pages=job.total)
    return job.file
