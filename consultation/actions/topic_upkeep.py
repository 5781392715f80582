"""What keeps a topic from silence (议题跟进): merging and undoing, new promises, support, the clock."""

from datetime import date
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.apart import apart
from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import Topic, TopicMerge, TopicStep, TopicSupport
from consultation.paces import RUNGS, rung_reached

from . import topic_checks as checks
from .topics import PROMISE, add_step, locked_topic, promise

State = Topic.State


@transaction.atomic
def merge_topic(topic: Topic, *, into: Topic, reason: str = "", by: User) -> Topic:
    """Put a topic into another one about the same (并入); nothing is deleted, and it can be undone."""
    # By key, so that two merges of the same two wait for each other.
    both = {one.pk: one for one in map(locked_topic, sorted((topic, into), key=lambda t: t.pk))}
    topic, into = both[topic.pk], both[into.pk]
    require(by, "consultation.merge_topic", topic)
    checks.refuse_merge(topic, into)
    before = TopicMerge(
        neighbourhood_id=topic.neighbourhood_id, topic=topic, into=into, state=topic.state,
        next_step=topic.next_step, rung=topic.rung, by=by,
    )  # fmt: skip
    topic.move_to(State.MERGED)
    before.next_on = cast(date, topic.next_on)  # what may be merged promises a day
    before.save(force_insert=True)
    topic.merged_into = into
    promise(topic)
    topic.save(update_fields=["state", "merged_into", *PROMISE])
    step = add_step(topic, reason, by)
    record("consultation.merge_topic", topic, by=by, step=str(step.pk), into=str(into.pk))
    return topic


@transaction.atomic
def unmerge_topic(topic: Topic, *, by: User) -> Topic:
    """Undo a merging (撤销并入): state and promise are again what they were before it."""
    topic = locked_topic(topic)
    require(by, "consultation.unmerge_topic", topic)
    merge = topic.merges.filter(undone_at=None).first()
    if merge is None:
        raise Refused(_("这个议题没有并入别的议题"))
    topic.state, topic.merged_into = merge.state, None
    topic.next_step, topic.next_on, topic.rung = merge.next_step, merge.next_on, merge.rung
    topic.save(update_fields=["state", "merged_into", *PROMISE])
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    step = add_step(topic, _("撤销并入，接着单独办。"), by)
    record("consultation.unmerge_topic", topic, by=by, step=str(step.pk))
    return topic


@transaction.atomic
def promise_next(
    topic: Topic, *, next_on: date, reason: str, next_step: str = "", by: User
) -> Topic:
    """Promise another day (改日期), with the reason; whoever brought it up is told."""
    topic = locked_topic(topic)
    require(by, "consultation.promise_next", topic)
    if not topic.is_live:
        raise Refused(_("这个议题已经结束，不用再定日期"))
    if not reason.strip():
        raise Refused(_("请写明为什么改日期"))
    promise(topic, next_on, next_step or topic.next_step)
    topic.save(update_fields=PROMISE)
    step = add_step(topic, reason, by)
    record("consultation.promise_next", topic, by=by, step=str(step.pk))
    return topic


@transaction.atomic
def note_told(step: TopicStep, *, by: User) -> TopicStep:
    """Somebody without an account was told how it stands by word of mouth (已告诉), and so of every step before."""
    locked_topic(step.topic)
    step = TopicStep.objects.get(pk=step.pk)
    require(by, "consultation.note_told", step)
    if step.told_at is None:
        so_far = TopicStep.objects.filter(topic=step.topic_id, at__lte=step.at, told_at=None)
        so_far.update(told_at=timezone.now(), told_by=by)
        record("consultation.note_told", step, by=by)
    return TopicStep.objects.get(pk=step.pk)


@transaction.atomic
def support_topic(topic: Topic, *, by: User) -> Topic:
    """Care about it too (我也关心), once."""
    topic = locked_topic(topic)
    require(by, "consultation.support_topic", topic)
    if not (topic.is_live and topic.screened_at):
        raise Refused(_("这个议题现在不能点“我也关心”"))
    if topic.proposed_by_id == by.pk:
        raise Refused(_("这是您自己提的，已经算在里面"))
    fields = {"neighbourhood_id": topic.neighbourhood_id}
    _kept, is_new = TopicSupport.objects.get_or_create(topic=topic, user=by, defaults=fields)
    if is_new:
        record("consultation.support_topic", topic, by=by)
    return topic


@transaction.atomic
def end_support(topic: Topic, *, by: User) -> Topic:
    """Take that back (不再关心)."""
    topic = locked_topic(topic)
    require(by, "consultation.end_support", topic)
    gone, _kinds = TopicSupport.objects.filter(topic=topic, user=by).delete()
    if gone:
        record("consultation.end_support", topic, by=by)
    return topic


def watch_topics(today: date | None = None) -> int:
    """Tell of promises that have lapsed (超期催办), each rung of the ladder once. By the clock."""
    today = today or timezone.localdate()
    late = Topic.objects.overdue(today).filter(rung__lt=len(RUNGS)).order_by("pk")
    return sum(bool(apart(warn_topic, one, today)) for one in late)


@transaction.atomic
def warn_topic(topic: Topic, today: date) -> bool:
    """One rung further, if the day has come; whoever stands on it is told by the ledger's entry."""
    topic = locked_topic(topic)
    if not topic.is_late(today) or topic.next_on is None:
        return False
    reached = rung_reached(topic.next_on, today)
    if reached <= topic.rung:
        return False
    rungs = list(range(topic.rung + 1, reached + 1))
    topic.rung = reached
    topic.save(update_fields=["rung"])
    record("consultation.warn_topic", topic, rungs=rungs, next_on=topic.next_on.isoformat())
    return True
