"""Whom to tell about a campaign: those who answered it, of the answer or that it is off."""

from django.urls import reverse
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from suggestions.models import Campaign


def _tell_those_who_answered(entry: Entry, text: str) -> None:
    campaign = Campaign.objects.get(pk=entry.subject_id)
    readers = User.objects.filter(pk__in=campaign.entries.exclude(user=None).values("user_id"))
    link = reverse("suggestions:campaign", args=[campaign.pk])
    tell(entry, readers, text % {"theme": campaign.theme}, link=link)


@subscribe("suggestions.answer_campaign")
def tell_it_is_answered(entry: Entry) -> None:
    _tell_those_who_answered(entry, _("您应征的《%(theme)s》有公开答复了，请登录门户看。"))


@subscribe("suggestions.cancel_campaign")
def tell_it_is_off(entry: Entry) -> None:
    _tell_those_who_answered(entry, _("您应征的《%(theme)s》取消了，原因请登录门户看。"))
