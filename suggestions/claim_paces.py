"""How fast a claim goes on (诉求时限): the promised day of each state, counted from the limits in force."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from caoyang_portal.calendars.deadlines import add_working_days, is_working_day, special_days
from suggestions.models import Claim, ClaimLimit

State, Code = Claim.State, ClaimLimit.Code

NEXT: dict[str, Any] = {
    State.MADE: _("居委看一看归谁办"),
    State.ACCEPTED: _("先和您联系一次"),
    State.CONTACTED: _("交给负责的单位"),
    State.IN_PROGRESS: _("办理并答复您"),
    State.REPLIED: _("问您满意不满意"),
    State.SUPERVISED: _("街道定下怎样再办"),
}
STEP_LIMITS = {
    State.MADE: Code.ACCEPT,
    State.ACCEPTED: Code.CONTACT,
    State.CONTACTED: Code.DISPATCH,
    State.REPLIED: Code.CALLBACK,
    State.SUPERVISED: Code.SUPERVISE,
}

# Working days after the promised one: who has it in hand, then those above, then the street.
RUNGS = (0, 1, 3)


def limit(code: str, day: date) -> ClaimLimit:
    """The limit that holds on ``day``; there is always one (the stock comes with the tables)."""
    return ClaimLimit.objects.in_force(code, day).order_by("-since")[0]  # type: ignore[attr-defined]


def due(code: str, start: date) -> date:
    """The last day of a period that starts on ``start``."""
    return add_working_days(start, limit(code, start).working_days)


def promised(claim: Claim, today: date) -> tuple[str, date]:
    """What comes next for ``claim`` as it stands now, and the day it is promised for."""
    state = State(claim.state)
    if state == State.IN_PROGRESS:
        day = claim.reply_due or today
    elif state == State.CONTACTED and claim.reply_due:
        day = max(today, min(due(Code.DISPATCH, today), claim.reply_due))
    else:
        day = due(STEP_LIMITS[state], today)
    return str(NEXT[state]), day


def rungs_reached(day: date, today: date) -> int:
    """How many rungs of the ladder a promise for ``day`` has reached on ``today``."""
    return sum(add_working_days(day, days) < today if days else day < today for days in RUNGS)


def working_days_between(first: date, last: date) -> int:
    """Working days after ``first`` up to ``last``; below nought when ``last`` came before."""
    if last < first:
        return -working_days_between(last, first)
    special = special_days(first, last)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day, special) for day in days)


def shifted(today: date, days_left: int) -> date:
    """The day ``days_left`` working days away, as it was when the clock stood still."""
    if days_left >= 0:
        return add_working_days(today, days_left)
    day = today
    while working_days_between(day, today) < -days_left:
        day -= timedelta(days=1)
    return day
