"""What came of a show of hands, as people say it (举手表决的结果)."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from consultation.models import ShowOfHands
from consultation.tally import ABSTAIN, AREA, NO, YES

from .attendance import HOUSEHOLDS
from .showing import square_metres

State = ShowOfHands.State


@dataclass(frozen=True)
class Result:
    """The verdict in a word, the numbers line by line, and the quorum they were valid by."""

    headline: str
    tone: str
    lines: list[str]
    quorum: list[str]


def result_words(show: ShowOfHands) -> Result:
    return Result(_headline(show), _tone(show), _lines(show), _quorum(show))


def _headline(show: ShowOfHands) -> str:
    if show.state == State.COUNTED:
        return _("通过") if show.is_adopted else _("没有通过")
    return show.get_state_display()


def _tone(show: ShowOfHands) -> str:
    if show.state == State.COUNTED:
        return "good" if show.is_adopted else "warn"
    return {State.OPEN: "next", State.INVALID: "bad"}.get(State(show.state), "plain")


def _lines(show: ShowOfHands) -> list[str]:
    if show.state != State.COUNTED:
        return [show.why] if show.why else []
    said = {"yes": show.yes, "no": show.no, "abstain": show.abstain}
    found = [_("同意 %(yes)s，不同意 %(no)s，弃权 %(abstain)s") % said]
    if show.weighed and show.meeting.quorum in ("households", "heads_and_area"):
        measure = HOUSEHOLDS if show.meeting.quorum == "households" else AREA
        found.append(_weighed(show.weighed[measure], measure))
    return found


def _weighed(sums: dict[str, int], measure: str) -> str:
    shown = {
        name: square_metres(sums[name]) if measure == AREA else str(sums[name])
        for name in (YES, NO, ABSTAIN)
    }
    if measure == AREA:
        return _("按面积：同意 %(yes)s，不同意 %(no)s，弃权 %(abstain)s") % shown
    return _("按户数：同意 %(yes)s，不同意 %(no)s，弃权 %(abstain)s") % shown


def _quorum(show: ShowOfHands) -> list[str]:
    """The numbers at its beginning, at its end, and the fewest in between."""
    found = []
    for label, numbers in (
        (_("开始时"), show.at_opening),
        (_("结束时"), show.at_closing),
        (_("最少时"), show.at_least),
    ):
        if numbers:
            found.append(f"{label}{_at(numbers)}：{_numbers(numbers)}")
    return found


def _at(numbers: dict[str, Any]) -> str:
    moment = parse_datetime(numbers["at"]) if "at" in numbers else None
    return f"（{time_format(timezone.localtime(moment), 'H:i')}）" if moment else ""


def _numbers(numbers: dict[str, Any]) -> str:
    said = {"heads": numbers["heads"], "proxy": numbers["by_proxy"]}
    words = _("%(heads)s 人，其中受委托 %(proxy)s 人") % said
    if numbers["area_cent"]:
        words += _("，%(area)s") % {"area": square_metres(numbers["area_cent"])}
    if numbers["steps"]:
        words += _("，够了") if numbers["holds"] else _("，不够")
    return words
