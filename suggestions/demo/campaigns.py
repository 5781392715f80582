"""The demonstration's campaigns (演示征集令): one that asks, one answered, one of visits in its second round."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood
from households.demo.story import person
from suggestions.actions import campaign_visits, campaigns
from suggestions.models import Campaign, CampaignQuestion

DAY = dt.timedelta(days=1)
CHANNELS = "手机上填、到任何一个征集点填、投进建议邮筒、打居委电话"
WHERE = ("门口", "小花园", "菜场", "小花园", "小花园", "为老服务站")


def tell_campaigns(place: Neighbourhood, say: Callable[[str], None]) -> bool:
    """Where a bench is needed, what was answered in spring, who was met about fraud."""
    if Campaign.objects.filter(neighbourhood=place).exists():
        return False
    say("征集令：长椅、反诈上门")
    asking = _drafted(
        place, "call", "小区里哪里最需要一张长椅", "老人走累了没处坐。大家说放在哪里，就放在哪里。"
    )
    _asked(asking)
    for n, words in enumerate(WHERE):
        _entered(asking, words, "走累了想坐一坐。" if n % 2 else "")
    answered = _drafted(place, "call", "幸福饭堂添什么菜", "天冷了，听听大家想吃什么。")
    _asked(answered, "添什么", "热汤\n软饭\n素菜", "还想说什么")
    for words in ("热汤", "热汤", "软饭"):
        _entered(answered, words, "")
    campaigns.close_campaign(answered, by=person("committee"))
    campaigns.answer_campaign(
        answered, answer="收到 3 份。热汤 2 份，从下周一起每天中午有汤；软饭 1 份，要的请跟师傅说一声，单独煮。",
        by=person("committee"),
    )  # fmt: skip
    _visits(place)
    return True


def _drafted(place: Neighbourhood, kind: str, theme: str, explanation: str) -> Campaign:
    today = timezone.localdate()
    return campaigns.draft_campaign(
        place, kind=kind, theme=theme, explanation=explanation, channels=CHANNELS,
        starts_on=today, ends_on=today + 20 * DAY, answer_by=today + 40 * DAY,
        by=person("committee"),
    )  # fmt: skip


def _asked(
    campaign: Campaign, where: str = "放在哪里", options: str = "门口\n小花园\n菜场\n为老服务站",
    why: str = "为什么",
) -> None:  # fmt: skip
    chen = person("committee")
    kinds = CampaignQuestion.Kind
    campaigns.add_campaign_question(
        campaign, text=where, kind=kinds.CHOICE, options=options, by=chen
    )
    campaigns.add_campaign_question(campaign, text=why, kind=kinds.LONG, is_needed=False, by=chen)
    campaigns.open_campaign(campaign, by=chen)


def _entered(campaign: Campaign, chosen: str, words: str) -> None:
    where, why = campaign.questions.all()
    campaigns.enter_for_campaign(
        campaign, answers={where.pk: chosen, why.pk: words}, name="", channel="counter",
        by=person("committee"),
    )  # fmt: skip


def _visits(place: Neighbourhood) -> None:
    """Fifteen of twenty homes were met in the first round, three more in the second."""
    chen = person("committee")
    rounds = _drafted(
        place,
        "anti_fraud",
        "反诈敲门行动",
        "每家每户当面讲一遍：不转账、不透露验证码、拿不准就打居委电话。",
    )
    rounds = campaigns.open_campaign(rounds, by=chen)
    homes = list(rounds.homes.all())
    for n, home in enumerate(homes):
        outcome = "met" if n % 4 else "nobody"
        campaign_visits.enter_campaign_visit(home, outcome=outcome, by=chen)
    campaign_visits.start_second_round(rounds, by=chen)
    for home in homes[:12:4]:
        campaign_visits.enter_campaign_visit(home, outcome="met", by=chen)
