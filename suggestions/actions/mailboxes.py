"""Opening mailboxes (建议邮筒): two people, two counts, and no letter left lying."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from suggestions.models import CollectionPoint, Letter, MailboxRound
from suggestions.periods import ends

from .points import locked_point

State = MailboxRound.State


@transaction.atomic
def open_mailbox(
    point: CollectionPoint, *, opened_at: datetime, counted: int, second: User, by: User
) -> MailboxRound:
    """A mailbox was opened (开箱): when, how many letters, and who counts them again."""
    point = locked_point(point)
    opened = MailboxRound(
        neighbourhood_id=point.neighbourhood_id, point=point, opened_at=opened_at,
        opened_by=by, counted=counted, second=second,
        finish_by=ends("mailbox", timezone.localdate(opened_at)),
    )  # fmt: skip
    require(by, "suggestions.open_mailbox", opened)
    if point.closed_at or not point.mailbox_days:
        raise Refused(_("这个征集点没有在用的邮筒"))
    if second == by or point.neighbourhood_id not in second.places("committee"):
        raise Refused(_("开箱要两个人，请选一位同事"))
    if opened_at > timezone.now():
        raise Refused(_("开箱的时间不能晚于现在"))
    if _rounds_of(point).filter(state__in=(State.OPENED, State.CONFIRMED)).exists():
        raise Refused(_("上一次开箱还没有办完"))
    opened.save(force_insert=True)
    record("suggestions.open_mailbox", opened, by=by, counted=counted, second=str(second.pk))
    return opened


def _rounds_of(point: CollectionPoint) -> QuerySet[MailboxRound]:
    return MailboxRound.objects.filter(point=point)


def locked_round(opened: MailboxRound) -> MailboxRound:
    return (
        MailboxRound.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood", "point")
        .get(pk=opened.pk)
    )


@transaction.atomic
def confirm_mailbox_round(
    opened: MailboxRound, *, counted_again: int, mismatch: str = "", by: User
) -> MailboxRound:
    """The second person counted too (确认); where the counts differ it is said why."""
    opened = locked_round(opened)
    require(by, "suggestions.confirm_mailbox_round", opened)
    opened.move_to(State.CONFIRMED)
    if counted_again != opened.counted and not mismatch.strip():
        raise Refused(_("两个人数的不一样，请写明为什么"))
    opened.counted_again, opened.mismatch = counted_again, mismatch.strip()
    opened.confirmed_at = timezone.now()
    opened.save(update_fields=["state", "counted_again", "mismatch", "confirmed_at"])
    record(
        "suggestions.confirm_mailbox_round", opened, by=by, counted_again=counted_again,
        differs=counted_again != opened.counted,
    )  # fmt: skip
    return opened


@transaction.atomic
def void_mailbox_round(opened: MailboxRound, *, reason: str, by: User) -> MailboxRound:
    """It was entered by mistake (作废), before it was confirmed."""
    opened = locked_round(opened)
    require(by, "suggestions.void_mailbox_round", opened)
    opened.move_to(State.VOID)
    if not reason.strip():
        raise Refused(_("请写为什么作废"))
    opened.void_reason = reason.strip()
    opened.save(update_fields=["state", "void_reason"])
    record("suggestions.void_mailbox_round", opened, by=by)
    return opened


@transaction.atomic
def add_letters(
    opened: MailboxRound, *, letters: Sequence[Sequence[Attachment]], by: User
) -> list[Letter]:
    """Letters were scanned (登记信件), each with its pages."""
    opened = locked_round(opened)
    require(by, "suggestions.add_letters", opened)
    _refuse_unless_counted(opened)
    place = opened.neighbourhood_id
    if not letters or not all(letters):
        raise Refused(_("请先选扫描件"))
    if any(page.neighbourhood_id != place for pages in letters for page in pages):
        raise Refused(_("这份扫描件不属于本居民区"))
    last = opened.letters.aggregate(last=Max("number"))["last"] or 0
    added = []
    for number, pages in enumerate(letters, last + 1):
        letter = Letter.objects.create(neighbourhood_id=place, round=opened, number=number)
        letter.scans.set(pages)
        added.append(letter)
    scans = [page.sha256 for pages in letters for page in pages]
    record("suggestions.add_letters", opened, by=by, letters=len(added), scans=scans)
    return added


def _refuse_unless_counted(opened: MailboxRound) -> None:
    if opened.state != State.CONFIRMED:
        raise Refused(_("两个人都数过、还没办完的开箱，才能登记信件"))


@transaction.atomic
def transcribe_letter(letter: Letter, *, text: str, by: User) -> Letter:
    """Write down what a letter says, as it says it (抄录)."""
    opened = locked_round(letter.round)
    require(by, "suggestions.transcribe_letter", opened)
    _refuse_unless_counted(opened)
    letter = opened.letters.get(pk=letter.pk)
    if not text.strip():
        raise Refused(_("请抄写信上的话"))
    letter.text, letter.transcribed_by = text.strip(), by
    letter.save(update_fields=["text", "transcribed_by"])
    record("suggestions.transcribe_letter", opened, by=by, letter=str(letter.pk))
    return letter


@transaction.atomic
def close_mailbox_round(opened: MailboxRound, *, mismatch: str = "", by: User) -> MailboxRound:
    """Every letter is dealt with (办完), and their number is the one counted, or it is said why not."""
    opened = locked_round(opened)
    require(by, "suggestions.close_mailbox_round", opened)
    opened.move_to(State.CLOSED)
    waiting = opened.letters.filter(fate=Letter.Fate.WAITING).count()
    if waiting:
        raise Refused(_("还有 %(n)s 封信没有办") % {"n": waiting})
    opened.mismatch = mismatch.strip() or opened.mismatch
    entered = opened.letters.count()
    if entered != opened.counted_again and not mismatch.strip():
        raise Refused(
            _("数了 %(counted)s 封，登记了 %(entered)s 封，请写明为什么")
            % {"counted": opened.counted_again, "entered": entered}
        )
    opened.closed_at = timezone.now()
    opened.save(update_fields=["state", "mismatch", "closed_at"])
    record("suggestions.close_mailbox_round", opened, by=by, letters=entered)
    return opened


def watch_mailboxes(today: date | None = None) -> int:
    """Tell the committee of boxes not opened and rounds not finished in time, once each; for the clock."""
    today = today or timezone.localdate()
    boxes = CollectionPoint.objects.with_mailbox()
    told = sum(_warn_box(point, today) for point in boxes)
    late = MailboxRound.objects.filter(
        state__in=(State.OPENED, State.CONFIRMED), finish_by__lt=today, warned_at=None
    )
    return told + sum(_warn_round(opened) for opened in late)


@transaction.atomic
def _warn_box(point: CollectionPoint, today: date) -> int:
    point = locked_point(point)
    due = point.mailbox_due(last_opened(point))
    if point.closed_at or due is None or due >= today or point.mailbox_warned_for == due:
        return 0
    point.mailbox_warned_for = due
    point.save(update_fields=["mailbox_warned_for"])
    record("suggestions.warn_mailbox", point, due=due.isoformat())
    return 1


def last_opened(point: CollectionPoint) -> date | None:
    """The day of the last opening that counts."""
    last = _rounds_of(point).exclude(state=State.VOID).aggregate(last=Max("opened_at"))["last"]
    return timezone.localdate(last) if last else None


@transaction.atomic
def _warn_round(opened: MailboxRound) -> int:
    opened = locked_round(opened)
    if opened.warned_at or not opened.is_live:
        return 0
    opened.warned_at = timezone.now()
    opened.save(update_fields=["warned_at"])
    record("suggestions.warn_mailbox_round", opened)
    return 1
