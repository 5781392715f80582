"""Whom to tell about a topic: whoever brought it up, of every step; those who care, of what came of it."""

from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from consultation.models import Topic, TopicStep

STEPS = (
    "propose_topic", "enter_topic", "screen_topic", "approve_topic", "start_deliberation",
    "decide_topic", "assign_topic", "evaluate_topic", "decline_topic", "merge_topic",
    "unmerge_topic", "reopen_topic", "promise_next", "withdraw_topic",
)  # fmt: skip
OUTCOMES = ("decide_topic", "evaluate_topic", "decline_topic", "merge_topic")
MOST = 16  # of a title within one SMS


def _short(topic: Topic) -> str:
    return topic.title if len(topic.title) <= MOST else topic.title[: MOST - 1] + "…"


def proposers_of(topic: Topic) -> list[User]:
    """Those who brought up the topic, or one that was put into it."""
    about = Q(pk=topic.pk) | Q(merged_into=topic)
    found = Topic.objects.filter(about, proposed_by__isnull=False).select_related("proposed_by")
    return [one.proposed_by for one in found if one.proposed_by]


def tell_the_proposer(entry: Entry) -> None:
    step = TopicStep.objects.select_related("topic__merged_into").get(pk=entry.facts["step"])
    topic = step.topic
    said = {"title": _short(topic), "state": step.get_state_display(), "next": step.next_step}
    if step.next_on:
        said["day"] = date_format(step.next_on)
        text = _("您提的《%(title)s》%(state)s。下一步：%(next)s，%(day)s前。") % said
    elif step.state == Topic.State.MERGED:
        text = _("您提的《%(title)s》和别的议题一起办了，进展照样告诉您。") % said
    else:
        text = _("您提的《%(title)s》%(state)s，详情请登录门户看。") % said
    tell(entry, proposers_of(topic), text, link=reverse("consultation:topic", args=[topic.pk]))


def tell_those_who_care(entry: Entry) -> None:
    step = TopicStep.objects.select_related("topic").get(pk=entry.facts["step"])
    topic = step.topic
    caring = User.objects.filter(
        pk__in=topic.supports.values("user_id")
    ).exclude(pk__in=[one.pk for one in proposers_of(topic)])  # fmt: skip
    text = _("您关心的《%(title)s》%(state)s，详情请登录门户看。")
    tell(
        entry,
        caring,
        text % {"title": _short(topic), "state": step.get_state_display()},
        link=reverse("consultation:topic", args=[topic.pk]),
    )


for act in STEPS:
    subscribe(f"consultation.{act}")(tell_the_proposer)
for act in OUTCOMES:
    subscribe(f"consultation.{act}")(tell_those_who_care)


@subscribe("consultation.propose_topic")
def tell_the_committee(entry: Entry) -> None:
    step = TopicStep.objects.select_related("topic").get(pk=entry.facts["step"])
    topic = step.topic
    text = _("有居民提了《%(title)s》，请在 %(day)s 前看一看。")
    said = {"title": _short(topic), "day": date_format(step.next_on or step.at)}
    link = reverse("consultation:desk_topic", args=[topic.pk])
    tell(entry, committee_of(topic.neighbourhood_id), text % said, link=link)


@subscribe("consultation.warn_topic")
def tell_the_ladder(entry: Entry) -> None:
    """The minder first, then the whole committee, then the street."""
    topic = Topic.objects.select_related("minder", "neighbourhood").get(pk=entry.subject_id)
    text = _("《%(title)s》答应 %(day)s 前有进展，现在超期了，请马上处理。")
    said = {"title": _short(topic), "day": date_format(date.fromisoformat(entry.facts["next_on"]))}
    committee = committee_of(topic.neighbourhood_id)
    readers = {
        1: [topic.minder] if topic.minder else committee,
        2: committee,
        3: street_of(topic.neighbourhood.sub_district_id),
    }
    people = [person for rung in entry.facts["rungs"] for person in readers[rung]]
    link = reverse("consultation:desk_topic", args=[topic.pk])
    tell(entry, people, text % said, link=link)


def committee_of(neighbourhood_id) -> list[User]:
    posts = Posting.objects.live().filter(
        neighbourhood_id=neighbourhood_id, office=Posting.Office.COMMITTEE
    )
    return list(User.objects.filter(pk__in=posts.values("user_id"), is_active=True))


def street_of(sub_district_id) -> list[User]:
    posts = Posting.objects.live().filter(
        sub_district_id=sub_district_id, office=Posting.Office.STREET_OFFICIAL
    )
    return list(User.objects.filter(pk__in=posts.values("user_id"), is_active=True))
