"""Written opinions as lists and periods (书面意见): who owes what until when, how they stand."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from caoyang_portal.calendars.deadlines import add_days, add_months, add_working_days
from caoyang_portal.community.models import Organisation, Posting, User
from caoyang_portal.confidential import mask_name
from consultation.models import (
    Congress,
    OpinionClock,
    OpinionHandling,
    OpinionReply,
    Satisfaction,
    WrittenOpinion,
)

Step = OpinionClock.Step
RUNNING = Q(clocks__met_on=None, clocks__dropped_on=None)


def assign_by(congress: Congress, start: date) -> date:
    """Until when the office has to find the department."""
    return add_working_days(start, congress.assign_working_days)


def return_by(congress: Congress, start: date) -> date:
    """Until when a department may say that it is the wrong one."""
    return add_working_days(start, congress.return_working_days)


def result_by(congress: Congress, start: date) -> date:
    """Until when the department reports in writing what it did: three weeks from getting it."""
    return add_days(start, congress.result_days)


def help_by(congress: Congress, start: date) -> date:
    return add_months(start, congress.co_months)


def feedback_by(congress: Congress, start: date, longer: int = 0) -> date:
    """Until when the representative has an answer: two months from registering, whoever has it."""
    return add_months(start, congress.feedback_months + longer)


def step_due(clock: OpinionClock, congress: Congress, today: date) -> OpinionClock.Step:
    """How far up the ladder a late period has come today."""
    if today <= clock.due_on:
        return Step.NOBODY
    if today <= add_working_days(clock.due_on, congress.ladder_days):
        return Step.HANDLER
    if today <= add_working_days(clock.due_on, 2 * congress.ladder_days):
        return Step.HEAD
    return Step.STREET


def department_people(department: Organisation | None, *offices: str) -> list[User]:
    """Who holds one of ``offices`` in a department today."""
    if department is None:
        return []
    posts = Posting.objects.live().filter(organisation=department, office__in=offices)
    return list(User.objects.filter(pk__in=posts.values("user_id"), is_active=True))


def office_people(street_id: Any) -> list[User]:
    """The congress office: the officials of the sub-district."""
    posts = Posting.objects.live().filter(sub_district_id=street_id, office="street_official")
    return list(User.objects.filter(pk__in=posts.values("user_id"), is_active=True))


def lead_of(opinion: WrittenOpinion) -> OpinionHandling | None:
    return opinion.live_handlings().filter(role="lead").select_related("department").first()


def holder_of(clock: OpinionClock) -> Organisation | None:
    """The department that owes it; None while it is the office's."""
    if clock.kind == OpinionClock.Kind.ASSIGN:
        return None
    if clock.handling is not None:
        return clock.handling.department
    if clock.kind == OpinionClock.Kind.PROMISE:
        return clock.opinion.replies.get(round=clock.round).department
    lead = lead_of(clock.opinion)
    return lead.department if lead else None


def next_number(congress: Congress) -> str:
    """2026-007: counted in the congress, never used again."""
    used = WrittenOpinion.objects.filter(congress=congress).exclude(number="")
    last = max(
        (int(n.rpartition("-")[2]) for n in used.values_list("number", flat=True)), default=0
    )
    return f"{congress.year}-{last + 1:03d}"


def with_clocks(opinions: QuerySet[WrittenOpinion]) -> QuerySet[WrittenOpinion]:
    """With everything a line of a list shows; asked for in a fixed number of questions."""
    handlings = OpinionHandling.objects.select_related("department").filter(ended_on=None)
    return opinions.select_related("congress", "representative", "neighbourhood").prefetch_related(
        Prefetch("handlings", handlings, to_attr="live"),
        Prefetch("clocks", OpinionClock.objects.running(), to_attr="running"),
        "replies",
    )


@dataclass(frozen=True)
class Line:
    """An opinion in a list: who has it, and the period that ends first."""

    opinion: WrittenOpinion
    departments: list[str]
    clock: OpinionClock | None
    is_late: bool


def lines(opinions: Iterable[WrittenOpinion], today: date) -> list[Line]:
    rows = []
    for opinion in opinions:
        running = sorted(opinion.running, key=lambda clock: clock.due_on)  # type: ignore[attr-defined]
        clock = running[0] if running else None
        live = [h for h in opinion.live if h.round == opinion.round]  # type: ignore[attr-defined]
        rows.append(
            Line(
                opinion,
                [str(handling.department) for handling in live],
                clock,
                clock is not None and clock.is_late(today),
            )
        )
    return rows


def queue(opinions: QuerySet[WrittenOpinion]) -> QuerySet[WrittenOpinion]:
    """What is due first comes first; what nobody waits for comes last, the newest on top."""
    return opinions.annotate(due=Min("clocks__due_on", filter=RUNNING)).order_by(
        "due", "-written_at", "pk"
    )


def found(
    opinions: QuerySet[WrittenOpinion],
    today: date,
    *,
    q: str = "",
    state: str = "",
    late: str = "",
    category: str = "",
    grade: str = "",
) -> QuerySet[WrittenOpinion]:
    """By a word or the number, by where it stands, by what is overdue or soon due."""
    if q:
        opinions = opinions.filter(
            Q(title__icontains=q) | Q(number__iexact=q) | Q(representative__name__icontains=q)
        )
    if state in WrittenOpinion.State.values:
        opinions = opinions.filter(state=state)
    if category:
        opinions = opinions.filter(category=category)
    if grade:
        opinions = opinions.filter(grade=grade)
    if late:
        running = OpinionClock.objects.running().filter(due_on__lt=today)
        opinions = opinions.filter(pk__in=running.values("opinion_id"))
    return opinions


@dataclass(frozen=True)
class Content:
    """How content the representatives were, with one side of it."""

    label: str
    satisfied: int
    mostly: int
    unsatisfied: int


def content(congress: Congress) -> list[Content]:
    """Attitude and result apart, over every answer that was rated."""
    rated = OpinionReply.objects.filter(opinion__congress=congress).exclude(rated_at=None)
    pairs = list(rated.values_list("attitude", "outcome"))
    rows = []
    for side, label in enumerate((_("对办理态度"), _("对办理结果"))):
        n = Counter(pair[side] for pair in pairs)
        rows.append(
            Content(
                label, n[Satisfaction.SATISFIED], n[Satisfaction.MOSTLY],
                n[Satisfaction.UNSATISFIED],
            )
        )  # fmt: skip
    return rows


def headings() -> list[str]:
    return [
        _("编号"), _("题目"), _("分类"), _("分级"), _("居民区"), _("代表"), _("登记日期"),
        _("状态"), _("第几次办理"), _("主办"), _("协办"), _("答复日期"), _("答复类别"),
        _("对办理态度"), _("对办理结果"), _("承诺办成的日期"), _("承诺办成"),
    ]  # fmt: skip


def table(opinions: QuerySet[WrittenOpinion], *, whole_names: bool) -> list[Sequence[Any]]:
    """The file of opinions (分类分级留存): one row each; names masked unless there is a reason."""
    rows: list[Sequence[Any]] = []
    for opinion in with_clocks(opinions):
        reply = max(opinion.replies.all(), key=lambda reply: reply.round, default=None)
        live = [h for h in opinion.live if h.round == opinion.round]  # type: ignore[attr-defined]
        name = opinion.representative.name
        by_role = {
            role: "、".join(str(h.department) for h in live if h.role == role)
            for role in OpinionHandling.Role
        }
        rows.append(
            (
                opinion.number, opinion.title, opinion.get_category_display(),
                opinion.get_grade_display(), opinion.neighbourhood.name,
                name if whole_names else mask_name(name), opinion.received_on,
                opinion.get_state_display(), opinion.round, by_role[OpinionHandling.Role.LEAD], by_role[OpinionHandling.Role.HELPING],
                reply and reply.replied_on, reply.reply_class if reply else "",
                reply.get_attitude_display() if reply else "",
                reply.get_outcome_display() if reply else "",
                reply and reply.promise_due, reply and reply.kept_on,
            )
        )  # fmt: skip
    return rows
