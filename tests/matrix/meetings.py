"""Rows and the world for meetings: planning is the committee's, coming and asking the residents'."""

import datetime as dt

from django.utils import timezone

from caoyang_portal.community import actions as community
from caoyang_portal.uploads.intake import keep
from consultation.actions import agenda, invitations, meeting_questions, meetings, registrations
from consultation.models import MeetingSeries, Registration
from consultation.queries.invitees import HOUSEHOLDS, group
from tests.matrix.row import Row, of, prefixed

SPACE = "consultation:"
OTHERS_HERE = "street auditor administrator"
STAFF_HERE = f"committee {OTHERS_HERE}"
ANY_STAFF = "any_committee any_street any_auditor any_administrator"
DAY = dt.timedelta(days=1)


def meetings_of(place, clerk, pdf) -> dict:
    """A draft and an announced meeting with everything on their desks."""
    at = timezone.now() + 10 * DAY
    given = {
        "form": "tea_table", "convenor": "居委会", "host": clerk, "notice_days": 1,
        "ends_at": at + dt.timedelta(hours=2), "by": clerk,
    }  # fmt: skip
    room = community.add_venue(place, name="议事厅", function="council_room", by=clerk)
    series = MeetingSeries.objects.create(neighbourhood=place, name="周六议事厅")
    draft = meetings.draft_meeting(place, title="草稿", starts_at=at, place="门厅", **given)
    invitations.invite(draft, role="expert", names=["王工"], by=clerk)
    meeting = meetings.draft_meeting(
        place,
        title="民主茶桌",
        starts_at=at,
        venue=room,
        observers=5,
        series=series,
        number=1,
        **given,
    )
    item = agenda.add_agenda_item(meeting, title="居民说事", minutes=30, by=clerk)
    agenda.add_agenda_item(meeting, title="答复", minutes=30, by=clerk)
    paper = keep(pdf, "plan.pdf", "application/pdf", neighbourhood_id=place.pk, by=clerk)
    agenda.attach_paper(item, paper=paper, by=clerk)
    everybody = group(HOUSEHOLDS, place)
    draw = {"role": "resident", "group": everybody, "wanted": 1, "spread": "whole"}
    invitations.draw_invitees(meeting, **draw, by=clerk)
    invitations.invite(meeting, role="resident", group=everybody, names=["李工"], by=clerk)
    meetings.announce_meeting(meeting, by=clerk)
    asked = [
        meeting_questions.enter_question(meeting, text=text, name="孙丽", by=clerk)
        for text in ("多少钱？", "几时装？", "谁来修？")
    ]
    meeting_questions.reject_question(asked[1], reason="问过了", by=clerk)
    return {
        "draft_meeting": draft,
        "tea_table": meeting,
        "meeting_series": series,
        "agenda_item": item,
        "agenda_paper": paper,
        "invitation": draft.invitations.get(),
        "announced_invitation": meeting.invitations.get(name="李工"),
        "called_in": registrations.register_by_phone(
            meeting, name="孙丽", phone="+8613800000103", by=clerk
        ),
        "question": asked[0],
        "rejected_question": asked[1],
        "venue": room,
        "booking": community.book_venue(
            room, starts_at=at + DAY, ends_at=at + 2 * DAY, purpose="体检", by=clerk
        ),
    }


def signed_up(meeting, resident) -> Registration:
    """Of one home: its resident comes."""
    return registrations.register(meeting, by=resident)


def _for(names: str, methods: str, **more) -> list[Row]:
    """Of the committee's: those who watch know the meeting and have no right."""
    given = {"may": "committee", "sees": OTHERS_HERE, "thing": of("tea_table"), "shared": True}
    given |= more
    return prefixed(SPACE, names, methods, given.pop("may"), **given)


def _form(_target) -> dict:
    return {"form": "hearing"}


MEETINGS: list[Row] = [
    Row("consultation:meeting_list", "GET", "everybody"),
    Row("consultation:my_meetings", "GET", "signed_in"),
    Row(
        "consultation:calendar_feed", "GET", "everybody",
        lambda target: {"code": target.neighbourhood.code}, shared=True,
    ),
    *prefixed(
        SPACE, "meeting meeting_calendar meeting_notice meeting_questions on_air", "GET",
        "everybody", thing=of("tea_table"), shared=True,
    ),
    *prefixed(
        SPACE, "meeting meeting_calendar meeting_notice meeting_questions on_air", "GET", "",
        thing=of("draft_meeting"), shared=True, passerby=404,
    ),
    Row(
        "consultation:meeting_paper", "GET", "everybody", of("tea_table", paper="agenda_paper"),
        shared=True,
    ),
    Row(
        "consultation:draw_file", "GET", "everybody",
        lambda target: {"pk": target.tea_table.pk, "number": 1}, shared=True,
    ),
    *prefixed(
        SPACE, "register ask_question", "GET POST", "neighbours", thing=of("tea_table"),
        sees="signed_in", shared=True,
    ),
    *prefixed(
        SPACE, "cancel_registration answer_invitation", "POST", "neighbours",
        thing=of("tea_table"), shared=True,
    ),
    Row(
        "consultation:second_question", "POST", "neighbours", of("question"), sees="signed_in",
        shared=True,
    ),
]  # fmt: skip

DESK_OF_MEETINGS: list[Row] = [
    *prefixed(SPACE, "meeting_desk venue_desk", "GET", ANY_STAFF),
    Row("consultation:choose_meeting_form", "GET", "any_committee"),
    *prefixed(
        SPACE, "draft_meeting plan_series", "GET POST", "any_committee", thing=_form, shared=True
    ),
    *_for("end_series", "POST", thing=of("meeting_series")),
    *_for("desk_meeting", "GET", may=STAFF_HERE, sees=""),
    *_for("edit_meeting", "GET POST", thing=of("draft_meeting")),
    *_for("change_meeting cancel_meeting set_meeting_links", "GET POST"),
    *_for("announce_meeting", "POST", thing=of("draft_meeting")),
    *_for("open_meeting close_meeting reopen_meeting", "POST"),
    *_for("add_agenda_item invite draw_invitees register_by_phone enter_question", "GET POST"),
    *_for("edit_agenda_item attach_paper", "GET POST", thing=of("agenda_item")),
    *_for("move_agenda_item remove_agenda_item", "POST", thing=of("agenda_item")),
    *_for("remove_paper", "POST", thing=of("agenda_item", paper="agenda_paper")),
    *_for("desk_invitees desk_registrations attendance_sheet desk_questions", "GET"),
    *_for("withdraw_invitation", "POST", thing=of("invitation")),
    *_for("enter_answer", "POST", thing=of("announced_invitation")),
    *_for("export_registrations", "POST"),
    *_for("take_off note_rung_up see_registration_phone", "POST", thing=of("called_in")),
    *_for(
        "approve_question reject_question merge_question answer_question", "GET POST",
        thing=of("question"),
    ),
    *_for("move_question put_on_air take_off_air", "POST", thing=of("question")),
    *prefixed(SPACE, "add_venue", "GET POST", "any_committee"),
    *_for("edit_venue book_venue", "GET POST", thing=of("venue")),
    *_for("close_venue", "POST", thing=of("venue")),
    *_for("cancel_booking", "POST", thing=of("booking")),
]  # fmt: skip
