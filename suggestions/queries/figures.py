"""How suggestions are answered (建议统计): by unit and by month of one neighbourhood's year.

One definition for page and file. Whoever made a suggestion counts, public or not; those put into
another or taken back do not. Fewer than five of anything is hidden (see cells), and there is no sum
over neighbourhoods or years from which it could be taken.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.community.models import Neighbourhood
from suggestions.models import Reply, Satisfaction, Suggestion
from suggestions.queries.cells import Shown, percent, protect

Level, Verdict = Satisfaction.Level, Reply.Verdict
CONTENT = (Level.SATISFIED, Level.MOSTLY)


@dataclass(frozen=True)
class Measure:
    """What is counted together: columns that do not overlap, and which of them the share is of."""

    key: str
    label: Any
    columns: tuple[tuple[str, Any], ...]
    has_share: bool = False


MEASURES = (
    Measure("made", gettext_lazy("件数"), (("made", gettext_lazy("提出")),)),
    Measure(
        "prompt", gettext_lazy("按时答复"),
        (("on_time", gettext_lazy("按时")), ("late", gettext_lazy("超期"))), has_share=True,
    ),
    Measure(
        "verdict", gettext_lazy("答复结论"), tuple((str(v), v.label) for v in Verdict)
    ),
    Measure(
        "attitude", gettext_lazy("对态度满意"),
        (("kind", gettext_lazy("满意和基本满意")), ("unkind", gettext_lazy("不满意"))),
        has_share=True,
    ),
    Measure(
        "result", gettext_lazy("对结果满意"),
        (("good", gettext_lazy("满意和基本满意")), ("bad", gettext_lazy("不满意"))),
        has_share=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One measure of one line, as it may be shown."""

    measure: Measure
    shown: Shown

    @property
    def cells(self) -> list[int | None]:
        return list(self.shown.cells or [None] * len(self.measure.columns))

    @property
    def share(self) -> str:
        if not self.measure.has_share or not self.shown.cells:
            return ""
        return percent(self.shown.cells[0], sum(self.shown.cells))


@dataclass(frozen=True)
class Line:
    """One unit, one month, or all of them."""

    label: str
    parts: list[Part]


@dataclass(frozen=True)
class Table:
    """The lines of one kind, and their sum."""

    key: str
    label: Any
    lines: list[Line]
    whole: Line


def figures(place: Neighbourhood, year: int, today: date) -> list[Table]:
    """The two tables of a neighbourhood's year."""
    rows = _measured(
        Suggestion.objects.filter(neighbourhood=place, submitted_at__year=year)
        .exclude(state__in=(Suggestion.State.MERGED, Suggestion.State.WITHDRAWN))
        .order_by()
    )
    return [
        _table("unit", gettext_lazy("办理单位"), _counted(rows, F("unit__name"), today)),
        _table("month", gettext_lazy("提出的月份"), _counted(rows, TruncMonth("submitted_at"), today)),
    ]  # fmt: skip


def _measured(rows: QuerySet[Suggestion]) -> QuerySet[Any]:
    """With the last answer's verdict and the last rating."""
    answers = Reply.objects.filter(suggestion=OuterRef("pk")).order_by("-round")
    ratings = Satisfaction.objects.filter(suggestion=OuterRef("pk")).order_by("-round")
    return rows.annotate(
        verdict=Subquery(answers.values("verdict")[:1]),
        attitude=Subquery(ratings.values("attitude")[:1]),
        result=Subquery(ratings.values("result")[:1]),
    )


def _counted(rows: QuerySet[Any], by: Any, today: date) -> dict[str, dict[str, int]]:
    """The number in each column, for every value of ``by``."""
    in_time = Q(replied_at__date__lte=F("reply_by"))
    owed = Q(replied_at=None, reply_by__lt=today) & ~Q(state__in=Suggestion.ENDED)
    conditions = {
        "made": Q(),
        "on_time": in_time,
        "late": Q(replied_at__date__gt=F("reply_by")) | owed,
        **{str(verdict): Q(verdict=verdict) for verdict in Verdict},
        "kind": Q(attitude__in=CONTENT),
        "unkind": Q(attitude=Level.UNSATISFIED),
        "good": Q(result__in=CONTENT),
        "bad": Q(result=Level.UNSATISFIED),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    lines = rows.annotate(by=by).values("by").annotate(**counts)
    lines = lines.order_by(F("by").asc(nulls_first=True))
    return {_label(line.pop("by")): line for line in map(dict, lines)}


def _label(value: Any) -> str:
    if value is None:
        return _("还没交办")
    return value if isinstance(value, str) else f"{value:%Y-%m}"


def _table(key: str, label: Any, counts: dict[str, dict[str, int]]) -> Table:
    shown = {
        measure.key: protect(
            {
                line: tuple(numbers[name] for name, _label in measure.columns)
                for line, numbers in counts.items()
            }
        )
        for measure in MEASURES
    }
    lines = [
        Line(line, [Part(measure, shown[measure.key][0][line]) for measure in MEASURES])
        for line in counts
    ]
    whole = Line(_("合计"), [Part(measure, shown[measure.key][1]) for measure in MEASURES])
    return Table(key, label, lines, whole)
