"""Whom to tell about a resolution: who carries it out, who brought the topic up, the ladder when it is late."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from caoyang_portal.community.models import User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from consultation.models import Resolution

from .topics import committee_of, proposers_of, street_of

MOST = 20
WORDS = {
    "enter_resolution": gettext_noop("《%(what)s》列入决议，%(day)s前办好。"),
    "take_decision": gettext_noop("《%(what)s》列入决议，%(day)s前办好。"),
    "take_follow_up": gettext_noop("《%(what)s》列入决议，%(day)s前办好。"),
    "postpone_resolution": gettext_noop("决议《%(what)s》改期，%(day)s前办好。"),
    "claim_done": gettext_noop("决议《%(what)s》报已办好，等大家评议。"),
    "evaluate_resolution": gettext_noop("决议《%(what)s》评议了：%(state)s。"),
    "reopen_resolution": gettext_noop("决议《%(what)s》重新办，%(day)s前办好。"),
    "drop_resolution": gettext_noop("决议《%(what)s》不再办，原因请看门户。"),
}


def _of(entry: Entry) -> Resolution:
    return Resolution.objects.select_related(
        "responsible_user", "recorded_by", "topic", "neighbourhood"
    ).get(pk=entry.subject_id)


def _said(resolution: Resolution) -> dict:
    text = resolution.text
    return {
        "what": text if len(text) <= MOST else text[: MOST - 1] + "…",
        "day": date_format(resolution.due_on),
        "state": resolution.get_state_display(),
    }


def _link(resolution: Resolution) -> str:
    return reverse("consultation:resolution", args=[resolution.pk])


def tell_those_concerned(entry: Entry) -> None:
    """Who carries it out, and who brought the matter up."""
    resolution = _of(entry)
    readers: list[User] = proposers_of(resolution.topic) if resolution.topic else []
    if resolution.responsible_user:
        readers.append(resolution.responsible_user)
    words = _(WORDS[entry.act.removeprefix("consultation.")])
    tell(entry, readers, words % _said(resolution), link=_link(resolution))


for act in WORDS:
    subscribe(f"consultation.{act}")(tell_those_concerned)


@subscribe("consultation.warn_resolution")
def tell_the_ladder_of_it(entry: Entry) -> None:
    """Who carries it out and who entered it; then the whole committee; then the street."""
    resolution = _of(entry)
    text = _("决议《%(what)s》答应 %(day)s 办好，现在超期了，请马上处理。")
    said = _said(resolution) | {"day": date_format(date.fromisoformat(entry.facts["due_on"]))}
    first = [resolution.recorded_by]
    if resolution.responsible_user:
        first.append(resolution.responsible_user)
    readers = {
        1: first,
        2: committee_of(resolution.neighbourhood_id),
        3: street_of(resolution.neighbourhood.sub_district_id),
    }
    people = [person for rung in entry.facts["rungs"] for person in readers[rung]]
    tell(entry, people, text % said, link=_link(resolution))
