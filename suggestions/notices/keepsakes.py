"""Whom to tell about a keepsake: the committee of an offer, the giver of every answer."""

from django.urls import reverse
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from suggestions.models import Keepsake


@subscribe("suggestions.offer_keepsake")
def tell_the_committee_of_an_offer(entry: Entry) -> None:
    keepsake = Keepsake.objects.get(pk=entry.subject_id)
    posts = Posting.objects.live().filter(
        neighbourhood_id=keepsake.neighbourhood_id, office="committee"
    )
    readers = User.objects.filter(pk__in=posts.values("user_id"), is_active=True)
    link = reverse("suggestions:desk_keepsake", args=[keepsake.pk])
    tell(
        entry, readers, _("有居民捐借“%(title)s”，请回复。") % {"title": keepsake.title}, link=link
    )


def tell_the_giver(entry: Entry) -> None:
    keepsake = Keepsake.objects.select_related("given_by").get(pk=entry.subject_id)
    readers = [keepsake.given_by] if keepsake.given_by else []
    said = {"title": keepsake.title, "state": keepsake.get_state_display()}
    link = reverse("suggestions:keepsake", args=[keepsake.pk])
    tell(entry, readers, _("您的“%(title)s”：%(state)s。详情请登录门户看。") % said, link=link)


for act in ("accept_keepsake", "decline_keepsake", "show_keepsake", "return_keepsake"):
    subscribe(f"suggestions.{act}")(tell_the_giver)
