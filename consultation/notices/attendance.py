"""Whom to tell that somebody sits for them at a meeting: a mandate nobody gave is found out by this."""

from django.urls import reverse
from django.utils.translation import gettext as _

from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from consultation.models import RollEntry, Seat
from consultation.queries.rolls import users_of


@subscribe("consultation.record_meeting_mandate")
def tell_whoever_is_sat_for(entry: Entry) -> None:
    seat = Seat.objects.select_related("meeting__roll", "attendance").get(pk=entry.subject_id)
    if seat.meeting.roll is None:
        return
    text = _("有人拿书面委托代您参加《%(meeting)s》。不是您委托的，请马上打电话给居委。")
    heads = RollEntry.objects.filter(pk=seat.entry_id)
    tell(
        entry,
        users_of(seat.meeting.roll, heads),
        text % {"meeting": seat.meeting.title},
        link=reverse("consultation:meeting", args=[seat.meeting_id]),
    )
