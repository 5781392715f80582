"""Whom to tell about a publicity: the objector of the answer, the committee of what is owed."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell

from .models import Publicity, PublicityObjection


def _page(publicity: Publicity) -> str:
    return reverse("publicity:publicity", args=[publicity.pk])


def _desk(publicity: Publicity) -> str:
    return reverse("publicity:desk_publicity", args=[publicity.pk])


def _committee(neighbourhood_id) -> list[User]:
    posts = Posting.objects.live().filter(office="committee", neighbourhood_id=neighbourhood_id)
    return list(User.objects.filter(pk__in=posts.values("user_id")))


def _objection(entry: Entry) -> PublicityObjection:
    objections = PublicityObjection.objects.select_related("publicity", "raised_by")
    return objections.get(pk=entry.subject_id)


@subscribe("publicity.object_to_publicity")
def tell_the_committee_of_an_objection(entry: Entry) -> None:
    objection = _objection(entry)
    text = _("《%(title)s》收到一条异议，请在 %(day)s 前答复。")
    said = {"title": objection.publicity.title, "day": date_format(objection.answer_by)}
    readers = _committee(entry.neighbourhood_id)
    tell(entry, readers, text % said, link=_desk(objection.publicity), channels=())


@subscribe("publicity.answer_objection")
def tell_who_objected_the_answer(entry: Entry) -> None:
    objection = _objection(entry)
    if objection.raised_by is None:
        return
    text = _("您对《%(title)s》的异议，居委已经答复，请登录门户看。")
    said = {"title": objection.publicity.title}
    tell(entry, [objection.raised_by], text % said, link=_page(objection.publicity))


@subscribe("publicity.remind_of_answer")
def tell_the_committee_what_is_owed(entry: Entry) -> None:
    objection = _objection(entry)
    text = _("《%(title)s》第 %(n)s 条异议要在 %(day)s 前答复，还没有答复。")
    said = {
        "title": objection.publicity.title,
        "n": objection.number,
        "day": date_format(objection.answer_by),
    }
    tell(entry, _committee(entry.neighbourhood_id), text % said, link=_desk(objection.publicity))


@subscribe("publicity.end_publicity")
def tell_the_committee_it_is_over(entry: Entry) -> None:
    publicity = Publicity.objects.get(pk=entry.subject_id)
    text = _("《%(title)s》公示期满，请核对张贴照片和异议答复。")
    readers = _committee(entry.neighbourhood_id)
    said = {"title": publicity.title}
    tell(entry, readers, text % said, link=_desk(publicity), channels=())
