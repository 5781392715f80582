"""Whom to tell about a poll: everyone on the roll; reminders only those who are still silent."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from consultation.models import Poll, PollObjection
from consultation.queries.rolls import unanswered, users_of


def _poll(entry: Entry) -> Poll:
    return Poll.objects.select_related("kind").get(pk=entry.subject_id)


def _day(moment) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _page(poll: Poll) -> str:
    return reverse("consultation:poll", args=[poll.code])


@subscribe("consultation.freeze_roll")
def tell_the_roll_it_is_frozen(entry: Entry) -> None:
    poll = _poll(entry)
    text = _("《%(poll)s》名册已定，指纹 %(print)s，%(day)s 开始表决。")
    said = {"poll": poll.title, "print": poll.roll_fingerprint, "day": _day(poll.opens_at)}
    tell(entry, users_of(poll, poll.roll.all()), text % said, link=_page(poll))


@subscribe("consultation.open_poll")
def tell_the_roll_it_is_open(entry: Entry) -> None:
    poll = _poll(entry)
    text = _("《%(poll)s》开始表决，%(day)s 截止。请登录门户投票，或到居委办理。")
    tell(
        entry,
        users_of(poll, poll.roll.all()),
        text % {"poll": poll.title, "day": _day(poll.closes_at)},
        link=_page(poll),
    )


@subscribe("consultation.remind")
def remind_the_silent(entry: Entry) -> None:
    poll = _poll(entry)
    if not poll.takes_votes(timezone.now()):
        return
    text = _("《%(poll)s》您还没有表决，%(day)s 截止。纸质票也可以交到居委。")
    tell(
        entry,
        users_of(poll, unanswered(poll)),
        text % {"poll": poll.title, "day": _day(poll.closes_at)},
        link=_page(poll),
    )


@subscribe("consultation.finish_count")
def tell_the_roll_what_came_of_it(entry: Entry) -> None:
    poll = _poll(entry)
    text = _("《%(poll)s》已计票，结果公示到 %(day)s，有异议请在期内提出。")
    said = {"poll": poll.title, "day": date_format(poll.result.objections_until)}
    tell(entry, users_of(poll, poll.roll.all()), text % said, link=_page(poll))


@subscribe("consultation.void_poll")
def tell_the_roll_it_is_void(entry: Entry) -> None:
    poll = _poll(entry)
    text = _("《%(poll)s》已作废，原因请看门户或问居委。")
    tell(entry, users_of(poll, poll.roll.all()), text % {"poll": poll.title}, link=_page(poll))


@subscribe("consultation.answer_objection")
def tell_who_objected_the_answer(entry: Entry) -> None:
    objection = PollObjection.objects.select_related("poll", "raised_by").get(pk=entry.subject_id)
    text = _("您对《%(poll)s》的异议，居委已经答复，请登录门户看。")
    link = reverse("consultation:poll_objections", args=[objection.poll.code])
    tell(entry, [objection.raised_by], text % {"poll": objection.poll.title}, link=link)
