"""Public notices and house rules of the demonstration (演示公示、守则), told after the polls."""

import datetime as dt

from django.utils import timezone

from caoyang_portal.community.models import Building, Neighbourhood
from caoyang_portal.publicity import actions as publicities
from caoyang_portal.publicity.models import PublicityObjection
from consultation.actions import evaluations, house_rules
from consultation.models import Evaluation, EvaluationForm, Poll, RulesVersion
from households.demo.story import person
from households.models import Household

NAME = "先行楼住户守则"
ARTICLES = [
    ("装修时间", "每天早上八点到晚上十点可以装修。"),
    ("楼道", "楼道里不堆东西，不停电瓶车。"),
    ("宠物", "遛狗要牵绳，便便自己捡。"),
]
LIFT = (
    "电梯装在先行楼北侧，紧挨楼梯，占用门前约 12 平方米共用绿地。\n\n"
    "费用由受益住户分摊，一楼不出钱。施工约四个月，白天进行。\n\n"
    "采光影响：一楼北窗每天减少约二十分钟日照，设计已把井道改为玻璃。"
)


def notices_and_rules(place: Neighbourhood, poll: Poll) -> None:
    """A notice that runs with its objections; rules in force since the poll, and their next version."""
    building = Building.objects.filter(neighbourhood=place).order_by("number").first()
    _lift(place, building)
    _rules(place, building, poll)
    _evaluation(place)


def _lift(place: Neighbourhood, building: Building | None) -> None:
    chen = person("committee")
    publicity = publicities.draft_publicity(
        place, title="先行楼加装电梯方案公示", body=LIFT,
        legal_basis="沪规划资源规〔2024〕2号；沪房更新〔2024〕126号", days=10, opinion_days=7,
        link="/polls/lift-2026/", by=chen,
    )  # fmt: skip
    hall = publicities.add_posting_place(publicity, place="门厅公告栏", building=building, by=chen)
    publicities.add_posting_place(publicity, place="小区大门", by=chen)
    publicities.post_publicity(publicity, by=chen)
    publicities.put_up_notice(hall, put_up_on=timezone.localdate(), by=chen)
    said = publicities.object_to_publicity(
        publicity, text="一楼北窗本来就暗，井道能不能用玻璃？", by=person("leader")
    )
    publicities.enter_objection(
        publicity, channel=PublicityObjection.Channel.COUNTER, name="陆志强", home="",
        text="施工时老人进出怎么走？", raised_on=timezone.localdate(), by=chen,
    )  # fmt: skip
    publicities.answer_objection(
        said, outcome=PublicityObjection.Outcome.ADOPTED,
        answer="设计已改为玻璃井道，图纸贴在门厅。", by=chen,
    )  # fmt: skip


def _rules(place: Neighbourhood, building: Building | None, poll: Poll) -> None:
    """The version that was voted on in ``poll`` stands as written; a second one asks for comments."""
    chen = person("committee")
    first = house_rules.start_house_rules(
        place, name=NAME, building=building, preface="住在一幢楼里，大家商量着办。", by=chen
    )
    for heading, text in ARTICLES:
        house_rules.add_article(first, heading=heading, text=text, by=chen)
    since = poll.published_at or timezone.now()
    RulesVersion.objects.filter(pk=first.pk).update(  # what the poll of the story decided
        state=RulesVersion.State.IN_FORCE, poll=poll, published_at=since, adopted_at=since,
        in_force_on=timezone.localdate(since) + dt.timedelta(days=8),
    )  # fmt: skip
    first = RulesVersion.objects.get(pk=first.pk)
    for home in Household.objects.filter(building=building).order_by("room")[:6]:
        house_rules.acknowledge_rules(first, household=home, by=chen)
    second = house_rules.draft_version(first, why="晚上装修太吵", by=chen)
    noisy = second.articles.get(position=1)
    house_rules.edit_article(
        noisy, heading="装修时间", text="工作日早上九点到晚上六点可以装修，周末不装修。", by=chen
    )
    house_rules.add_article(
        second, heading="电瓶车", text="电瓶车停在车棚充电，不进电梯。", by=chen
    )
    house_rules.publish_version(second, days=15, by=chen)


def _evaluation(place: Neighbourhood) -> None:
    chen, today = person("committee"), timezone.localdate()
    form = EvaluationForm.objects.filter(neighbourhood=None).first()
    if form is None:
        return
    evaluation: Evaluation = evaluations.draft_evaluation(
        place, form=form, body_name=f"{place.name}业委会", year=today.year, opens_on=today,
        closes_on=today + dt.timedelta(days=30), by=chen,
    )  # fmt: skip
    evaluations.open_evaluation(evaluation, by=chen)
