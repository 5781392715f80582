"""What the owners said of their committee, added up; never whose answer it was (评议结果)."""

from dataclasses import dataclass
from decimal import Decimal

from consultation.models import Evaluation, EvaluationCriterion


@dataclass(frozen=True)
class Average:
    """One criterion: the average to a tenth, and last year's."""

    criterion: EvaluationCriterion
    mean: Decimal | None
    last_year: Decimal | None

    @property
    def change(self) -> Decimal | None:
        if self.mean is None or self.last_year is None:
            return None
        return self.mean - self.last_year


@dataclass(frozen=True)
class Outcome:
    """The evaluation as published; ``averages`` is empty where too few answered."""

    answered: int
    enough: bool
    averages: list[Average]
    remarks: list[str]


def means(evaluation: Evaluation) -> dict[str, Decimal]:
    """By criterion, where enough households answered."""
    sheets = list(evaluation.sheets.values_list("scores", flat=True))
    if len(sheets) < Evaluation.LEAST:
        return {}
    codes = sheets[0].keys()
    tenth = Decimal("0.1")
    return {
        code: (Decimal(sum(scores[code] for scores in sheets)) / len(sheets)).quantize(tenth)
        for code in codes
    }


def outcome(evaluation: Evaluation) -> Outcome:
    """Averages beside those of the year before; remarks in an order that tells nothing."""
    answered = evaluation.sheets.count()
    now = means(evaluation)
    before = Evaluation.objects.filter(
        neighbourhood=evaluation.neighbourhood_id,
        body_name=evaluation.body_name,
        year=evaluation.year - 1,
        state=Evaluation.State.PUBLISHED,
    ).first()
    then = means(before) if before else {}
    averages = [
        Average(criterion, now.get(criterion.code), then.get(criterion.code))
        for criterion in (evaluation.form.criteria.all() if now else [])
    ]
    remarks = evaluation.sheets.exclude(remarks="").order_by("remarks") if now else []
    return Outcome(answered, bool(now), averages, [sheet.remarks for sheet in remarks])
