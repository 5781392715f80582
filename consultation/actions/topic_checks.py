"""What a topic's acts refuse, in words a resident can read (议题的规矩)."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from caoyang_portal.community.models import Organisation
from caoyang_portal.errors import Refused
from consultation.models import Poll, Topic, TopicScreening

State = Topic.State
MOST_AHEAD = timedelta(days=366)
HAS_RESULT = (Poll.State.COUNTED, Poll.State.PUBLISHED)


class How:
    """Where something was decided (在哪里议定)."""

    MEETING, POLL, ELSEWHERE = "meeting", "poll", "elsewhere"


def refuse_day(day: date, today: date) -> None:
    if day < today:
        raise Refused(_("答应的日期不能早于今天"))
    if day > today + MOST_AHEAD:
        raise Refused(_("答应的日期最晚在一年以内"))


def refuse_screening(screening: TopicScreening) -> None:
    """What does not pass has a way of its own, with an answer."""
    if screening.is_duplicate:
        raise Refused(_("重复的请用“并入别的议题”，两边的人都会跟着进展"))
    if screening.is_personal:
        raise Refused(_("一家一户的事请用“不列入”，写明去哪里办"))
    if not screening.is_ours:
        raise Refused(_("居民商量不了的请用“不列入”，写明去找谁"))


def refuse_payer(topic: Topic, payer: Organisation | None) -> None:
    if payer and payer.sub_district_id != topic.neighbourhood.sub_district_id:
        raise Refused(_("这个单位不在本街道"))
    if payer and payer.neighbourhood_id not in (None, topic.neighbourhood_id):
        raise Refused(_("这个单位属于别的居民区"))


def refuse_how(topic: Topic, how: str) -> None:
    """A meeting or a poll that decided must be there to be looked up."""
    if how == How.MEETING and not topic.agenda.filter(meeting__state="held").exists():
        raise Refused(_("还没有开完的会讨论过这个议题"))
    if how == How.POLL and not topic.polls.filter(state__in=HAS_RESULT).exists():
        raise Refused(_("还没有已计票的表决关联这个议题"))


def refuse_reopening(topic: Topic) -> None:
    if topic.state not in (State.DECLINED, State.DECIDED, State.CARRYING_OUT, State.EVALUATED):
        raise Refused(_("%(now)s的议题不用重新商量") % {"now": topic.get_state_display()})


def refuse_merge(topic: Topic, into: Topic) -> None:
    if topic.pk == into.pk:
        raise Refused(_("不能并入自己"))
    if topic.neighbourhood_id != into.neighbourhood_id:
        raise Refused(_("只能并入本居民区的议题"))
    if not into.is_live:
        raise Refused(_("要并入的议题已经结束，请另选一个"))
    if into.is_private and not topic.is_private:
        raise Refused(_("不能并入不公开的议题"))
    if topic.merged.exists():
        raise Refused(_("已有别的议题并入这一个，请反过来并"))
