"""The notice of a meeting on paper, and meetings for a phone's calendar (会议通知、日历)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from icalendar import Calendar, Event, Timezone, TimezoneStandard

from caoyang_portal import documents
from consultation.meeting_forms import form_of
from consultation.models import Meeting
from consultation.queries.meetings import timed_agenda

NOTICE = "consultation/papers/meeting_notice.html"
SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = "text/calendar; charset=utf-8"


def meeting_address(meeting: Meeting) -> str:
    return f"{settings.SITE_URL}/meetings/{meeting.pk}/"


def notice_facts(meeting: Meeting) -> dict[str, Any]:
    """All that stands on the notice, so that a changed one is printed anew."""
    with translation.override(settings.LANGUAGE_CODE):
        form = form_of(meeting.form)
        return {
            "meeting": meeting,
            "form": form,
            "purpose": meeting.purpose or str(form.purpose),
            "agenda": [
                (
                    f"{_clock(line.starts_at)}–{_clock(line.ends_at)}",
                    line.item.title,
                    line.item.presenter,
                )
                for line in timed_agenda(meeting)
            ],
            "draws": [
                (draw.group, len(draw.frame), draw.wanted, draw.seed, draw.frame_hash[:16])
                for draw in meeting.draws.all()
            ],
            "paper_title": "会议通知",
            "paper_number": meeting.title,
            "paper_issuer": meeting.neighbourhood.name,
            "site": settings.SITE_URL.partition("://")[2],
        }


def _clock(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def meeting_notice(meeting: Meeting) -> bytes:
    """The notice for stairwell and board, with a QR that leads to the meeting's page (会议通知)."""
    qr = documents.qr(meeting_address(meeting) + "?elder=1")
    return documents.render_pdf(NOTICE, notice_facts(meeting), images={"qr": qr})


def calendar(meetings: Iterable[Meeting], name: str) -> bytes:
    """An iCalendar of ``meetings`` (日历订阅): the same bytes as long as nothing was told anew."""
    book = Calendar()
    book.add("prodid", "-//Caoyang portal//meetings//ZH")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", name)
    book.add("x-wr-timezone", SHANGHAI.key)
    book.add_component(_time_zone())
    for meeting in meetings:
        book.add_component(_event(meeting))
    return book.to_ical()


def _time_zone() -> Timezone:
    """Written by hand: it must not change with the machine's tables. China keeps one time all year."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", SHANGHAI.key)
    standard.add("dtstart", dt.datetime(1991, 9, 15))  # noqa: DTZ001 the zone's own local time
    standard.add("tzoffsetfrom", dt.timedelta(hours=8))
    standard.add("tzoffsetto", dt.timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(meeting: Meeting) -> Event:
    event = Event()
    told = (meeting.told_at or meeting.drafted_at).astimezone(dt.UTC).replace(microsecond=0)
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    event.add("uid", f"{meeting.pk}@{host}")
    event.add("sequence", meeting.changes)
    event.add("dtstamp", told)
    event.add("last-modified", told)
    event.add("dtstart", meeting.starts_at.astimezone(SHANGHAI))
    event.add("dtend", meeting.ends_at.astimezone(SHANGHAI))
    event.add("summary", meeting.title)
    event.add("location", meeting.place or "线上")
    event.add("description", "\n".join(filter(None, [meeting.purpose, meeting_address(meeting)])))
    event.add("url", meeting_address(meeting))
    is_off = meeting.state == Meeting.State.CANCELLED
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    return event
