"""Until when a paper signed in time may still be entered (纸质协议补录): a rule of the project."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.calendars.deadlines import add_working_days
from households.models import Agreement, Project

from .signing import closed_because

MOMENT = timedelta(microseconds=1)


def last_day_of_period(project: Project) -> date | None:
    """The last day on which one could sign; a period that closes at midnight ends the day before."""
    closes_at = project.signing_closes_at
    return timezone.localdate(closes_at - MOMENT) if closes_at else None


def last_day_for_papers(project: Project) -> date | None:
    """The last day on which staff enter papers signed inside the period (补录截止)."""
    last = last_day_of_period(project)
    if last is None or not project.paper_entry_days:
        return last
    return add_working_days(last, project.paper_entry_days)


def papers_may_come(project: Project, now: datetime) -> bool:
    """Whether the period is over and papers signed in it may still be entered."""
    closes_at, last = project.signing_closes_at, last_day_for_papers(project)
    return (
        project.stage == Project.Stage.SIGNING
        and project.paper_entry_days > 0
        and closes_at is not None
        and last is not None
        and closes_at <= now
        and timezone.localdate(now) <= last
    )


def paper_closed_because(agreement: Agreement, now: datetime) -> str:
    """Why a signature on paper cannot be entered at ``now``; "" when it can."""
    closed = closed_because(agreement, now)
    project = agreement.project
    if not closed or agreement.state not in Agreement.SIGNABLE:
        return closed
    if papers_may_come(project, now):
        return ""
    last = last_day_for_papers(project)
    if project.stage != Project.Stage.SIGNING or last is None or timezone.localdate(now) <= last:
        return closed
    return _("签约期已过，期内签的纸质协议也只能录入到%(day)s。现在录不进了。") % {
        "day": date_format(last, "DATE_FORMAT")
    }


def misdated_because(project: Project, signed_on: date, now: datetime) -> str:
    """What is wrong with the day that stands on the paper; "" when nothing is."""
    opened, last = project.signing_opens_at, last_day_of_period(project)
    if not opened or not timezone.localdate(opened) <= signed_on <= timezone.localdate(now):
        return _("签字日期要在签约开始以后，且不晚于今天。")
    if project.stage == Project.Stage.SIGNING and last and signed_on > last:
        return _("签字日期在签约期满以后，这份纸质协议不能录入。")
    return ""
