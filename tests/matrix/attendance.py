"""Rows and the world for a meeting that is on: the door, shows of hands, the record."""

import datetime as dt

from django.utils import timezone

from caoyang_portal.uploads.intake import keep
from consultation import check_in_codes
from consultation.models import (
    AgendaItem,
    Attendance,
    Contribution,
    ContributionVersion,
    Meeting,
    MeetingAudio,
    MeetingDecision,
    MeetingNote,
    MeetingPhoto,
    NoteVersion,
    Presence,
    Seat,
    ShowOfHands,
    UnnamedSpeaker,
)
from tests.matrix.row import AWAY, Row, of, prefixed

OTHERS_HERE = "street auditor administrator"
SPACE = "consultation:"


def hall_of(place, clerk, poll, entry, pdf, picture) -> dict:
    """A public meeting on the roll of ``poll`` that is on, with one of everything."""
    now = timezone.now()
    hour = dt.timedelta(hours=1)
    here = {"neighbourhood": place}
    meeting = Meeting.objects.create(
        **here, form="owners_meeting", title="电梯怎么装", convenor="居委会", host=clerk,
        place="居委会", starts_at=now - hour, ends_at=now + hour, state="under_way",
        drafted_by=clerk, announced_at=now - dt.timedelta(days=20), opened_at=now - hour,
        quorum="heads", quorum_exceeded=False, quorum_part=0, roll=poll,
    )  # fmt: skip
    meeting.recorders.set([clerk])
    of_it = here | {"meeting": meeting}
    item = AgendaItem.objects.create(**of_it, number=1, title="听说明")
    row = Attendance.objects.create(**of_it, name="孙丽")
    presence = Presence.objects.create(
        **of_it, attendance=row, channel="desk", arrived_at=now - hour / 2, noted_by=clerk
    )
    kept = {"neighbourhood_id": place.pk, "by": clerk}
    seat = Seat.objects.create(
        **of_it, attendance=row, entry=entry, is_proxy=True, scope="全部", since=now - hour / 2,
        mandated_on=timezone.localdate(), document=keep(picture, "mandate.png", "image/png", **kept),
    )  # fmt: skip
    show = ShowOfHands.objects.create(
        **of_it, number=1, question="先装三号楼？", counting="ticks", opened_by=clerk
    )
    label = UnnamedSpeaker.objects.create(**of_it, number=1, who=str(row.pk))
    said = Contribution.objects.create(
        **of_it, unnamed=label, text="太吵", order=1, recorder=clerk, stance="against"
    )
    ContributionVersion.objects.create(
        contribution=said, number=1, text="太吵", stance="against", by=clerk
    )
    note = MeetingNote.objects.create(**of_it, item=item, version=1, text="一楼担心吵")
    NoteVersion.objects.create(
        note=note, number=1, base=0, text=note.text, outcome="saved", by=clerk
    )
    sound = keep(pdf, "sound.wav", "audio/wav", conceal=True, **kept)
    photo = keep(picture, "photo.png", "image/png", **kept)
    return {
        "hall": meeting,
        "hall_item": item,
        "comer": row,
        "presence": presence,
        "hall_seat": seat,
        "show": show,
        "said": said,
        "decided": MeetingDecision.objects.create(
            **of_it, number=1, text="先装三号楼", noted_by=clerk
        ),
        "hall_note": note,
        "hall_photo": MeetingPhoto.objects.create(**of_it, file=photo, added_by=clerk),
        "audio": MeetingAudio.objects.create(
            **of_it, file=sound, consent="会前说明", added_by=clerk
        ),
    }


def _code(target) -> dict:
    return {"pk": target.hall.pk, "code": check_in_codes.code_on_the_poster(target.hall.pk)}


def _for(names: str, methods: str, **more) -> list[Row]:
    """Of those who run the meeting: those who watch know it and have no right."""
    more = {"may": "committee", "sees": OTHERS_HERE, "thing": of("hall"), "shared": True} | more
    return prefixed(SPACE, names, methods, more.pop("may"), **more)


AT_THE_DOOR: list[Row] = [
    Row("consultation:check_in_code", "GET", "everybody", _code, answers={"GET": {AWAY}}, passerby=AWAY),
    Row("consultation:check_in", "GET POST", "signed_in", of("hall"), shared=True, answers={"POST": {AWAY, 403}}),
    *prefixed(
        SPACE, "join_online leave_meeting", "POST", "signed_in", thing=of("hall"), shared=True,
        answers={"POST": {AWAY, 403}},
    ),
    *_for("hall_screen check_in_poster desk_attendance quorum_history", "GET"),
    *_for("admit", "POST"),
    *_for("enter_from_sheet", "GET POST"),
    *_for("see_out undo_tap", "POST", thing=of("presence"), answers={"POST": {AWAY}}),
    *_for("attendee", "GET", thing=of("comer")),
    *_for("set_attendee_role seat_attendee", "POST", thing=of("comer")),
    *_for("record_meeting_mandate", "GET POST", thing=of("comer")),
    *_for("end_seat", "POST", thing=of("hall_seat")),
    *_for("see_meeting_mandate", "GET", thing=of("hall_seat")),
]  # fmt: skip

HANDS_UP: list[Row] = [
    *_for("desk_hands", "GET"),
    *_for("open_show_of_hands", "GET POST"),
    *_for("show_of_hands", "GET", thing=of("show")),
    *_for("enter_teller_count tick_hands close_show_of_hands note_dissent", "POST", thing=of("show")),
    *_for("withdraw_show_of_hands link_show_to_poll draft_poll_from_show", "GET POST", thing=of("show")),
]  # fmt: skip

RECORD: list[Row] = [
    *_for("meeting_notes notes_now meeting_record meeting_files", "GET"),
    *_for("save_note add_contribution note_decision add_meeting_photo attach_audio", "POST"),
    *_for("note_versions", "GET", thing=of("hall_note")),
    *_for("correct_contribution strike_contribution", "GET POST", thing=of("said")),
    *_for("edit_decision strike_decision", "GET POST", thing=of("decided")),
    *_for("meeting_photo", "GET", thing=of("hall_photo")),
    *_for("remove_meeting_photo", "POST", thing=of("hall_photo")),
    *_for("download_audio", "POST", thing=of("audio")),
    *_for("destroy_audio", "GET POST", thing=of("audio")),
    # Behind the labels looks a recorder alone, not the rest of the committee.
    *_for("see_unnamed_speakers", "POST", may="clerk", sees="colleague street auditor administrator"),
]  # fmt: skip
