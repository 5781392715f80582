"""Written opinions on the office's side (书面意见): written, registered, assigned, returned, extended, studied."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.calendars.deadlines import add_months
from caoyang_portal.community.models import Organisation, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import (
    Congress,
    Matter,
    OpinionHandling,
    Representative,
    WrittenOpinion,
)
from consultation.queries import opinions as periods

from .opinion_clocks import Kind, drop, meet, move_due, start

State, Role = WrittenOpinion.State, OpinionHandling.Role


def locked_opinion(opinion: WrittenOpinion) -> WrittenOpinion:
    """The opinion as it stands, held until the transaction ends."""
    return (
        WrittenOpinion.objects.select_for_update(of=("self",))
        .select_related("congress", "representative")
        .get(pk=opinion.pk)
    )


def locked_handling(handling: OpinionHandling) -> OpinionHandling:
    """The same with the department's part; an opinion is locked before what belongs to it."""
    opinion = locked_opinion(handling.opinion)
    found = OpinionHandling.objects.select_related("department").get(pk=handling.pk)
    found.opinion = opinion
    return found


def refuse_unless_at(opinion: WrittenOpinion, *states: str) -> None:
    if opinion.state not in states:
        raise Refused(
            _("书面意见“%(now)s”，现在不能这样做。") % {"now": opinion.get_state_display()}
        )


def refuse_unless_live(handling: OpinionHandling, *, lead: bool = True) -> None:
    if handling.ended_on is not None or handling.round != handling.opinion.round:
        raise Refused(_("这件书面意见已经不在您的部门"))
    if lead and handling.role != Role.LEAD:
        raise Refused(_("这一步由主办部门办"))


@transaction.atomic
def write_opinion(
    congress: Congress,
    *,
    representative: Representative,
    title: str,
    text: str,
    category: Matter,
    is_public: bool = True,
    by: User,
) -> WrittenOpinion:
    """Ask for something in writing, as a representative (提书面意见); the office enters what came on paper."""
    opinion = WrittenOpinion(
        neighbourhood_id=representative.neighbourhood_id, congress=congress,
        representative=representative, title=title.strip(), text=text.strip(), category=category,
        is_public=is_public, entered_by=by,
    )  # fmt: skip
    require(by, "consultation.write_opinion", opinion)
    if congress.state in (Congress.State.PREPARING, Congress.State.CLOSED):
        raise Refused(_("这次社区代表会议现在不收书面意见"))
    same = (representative.sub_district_id, representative.term)
    if same != (congress.sub_district_id, congress.term):
        raise Refused(_("您不是这一届的代表"))
    if not representative.is_live(timezone.localdate()):
        raise Refused(_("代表的任期已经结束"))
    if not (opinion.title and opinion.text):
        raise Refused(_("请写题目和内容"))
    opinion.save(force_insert=True)
    record("consultation.write_opinion", opinion, by=by)
    return opinion


@transaction.atomic
def withdraw_opinion(opinion: WrittenOpinion, *, by: User) -> WrittenOpinion:
    """Take an opinion back before a department has it (撤回)."""
    opinion = locked_opinion(opinion)
    require(by, "consultation.withdraw_opinion", opinion)
    opinion.move_to(State.WITHDRAWN)
    opinion.save(update_fields=["state"])
    drop(opinion, timezone.localdate())
    record("consultation.withdraw_opinion", opinion, by=by)
    return opinion


@transaction.atomic
def receive_opinion(
    opinion: WrittenOpinion, *, category: Matter, grade: WrittenOpinion.Grade, by: User
) -> WrittenOpinion:
    """Register an opinion under a number, sorted and graded (登记); from here the periods run."""
    opinion = locked_opinion(opinion)
    require(by, "consultation.receive_opinion", opinion)
    refuse_unless_at(opinion, State.WRITTEN)
    opinion.move_to(State.RECEIVED)
    congress, today = opinion.congress, timezone.localdate()
    Congress.objects.select_for_update().get(pk=congress.pk)  # one number at a time
    opinion.number = periods.next_number(congress)
    opinion.category, opinion.grade = category, grade
    opinion.received_on = opinion.round_from = today
    opinion.save(
        update_fields=["state", "number", "category", "grade", "received_on", "round_from"]
    )
    start(opinion, Kind.ASSIGN, today, periods.assign_by(congress, today))
    start(opinion, Kind.FEEDBACK, today, periods.feedback_by(congress, today))
    record("consultation.receive_opinion", opinion, by=by, number=opinion.number, grade=grade)
    return opinion


@transaction.atomic
def assign_opinion(
    opinion: WrittenOpinion,
    *,
    lead: Organisation,
    helping: Sequence[Organisation] = (),
    by: User,
) -> OpinionHandling:
    """Give an opinion to a department, and to those that help it (交办)."""
    opinion = locked_opinion(opinion)
    require(by, "consultation.assign_opinion", opinion)
    refuse_unless_at(opinion, State.RECEIVED)
    opinion.move_to(State.ASSIGNED)
    if lead in helping:
        raise Refused(_("主办部门不用再选作协办"))
    for department in (lead, *helping):
        if department.sub_district_id != opinion.congress.sub_district_id:
            raise Refused(_("这个部门不在这个街道"))
    opinion.save(update_fields=["state"])
    today = timezone.localdate()
    meet(opinion, Kind.ASSIGN, today)
    first = _handling(opinion, lead, Role.LEAD, by)
    start(opinion, Kind.RESULT, today, periods.result_by(opinion.congress, today), first)
    for department in helping:
        second = _handling(opinion, department, Role.HELPING, by)
        start(opinion, Kind.HELP, today, periods.help_by(opinion.congress, today), second)
    record(
        "consultation.assign_opinion", opinion, by=by, lead=lead.pk,
        helping=[department.pk for department in helping],
    )  # fmt: skip
    return first


def _handling(
    opinion: WrittenOpinion, department: Organisation, role: OpinionHandling.Role, by: User
) -> OpinionHandling:
    today = timezone.localdate()
    return OpinionHandling.objects.create(
        neighbourhood_id=opinion.neighbourhood_id, opinion=opinion, round=opinion.round,
        department=department, role=role, assigned_on=today, assigned_by=by,
        return_until=periods.return_by(opinion.congress, today),
    )  # fmt: skip


@transaction.atomic
def ask_return(handling: OpinionHandling, *, reason: str, by: User) -> OpinionHandling:
    """Say that it is another's business (申请退回): in time, with reasons; nobody passes it on alone."""
    handling = locked_handling(handling)
    require(by, "consultation.ask_return", handling)
    refuse_unless_live(handling)
    handling.opinion.move_to(State.RETURN_ASKED)
    today = timezone.localdate()
    if handling.return_asked_on is not None:
        raise Refused(_("退回已经申请过一次，没有同意"))
    if today > handling.return_until:
        raise Refused(_("已经过了可以申请退回的日子，请继续办理"))
    if not reason.strip():
        raise Refused(_("请写明为什么不是您的部门办"))
    handling.opinion.save(update_fields=["state"])
    handling.return_reason, handling.return_asked_on = reason.strip(), today
    handling.save(update_fields=["return_reason", "return_asked_on"])
    record("consultation.ask_return", handling, by=by, department=handling.department_id)
    return handling


@transaction.atomic
def settle_return(
    handling: OpinionHandling, *, agreed: bool, answer: str, by: User
) -> OpinionHandling:
    """Consent to a return or not (答复退回): with consent it is assigned anew, else the department goes on."""
    handling = locked_handling(handling)
    opinion = handling.opinion
    require(by, "consultation.settle_return", handling)
    refuse_unless_at(opinion, State.RETURN_ASKED)
    refuse_unless_live(handling)
    if not answer.strip():
        raise Refused(_("请写明理由"))
    today = timezone.localdate()
    opinion.move_to(State.RECEIVED if agreed else State.ASSIGNED)
    opinion.save(update_fields=["state"])
    handling.return_agreed, handling.return_answer = agreed, answer.strip()
    handling.save(update_fields=["return_agreed", "return_answer"])
    if agreed:
        opinion.live_handlings().update(ended_on=today)
        drop(opinion, today, Kind.RESULT, Kind.HELP)
        start(opinion, Kind.ASSIGN, today, periods.assign_by(opinion.congress, today))
    record("consultation.settle_return", handling, by=by, agreed=agreed)
    return handling


@transaction.atomic
def ask_extension(
    handling: OpinionHandling, *, months: int, reason: str, by: User
) -> OpinionHandling:
    """Ask for more time, once (申请延长); until the office consents the old period holds."""
    handling = locked_handling(handling)
    require(by, "consultation.ask_extension", handling)
    refuse_unless_live(handling)
    refuse_unless_at(handling.opinion, State.ASSIGNED, State.RESULT_IN)
    most = handling.opinion.congress.extension_months
    if handling.extension_months:
        raise Refused(_("延长只能申请一次"))
    if not 1 <= months <= most:
        raise Refused(_("最多延长 %(n)s 个月") % {"n": most})
    if not reason.strip():
        raise Refused(_("请写明为什么要延长"))
    handling.extension_months, handling.extension_reason = months, reason.strip()
    handling.save(update_fields=["extension_months", "extension_reason"])
    record("consultation.ask_extension", handling, by=by, months=months)
    return handling


@transaction.atomic
def settle_extension(
    handling: OpinionHandling, *, agreed: bool, answer: str, by: User
) -> OpinionHandling:
    """Consent to more time or not (答复延长); the representative is told the new day."""
    handling = locked_handling(handling)
    opinion = handling.opinion
    require(by, "consultation.settle_extension", handling)
    refuse_unless_live(handling)
    if not handling.waits_for_extension:
        raise Refused(_("没有等着答复的延长申请"))
    if not answer.strip():
        raise Refused(_("请写明理由"))
    handling.extension_agreed, handling.extension_answer = agreed, answer.strip()
    handling.save(update_fields=["extension_agreed", "extension_answer"])
    months = handling.extension_months
    for clock in opinion.clocks.running().filter(kind__in=[Kind.RESULT, Kind.FEEDBACK]):
        if agreed and clock.kind == Kind.FEEDBACK:
            move_due(clock, periods.feedback_by(opinion.congress, clock.starts_on, months))
        elif agreed:
            move_due(clock, add_months(clock.due_on, months))
    record("consultation.settle_extension", handling, by=by, agreed=agreed, months=months)
    return handling


@transaction.atomic
def study_opinion(opinion: WrittenOpinion, *, again: bool, note: str, by: User) -> WrittenOpinion:
    """Look into an answer that left the representative discontent (研究): handled once again, or explained."""
    opinion = locked_opinion(opinion)
    require(by, "consultation.study_opinion", opinion)
    refuse_unless_at(opinion, State.UNSATISFIED)
    if not note.strip():
        raise Refused(_("请写明研究的意见"))
    opinion.study_note = note.strip()
    today = timezone.localdate()
    if again:
        opinion.move_to(State.RECEIVED)
        opinion.round, opinion.round_from = 2, today
        start(opinion, Kind.ASSIGN, today, periods.assign_by(opinion.congress, today))
        start(opinion, Kind.FEEDBACK, today, periods.feedback_by(opinion.congress, today))
    else:
        settle(opinion)
    opinion.save(update_fields=["state", "study_note", "round", "round_from", "closed_on"])
    record("consultation.study_opinion", opinion, by=by, again=again)
    return opinion


def settle(opinion: WrittenOpinion) -> None:
    """Closed, unless something promised is still to be done; the caller saves."""
    promised = opinion.replies.filter(promise_due__isnull=False, kept_on=None).exists()
    opinion.move_to(State.TRACKED if promised else State.CLOSED)
    if not promised:
        opinion.closed_on = timezone.localdate()


@transaction.atomic
def export_opinions(congress: Congress, *, reason: str = "", by: User) -> bool:
    """Take the file of opinions away as a table (导出); whether with whole names: only with a reason."""
    require(by, "consultation.export_opinions", congress)
    whole = bool(reason.strip())
    record(
        "consultation.export_opinions", congress, by=by, whole_names=whole,
        reason=reason.strip()[:200],
    )  # fmt: skip
    return whole
