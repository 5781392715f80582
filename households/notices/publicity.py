"""Residents hear of what is posted in their neighbourhood; in the portal only, not by SMS."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from caoyang_portal.publicity.models import Publicity
from households.models import Residency


@subscribe("publicity.post_publicity")
def tell_residents_what_is_posted(entry: Entry) -> None:
    publicity = Publicity.objects.get(pk=entry.subject_id)
    residents = Residency.objects.live().filter(neighbourhood_id=publicity.neighbourhood_id)
    text = _("公示：《%(title)s》，%(day)s 前可以提意见。")
    said = {"title": publicity.title, "day": date_format(publicity.opinions_until)}
    tell(
        entry,
        User.objects.filter(pk__in=residents.values("user_id"), is_active=True),
        text % said,
        link=reverse("publicity:publicity", args=[publicity.pk]),
        channels=(),
    )
