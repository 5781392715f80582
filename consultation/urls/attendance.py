"""Addresses: signing in to a meeting, the desk at the door, shows of hands, the record."""

from django.urls import path

from consultation.views import attendance, checking_in, hands, notes, record

MEETING = "meetings/<uuid:pk>/"
DESK = "meetings/desk/"
ON_DESK = f"{DESK}<uuid:pk>/"
COMER = f"{DESK}attendees/<uuid:pk>/"
PRESENCE = f"{DESK}presences/<uuid:pk>/"
SEAT = f"{DESK}seats/<uuid:pk>/"
SHOW = f"{DESK}hands/<uuid:pk>/"
SAID = f"{DESK}contributions/<uuid:pk>/"
DECIDED = f"{DESK}decisions/<uuid:pk>/"
PHOTO = f"{DESK}photos/<uuid:pk>/"
AUDIO = f"{DESK}audio/<uuid:pk>/"

urlpatterns = [
    path(f"{MEETING}check-in/", checking_in.check_in, name="check_in"),
    path(f"{MEETING}check-in/<str:code>/", checking_in.check_in_code, name="check_in_code"),
    path(f"{MEETING}join/", checking_in.join_online, name="join_online"),
    path(f"{MEETING}leave/", checking_in.leave_meeting, name="leave_meeting"),
    path(f"{ON_DESK}hall/", checking_in.hall_screen, name="hall_screen"),
    path(f"{ON_DESK}poster/", checking_in.check_in_poster, name="check_in_poster"),
    path(f"{ON_DESK}attendance/", attendance.desk_attendance, name="desk_attendance"),
    path(f"{ON_DESK}attendance/admit/", attendance.admit, name="admit"),
    path(f"{ON_DESK}attendance/sheet/", attendance.enter_from_sheet, name="enter_from_sheet"),
    path(f"{ON_DESK}attendance/history/", attendance.quorum_history, name="quorum_history"),
    path(f"{PRESENCE}out/", attendance.see_out, name="see_out"),
    path(f"{PRESENCE}undo/", attendance.undo_tap, name="undo_tap"),
    path(COMER, attendance.attendee, name="attendee"),
    path(f"{COMER}role/", attendance.set_attendee_role, name="set_attendee_role"),
    path(f"{COMER}seat/", attendance.seat_attendee, name="seat_attendee"),
    path(f"{COMER}mandate/", attendance.record_meeting_mandate, name="record_meeting_mandate"),
    path(f"{SEAT}end/", attendance.end_seat, name="end_seat"),
    path(f"{SEAT}mandate/", attendance.see_meeting_mandate, name="see_meeting_mandate"),
    path(f"{ON_DESK}hands/", hands.desk_hands, name="desk_hands"),
    path(f"{ON_DESK}hands/open/", hands.open_show_of_hands, name="open_show_of_hands"),
    path(SHOW, hands.show_of_hands, name="show_of_hands"),
    path(f"{SHOW}count/", hands.enter_teller_count, name="enter_teller_count"),
    path(f"{SHOW}ticks/", hands.tick_hands, name="tick_hands"),
    path(f"{SHOW}close/", hands.close_show_of_hands, name="close_show_of_hands"),
    path(f"{SHOW}withdraw/", hands.withdraw_show_of_hands, name="withdraw_show_of_hands"),
    path(f"{SHOW}dissent/", hands.note_dissent, name="note_dissent"),
    path(f"{SHOW}poll/", hands.link_show_to_poll, name="link_show_to_poll"),
    path(f"{SHOW}poll/draft/", hands.draft_poll_from_show, name="draft_poll_from_show"),
    path(f"{ON_DESK}notes/", notes.meeting_notes, name="meeting_notes"),
    path(f"{ON_DESK}notes/save/", notes.save_note, name="save_note"),
    path(f"{ON_DESK}notes/now/", notes.notes_now, name="notes_now"),
    path(f"{DESK}notes/<uuid:pk>/versions/", notes.note_versions, name="note_versions"),
    path(f"{ON_DESK}record/", record.meeting_record, name="meeting_record"),
    path(f"{ON_DESK}record/labels/", record.see_unnamed_speakers, name="see_unnamed_speakers"),
    path(f"{ON_DESK}contributions/", record.add_contribution, name="add_contribution"),
    path(f"{ON_DESK}decisions/", record.note_decision, name="note_decision"),
    path(f"{SAID}correct/", record.correct_contribution, name="correct_contribution"),
    path(f"{SAID}strike/", record.strike_contribution, name="strike_contribution"),
    path(f"{DECIDED}edit/", record.edit_decision, name="edit_decision"),
    path(f"{DECIDED}strike/", record.strike_decision, name="strike_decision"),
    path(f"{ON_DESK}files/", record.meeting_files, name="meeting_files"),
    path(f"{ON_DESK}files/photos/", record.add_meeting_photo, name="add_meeting_photo"),
    path(f"{ON_DESK}files/audio/", record.attach_audio, name="attach_audio"),
    path(f"{PHOTO}file/", record.meeting_photo, name="meeting_photo"),
    path(f"{PHOTO}remove/", record.remove_meeting_photo, name="remove_meeting_photo"),
    path(f"{AUDIO}download/", record.download_audio, name="download_audio"),
    path(f"{AUDIO}destroy/", record.destroy_audio, name="destroy_audio"),
]  # fmt: skip
