"""How fast things are to go on (时限): the promised days of a topic's steps, and the ladder when one lapses.

Our own choice, bound by no law: each form offers the day counted from here, and whoever does the
step may promise another one.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from caoyang_portal.calendars.deadlines import add_working_days
from consultation.models import Topic

State = Topic.State


@dataclass(frozen=True)
class Pace:
    """What comes after a state, and within how many working days."""

    next_step: Any
    days: int


PACES = {
    State.PROPOSED: Pace(_("居委看这件事能不能列为议题"), 5),
    State.SCREENED: Pace(_("请党组织批准，定下怎样商量"), 5),
    State.APPROVED: Pace(_("约大家商量"), 10),
    State.DELIBERATING: Pace(_("商量出结果"), 20),
    State.DECIDED: Pace(_("落实单位接下这件事"), 10),
    State.CARRYING_OUT: Pace(_("办好以后请大家评议"), 60),
}

# Working days after the promised one: the minder, then the whole committee, then the street.
RUNGS = (0, 3, 8)


def promised(state: str, today: date) -> tuple[str, date]:
    """The next step after ``state`` and the day it is promised for."""
    pace = PACES[State(state)]
    return str(pace.next_step), add_working_days(today, pace.days)


def rung_reached(due: date, today: date) -> int:
    """How many rungs of the ladder a promise for ``due`` has reached on ``today``."""
    return sum(add_working_days(due, days) < today if days else due < today for days in RUNGS)
