"""How fast a draft law goes on (草案时限): periods with their source, the promised day of each state, the ladder."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from suggestions.models import DraftLaw
from suggestions.periods import CALENDAR, OURS, WORKING, Period

State = DraftLaw.State
SET_UP = date(2020, 4, 1)  # 曹杨 became a contact point
COMMENT = Period(
    "draft_comment", 15, CALENDAR, gettext_lazy("上海市制定地方性法规条例第三十三条"), SET_UP
)  # for the public, at least
INTERNAL = Period("draft_internal", 5, WORKING, OURS, SET_UP)  # before whoever asks is owed them
EXPLAIN = Period("draft_explain", 3, WORKING, OURS, SET_UP)
LATE = Period("draft_late", 10, WORKING, OURS, SET_UP)  # for opinions that came after submission
ASK = Period("draft_ask", 90, CALENDAR, OURS, SET_UP)  # until one asks what became of them
REMIND = Period("draft_remind", 3, WORKING, OURS, SET_UP)
COMING, OVERDUE, TO_THE_STREET = 1, 2, 3


def before(period: Period, end: date) -> date:
    """The last day from which ``period`` is over by ``end``."""
    start = end
    while period.ends(start) > end:
        start -= timedelta(days=1)
    return start


def internal_due(city_due_on: date, received_on: date) -> date:
    """When opinions are to be in, so that there is time to look at them; never before they can be asked."""
    return max(before(INTERNAL, city_due_on), received_on)


def is_short(draft: DraftLaw) -> bool:
    """Whether whoever asks leaves the public less time than the regulation does."""
    return draft.city_due_on < draft.received_on + timedelta(days=COMMENT.days)


def promised(draft: DraftLaw, today: date, *, has_late_ones: bool) -> tuple[str, date | None]:
    """What comes next in the draft's state, and until when."""
    if draft.state == State.PREPARING:
        return _("写好大白话，开始征求意见"), min(EXPLAIN.ends(today), draft.due_on)
    if draft.state == State.OPEN:
        return _("请大家提意见"), draft.due_on
    if draft.state == State.CLOSED:
        return _("逐条审核，报送上去"), draft.city_due_on
    if draft.state == State.SUBMITTED and has_late_ones:
        return _("补报后来的意见"), LATE.ends(today)
    if draft.state == State.SUBMITTED:
        return _("问一问采纳了哪些"), ASK.ends(today)
    return "", None


def rung_reached(draft: DraftLaw, today: date) -> int:
    """How far the coming or the lapse of the promised day is to be told on ``today``."""
    if not draft.is_live:
        return 0
    if REMIND.ends(draft.next_on) < today:
        return TO_THE_STREET
    if draft.next_on < today:
        return OVERDUE
    is_deadline = draft.state in (State.OPEN, State.CLOSED)
    return COMING if is_deadline and before(REMIND, draft.next_on) <= today else 0
