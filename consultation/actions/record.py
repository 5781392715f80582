"""What was said and decided is noted while it happens (现场记录)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.models import Attachment
from consultation.models import (
    AgendaItem,
    Attendance,
    Contribution,
    ContributionVersion,
    Meeting,
    MeetingAudio,
    MeetingDecision,
    MeetingPhoto,
    Poll,
    ShowOfHands,
    UnnamedSpeaker,
)

FORGET_AFTER = timedelta(days=7)  # who stood behind a label


@dataclass(frozen=True)
class Speaker:
    """Who spoke: by name, or behind a label that is new or one of before."""

    attendance: Attendance | None = None
    is_unnamed: bool = False
    label: UnnamedSpeaker | None = None


@transaction.atomic
def add_contribution(
    meeting: Meeting,
    *,
    speaker: Speaker,
    stance: Contribution.Stance,
    text: str,
    item: AgendaItem | None = None,
    by: User,
) -> Contribution:
    """Note what somebody said (记发言)."""
    _in_turn(meeting)
    contribution = Contribution(
        neighbourhood_id=meeting.neighbourhood_id, meeting=meeting, item=item, stance=stance,
        text=text.strip(), recorder=by,
    )  # fmt: skip
    require(by, "consultation.add_contribution", contribution)
    _refuse_unfit(meeting, item)
    if speaker.is_unnamed or speaker.label:
        contribution.unnamed = _label(meeting, speaker, by)
    else:
        contribution.speaker = speaker.attendance
    if contribution.speaker is None and contribution.unnamed is None:
        raise Refused(_("请选是谁说的，或者选“不署名”。"))
    if contribution.speaker and contribution.speaker.meeting_id != meeting.pk:
        raise Refused(_("这一位没有到会。"))
    contribution.order = (meeting.contributions.aggregate(last=Max("order"))["last"] or 0) + 1
    contribution.save(force_insert=True)
    _keep_version(contribution, by)
    record("consultation.add_contribution", contribution, by=by)
    return contribution


@transaction.atomic
def correct_contribution(
    contribution: Contribution, *, text: str, stance: Contribution.Stance, version: int, by: User
) -> Contribution:
    """Put right what was noted (更正发言); what stood before is kept."""
    contribution = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    require(by, "consultation.correct_contribution", contribution)
    if contribution.version != version:
        raise Refused(_("刚有人改过这条发言，请看了最新的再改。"))
    if contribution.struck_why or not text.strip():
        raise Refused(_("划掉的发言不能改；发言不能是空的。"))
    contribution.text, contribution.stance = text.strip(), stance
    contribution.version += 1
    contribution.save(update_fields=["text", "stance", "version"])
    _keep_version(contribution, by)
    record("consultation.correct_contribution", contribution, by=by, version=contribution.version)
    return contribution


@transaction.atomic
def strike_contribution(contribution: Contribution, *, reason: str, by: User) -> Contribution:
    """It was noted by mistake (划掉发言); it stays readable to the staff."""
    contribution = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    require(by, "consultation.strike_contribution", contribution)
    contribution.struck_why = _why(reason, contribution.struck_why)
    contribution.save(update_fields=["struck_why"])
    record("consultation.strike_contribution", contribution, by=by)
    return contribution


@dataclass(frozen=True)
class Noted:
    """A decision as it was noted: what, by whom, until when, on what vote; all as written."""

    text: str
    responsible: str = ""
    due: str = ""
    item: AgendaItem | None = None
    show: ShowOfHands | None = None
    poll: Poll | None = None


@transaction.atomic
def note_decision(meeting: Meeting, *, noted: Noted, by: User) -> MeetingDecision:
    """Note what was decided (记决定); the register of resolutions takes it from there."""
    _in_turn(meeting)
    decision = MeetingDecision(
        neighbourhood_id=meeting.neighbourhood_id, meeting=meeting, noted_by=by, **vars(noted)
    )
    require(by, "consultation.note_decision", decision)
    _refuse_unfit(meeting, noted.item)
    _refuse_undecided(meeting, noted)
    decision.number = (meeting.decisions.aggregate(last=Max("number"))["last"] or 0) + 1
    decision.save(force_insert=True)
    record("consultation.note_decision", decision, by=by)
    return decision


@transaction.atomic
def edit_decision(decision: MeetingDecision, *, noted: Noted, by: User) -> MeetingDecision:
    """Change how a decision was noted (修改决定)."""
    decision = MeetingDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    require(by, "consultation.edit_decision", decision)
    _refuse_unfit(decision.meeting, noted.item)
    _refuse_undecided(decision.meeting, noted)
    if decision.struck_why:
        raise Refused(_("这条已经划掉了。"))
    for name, value in vars(noted).items():
        setattr(decision, name, value)
    decision.save(update_fields=list(vars(noted)))
    record("consultation.edit_decision", decision, by=by)
    return decision


@transaction.atomic
def strike_decision(decision: MeetingDecision, *, reason: str, by: User) -> MeetingDecision:
    """It was not decided after all (划掉决定)."""
    decision = MeetingDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    require(by, "consultation.strike_decision", decision)
    decision.struck_why = _why(reason, decision.struck_why)
    decision.save(update_fields=["struck_why"])
    record("consultation.strike_decision", decision, by=by)
    return decision


@transaction.atomic
def add_meeting_photo(
    meeting: Meeting, *, file: Attachment, caption: str, is_public: bool, item: AgendaItem | None = None,
    by: User,
) -> MeetingPhoto:  # fmt: skip
    """Keep a photo of the meeting (存照片); ``file`` is drawn anew, without place and camera."""
    photo = MeetingPhoto(
        neighbourhood_id=meeting.neighbourhood_id, meeting=meeting, item=item, file=file,
        caption=caption.strip(), is_public=is_public, added_by=by,
    )  # fmt: skip
    require(by, "consultation.add_meeting_photo", photo)
    _refuse_unfit(meeting, item)
    if not file.is_picture:
        raise Refused(_("这里只收照片。"))
    photo.save(force_insert=True)
    record("consultation.add_meeting_photo", photo, by=by, sha256=file.sha256)
    return photo


@transaction.atomic
def remove_meeting_photo(photo: MeetingPhoto, *, by: User) -> None:
    """Somebody does not want to be seen on it (删照片): it is destroyed."""
    photo = MeetingPhoto.objects.select_for_update(of=("self",)).get(pk=photo.pk)
    require(by, "consultation.remove_meeting_photo", photo)
    file = photo.file
    record("consultation.remove_meeting_photo", photo, by=by, sha256=file.sha256)
    photo.delete()
    intake.discard(file)


@transaction.atomic
def attach_audio(meeting: Meeting, *, file: Attachment, consent: str, by: User) -> MeetingAudio:
    """Keep a recording, encrypted, with how those present were asked (存录音)."""
    audio = MeetingAudio(
        neighbourhood_id=meeting.neighbourhood_id, meeting=meeting, file=file,
        consent=consent.strip(), added_by=by,
    )  # fmt: skip
    require(by, "consultation.attach_audio", audio)
    _refuse_unfit(meeting, None)
    if not audio.consent:
        raise Refused(_("请写明怎么征得大家同意录音的。"))
    if not file.is_concealed or not file.media_type.startswith("audio/"):
        raise Refused(_("这里只收录音。"))
    audio.save(force_insert=True)
    record("consultation.attach_audio", audio, by=by, sha256=file.sha256)
    return audio


@transaction.atomic
def download_audio(audio: MeetingAudio, *, by: User) -> Attachment:
    """Listen to a recording (听录音); that somebody did is on the record."""
    audio = MeetingAudio.objects.select_for_update(of=("self",)).get(pk=audio.pk)
    require(by, "consultation.download_audio", audio)
    if audio.file is None:
        raise Refused(_("这段录音已经销毁。"))
    record("consultation.download_audio", audio, by=by)
    return audio.file


@transaction.atomic
def destroy_audio(audio: MeetingAudio, *, reason: str, by: User) -> MeetingAudio:
    """The recording has served (销毁录音): its bytes go, that it was and why it went stays."""
    audio = MeetingAudio.objects.select_for_update(of=("self",)).get(pk=audio.pk)
    require(by, "consultation.destroy_audio", audio)
    file = audio.file
    if file is None or not reason.strip():
        raise Refused(_("请写明原因；销毁过的不能再销毁。"))
    audio.file, audio.destroyed_at, audio.destroyed_why = None, timezone.now(), reason.strip()
    audio.save(update_fields=["file", "destroyed_at", "destroyed_why"])
    intake.discard(file)
    record("consultation.destroy_audio", audio, by=by)
    return audio


@transaction.atomic
def see_unnamed_speakers(meeting: Meeting, *, by: User) -> list[UnnamedSpeaker]:
    """A recorder looks up who is behind the labels (查看不署名发言人); that they did is on the record."""
    require(by, "consultation.see_unnamed_speakers", meeting)
    found = list(meeting.unnamed_speakers.all())
    record("consultation.see_unnamed_speakers", meeting, by=by, labels=len(found))
    return found


@transaction.atomic
def forget_unnamed_speakers(now: datetime) -> int:
    """A week after a meeting nobody can look up any more who spoke behind a label. By the clock."""
    over = Meeting.objects.filter(state=Meeting.State.HELD, closed_at__lt=now - FORGET_AFTER)
    known = UnnamedSpeaker.objects.filter(meeting__in=over).exclude(who="")
    meetings = Meeting.objects.filter(pk__in=known.values("meeting_id")).order_by("pk")
    for meeting in list(meetings):
        meeting.unnamed_speakers.update(who="")
        record("consultation.forget_unnamed_speakers", meeting)
    return len(meetings)


def _in_turn(meeting: Meeting) -> None:
    """One numbers after the other what is said and decided at a meeting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"record:{meeting.pk}"])


def _refuse_unfit(meeting: Meeting, item: AgendaItem | None) -> None:
    if item is not None and item.meeting_id != meeting.pk:
        raise Refused(_("这一项不在这次会议的议程里。"))
    if meeting.state not in (Meeting.State.UNDER_WAY, Meeting.State.HELD):
        raise Refused(_("会议开始以后才能记。"))


def _refuse_undecided(meeting: Meeting, noted: Noted) -> None:
    if not noted.text.strip():
        raise Refused(_("请写明决定了什么。"))
    show = noted.show
    if show is None:
        return
    if show.meeting_id != meeting.pk or show.state != ShowOfHands.State.COUNTED:
        raise Refused(_("这次举手表决没有有效的结果，不能当作依据。"))
    if not show.is_adopted:
        raise Refused(_("这次举手表决没有通过，不能当作依据。"))


def _label(meeting: Meeting, speaker: Speaker, by: User) -> UnnamedSpeaker:
    """The label of before; that of the same person; or the next one."""
    labels = list(meeting.unnamed_speakers.all())
    who = ""
    if speaker.label:
        found = next((one for one in labels if one.pk == speaker.label.pk), None)
        if found is None:
            raise Refused(_("没有这位不署名发言人。"))
        return found
    if speaker.attendance:
        # Whoever can ask which label a person has, can ask who is behind a label.
        require(by, "consultation.see_unnamed_speakers", meeting)
        who = str(speaker.attendance.pk)
        if found := next((one for one in labels if one.who == who), None):
            return found
    return UnnamedSpeaker.objects.create(
        neighbourhood_id=meeting.neighbourhood_id, meeting=meeting, number=len(labels) + 1, who=who
    )


def _keep_version(contribution: Contribution, by: User) -> None:
    ContributionVersion.objects.create(
        contribution=contribution, number=contribution.version, stance=contribution.stance,
        text=contribution.text, by=by,
    )  # fmt: skip


def _why(reason: str, before: str) -> str:
    if before or not reason.strip():
        raise Refused(_("请写明原因；划掉过的不能再划。"))
    return reason.strip()
