"""Minutes from their draft to who was there (纪要): drafting, photos, sending, and the clock."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.calendars.deadlines import add_working_days
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from consultation.minutes_text import Body, cleaned, masked, sha256_of
from consultation.models import Meeting, Minutes, MinutesSignatory, MinutesVersion
from consultation.queries import minutes as checks
from consultation.queries.minutes_prefill import first_body

from .locking import first_of

State, Role = Minutes.State, MinutesSignatory.Role
MOST_PHOTOS = 12


def locked(minutes: Minutes) -> Minutes:
    """The minutes as they stand, held until the transaction ends."""
    return (
        Minutes.objects.select_for_update(of=("self",))
        .select_related("meeting__host", "neighbourhood")
        .get(pk=minutes.pk)
    )


def refuse_unless(minutes: Minutes, *states: str) -> None:
    if minutes.state not in states:
        raise Refused(
            _("纪要%(state)s，现在不能这样做。") % {"state": minutes.get_state_display()}
        )


@transaction.atomic
def draft_minutes(meeting: Meeting, *, by: User) -> Minutes:
    """Begin the minutes of a meeting that was held (起草纪要), with what was noted there."""
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    minutes = Minutes(neighbourhood=meeting.neighbourhood, meeting=meeting, drafted_by=by)
    require(by, "consultation.draft_minutes", minutes)
    if meeting.state != Meeting.State.HELD:
        raise Refused(_("会开完了才能写纪要"))
    if Minutes.objects.filter(meeting=meeting).exists():
        raise Refused(_("这次会议已经有纪要了"))
    minutes.save(force_insert=True)
    MinutesVersion.objects.create(
        neighbourhood=meeting.neighbourhood,
        minutes=minutes,
        body=cleaned(first_body(meeting)),
        written_by=by,
    )
    record("consultation.draft_minutes", minutes, by=by)
    return minutes


@transaction.atomic
def edit_minutes(minutes: Minutes, *, changes: Body, edition: int, by: User) -> MinutesVersion:
    """Change the draft (修改纪要); ``edition`` is what the writer had before them."""
    minutes = locked(minutes)
    require(by, "consultation.edit_minutes", minutes)
    refuse_unless(minutes, State.DRAFT)
    version = checks.current(minutes)
    if version.edition != edition:
        raise Refused(
            _("您打开以后，%(who)s 已经改过。请另开一页看最新的，再把您的改动写进去。")
            % {"who": version.written_by.name}
        )
    _rewrite(version, version.body | cleaned(changes), by)
    record("consultation.edit_minutes", minutes, by=by, edition=version.edition)
    return version


@transaction.atomic
def add_minutes_photo(
    minutes: Minutes,
    *,
    photo: Attachment,
    caption: str,
    when: str,
    is_public: bool,
    by: User,
) -> MinutesVersion:
    """Put a photo into the draft (加照片): of the meeting, before, or after."""
    minutes = locked(minutes)
    require(by, "consultation.add_minutes_photo", minutes)
    refuse_unless(minutes, State.DRAFT)
    if not photo.is_picture or photo.neighbourhood_id != minutes.neighbourhood_id:
        raise Refused(_("请上传照片"))
    version = checks.current(minutes)
    photos = version.body["photos"]
    if len(photos) >= MOST_PHOTOS:
        raise Refused(_("照片最多 %(n)s 张") % {"n": MOST_PHOTOS})
    added: Body = {"id": str(photo.pk), "sha256": photo.sha256, "public": is_public}
    added |= {"caption": caption, "when": when}
    _rewrite(version, version.body | {"photos": [*photos, cleaned(added)]}, by)
    record("consultation.add_minutes_photo", minutes, by=by, sha256=photo.sha256)
    return version


@transaction.atomic
def remove_minutes_photo(minutes: Minutes, *, photo: str, by: User) -> MinutesVersion:
    """Take a photo out of the draft (去掉照片)."""
    minutes = locked(minutes)
    require(by, "consultation.remove_minutes_photo", minutes)
    refuse_unless(minutes, State.DRAFT)
    version = checks.current(minutes)
    kept = [one for one in version.body["photos"] if one["id"] != photo]
    _rewrite(version, version.body | {"photos": kept}, by)
    record("consultation.remove_minutes_photo", minutes, by=by)
    return version


def _rewrite(version: MinutesVersion, body: Body, by: User) -> None:
    version.body, version.edition = body, version.edition + 1
    version.written_by, version.written_at = by, timezone.now()
    version.save(update_fields=["body", "edition", "written_by", "written_at"])


@transaction.atomic
def send_minutes(
    minutes: Minutes,
    *,
    recorder: User,
    representatives: Sequence[User] = (),
    on_paper: Sequence[str] = (),
    correction_days: int,
    by: User,
) -> Minutes:
    """Send the draft to who was there (送达); they have ``correction_days`` working days to correct it."""
    minutes = locked(minutes)
    require(by, "consultation.send_minutes", minutes)
    refuse_unless(minutes, State.DRAFT)
    first_of(checks.sending(minutes))
    _refuse_misfits(minutes, recorder, representatives, correction_days)
    minutes.move_to(State.SENT)
    minutes.correction_days, minutes.sent_at = correction_days, timezone.now()
    minutes.corrections_until = add_working_days(timezone.localdate(), correction_days)
    minutes.save(update_fields=["state", "correction_days", "sent_at", "corrections_until"])
    _choose(minutes, recorder, representatives, on_paper)
    version = stay(minutes, checks.current(minutes))
    record(
        "consultation.send_minutes", minutes, by=by, text=version.text_sha256,
        until=minutes.corrections_until,
    )  # fmt: skip
    return minutes


def _refuse_misfits(
    minutes: Minutes, recorder: User, representatives: Sequence[User], days: int
) -> None:
    if days < 1:
        raise Refused(_("更正期至少一个工作日"))
    if recorder not in checks.recorders_of(minutes):
        raise Refused(_("记录人要是这次会议的记录人"))
    if set(representatives) - set(checks.users_there(minutes.meeting)):
        raise Refused(_("代表要是到会的人"))


def _choose(
    minutes: Minutes, recorder: User, representatives: Sequence[User], on_paper: Sequence[str]
) -> None:
    host = minutes.meeting.host
    chosen: list[tuple[str, User | None, str]] = [(Role.HOST, host, host.name)]
    if recorder != host:
        chosen.append((Role.RECORDER, recorder, recorder.name))
    chosen += [
        (Role.REPRESENTATIVE, one, one.name)
        for one in representatives
        if one not in (host, recorder)
    ]
    chosen += [(Role.REPRESENTATIVE, None, name.strip()) for name in on_paper if name.strip()]
    MinutesSignatory.objects.bulk_create(
        MinutesSignatory(
            neighbourhood=minutes.neighbourhood, minutes=minutes, order=order, role=role,
            user=user, name=name,
        )
        for order, (role, user, name) in enumerate(chosen, 1)
    )  # fmt: skip


def stay(minutes: Minutes, version: MinutesVersion) -> MinutesVersion:
    """From here on the version stays as it is: its text and its public text have their hashes."""
    body = cleaned(version.body | {"meeting": checks.facts_of(minutes.meeting)})
    version.body = body
    version.public_body = masked(body, checks.names_to_hide(minutes, body))
    version.text_sha256 = sha256_of(version.body)
    version.public_sha256 = sha256_of(version.public_body)
    version.save(update_fields=["body", "public_body", "text_sha256", "public_sha256"])
    return version


def next_version(minutes: Minutes, body: Body, changes: str, by: User) -> MinutesVersion:
    """A version after the current one; the others were told of that one and can read both."""
    before = checks.current(minutes)
    if cleaned(body) == before.body:
        raise Refused(_("还没有改动，请先改纪要的文字"))
    version = MinutesVersion.objects.create(
        neighbourhood=minutes.neighbourhood,
        minutes=minutes,
        number=before.number + 1,
        body=body,
        changes=changes,
        written_by=by,
    )
    return stay(minutes, version)


def leave_time(minutes: Minutes, today: date) -> None:
    """Whoever was told of a change has some days to look at it."""
    until = add_working_days(today, minutes.recheck_days)
    if minutes.corrections_until is None or minutes.corrections_until < until:
        minutes.corrections_until = until
    minutes.reminded_on = None
    minutes.save(update_fields=["corrections_until", "reminded_on"])


@transaction.atomic
def remind_of_corrections(minutes: Minutes, *, today: date) -> bool:
    """Tell the staff, once a day, that corrections wait though their days are over. By the clock."""
    minutes = locked(minutes)
    if minutes.state != State.SENT or minutes.reminded_on == today:
        return False
    minutes.reminded_on = today
    minutes.save(update_fields=["reminded_on"])
    record("consultation.remind_of_corrections", minutes)
    return True
