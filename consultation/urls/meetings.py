"""Addresses of meetings: the desk for those who prepare them, the rest for everyone."""

from django.urls import path

from consultation.views import (
    meeting_agenda,
    meeting_desk,
    meeting_people,
    meeting_questions,
    meetings,
    venues,
)

DESK = "meetings/desk/"
ON_DESK = f"{DESK}<uuid:pk>/"
MEETING = "meetings/<uuid:pk>/"
ITEM = f"{DESK}agenda/<uuid:pk>/"
SIGNED_UP = f"{DESK}registrations/<uuid:pk>/"
INVITED = f"{DESK}invitations/<uuid:pk>/"
QUESTION = f"{DESK}questions/<uuid:pk>/"
VENUES = "venues/desk/"

urlpatterns = [
    path("meetings/", meetings.meeting_list, name="meeting_list"),
    path("meetings/mine/", meetings.my_meetings, name="my_meetings"),
    path("meetings/calendar/<slug:code>.ics", meetings.calendar_feed, name="calendar_feed"),
    path(MEETING, meetings.meeting, name="meeting"),
    path(f"{MEETING}meeting.ics", meetings.meeting_calendar, name="meeting_calendar"),
    path(f"{MEETING}notice.pdf", meetings.meeting_notice, name="meeting_notice"),
    path(f"{MEETING}papers/<uuid:paper>/", meetings.meeting_paper, name="meeting_paper"),
    path(f"{MEETING}draws/<int:number>.json", meetings.draw_file, name="draw_file"),
    path(f"{MEETING}register/", meetings.register, name="register"),
    path(f"{MEETING}register/cancel/", meetings.cancel_registration, name="cancel_registration"),
    path(f"{MEETING}answer/", meetings.answer_invitation, name="answer_invitation"),
    path(f"{MEETING}questions/", meeting_questions.meeting_questions, name="meeting_questions"),
    path(f"{MEETING}questions/ask/", meeting_questions.ask_question, name="ask_question"),
    path(f"{MEETING}on-air/", meeting_questions.on_air, name="on_air"),
    path("meetings/questions/<uuid:pk>/second/", meeting_questions.second_question, name="second_question"),
    path(DESK, meeting_desk.meeting_desk, name="meeting_desk"),
    path(f"{DESK}draft/", meeting_desk.choose_meeting_form, name="choose_meeting_form"),
    path(f"{DESK}draft/<slug:form>/", meeting_desk.draft_meeting, name="draft_meeting"),
    path(f"{DESK}series/<slug:form>/", meeting_desk.plan_series, name="plan_series"),
    path(f"{DESK}series/<uuid:pk>/end/", meeting_desk.end_series, name="end_series"),
    path(ON_DESK, meeting_desk.desk_meeting, name="desk_meeting"),
    path(f"{ON_DESK}edit/", meeting_desk.edit_meeting, name="edit_meeting"),
    path(f"{ON_DESK}change/", meeting_desk.change_meeting, name="change_meeting"),
    path(f"{ON_DESK}announce/", meeting_desk.announce_meeting, name="announce_meeting"),
    path(f"{ON_DESK}cancel/", meeting_desk.cancel_meeting, name="cancel_meeting"),
    path(f"{ON_DESK}open/", meeting_desk.open_meeting, name="open_meeting"),
    path(f"{ON_DESK}close/", meeting_desk.close_meeting, name="close_meeting"),
    path(f"{ON_DESK}reopen/", meeting_desk.reopen_meeting, name="reopen_meeting"),
    path(f"{ON_DESK}links/", meeting_desk.set_meeting_links, name="set_meeting_links"),
    path(f"{ON_DESK}agenda/", meeting_agenda.add_agenda_item, name="add_agenda_item"),
    path(f"{ITEM}edit/", meeting_agenda.edit_agenda_item, name="edit_agenda_item"),
    path(f"{ITEM}move/", meeting_agenda.move_agenda_item, name="move_agenda_item"),
    path(f"{ITEM}remove/", meeting_agenda.remove_agenda_item, name="remove_agenda_item"),
    path(f"{ITEM}papers/", meeting_agenda.attach_paper, name="attach_paper"),
    path(f"{ITEM}papers/<uuid:paper>/remove/", meeting_agenda.remove_paper, name="remove_paper"),
    path(f"{ON_DESK}invitees/", meeting_people.desk_invitees, name="desk_invitees"),
    path(f"{ON_DESK}invitees/add/", meeting_people.invite, name="invite"),
    path(f"{ON_DESK}invitees/draw/", meeting_people.draw_invitees, name="draw_invitees"),
    path(f"{INVITED}withdraw/", meeting_people.withdraw_invitation, name="withdraw_invitation"),
    path(f"{INVITED}answer/", meeting_people.enter_answer, name="enter_answer"),
    path(f"{ON_DESK}registrations/", meeting_people.desk_registrations, name="desk_registrations"),
    path(f"{ON_DESK}registrations/add/", meeting_people.register_by_phone, name="register_by_phone"),
    path(f"{ON_DESK}registrations/export/", meeting_people.export_registrations, name="export_registrations"),
    path(f"{ON_DESK}sheet/", meeting_people.attendance_sheet, name="attendance_sheet"),
    path(f"{SIGNED_UP}off/", meeting_people.take_off, name="take_off"),
    path(f"{SIGNED_UP}rung-up/", meeting_people.note_rung_up, name="note_rung_up"),
    path(f"{SIGNED_UP}phone/", meeting_people.see_registration_phone, name="see_registration_phone"),
    path(f"{ON_DESK}questions/", meeting_questions.desk_questions, name="desk_questions"),
    path(f"{ON_DESK}questions/add/", meeting_questions.enter_question, name="enter_question"),
    path(f"{QUESTION}approve/", meeting_questions.approve_question, name="approve_question"),
    path(f"{QUESTION}reject/", meeting_questions.reject_question, name="reject_question"),
    path(f"{QUESTION}merge/", meeting_questions.merge_question, name="merge_question"),
    path(f"{QUESTION}answer/", meeting_questions.answer_question, name="answer_question"),
    path(f"{QUESTION}move/", meeting_questions.move_question, name="move_question"),
    path(f"{QUESTION}on-air/", meeting_questions.put_on_air, name="put_on_air"),
    path(f"{QUESTION}off-air/", meeting_questions.take_off_air, name="take_off_air"),
    path(VENUES, venues.venue_desk, name="venue_desk"),
    path(f"{VENUES}add/", venues.add_venue, name="add_venue"),
    path(f"{VENUES}<uuid:pk>/edit/", venues.edit_venue, name="edit_venue"),
    path(f"{VENUES}<uuid:pk>/close/", venues.close_venue, name="close_venue"),
    path(f"{VENUES}<uuid:pk>/book/", venues.book_venue, name="book_venue"),
    path(f"{VENUES}bookings/<uuid:pk>/cancel/", venues.cancel_booking, name="cancel_booking"),
]  # fmt: skip
