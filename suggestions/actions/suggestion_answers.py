"""What units answer and do about a suggestion, and how content its proposer is (答复、落实、评价、表扬)."""

from datetime import date
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, Organisation, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from suggestions.models import (
    Outcome,
    Reply,
    ReplyTemplate,
    Satisfaction,
    Suggestion,
    SuggestionHandling,
    SuggestionNote,
    SuggestionStep,
)
from suggestions.periods import ends

from .suggestions import (
    PROMISE,
    add_step,
    end_any_pause,
    go_on,
    locked_suggestion,
    refuse_unless_at,
)

State, Verdict, Level = Suggestion.State, Reply.Verdict, Satisfaction.Level


@transaction.atomic
def return_suggestion(suggestion: Suggestion, *, reason: str, by: User) -> Suggestion:
    """Say that it is another unit's business, and whose (退回); it is assigned anew, never just closed."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.return_suggestion", one)
    refuse_unless_at(one, State.ASSIGNED)
    if one.round > 1:
        raise Refused(_("已经答复过一次，请继续办理"))
    if not reason.strip():
        raise Refused(_("请写明该由哪个单位办，为什么"))
    now = timezone.now()
    one.handlings.filter(ended_at=None).update(ended_at=now, return_reason=reason.strip())
    end_any_pause(one, timezone.localdate(now))
    step = go_on(one, State.ACKNOWLEDGED, words=_("换一个单位来办。"), by=by, unit=None)
    record("suggestions.return_suggestion", one, by=by, step=str(step.pk))
    return one


@transaction.atomic
def reply_suggestion(
    suggestion: Suggestion,
    *,
    verdict: Reply.Verdict,
    text: str,
    why: str = "",
    conversion: str = "",
    promise: str = "",
    due_on: date | None = None,
    by: User,
) -> Reply:
    """Answer officially (答复): adopted, in part or not, and why; what is promised gets its day."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.reply_suggestion", one)
    refuse_unless_at(one, State.ASSIGNED)
    _refuse_reply(verdict, text, why, conversion, promise, due_on)
    unit = cast(Organisation, one.unit)  # what is in hand has one
    reply = Reply.objects.create(
        neighbourhood_id=one.neighbourhood_id, suggestion=one, round=one.round, unit=unit,
        verdict=verdict, text=text.strip(), why=why.strip(), replied_by=by,
    )  # fmt: skip
    if due_on:
        Outcome.objects.create(
            neighbourhood_id=one.neighbourhood_id, suggestion=one, round=one.round,
            conversion=conversion, promise=promise.strip(), due_on=due_on,
        )  # fmt: skip
    end_any_pause(one, timezone.localdate())
    words = f"{Verdict(verdict).label}。{reply.text}"
    step = go_on(
        one, State.CARRYING_OUT if due_on else State.REPLIED, words=words, by=by,
        replied_at=reply.replied_at,
    )  # fmt: skip
    record("suggestions.reply_suggestion", one, by=by, step=str(step.pk), verdict=str(verdict))
    return reply


def _refuse_reply(
    verdict: str, text: str, why: str, conversion: str, promise: str, due_on: date | None
) -> None:
    if not text.strip():
        raise Refused(_("请写答复"))
    if verdict != Verdict.ADOPTED and not why.strip():
        raise Refused(_("没有全部采纳，请写明理由"))
    if not (promise.strip() or due_on):
        return
    if verdict == Verdict.NOT_ADOPTED:
        raise Refused(_("不采纳的建议没有要办的事"))
    if not (promise.strip() and due_on and conversion):
        raise Refused(_("要办的事请写全：办成什么、转化成什么、最晚哪天"))
    if due_on < timezone.localdate():
        raise Refused(_("答应的日期不能早于今天"))


@transaction.atomic
def report_work(
    suggestion: Suggestion, *, text: str, due_on: date | None = None, by: User
) -> Suggestion:
    """Say how far the work has come (落实进展); another day needs a reason, told to everybody who waits."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.report_work", one)
    refuse_unless_at(one, State.CARRYING_OUT)
    if not text.strip():
        raise Refused(_("请写做了什么，或者为什么改日期"))
    outcome = one.outcomes.get(round=one.round)
    if due_on and due_on != outcome.due_on:
        if due_on < timezone.localdate():
            raise Refused(_("答应的日期不能早于今天"))
        outcome.due_on = due_on
        outcome.save(update_fields=["due_on"])
        end_any_pause(one, timezone.localdate())
        one.next_step, one.next_on, one.rung = _("办成"), due_on, 0
        one.save(update_fields=PROMISE)
    step = add_step(one, text, by)
    record("suggestions.report_work", one, by=by, step=str(step.pk))
    return one


@transaction.atomic
def finish_work(
    suggestion: Suggestion, *, name: str, text: str, photo: Attachment, by: User
) -> Outcome:
    """Show what was done (办成), with a photo; its proposer is asked how content they are."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.finish_work", one)
    refuse_unless_at(one, State.CARRYING_OUT)
    if not (name.strip() and text.strip()):
        raise Refused(_("请写成果叫什么，办成了什么"))
    if photo.neighbourhood_id != one.neighbourhood_id or not photo.is_picture:
        raise Refused(_("请附一张办成以后的照片"))
    outcome = one.outcomes.get(round=one.round)
    outcome.name, outcome.done_text, outcome.done_photo = name.strip(), text.strip(), photo
    outcome.done_on = timezone.localdate()
    outcome.save(update_fields=["name", "done_text", "done_photo", "done_on"])
    end_any_pause(one, outcome.done_on)
    step = go_on(one, State.DONE, words=f"{outcome.name}：{outcome.done_text}", by=by)
    record("suggestions.finish_work", one, by=by, step=str(step.pk))
    return outcome


@transaction.atomic
def rate_suggestion(
    suggestion: Suggestion, *, attitude: str, result: str, remark: str = "", by: User
) -> Satisfaction:
    """Say how content one is (评价); a poor result is handled once more, the second time the street is told."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.rate_suggestion", one)
    refuse_unless_at(one, State.REPLIED, State.DONE)
    rating = Satisfaction.objects.create(
        neighbourhood_id=one.neighbourhood_id, suggestion=one, round=one.round,
        attitude=attitude, result=result, remark=remark.strip(), rated_by=by,
    )  # fmt: skip
    poor = result == Level.UNSATISFIED
    again = poor and one.round == 1
    step = _handle_again(one, by) if again else go_on(one, State.CLOSED, words="", by=by)
    record(
        "suggestions.rate_suggestion", one, by=by, step=str(step.pk), again=again,
        to_street=poor and not again,
    )  # fmt: skip
    return rating


def _handle_again(one: Suggestion, by: User) -> SuggestionStep:
    """The same units, a second time, with days of their own."""
    today = timezone.localdate()
    before = one.handlings.filter(round=1, ended_at=None)
    SuggestionHandling.objects.bulk_create(
        SuggestionHandling(
            neighbourhood_id=one.neighbourhood_id, suggestion=one, round=2, unit_id=held.unit_id,
            role=held.role, assigned_by=held.assigned_by,
        )
        for held in before
    )  # fmt: skip
    one.round, one.reply_by, one.replied_at = 2, ends("redo", today), None
    return go_on(
        one, State.ASSIGNED, words=_("提出人不满意，再办一次。"), by=by,
        round=2, reply_by=one.reply_by, replied_at=None,
    )  # fmt: skip


@transaction.atomic
def commend_suggestion(suggestion: Suggestion, *, words: str, by: User) -> Outcome:
    """Thank in public for an idea that became something (表扬)."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.commend_suggestion", one)
    outcome = one.outcomes.filter(done_on__isnull=False).last()
    if outcome is None:
        raise Refused(_("办成了才能表扬"))
    if not one.is_public:
        raise Refused(_("没有公开的建议不能公开表扬"))
    if not words.strip():
        raise Refused(_("请写表扬的话"))
    outcome.commended_on, outcome.commendation = timezone.localdate(), words.strip()
    outcome.save(update_fields=["commended_on", "commendation"])
    record("suggestions.commend_suggestion", one, by=by)
    return outcome


@transaction.atomic
def add_suggestion_note(suggestion: Suggestion, *, text: str, by: User) -> SuggestionNote:
    """Write a word for those who work on it (内部备注)."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.add_suggestion_note", one)
    if not text.strip():
        raise Refused(_("请写备注"))
    note = SuggestionNote.objects.create(
        neighbourhood_id=one.neighbourhood_id, suggestion=one, text=text.strip(), by=by
    )
    record("suggestions.add_suggestion_note", one, by=by)
    return note


@transaction.atomic
def read_suggester_phone(suggestion: Suggestion, *, by: User) -> str:
    """See the telephone number, to call back (看电话); that somebody looked is in the ledger."""
    one = locked_suggestion(suggestion)
    require(by, "suggestions.read_suggester_phone", one)
    record("suggestions.read_suggester_phone", one, by=by)
    return one.proposed_by.phone if one.proposed_by else one.proposer_phone or ""


@transaction.atomic
def write_reply_template(
    neighbourhood: Neighbourhood, *, name: str, text: str, by: User
) -> ReplyTemplate:
    """Keep words to begin answers with (答复模板); the same name replaces the older words."""
    template = ReplyTemplate(
        neighbourhood=neighbourhood, name=name.strip(), text=text.strip(), written_by=by
    )
    require(by, "suggestions.write_reply_template", template)
    if not (template.name and template.text):
        raise Refused(_("请写名称和内容"))
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=neighbourhood.pk)
    here = ReplyTemplate.objects.filter(neighbourhood=neighbourhood, retired_at=None)
    here.filter(name=template.name).update(retired_at=timezone.now())
    template.save(force_insert=True)
    record("suggestions.write_reply_template", template, by=by)
    return template


@transaction.atomic
def retire_reply_template(template: ReplyTemplate, *, by: User) -> ReplyTemplate:
    """Take a template out of use (停用)."""
    template = ReplyTemplate.objects.select_for_update().get(pk=template.pk)
    require(by, "suggestions.retire_reply_template", template)
    if template.retired_at is None:
        template.retired_at = timezone.now()
        template.save(update_fields=["retired_at"])
        record("suggestions.retire_reply_template", template, by=by)
    return template
