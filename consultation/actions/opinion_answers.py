"""Written opinions on the department's and the representative's side: result, answer, rating, promise kept."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from consultation.models import OpinionHandling, OpinionReply, Satisfaction, WrittenOpinion

from .opinion_clocks import Kind, drop, meet, start
from .opinions import (
    Role,
    State,
    locked_handling,
    locked_opinion,
    refuse_unless_at,
    refuse_unless_live,
    settle,
)


@transaction.atomic
def submit_result(handling: OpinionHandling, *, result: str, by: User) -> OpinionHandling:
    """Report in writing what was done (报办理结果): as lead, or as one that helps."""
    handling = locked_handling(handling)
    opinion, today = handling.opinion, timezone.localdate()
    require(by, "consultation.submit_result", handling)
    refuse_unless_live(handling, lead=False)
    if not result.strip():
        raise Refused(_("请写明怎么办的、办得怎样"))
    if handling.role == Role.LEAD:
        opinion.move_to(State.RESULT_IN)
        opinion.save(update_fields=["state"])
        meet(opinion, Kind.RESULT, today, handling=handling)
    else:
        refuse_unless_at(opinion, State.ASSIGNED, State.RESULT_IN)
        meet(opinion, Kind.HELP, today, handling=handling)
    handling.result, handling.result_on, handling.result_by = result.strip(), today, by
    handling.save(update_fields=["result", "result_on", "result_by"])
    record("consultation.submit_result", handling, by=by, role=handling.role)
    return handling


@transaction.atomic
def reply_opinion(
    handling: OpinionHandling,
    *,
    reply_class: OpinionReply.Class,
    text: str,
    promise: str = "",
    promise_due: date | None = None,
    by: User,
) -> OpinionReply:
    """Answer the representative (答复) in one of four classes; a plan says what is promised until when."""
    handling = locked_handling(handling)
    opinion, today = handling.opinion, timezone.localdate()
    require(by, "consultation.reply_opinion", handling)
    refuse_unless_live(handling)
    opinion.move_to(State.REPLIED)
    _refuse_empty_words(reply_class, text, promise, promise_due, today)
    opinion.save(update_fields=["state"])
    reply = OpinionReply.objects.create(
        neighbourhood_id=opinion.neighbourhood_id, opinion=opinion, round=opinion.round,
        department_id=handling.department_id, reply_class=reply_class, text=text.strip(),
        replied_on=today, replied_by=by, promise=promise.strip(), promise_due=promise_due,
    )  # fmt: skip
    meet(opinion, Kind.FEEDBACK, today)
    drop(opinion, today, Kind.HELP)
    if promise_due:
        start(opinion, Kind.PROMISE, today, promise_due)
    record("consultation.reply_opinion", reply, by=by, reply_class=reply_class)
    return reply


def _refuse_empty_words(
    reply_class: OpinionReply.Class, text: str, promise: str, due: date | None, today: date
) -> None:
    if not text.strip():
        raise Refused(_("请写答复；不能解决的，说明原因"))
    if (reply_class in OpinionReply.PROMISING) != bool(promise.strip() and due):
        raise Refused(_("B 类和 C 类要写承诺办到什么、哪天办成，A 类和 D 类不写"))
    if due and due <= today:
        raise Refused(_("承诺办成的日期要在今天以后"))


@transaction.atomic
def rate_opinion(
    opinion: WrittenOpinion,
    *,
    attitude: Satisfaction,
    outcome: Satisfaction,
    remark: str = "",
    by: User,
) -> OpinionReply:
    """Say how content one is with how one was treated and with the result (评价), each for itself."""
    opinion = locked_opinion(opinion)
    require(by, "consultation.rate_opinion", opinion)
    refuse_unless_at(opinion, State.REPLIED)
    reply = opinion.replies.get(round=opinion.round)
    reply.attitude, reply.outcome, reply.remark = attitude, outcome, remark.strip()
    if reply.is_unsatisfied and not reply.remark:
        raise Refused(_("不满意的，请写一写哪里不满意，我们去研究"))
    reply.rated_at = timezone.now()
    reply.save(update_fields=["attitude", "outcome", "remark", "rated_at"])
    if reply.is_unsatisfied and opinion.round == 1:
        opinion.move_to(State.UNSATISFIED)
    else:
        settle(opinion)
    opinion.save(update_fields=["state", "closed_on"])
    record("consultation.rate_opinion", reply, by=by)
    return reply


@transaction.atomic
def keep_promise(reply: OpinionReply, *, note: str, proof: Attachment, by: User) -> OpinionReply:
    """Show that what was promised is done (承诺办成), with its proof; the last one closes the opinion."""
    opinion = locked_opinion(reply.opinion)
    reply = OpinionReply.objects.get(pk=reply.pk)
    require(by, "consultation.keep_promise", reply)
    if not reply.is_open_promise:
        raise Refused(_("没有等着兑现的承诺"))
    if not note.strip():
        raise Refused(_("请写明怎么办成的"))
    if proof.neighbourhood_id != opinion.neighbourhood_id:
        raise Refused(_("这份凭证不属于这个居民区"))
    today = timezone.localdate()
    reply.kept_on, reply.kept_note, reply.kept_proof = today, note.strip(), proof
    reply.save(update_fields=["kept_on", "kept_note", "kept_proof"])
    meet(opinion, Kind.PROMISE, today, round=reply.round)
    if opinion.state == State.TRACKED:
        settle_tracked(opinion)
    record("consultation.keep_promise", reply, by=by)
    return reply


def settle_tracked(opinion: WrittenOpinion) -> None:
    """Close it once nothing promised is open any more."""
    if opinion.replies.filter(promise_due__isnull=False, kept_on=None).exists():
        return
    settle(opinion)
    opinion.save(update_fields=["state", "closed_on"])
