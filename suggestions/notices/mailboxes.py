"""Whom to tell about mailboxes: the second person at once, the committee when a day was missed."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from suggestions.models import CollectionPoint, MailboxRound


@subscribe("suggestions.open_mailbox")
def tell_the_second_person(entry: Entry) -> None:
    opened = MailboxRound.objects.select_related("second", "point").get(pk=entry.subject_id)
    link = reverse("suggestions:mailbox_round", args=[opened.pk])
    text = _("“%(point)s”的邮筒开了，请您登录确认数了几封。") % {"point": opened.point.name}
    tell(entry, [opened.second], text, link=link)


@subscribe("suggestions.warn_mailbox")
def tell_a_box_is_due(entry: Entry) -> None:
    point = CollectionPoint.objects.get(pk=entry.subject_id)
    day = date_format(date.fromisoformat(entry.facts["due"]))
    text = _("“%(point)s”的邮筒 %(day)s 该开了，还没有开。") % {"point": point.name, "day": day}
    tell(entry, _committee(point.neighbourhood_id), text, link=reverse("suggestions:mailbox_desk"))


@subscribe("suggestions.warn_mailbox_round")
def tell_a_round_is_late(entry: Entry) -> None:
    opened = MailboxRound.objects.select_related("point").get(pk=entry.subject_id)
    link = reverse("suggestions:mailbox_round", args=[opened.pk])
    text = _("“%(point)s”邮筒的信 %(day)s 前该办完，还没有办完。")
    said = {"point": opened.point.name, "day": date_format(opened.finish_by)}
    tell(entry, _committee(opened.neighbourhood_id), text % said, link=link)


def _committee(neighbourhood_id) -> list[User]:
    posts = Posting.objects.live().filter(neighbourhood_id=neighbourhood_id, office="committee")
    return list(User.objects.filter(pk__in=posts.values("user_id"), is_active=True))
