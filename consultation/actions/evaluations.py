"""The yearly evaluation of the owners' committee (业委会年度评议)."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import Evaluation, EvaluationForm, EvaluationSheet
from households.models import Household

State = Evaluation.State


def _locked(evaluation: Evaluation) -> Evaluation:
    rows = Evaluation.objects.select_for_update(of=("self",)).select_related("form")
    return rows.get(pk=evaluation.pk)


@transaction.atomic
def draft_evaluation(
    neighbourhood: Neighbourhood,
    *,
    form: EvaluationForm,
    body_name: str,
    year: int,
    opens_on: date,
    closes_on: date,
    by: User,
) -> Evaluation:
    """Prepare this year's (准备评议)."""
    evaluation = Evaluation(
        neighbourhood=neighbourhood, form=form, body_name=body_name.strip(), year=year,
        opens_on=opens_on, closes_on=closes_on, drafted_by=by,
    )  # fmt: skip
    require(by, "consultation.draft_evaluation", evaluation)
    if form.neighbourhood_id not in (None, neighbourhood.pk):
        raise Refused(_("这份评议表不属于本居民区"))
    if closes_on <= opens_on:
        raise Refused(_("截止日期要晚于开始日期"))
    same = Evaluation.objects.filter(
        neighbourhood=neighbourhood, body_name=evaluation.body_name, year=year
    )
    if same.exists():
        raise Refused(_("这一年已经有评议了"))
    evaluation.save(force_insert=True)
    record("consultation.draft_evaluation", evaluation, by=by, year=year, form=form.pk)
    return evaluation


@transaction.atomic
def open_evaluation(evaluation: Evaluation, *, by: User) -> Evaluation:
    """Let the owners begin (开始评议), from its first day on."""
    evaluation = _locked(evaluation)
    require(by, "consultation.open_evaluation", evaluation)
    if evaluation.closes_on < timezone.localdate():
        raise Refused(_("截止日期已经过了"))
    evaluation.move_to(State.OPEN)
    evaluation.save(update_fields=["state"])
    record("consultation.open_evaluation", evaluation, by=by)
    return evaluation


@transaction.atomic
def fill_evaluation(
    evaluation: Evaluation,
    *,
    household: Household,
    scores: dict[str, int],
    remarks: str,
    by: User,
) -> EvaluationSheet:
    """Score the committee for a household that owns its home (评议); anew as often as one likes until the end."""
    evaluation = _locked(evaluation)
    sheet = EvaluationSheet(
        neighbourhood_id=evaluation.neighbourhood_id, evaluation=evaluation,
        household=household, scores=scores, remarks=remarks.strip(), filled_by=by,
    )  # fmt: skip
    require(by, "consultation.fill_evaluation", sheet)
    if household.neighbourhood_id != evaluation.neighbourhood_id:
        raise Refused(_("这一户不属于这个业委会"))
    if not evaluation.takes_sheets(timezone.localdate()):
        raise Refused(_("现在不在评议时间里"))
    asked = set(evaluation.form.criteria.values_list("code", flat=True))
    if set(scores) != asked or not all(
        1 <= score <= evaluation.form.scale_to for score in scores.values()
    ):
        raise Refused(_("每一项都要打分"))
    sheet, _made = EvaluationSheet.objects.update_or_create(
        evaluation=evaluation,
        household=household,
        defaults={
            "neighbourhood_id": evaluation.neighbourhood_id, "scores": scores,
            "remarks": sheet.remarks, "filled_by": by, "filled_at": timezone.now(),
        },
    )  # fmt: skip
    record("consultation.fill_evaluation", sheet, by=by, household=household.pk)  # not how
    return sheet


@transaction.atomic
def close_evaluation(evaluation: Evaluation) -> Evaluation:
    """Its days are over (评议截止). By the clock."""
    evaluation = _locked(evaluation)
    if evaluation.state != State.OPEN or timezone.localdate() <= evaluation.closes_on:
        return evaluation
    evaluation.move_to(State.CLOSED)
    evaluation.save(update_fields=["state"])
    record("consultation.close_evaluation", evaluation, answered=evaluation.sheets.count())
    return evaluation


@transaction.atomic
def publish_evaluation(evaluation: Evaluation, *, by: User) -> Evaluation:
    """Publish the averages (公布评议): of fewer than five answers only how many there were."""
    evaluation = _locked(evaluation)
    require(by, "consultation.publish_evaluation", evaluation)
    evaluation.move_to(State.PUBLISHED)
    evaluation.published_at = timezone.now()
    evaluation.save(update_fields=["state", "published_at"])
    record("consultation.publish_evaluation", evaluation, by=by)
    return evaluation


def follow_days(today: date) -> None:
    """By the clock."""
    for evaluation in Evaluation.objects.filter(state=State.OPEN, closes_on__lt=today):
        close_evaluation(evaluation)
