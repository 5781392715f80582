"""A topic from its proposing to its evaluation (民提 民议 民决 民评); each step promises the next."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Building, Neighbourhood, Organisation, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from consultation.models import Poll, PollObjection, Topic, TopicScreening, TopicStep
from consultation.paces import promised
from households.models import Household, Visit

from . import topic_checks as checks

State = Topic.State
MOST_WAITING = 10  # of one person, not looked at yet


@transaction.atomic
def propose_topic(
    neighbourhood: Neighbourhood,
    *,
    title: str,
    text: str,
    building: Building | None = None,
    is_unnamed: bool = False,
    photos: Sequence[Attachment] = (),
    by: User,
) -> Topic:
    """Bring something up (民提 · 点单): a resident for the place they live in."""
    topic = Topic(
        neighbourhood=neighbourhood, title=title.strip(), text=text.strip(), building=building,
        is_unnamed=is_unnamed, source=Topic.Source.RESIDENT, proposed_by=by,
    )  # fmt: skip
    require(by, "consultation.propose_topic", topic)
    topic.household = Household.objects.of(by).filter(neighbourhood=neighbourhood).first()
    waiting = Topic.objects.filter(proposed_by=by, state=State.PROPOSED)
    if waiting.filter(title=topic.title).exists():
        raise Refused(_("您已经提过这件事，居委正在看"))
    if waiting.count() >= MOST_WAITING:
        raise Refused(_("您有 %(n)s 件事居委还没看完，请等一等再提") % {"n": MOST_WAITING})
    step = put_up(topic, photos, by)
    record("consultation.propose_topic", topic, by=by, step=str(step.pk))
    return topic


@transaction.atomic
def enter_topic(
    neighbourhood: Neighbourhood,
    *,
    title: str,
    text: str,
    source: Topic.Source,
    source_ref: str = "",
    proposer_name: str = "",
    proposed_by: User | None = None,
    household: Household | None = None,
    building: Building | None = None,
    is_unnamed: bool = False,
    objection: PollObjection | None = None,
    visit: Visit | None = None,
    photos: Sequence[Attachment] = (),
    by: User,
) -> Topic:
    """Enter a topic for somebody else, or the committee's own (代录); the clerk follows it up."""
    own = source == Topic.Source.STAFF
    topic = Topic(
        neighbourhood=neighbourhood, title=title.strip(), text=text.strip(), building=building,
        source=source, source_ref=source_ref.strip(), is_unnamed=is_unnamed, household=household,
        proposer_name=proposer_name.strip(), proposed_by=by if own else proposed_by,
        objection=objection, visit=visit, minder=by,
    )  # fmt: skip
    require(by, "consultation.enter_topic", topic)
    if not (topic.proposed_by or topic.proposer_name):
        raise Refused(_("请写明是谁提出的"))
    step = put_up(topic, photos, by)
    record("consultation.enter_topic", topic, by=by, step=str(step.pk), source=str(source))
    return topic


def put_up(topic: Topic, photos: Sequence[Attachment], by: User) -> TopicStep:
    """The number, the row, its photos and its first promise."""
    if not topic.title:
        raise Refused(_("请写一句话：是什么事"))
    if topic.building and topic.building.neighbourhood_id != topic.neighbourhood_id:
        raise Refused(_("这一幢不属于本居民区"))
    if any(photo.neighbourhood_id != topic.neighbourhood_id for photo in photos):
        raise Refused(_("这张照片不属于本居民区"))
    topic.number = _next_number(topic.neighbourhood_id)
    topic.next_step, topic.next_on = promised(State.PROPOSED, timezone.localdate())
    topic.save(force_insert=True)
    topic.photos.set(photos)
    return add_step(topic, "", by)


def _next_number(neighbourhood_id: Any) -> str:
    """The next of the year; numbers are given one after the other."""
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=neighbourhood_id)
    year = timezone.localdate().year
    here = Topic.objects.filter(neighbourhood_id=neighbourhood_id, number__startswith=f"{year}-")
    last = here.order_by("-number").values_list("number", flat=True).first()
    return f"{year}-{int(last.split('-')[1]) + 1 if last else 1:04d}"


def locked_topic(topic: Topic) -> Topic:
    """The topic as it stands, held until the transaction ends."""
    return (
        Topic.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood", "proposed_by")
        .get(pk=topic.pk)
    )


def add_step(topic: Topic, text: str, by: User | None) -> TopicStep:
    """Put the topic's state and promise as they are now on its public line."""
    return TopicStep.objects.create(
        neighbourhood_id=topic.neighbourhood_id, topic=topic, state=topic.state, text=text.strip(),
        next_step=topic.next_step, next_on=topic.next_on, by=by,
    )  # fmt: skip


def promise(topic: Topic, next_on: date | None = None, next_step: str = "") -> None:
    """Set what comes next and until when: by the pace of the state unless somebody says otherwise."""
    today = timezone.localdate()
    if not topic.is_live:
        topic.next_step, topic.next_on = "", None
    else:
        step, day = promised(topic.state, today)
        topic.next_step, topic.next_on = next_step.strip() or step, next_on or day
        checks.refuse_day(topic.next_on, today)
    topic.rung = 0


PROMISE = ["next_step", "next_on", "rung"]


def _go_on(
    topic: Topic,
    state: State,
    *,
    words: str,
    by: User,
    next_on: date | None = None,
    **changes: Any,
) -> TopicStep:
    """Move, change, promise, and say so on the line."""
    topic.move_to(state)
    for name, value in changes.items():
        setattr(topic, name, value)
    promise(topic, next_on)
    topic.save(update_fields=["state", *PROMISE, *changes])
    return add_step(topic, words, by)


@transaction.atomic
def screen_topic(
    topic: Topic,
    *,
    title: str,
    text: str,
    is_duplicate: bool,
    is_ours: bool,
    is_personal: bool,
    note: str = "",
    photos_shown: bool = False,
    next_on: date | None = None,
    by: User,
) -> Topic:
    """Look at a topic (审单): three questions; what goes on gets the words everybody will read."""
    topic = locked_topic(topic)
    require(by, "consultation.screen_topic", topic)
    screening = TopicScreening(
        neighbourhood_id=topic.neighbourhood_id, topic=topic, by=by, is_duplicate=is_duplicate,
        is_ours=is_ours, is_personal=is_personal, note=note.strip(),
    )  # fmt: skip
    checks.refuse_screening(screening)
    screening.save(force_insert=True)
    said = (topic.title, topic.text)
    changes: dict[str, Any] = {"title": title.strip() or topic.title, "text": text.strip()}
    if (changes["title"], changes["text"]) != said and not topic.original:
        changes["original"] = "\n".join(said).strip()
    changes |= {
        "photos_shown": photos_shown,
        "screened_at": topic.screened_at or timezone.now(),
        "minder": topic.minder or by,
    }
    step = _go_on(topic, State.SCREENED, words=note, next_on=next_on, by=by, **changes)
    record("consultation.screen_topic", topic, by=by, step=str(step.pk))
    return topic


@transaction.atomic
def approve_topic(
    topic: Topic,
    *,
    body: str,
    form: Topic.Form,
    payer: Organisation | None = None,
    words: str = "",
    next_on: date | None = None,
    by: User,
) -> Topic:
    """Enter the party organisation's yes (批单) and the form it is talked over in."""
    topic = locked_topic(topic)
    require(by, "consultation.approve_topic", topic)
    if not body.strip():
        raise Refused(_("请写明是哪个党组织批准的"))
    checks.refuse_payer(topic, payer)
    step = _go_on(
        topic, State.APPROVED, words=words, next_on=next_on, by=by,
        form=form, approved_by_body=body.strip(), payer=payer,
    )  # fmt: skip
    record("consultation.approve_topic", topic, by=by, step=str(step.pk), form=str(form))
    return topic


@transaction.atomic
def start_deliberation(
    topic: Topic, *, words: str = "", next_on: date | None = None, by: User
) -> Topic:
    """People begin to talk it over (民议)."""
    topic = locked_topic(topic)
    require(by, "consultation.start_deliberation", topic)
    if topic.state != State.APPROVED:
        raise Refused(_("要先批单，才能开始议事"))
    step = _go_on(topic, State.DELIBERATING, words=words, next_on=next_on, by=by)
    record("consultation.start_deliberation", topic, by=by, step=str(step.pk))
    return topic


@transaction.atomic
def decide_topic(
    topic: Topic, *, how: str, conclusion: str, next_on: date | None = None, by: User
) -> Topic:
    """Say what was decided (民决), and where: in a meeting held, by a poll counted, or elsewhere."""
    topic = locked_topic(topic)
    require(by, "consultation.decide_topic", topic)
    if not conclusion.strip():
        raise Refused(_("请写明议定的结果"))
    checks.refuse_how(topic, how)
    step = _go_on(
        topic, State.DECIDED, words=conclusion, next_on=next_on, by=by, conclusion=conclusion.strip()
    )  # fmt: skip
    record("consultation.decide_topic", topic, by=by, step=str(step.pk), how=how)
    return topic


@transaction.atomic
def assign_topic(
    topic: Topic,
    *,
    payer: Organisation,
    words: str = "",
    next_on: date | None = None,
    by: User,
) -> Topic:
    """A body takes it on with money and people (买单)."""
    topic = locked_topic(topic)
    require(by, "consultation.assign_topic", topic)
    checks.refuse_payer(topic, payer)
    step = _go_on(topic, State.CARRYING_OUT, words=words, next_on=next_on, by=by, payer=payer)
    record("consultation.assign_topic", topic, by=by, step=str(step.pk), payer=str(payer.pk))
    return topic


@transaction.atomic
def evaluate_topic(
    topic: Topic, *, satisfied: int, dissatisfied: int, words: str, by: User
) -> Topic:
    """Those concerned say how it came out (民评)."""
    topic = locked_topic(topic)
    require(by, "consultation.evaluate_topic", topic)
    if satisfied + dissatisfied == 0:
        raise Refused(_("至少要有一个人评议"))
    step = _go_on(
        topic, State.EVALUATED, words=words, by=by, satisfied=satisfied, dissatisfied=dissatisfied
    )  # fmt: skip
    record("consultation.evaluate_topic", topic, by=by, step=str(step.pk))
    return topic


@transaction.atomic
def decline_topic(
    topic: Topic,
    *,
    answer: str,
    instead: Topic.Instead,
    is_private: bool = False,
    by: User,
) -> Topic:
    """Say that it does not become a topic (不列入), why, and where to go instead."""
    topic = locked_topic(topic)
    require(by, "consultation.decline_topic", topic)
    if not answer.strip():
        raise Refused(_("请写明原因，提出人会看到"))
    words = f"{answer.strip()}\n{_('可以找：')}{Topic.Instead(instead).label}"
    step = _go_on(
        topic, State.DECLINED, words=words, by=by, answer=answer.strip(), instead=instead,
        is_private=is_private,
    )  # fmt: skip
    record("consultation.decline_topic", topic, by=by, step=str(step.pk), instead=str(instead))
    return topic


@transaction.atomic
def reopen_topic(topic: Topic, *, reason: str, next_on: date | None = None, by: User) -> Topic:
    """Talk it over once more (重新商量): a declined one is looked at again, a decided one goes back."""
    topic = locked_topic(topic)
    require(by, "consultation.reopen_topic", topic)
    if not reason.strip():
        raise Refused(_("请写明为什么重新商量"))
    checks.refuse_reopening(topic)
    declined = topic.state == State.DECLINED
    state = State.PROPOSED if declined else State.DELIBERATING
    changes: dict[str, Any] = {"answer": "", "instead": ""} if declined else {"conclusion": ""}
    changes |= {"satisfied": None, "dissatisfied": None}
    step = _go_on(topic, state, words=reason, next_on=next_on, by=by, **changes)
    record("consultation.reopen_topic", topic, by=by, step=str(step.pk))
    return topic


@transaction.atomic
def withdraw_topic(topic: Topic, *, by: User) -> Topic:
    """Take it back (撤回): whoever brought it up, before anybody else cares about it."""
    topic = locked_topic(topic)
    require(by, "consultation.withdraw_topic", topic)
    if topic.supports.exists():
        raise Refused(_("已有邻居也关心这件事，不能撤回了。不想再跟进请告诉居委"))
    step = _go_on(topic, State.WITHDRAWN, words="", by=by)
    record("consultation.withdraw_topic", topic, by=by, step=str(step.pk))
    return topic


@transaction.atomic
def link_poll(topic: Topic, *, poll: Poll, by: User) -> Topic:
    """Say that a poll is about this topic (关联表决)."""
    topic = locked_topic(topic)
    require(by, "consultation.link_poll", topic)
    if poll.neighbourhood_id != topic.neighbourhood_id:
        raise Refused(_("这次表决不属于本居民区"))
    topic.polls.add(poll)
    record("consultation.link_poll", topic, by=by, poll=str(poll.pk))
    return topic
