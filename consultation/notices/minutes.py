"""Whom to tell about minutes (纪要): who was there, who corrected, who signs; the staff what waits."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from consultation.models import Minutes, MinutesAddendum, MinutesCorrection, MinutesSignatory
from consultation.queries.minutes import unsigned, users_there


def _minutes(pk) -> Minutes:
    return Minutes.objects.select_related("meeting__host").get(pk=pk)


def _page(minutes: Minutes) -> str:
    return reverse("consultation:minutes_page", args=[minutes.meeting_id])


def _about(minutes: Minutes) -> dict[str, str]:
    """A title of at most twenty characters: the message stays one SMS."""
    title = minutes.meeting.title
    return {"meeting": title if len(title) <= 20 else f"{title[:19]}…"}


def _until(minutes: Minutes) -> str:
    assert minutes.corrections_until is not None  # sent ones have it, by constraint
    return date_format(minutes.corrections_until)


def _tell_who_was_there(entry: Entry, minutes: Minutes, text: str, **said: str) -> None:
    words = text % (_about(minutes) | said)
    tell(entry, users_there(minutes.meeting), words, link=_page(minutes))


@subscribe("consultation.send_minutes")
def tell_who_was_there_to_read(entry: Entry) -> None:
    minutes = _minutes(entry.subject_id)
    text = _("《%(meeting)s》纪要已写好，请看一遍。有不对的，%(day)s 前在门户或到居委更正。")
    _tell_who_was_there(entry, minutes, text, day=_until(minutes))


@subscribe("consultation.accept_correction")
def tell_who_was_there_what_changed(entry: Entry) -> None:
    correction = MinutesCorrection.objects.get(pk=entry.subject_id)
    minutes = _minutes(correction.minutes_id)
    text = _("《%(meeting)s》纪要按更正改了一处，请再看，%(day)s 前还可以更正。")
    _tell_who_was_there(entry, minutes, text, day=_until(minutes))


@subscribe("consultation.answer_correction")
def tell_who_corrected_the_answer(entry: Entry) -> None:
    correction = MinutesCorrection.objects.select_related("raised_by").get(pk=entry.subject_id)
    if correction.raised_by is None:
        return  # said at the desk, answered at the desk
    minutes = _minutes(correction.minutes_id)
    text = _("您对《%(meeting)s》纪要的更正，居委已经答复，请登录门户看。")
    tell(entry, [correction.raised_by], text % _about(minutes), link=_page(minutes))


@subscribe("consultation.reopen_minutes")
def tell_who_was_there_it_is_open_again(entry: Entry) -> None:
    minutes = _minutes(entry.subject_id)
    text = _("《%(meeting)s》纪要退回更正，%(day)s 前可以再提。签过字的要重新签。")
    _tell_who_was_there(entry, minutes, text, day=_until(minutes))


@subscribe("consultation.remind_of_corrections")
def remind_the_staff(entry: Entry) -> None:
    minutes = _minutes(entry.subject_id)
    posts = Posting.objects.live().filter(
        neighbourhood=minutes.neighbourhood_id, office="committee"
    )
    staff = User.objects.filter(pk__in=posts.values("user"))
    text = _("《%(meeting)s》纪要的更正期已过，还有更正没有答复，请尽快答复。")
    link = reverse("consultation:desk_minutes", args=[minutes.meeting_id])
    tell(entry, staff, text % _about(minutes), link=link)


@subscribe("consultation.start_signing")
def ask_the_signatories(entry: Entry) -> None:
    minutes = _minutes(entry.subject_id)
    missing = [one.user_id for one in unsigned(minutes) if one.user_id]
    text = _("《%(meeting)s》纪要定稿了，请您签字：登录门户签，或到居委在纸上签。")
    link = reverse("consultation:sign_minutes", args=[minutes.meeting_id])
    tell(entry, User.objects.filter(pk__in=missing), text % _about(minutes), link=link)


@subscribe("consultation.seal_minutes")
def tell_who_was_there_it_is_sealed(entry: Entry) -> None:
    text = _("《%(meeting)s》纪要已签字盖章，登录门户可以看，也可以查验。")
    _tell_who_was_there(entry, _minutes(entry.subject_id), text)


@subscribe("consultation.seal_addendum")
def tell_who_was_there_what_was_added(entry: Entry) -> None:
    addendum = MinutesAddendum.objects.get(pk=entry.subject_id)
    text = _("《%(meeting)s》纪要有一份补记，请登录门户看。")
    _tell_who_was_there(entry, _minutes(addendum.minutes_id), text)


@subscribe("consultation.excuse_signatory")
def tell_who_does_not_sign(entry: Entry) -> None:
    """Whoever is noted as not signing hears of it, and can say that it is wrong."""
    signatory = MinutesSignatory.objects.select_related("user").get(pk=entry.subject_id)
    if signatory.user is None:
        return
    minutes = _minutes(signatory.minutes_id)
    text = _("《%(meeting)s》纪要注明您没有签字。不对的话请马上告诉居委。")
    tell(entry, [signatory.user], text % _about(minutes), link=_page(minutes))
