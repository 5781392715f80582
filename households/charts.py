"""Charts drawn on the server (图表): plain SVG coordinates, no script, the same for screen and print."""

from collections.abc import Sequence
from dataclasses import dataclass

from households.queries.rates import Day

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 66, 12, 24, 16


@dataclass(frozen=True)
class TrendChart:
    """A cumulative line with its threshold; all numbers are SVG user units."""

    width: int
    height: int
    line: str  # points of a polyline
    area: str  # the same, closed to the axis
    threshold_y: float
    threshold_pct: int
    first: str
    last: str
    ticks: list[tuple[float, int]]  # y and per cent
    end: tuple[float, float]


def trend_chart(days: Sequence[Day], total: int, threshold_pct: int) -> TrendChart | None:
    """The signing rate by day; None before anybody signed."""
    if not days or not total:
        return None
    first, last = days[0].day.toordinal(), days[-1].day.toordinal()
    span = max(1, last - first)
    width = WIDTH - LEFT - RIGHT

    def x(day: Day) -> float:
        return (
            round(LEFT + (day.day.toordinal() - first) / span * width, 1)
            if last > first
            else LEFT + width
        )

    points = [(x(day), _y(day.rate.signed * 100 / total)) for day in days]
    if last == first:
        points.insert(0, (float(LEFT), _y(0)))
    line = " ".join(f"{px},{py}" for px, py in points)
    return TrendChart(
        width=WIDTH,
        height=HEIGHT,
        line=line,
        area=f"{points[0][0]},{_y(0)} {line} {points[-1][0]},{_y(0)}",
        threshold_y=_y(threshold_pct),
        threshold_pct=threshold_pct,
        first=days[0].day.strftime("%m-%d"),
        last=days[-1].day.strftime("%m-%d"),
        ticks=[(_y(pct), pct) for pct in (0, 25, 50, 75, 100)],
        end=points[-1],
    )


def _y(per_cent: float) -> float:
    return round(TOP + (100 - per_cent) / 100 * (HEIGHT - TOP - BOTTOM), 1)
