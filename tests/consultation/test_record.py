"""What was said and decided: who spoke stays or is forgotten as promised, nothing noted is lost."""

import datetime as dt
import io
import struct
import wave

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from PIL import Image

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.models import Entry
from caoyang_portal.uploads.intake import keep, read, take_in, take_in_sound
from caoyang_portal.uploads.models import Attachment
from consultation.actions import hands, record
from consultation.actions.record import Noted, Speaker
from consultation.models import (
    Contribution,
    ContributionVersion,
    MeetingAudio,
    MeetingDecision,
    MeetingPhoto,
    UnnamedSpeaker,
)
from tests.conftest import EVERYONE
from tests.consultation.hall_builders import came, closed, meeting_on
from tests.households.test_signing_races import together

RUNNING = {"chen", "lin", "sun"}
WHO_MAY = dict.fromkeys(
    (
        "see_record", "save_note", "add_contribution", "correct_contribution",
        "strike_contribution", "note_decision", "edit_decision", "strike_decision",
        "add_meeting_photo", "remove_meeting_photo", "attach_audio", "download_audio",
        "destroy_audio",
    ),
    RUNNING,
) | {"see_unnamed_speakers": {"lin", "sun"}}  # not the host, not the rest of the committee  # fmt: skip


@pytest.mark.parametrize("person", EVERYONE)
@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, person, people, places):
    meeting = meeting_on(people, places)
    meeting.recorders.add(people["sun"])
    said = Contribution(neighbourhood=places.here, meeting=meeting)
    assert may(people[person], f"consultation.{act}", said) is (person in WHO_MAY[act])


def say(meeting, who, text, people, *, by="lin", stance="neutral", **speaker):
    row = who and came(meeting, who).attendance if isinstance(who, str) else who
    return record.add_contribution(
        meeting, speaker=Speaker(attendance=row, **speaker), stance=stance, text=text,
        item=meeting.agenda.first(), by=people[by],
    )  # fmt: skip


def test_a_contribution_is_put_right_and_keeps_what_stood(people, places):
    meeting = meeting_on(people, places)
    said = say(meeting, "王桂芳", "停车难", people, stance="question")
    fixed = record.correct_contribution(
        said, text="晚上停车难", stance="against", version=1, by=people["chen"]
    )
    with pytest.raises(Refused, match="刚有人改过"):
        record.correct_contribution(said, text="别的", stance="for", version=1, by=people["lin"])
    assert [(v.number, v.text, v.stance, v.by) for v in fixed.versions.all()] == [
        (1, "停车难", "question", people["lin"]), (2, "晚上停车难", "against", people["chen"]),
    ]  # fmt: skip
    record.strike_contribution(said, reason="记错人了", by=people["lin"])
    with pytest.raises(Refused, match="划掉的发言不能改"):
        record.correct_contribution(fixed, text="再改", stance="for", version=2, by=people["lin"])
    with pytest.raises(DatabaseError), transaction.atomic():
        ContributionVersion.objects.filter(number=1).update(text="没有说过")
    assert Contribution.objects.get().text == "晚上停车难"


def test_one_speaker_with_a_name_or_behind_a_label(people, places):
    meeting = meeting_on(people, places)
    with pytest.raises(Refused, match="请选是谁说的"):
        say(meeting, None, "没有人", people)
    stranger = came(meeting_on(people, places), "别处的").attendance
    with pytest.raises(Refused, match="没有到会"):
        say(meeting, stranger, "在别的会上", people)
    said = say(meeting, None, "吵", people, is_unnamed=True)
    with pytest.raises(IntegrityError, match="one_speaker"), transaction.atomic():
        Contribution.objects.filter(pk=said.pk).update(speaker=came(meeting, "王桂芳").attendance)


def test_a_label_is_the_same_person_throughout(people, places):
    meeting = meeting_on(people, places)
    wang, zhao = came(meeting, "王桂芳").attendance, came(meeting, "赵大勇").attendance
    told = [
        say(meeting, wang, "太吵", people, is_unnamed=True),
        say(meeting, zhao, "不吵", people, is_unnamed=True),
        say(meeting, wang, "就是吵", people, is_unnamed=True),
        say(meeting, None, "听不清", people, is_unnamed=True),
    ]
    again = say(meeting, None, "还是听不清", people, label=told[3].unnamed)
    assert [c.shown_speaker for c in [*told, again]] == [
        "居民甲", "居民乙", "居民甲", "居民丙", "居民丙",
    ]  # fmt: skip
    assert [c.speaker for c in Contribution.objects.all()] == [None] * 5
    with connection.cursor() as cursor:  # and what lies on the disk tells nobody
        cursor.execute("SELECT string_agg(c::text, '') FROM consultation_unnamedspeaker c")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(payload, '') FROM ledger_entry")
        ledger = cursor.fetchone()[0]
    assert [str(row.pk) in text for row in (wang, zhao) for text in (kept, ledger)] == [False] * 4


def test_only_a_recorder_looks_behind_a_label_and_that_is_on_the_record(people, places):
    """Nor does anybody else learn it by asking which label a person has."""
    meeting = meeting_on(people, places)
    wang = came(meeting, "王桂芳").attendance
    say(meeting, wang, "太吵", people, is_unnamed=True)
    with pytest.raises(PermissionDenied):
        record.see_unnamed_speakers(meeting, by=people["chen"])
    with pytest.raises(PermissionDenied):
        say(meeting, wang, "探一探", people, by="chen", is_unnamed=True)
    (label,) = record.see_unnamed_speakers(meeting, by=people["lin"])
    assert (label.label, label.who) == ("居民甲", str(wang.pk))
    assert (
        Entry.objects.filter(act="consultation.see_unnamed_speakers").get().actor == people["lin"]
    )


def test_a_week_later_nobody_knows_any_more(people, places):
    now = timezone.now()
    old, fresh = meeting_on(people, places), meeting_on(people, places)
    for meeting in (old, fresh):
        say(meeting, came(meeting, "王桂芳").attendance, "太吵", people, is_unnamed=True)
    closed(old, at=now - dt.timedelta(days=7, minutes=1))
    closed(fresh, at=now - dt.timedelta(days=6))
    assert record.forget_unnamed_speakers(now) == 1
    assert record.forget_unnamed_speakers(now) == 0
    assert [bool(UnnamedSpeaker.objects.get(meeting=m).who) for m in (old, fresh)] == [False, True]
    assert Contribution.objects.filter(meeting=old).get().shown_speaker == "居民甲"


def test_many_speak_at_once_and_each_has_a_place(transactional_db, people, places):
    meeting = meeting_on(people, places)
    wang = came(meeting, "王桂芳").attendance
    together(
        *[lambda n=n: say(meeting, wang, f"第 {n} 句", people, by=["lin", "chen"][n % 2]) for n in range(8)]
    )  # fmt: skip
    assert [c.order for c in meeting.contributions.all()] == list(range(1, 9))


def test_a_decision_stands_on_a_show_of_hands_that_carried_it(people, places):
    meeting = meeting_on(people, places)
    came(meeting, "张三")
    shows = []
    for yes, no in ((1, 0), (0, 1)):
        show = hands.open_show_of_hands(
            meeting, question="画车位？", counting="tellers", by=people["chen"]
        )
        for teller in "甲乙":
            hands.enter_teller_count(
                show, teller=teller, yes=yes, no=no, abstain=0, by=people["lin"]
            )
        shows.append(hands.close_show_of_hands(show, by=people["chen"]))
    item = meeting.agenda.first()
    noted = Noted("北边画八个车位", "居委会、物业", "下个月底前", item, shows[0])
    decision = record.note_decision(meeting, noted=noted, by=people["lin"])
    with pytest.raises(Refused, match="没有通过"):
        record.note_decision(meeting, noted=Noted("别的", show=shows[1]), by=people["lin"])
    other = meeting_on(people, places)
    with pytest.raises(Refused, match="没有有效的结果"):
        record.note_decision(other, noted=Noted("别的", show=shows[0]), by=people["lin"])
    record.edit_decision(decision, noted=Noted("北边画六个车位", item=item), by=people["chen"])
    record.strike_decision(decision, reason="议而未决", by=people["chen"])
    row = MeetingDecision.objects.get()
    assert (row.number, row.text, row.responsible, row.struck_why) == (
        1, "北边画六个车位", "", "议而未决",
    )  # fmt: skip


def test_nothing_is_noted_before_the_meeting(people, places):
    meeting = meeting_on(people, places, state="announced")
    with pytest.raises(Refused, match="会议开始以后才能记"):
        record.note_decision(meeting, noted=Noted("早了"), by=people["lin"])


def picture(**more):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG", **more)
    return SimpleUploadedFile("现场.jpg", out.getvalue(), "image/jpeg")


def test_a_photo_loses_its_place_and_may_be_destroyed(people, places):
    meeting = meeting_on(people, places)
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 25.0)
    file = take_in(picture(exif=exif), neighbourhood_id=places.here.pk, by=people["lin"])
    photo = record.add_meeting_photo(
        meeting, file=file, caption="举手", is_public=True, by=people["lin"]
    )
    kept = read(photo.file)
    assert (b"SECRET" in kept, dict(Image.open(io.BytesIO(kept)).getexif())) == (False, {})
    paper = keep(b"%PDF-1.4", "x.pdf", "application/pdf", neighbourhood_id=places.here.pk, by=None)
    with pytest.raises(Refused, match="只收照片"):
        record.add_meeting_photo(
            meeting, file=paper, caption="", is_public=False, by=people["lin"]
        )
    record.remove_meeting_photo(photo, by=people["lin"])
    assert (MeetingPhoto.objects.count(), Attachment.objects.filter(pk=file.pk).exists()) == (
        0,
        False,
    )


def wav(**chunks):
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\1\2" * 400)
    content = out.getvalue()
    for name, body in chunks.items():
        content += struct.pack("<4sI", name.encode(), len(body)) + body
    return content


def sound(content, name="会场.wav"):
    return SimpleUploadedFile(name, content)


def test_a_recording_is_encrypted_agreed_to_logged_and_destroyed(
    people, places, django_capture_on_commit_callbacks
):
    meeting = meeting_on(people, places)
    file = take_in_sound(sound(wav()), neighbourhood_id=places.here.pk, by=people["lin"])
    with pytest.raises(Refused, match="怎么征得大家同意"):
        record.attach_audio(meeting, file=file, consent=" ", by=people["lin"])
    audio = record.attach_audio(meeting, file=file, consent="会前说明，无人反对", by=people["lin"])
    with default_storage.open(file.key) as stored:
        assert b"\1\2\1\2" not in stored.read()
    assert read(record.download_audio(audio, by=people["chen"])) == wav()
    assert Entry.objects.get(act="consultation.download_audio").actor == people["chen"]
    with django_capture_on_commit_callbacks(execute=True):
        record.destroy_audio(audio, reason="纪要已定", by=people["lin"])
    audio = MeetingAudio.objects.get()
    assert (audio.file, audio.destroyed_why, default_storage.exists(file.key)) == (
        None, "纪要已定", False,
    )  # fmt: skip
    with pytest.raises(Refused, match="已经销毁"):
        record.download_audio(audio, by=people["lin"])
