"""Whom to tell about a meeting: the invited and those signed up by SMS, the residents on the portal."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from consultation.models import Invitation, Meeting, MeetingQuestion, Registration
from households.models import Residency

QUIET = (
    "wechat",
)  # a message on the portal, and WeChat: not an SMS to everybody for every meeting


def _meeting(entry: Entry) -> Meeting:
    return Meeting.objects.get(pk=entry.subject_id)


def _page(meeting: Meeting) -> str:
    return reverse("consultation:meeting", args=[meeting.pk])


def _said(meeting: Meeting) -> dict[str, str]:
    when = date_format(timezone.localtime(meeting.starts_at), "DATETIME_FORMAT")
    where = meeting.place if meeting.mode != Meeting.Mode.ONLINE else _("线上")
    return {"meeting": meeting.title, "when": when, "where": where}


def _invited(meeting: Meeting, **only) -> list[User]:
    rows = meeting.invitations.exclude(user=None).exclude(answer=Invitation.Answer.NO)
    return [row.user for row in rows.filter(**only).select_related("user") if row.user]


def _signed_up(meeting: Meeting) -> list[User]:
    live = [Registration.State.COMING, Registration.State.WAITING]
    rows = meeting.registrations.filter(state__in=live).exclude(user=None)
    return [row.user for row in rows.select_related("user") if row.user]


def _residents(meeting: Meeting, *, but: Iterable[User]) -> list[User]:
    homes = Residency.objects.live().filter(neighbourhood_id=meeting.neighbourhood_id)
    if meeting.building_id:
        homes = homes.filter(household__building_id=meeting.building_id)
    known = {user.pk for user in but}
    return list(User.objects.filter(pk__in=homes.values("user_id")).exclude(pk__in=known))


def _tell_all(entry: Entry, meeting: Meeting, text: str) -> None:
    """Those expected by SMS; of a public meeting the other residents too."""
    expected = [*_invited(meeting), *_signed_up(meeting)]
    tell(entry, expected, text % _said(meeting), link=_page(meeting))
    if meeting.is_public:
        others = _residents(meeting, but=expected)
        tell(entry, others, text % _said(meeting), link=_page(meeting), channels=QUIET, key="all")


@subscribe("consultation.announce_meeting")
def tell_of_the_meeting(entry: Entry) -> None:
    meeting = _meeting(entry)
    if meeting.state != Meeting.State.ANNOUNCED or meeting.starts_at <= timezone.now():
        return  # delivered too late to be of use
    invited = _("请您参加《%(meeting)s》，%(when)s，%(where)s。来不来请回复。")
    tell(entry, _invited(meeting), invited % _said(meeting), link=_page(meeting))
    if meeting.is_public:
        text = _("《%(meeting)s》，%(when)s，%(where)s。想参加的请报名。")
        others = _residents(meeting, but=_invited(meeting))
        tell(entry, others, text % _said(meeting), link=_page(meeting), channels=QUIET, key="all")


@subscribe("consultation.invite")
@subscribe("consultation.draw_invitees")
def tell_who_was_invited_later(entry: Entry) -> None:
    """Before the announcement nobody is told; after it, each as soon as invited."""
    meeting = _meeting(entry)
    told_of = meeting.announced_at
    if meeting.state != Meeting.State.ANNOUNCED or told_of is None or told_of > entry.at:
        return
    text = _("请您参加《%(meeting)s》，%(when)s，%(where)s。来不来请回复。")
    people = _invited(meeting, invited_at=parse_datetime(entry.facts["at"]))
    tell(entry, people, text % _said(meeting), link=_page(meeting))


@subscribe("consultation.change_meeting")
def tell_what_changed(entry: Entry) -> None:
    meeting = _meeting(entry)
    if not {"starts_at", "ends_at", "place", "venue", "mode", "live_url"} & set(
        entry.facts["changed"]
    ):
        return
    if meeting.state == Meeting.State.ANNOUNCED:
        text = _("《%(meeting)s》有变：现在是 %(when)s，%(where)s。请以这条为准。")
        _tell_all(entry, meeting, text)


@subscribe("consultation.cancel_meeting")
def tell_it_is_off(entry: Entry) -> None:
    if entry.facts["was_announced"]:
        _tell_all(
            entry, _meeting(entry), _("《%(meeting)s》（%(when)s）取消了，原因请看门户或问居委。")
        )


@subscribe("consultation.remind_of_meeting")
def remind_who_is_expected(entry: Entry) -> None:
    meeting = _meeting(entry)
    if meeting.state != Meeting.State.ANNOUNCED or timezone.now() >= meeting.starts_at:
        return
    text = _("提醒您：《%(meeting)s》%(when)s 开始，%(where)s。来不了请在门户上取消。")
    coming = meeting.registrations.filter(state=Registration.State.COMING).exclude(user=None)
    people = [*_invited(meeting), *(r.user for r in coming.select_related("user") if r.user)]
    tell(entry, people, text % _said(meeting), link=_page(meeting))


@subscribe("consultation.move_up")
def tell_there_is_a_place(entry: Entry) -> None:
    row = Registration.objects.select_related("meeting", "user").get(pk=entry.subject_id)
    if row.user is None or row.state != Registration.State.COMING:
        return
    text = _("有名额了：您已报上《%(meeting)s》，%(when)s，%(where)s。")
    tell(entry, [row.user], text % _said(row.meeting), link=_page(row.meeting))


def _tell_the_asker(entry: Entry, text: str, *, only_in: str) -> None:
    question = MeetingQuestion.objects.select_related("meeting", "asked_by").get(
        pk=entry.subject_id
    )
    if question.asked_by is None or question.state != only_in:
        return
    said = {"meeting": question.meeting.title, "reason": question.reason}
    link = reverse("consultation:meeting_questions", args=[question.meeting_id])
    tell(entry, [question.asked_by], text % said, link=link, channels=QUIET)


@subscribe("consultation.approve_question")
def tell_it_was_let_through(entry: Entry) -> None:
    text = _("您在《%(meeting)s》提的问题已通过，正在排队。")
    _tell_the_asker(entry, text, only_in=MeetingQuestion.State.APPROVED)


@subscribe("consultation.reject_question")
def tell_why_it_was_not(entry: Entry) -> None:
    text = _("您在《%(meeting)s》提的问题没有采用：%(reason)s")
    _tell_the_asker(entry, text, only_in=MeetingQuestion.State.REJECTED)


@subscribe("consultation.merge_question")
def tell_it_was_asked_already(entry: Entry) -> None:
    text = _("您在《%(meeting)s》提的问题有人也问了，已合在一起回答。")
    _tell_the_asker(entry, text, only_in=MeetingQuestion.State.MERGED)


@subscribe("consultation.answer_question")
def tell_the_answer(entry: Entry) -> None:
    text = _("您在《%(meeting)s》提的问题已回答，请到门户看。")
    _tell_the_asker(entry, text, only_in=MeetingQuestion.State.ANSWERED)
    question = MeetingQuestion.objects.select_related("meeting").get(pk=entry.subject_id)
    asked_too = User.objects.filter(
        pk__in=question.merged.exclude(asked_by=None).values("asked_by")
    ).exclude(pk=question.asked_by_id)
    said = {"meeting": question.meeting.title}
    link = reverse("consultation:meeting_questions", args=[question.meeting_id])
    tell(entry, asked_too, text % said, link=link, channels=QUIET, key="merged")
