"""Whom to tell about a suggestion: whoever made it of every step, those who want it too, the units."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from suggestions.models import Suggestion, SuggestionStep
from suggestions.queries import suggestions as queries

STEPS = (
    "make_suggestion", "enter_suggestion", "acknowledge_suggestion", "assign_suggestion",
    "return_suggestion", "refer_suggestion", "reply_suggestion", "report_work", "finish_work",
    "rate_suggestion", "merge_suggestion", "unmerge_suggestion", "pause_suggestion",
    "resume_suggestion", "end_pause", "withdraw_suggestion", "close_unrated",
)  # fmt: skip
# Those who said "me too" hear what came of it.
OUTCOMES = (
    "reply_suggestion",
    "report_work",
    "finish_work",
    "refer_suggestion",
    "merge_suggestion",
)
MOST = 16  # of a title within one SMS


def short(one: Suggestion) -> str:
    return one.title if len(one.title) <= MOST else one.title[: MOST - 1] + "…"


def _page(one: Suggestion) -> str:
    return reverse("suggestions:suggestion", args=[one.pk])


def _desk(one: Suggestion) -> str:
    return reverse("suggestions:desk_suggestion", args=[one.pk])


def _step(entry: Entry) -> SuggestionStep:
    return SuggestionStep.objects.select_related("suggestion__unit").get(pk=entry.facts["step"])


def tell_the_proposer(entry: Entry) -> None:
    step = _step(entry)
    said = {"title": short(step.suggestion), "state": step.get_state_display()}
    if step.next_on:
        said |= {"next": step.next_step, "day": date_format(step.next_on)}
        text = _("您的建议《%(title)s》%(state)s。下一步：%(next)s，%(day)s前。") % said
    elif step.state == Suggestion.State.MERGED:
        text = _("您的建议《%(title)s》和别的建议一起办了，进展照样告诉您。") % said
    else:
        text = _("您的建议《%(title)s》%(state)s，详情请登录门户看。") % said
    people = queries.proposers_of(step.suggestion)
    tell(entry, people, text, link=_page(step.suggestion))


def tell_those_who_want_it(entry: Entry) -> None:
    step = _step(entry)
    text = _("您也提了的《%(title)s》%(state)s，详情请登录门户看。")
    said = {"title": short(step.suggestion), "state": step.get_state_display()}
    people = queries.endorsers_of(step.suggestion)
    tell(entry, people, text % said, link=_page(step.suggestion))


for act in STEPS:
    subscribe(f"suggestions.{act}")(tell_the_proposer)
for act in OUTCOMES:
    subscribe(f"suggestions.{act}")(tell_those_who_want_it)


@subscribe("suggestions.make_suggestion")
def tell_the_committee(entry: Entry) -> None:
    step = _step(entry)
    text = _("有人提了建议《%(title)s》，请在 %(day)s 前受理。")
    said = {"title": short(step.suggestion), "day": date_format(step.next_on or step.at)}
    people = queries.committee_of(step.neighbourhood_id)
    tell(entry, people, text % said, link=_desk(step.suggestion))


@subscribe("suggestions.assign_suggestion")
def tell_the_units(entry: Entry) -> None:
    """Lead and helpers alike."""
    one = _step(entry).suggestion
    held = one.handlings.filter(round=one.round, ended_at=None).values("unit_id")
    helpers = User.objects.filter(
        posting__in=queries.live_posts_of(held), is_active=True
    ).distinct()
    people = {person.pk: person for person in [*queries.unit_people(one), *helpers]}
    text = _("建议《%(title)s》交给您的单位办，请在 %(day)s 前答复。")
    said = {"title": short(one), "day": date_format(one.reply_by)}
    tell(entry, list(people.values()), text % said, link=_desk(one))


@subscribe("suggestions.return_suggestion")
def tell_that_it_came_back(entry: Entry) -> None:
    one = _step(entry).suggestion
    text = _("建议《%(title)s》被退回，请换一个单位办。") % {"title": short(one)}
    tell(entry, queries.committee_of(one.neighbourhood_id), text, link=_desk(one))


@subscribe("suggestions.rate_suggestion")
def tell_of_a_poor_rating(entry: Entry) -> None:
    """The unit handles it once more; the second time the street hears of it."""
    one = Suggestion.objects.select_related("neighbourhood", "unit").get(pk=entry.subject_id)
    if entry.facts["again"]:
        text = _("建议《%(title)s》的提出人不满意，请在 %(day)s 前再办一次。")
        people = queries.unit_people(one)
    elif entry.facts["to_street"]:
        text = _("建议《%(title)s》办了两次，提出人还是不满意，请过问。")
        people = queries.street_of(one.neighbourhood.sub_district_id)
    else:
        return
    tell(
        entry,
        people,
        text % {"title": short(one), "day": date_format(one.reply_by)},
        link=_desk(one),
    )


@subscribe("suggestions.commend_suggestion")
def tell_of_the_thanks(entry: Entry) -> None:
    one = Suggestion.objects.get(pk=entry.subject_id)
    text = _("您的建议《%(title)s》受到表扬，谢谢您！") % {"title": short(one)}
    tell(entry, queries.proposers_of(one), text, link=_page(one))


@subscribe("suggestions.warn_suggestion")
def tell_the_ladder(entry: Entry) -> None:
    """Whoever follows it up or answers it, then the heads and the whole committee, then the street."""
    one = Suggestion.objects.select_related("minder", "neighbourhood", "unit").get(
        pk=entry.subject_id
    )
    text = _("建议《%(title)s》答应 %(day)s 前有进展，现在超期了，请马上处理。")
    said = {"title": short(one), "day": date_format(date.fromisoformat(entry.facts["next_on"]))}
    committee = queries.committee_of(one.neighbourhood_id)
    minder = [one.minder] if one.minder else committee
    readers = {
        1: queries.unit_people(one, "department") or minder,
        2: [*queries.unit_people(one, "department_head"), *committee],
        3: queries.street_of(one.neighbourhood.sub_district_id),
    }
    people = {p.pk: p for rung in entry.facts["rungs"] for p in readers[rung]}
    tell(entry, list(people.values()), text % said, link=_desk(one))
