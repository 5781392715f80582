"""The demonstration's topics, resolutions and self-governance projects (演示议题): a year of Caoyang Two.

Every step is an act; only days are written by hand, and the review meeting, which this story needs and
does not tell.
"""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from caoyang_portal.community.models import Neighbourhood, Organisation
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.models import Attachment
from consultation.actions import resolutions, self_governance, topic_upkeep, topics
from consultation.models import (
    Meeting,
    Resolution,
    ResolutionNote,
    SelfGovernanceProject,
    Topic,
    TopicStep,
)
from households.demo import pilot
from households.demo.story import person
from households.models import Residency

DAY = dt.timedelta(days=1)
PARTY = "曹杨二村居民区党总支"
MARKET = "菜场升级改造"
MARKET_DAYS = (240, 236, 229, 215, 120, 100)  # ago, of each of its steps
GREY, GREEN = (120, 116, 108), (92, 140, 102)


def tell_topics(place: Neighbourhood) -> None:
    """Before the meetings: the market, a hearing in the group chat, what was declined, what is late."""
    _market(place)
    _cloud_hearing(place)
    _declined(place)
    _late(place)
    _station(place)
    _for_a_neighbour(place)


def tell_outcomes(place: Neighbourhood) -> None:
    """After the meetings: what became of the market, who carries it out, what residents do themselves."""
    market = _decided(place, Topic.objects.get(neighbourhood=place, title=MARKET))
    _resolutions(place, market)
    _projects(place, market)


def _body(place: Neighbourhood, name: str) -> Organisation:
    kind = Organisation.Kind.DEPARTMENT
    return Organisation.objects.get_or_create(
        sub_district=place.sub_district, kind=kind, name=name
    )[0]


def _proposed(place: Neighbourhood, title: str, text: str, **fields: Any) -> Topic:
    """By 王桂芳 from her phone where she has one, else at the counter."""
    home = _at_home(place).filter(member__name=pilot.NAMES[0]).first()
    if home:
        return topics.propose_topic(place, title=title, text=text, by=home.user, **fields)
    return _entered(place, title, text, pilot.NAMES[0], Topic.Source.VISIT)


def _at_home(place: Neighbourhood) -> Any:
    return Residency.objects.live().filter(neighbourhood=place).select_related("user")


def _entered(
    place: Neighbourhood, title: str, text: str, proposer: str, source: Topic.Source
) -> Topic:
    return topics.enter_topic(
        place, title=title, text=text, source=source, proposer_name=proposer,
        by=person("committee"),
    )  # fmt: skip


def _screened(topic: Topic, note: str = "") -> Topic:
    return topics.screen_topic(
        topic, title=topic.title, text=topic.text, is_duplicate=False, is_ours=True,
        is_personal=False, note=note, by=person("committee"),
    )  # fmt: skip


def _approved(topic: Topic, form: Topic.Form, words: str = "") -> Topic:
    _screened(topic)
    return topics.approve_topic(topic, body=PARTY, form=form, words=words, by=person("colleague"))


def _market(place: Neighbourhood) -> None:
    """菜场升级: ten round tables, an enabling team, a study trip."""
    chen = person("committee")
    topic = _proposed(
        place, MARKET,
        "菜场地滑、灯暗、通道窄，老人推车走不过去。希望听听摊主和居民的意见，一起改。",
    )  # fmt: skip
    _approved(topic, Topic.Form.ROUND_TABLE, "开十次“面对面”圆桌会，请专家赋能团队一起来。")
    topics.start_deliberation(
        topic, words="头三次请居民说，接着三次请摊主说。第七次组织大家外出学习两个改得好的菜场。",
        by=chen,
    )  # fmt: skip
    dark = _entered(place, "买菜看不清秤", "下午四点以后看不清。", "李阿婆", Topic.Source.VISIT)
    for home in _at_home(place).exclude(user=topic.proposed_by):
        topic_upkeep.support_topic(topic, by=home.user)
    _on_days(topic, MARKET_DAYS[:4])
    topic_upkeep.merge_topic(dark, into=topic, reason="换灯已经在菜场升级里。", by=chen)
    _on_days(dark, (130, 128))


def _decided(place: Neighbourhood, topic: Topic) -> Topic:
    """At the round tables that were held; a body has taken it on since."""
    chen = person("committee")
    held = topic.agenda.filter(meeting__state="held").exists()
    topics.decide_topic(
        topic, how="meeting" if held else "elsewhere",
        conclusion="铺防滑砖，换灯，通道加宽到一米五，留六个便民摊位。第十次圆桌会议定，三十一人同意，两人保留意见。",
        by=chen,
    )  # fmt: skip
    topics.assign_topic(
        topic, payer=_body(place, "街道营商服务办公室"), words="分两期施工，不停业。", by=chen
    )
    _on_days(topic, MARKET_DAYS)
    Topic.objects.filter(pk=topic.pk).update(next_on=timezone.localdate() + 40 * DAY)
    return topic


def _cloud_hearing(place: Neighbourhood) -> None:
    """云听证: in the stairwell's group chat."""
    topic = _entered(
        place, "楼道堆物怎么清", "三楼到六楼走道堆满，消防说要清。", "居民代表", Topic.Source.VISIT
    )
    _approved(topic, Topic.Form.GROUP_CHAT, "在楼组群里办云听证，不上网的上门听。")
    topics.start_deliberation(topic, words="已有十四户在群里说了意见。", by=person("committee"))
    _on_days(topic, (20, 17, 15, 8))


def _declined(place: Neighbourhood) -> None:
    topic = _entered(
        place, "在小区门口开一家超市", "买米买油要走两站路。", "周先生", Topic.Source.SUGGESTION
    )
    _screened(topic, "居委先看一看。")
    topics.decline_topic(
        topic,
        answer="门口的房子规划是非机动车库，居民商量改不了。想开店的单位可以向街道申请，我们已把意见转过去。",
        instead=Topic.Instead.STREET, by=person("committee"),
    )  # fmt: skip
    _on_days(topic, (60, 57, 52))


def _late(place: Neighbourhood) -> None:
    """Promised and not kept; the page says so and the ladder has been told."""
    topic = _proposed(place, "丁字路口看不清来车", "出小区左转看不到来车，装一面反光镜吧。")
    _screened(topic)
    _on_days(topic, (26, 22))
    Topic.objects.filter(pk=topic.pk).update(next_on=timezone.localdate() - 8 * DAY)
    topic_upkeep.warn_topic(topic, timezone.localdate())


def _station(place: Neighbourhood) -> None:
    """初心驿站: the porter's lodge became a room for all."""
    chen = person("committee")
    topic = _entered(
        place, "门卫室改成大家歇脚的地方", "旧门卫室空着。", "楼组长", Topic.Source.VISIT
    )
    _approved(topic, Topic.Form.SATURDAY_HALL)
    topics.start_deliberation(topic, by=chen)
    topics.decide_topic(
        topic,
        how="elsewhere",
        conclusion="改成初心驿站：有座、有水、有书，楼组长轮流开门。",
        by=chen,
    )
    topics.assign_topic(topic, payer=_body(place, "街道社区服务办公室"), by=chen)
    topics.evaluate_topic(
        topic, satisfied=46, dissatisfied=3, words="夏天有地方坐了。希望晚上也开。", by=chen
    )
    _on_days(topic, (330, 327, 320, 310, 290, 280, 150))


def _for_a_neighbour(place: Neighbourhood) -> None:
    """Fresh, from a visit, of somebody without a phone."""
    topic = _entered(place, "晾衣架太高够不着", "老人要踮脚，怕摔。", "沈阿婆", Topic.Source.VISIT)
    _on_days(topic, (1,))


def _on_days(topic: Topic, ago: Sequence[int]) -> None:
    """Time passes: each step so many days ago."""
    now = timezone.now()
    steps = list(topic.steps.order_by("at", "pk"))
    for step, days in zip(steps, ago, strict=True):
        TopicStep.objects.filter(pk=step.pk).update(at=now - days * DAY)
    Topic.objects.filter(pk=topic.pk).update(proposed_at=now - ago[0] * DAY)
    Topic.objects.filter(pk=topic.pk, screened_at__isnull=False).update(
        screened_at=now - ago[min(1, len(ago) - 1)] * DAY
    )


def _resolutions(place: Neighbourhood, market: Topic) -> None:
    """One in every state; one late, one put off."""
    chen = person("committee")
    body = _body(place, "街道营商服务办公室")
    done = _resolved(place, "菜场铺防滑砖", market, body, dissent="两位摊主担心施工时没生意。")
    _shown_done(done, "砖铺完了，两位居民代表试走过。")
    review = _review(place)
    resolutions.evaluate_resolution(
        done, meeting=review, hall_satisfied=27, hall_dissatisfied=2, text="好走了。", by=chen
    )
    wanting = _resolved(place, "菜场换灯", market, body)
    _shown_done(wanting, "灯换好了。")
    resolutions.evaluate_resolution(
        wanting, meeting=review, hall_satisfied=11, hall_dissatisfied=18,
        text="秤台还是暗，要再加一排。", due_on=timezone.localdate() + 25 * DAY, by=chen,
    )  # fmt: skip
    _shown_done(_resolved(place, "留六个便民摊位", market, body), "摊位划好了，等大家看。")
    late = _resolved(place, "通道加宽到一米五", market, body)
    resolutions.note_progress(late, text="东侧已经拆开，西侧等管线移位。", by=chen)
    off = _resolved(place, "公布施工时间表", market, None)
    resolutions.postpone_resolution(
        off, due_on=timezone.localdate() + 60 * DAY, reason="等二期图纸。", by=chen
    )
    dropped = _resolved(place, "在屋顶装遮阳棚", market, body)
    resolutions.drop_resolution(dropped, reason="房屋检测说屋顶承重不够。", by=chen)
    Resolution.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - 5 * DAY)
    resolutions.warn_resolution(late, timezone.localdate())


def _resolved(
    place: Neighbourhood, text: str, topic: Topic, body: Organisation | None, dissent: str = ""
) -> Resolution:
    return resolutions.enter_resolution(
        place, text=text, topic=topic, responsible_body=body, dissent=dissent,
        responsible_name="" if body else person("committee").name,
        due_on=timezone.localdate() + 30 * DAY, by=person("committee"),
    )  # fmt: skip


def _shown_done(resolution: Resolution, words: str) -> None:
    chen = person("committee")
    for when, colour in (("before", GREY), ("after", GREEN)):
        resolutions.add_evidence(
            resolution,
            files=[_picture(resolution.neighbourhood_id, f"{resolution.text}.png", colour)],
            when=when,  # type: ignore[arg-type]
            caption=resolution.text,
            is_public=True,
            by=chen,
        )
    resolutions.claim_done(resolution, text=words, by=chen)
    ResolutionNote.objects.filter(resolution=resolution).update(at=timezone.now() - 12 * DAY)


def _review(place: Neighbourhood) -> Meeting:
    now, chen = timezone.now(), person("committee")
    return Meeting.objects.create(
        neighbourhood=place, form=Topic.Form.REVIEW, title="菜场升级一期评议会", convenor="居委会",
        purpose="请买菜的、卖菜的一起看一期做得怎么样。", host=chen, place="菜场二楼",
        starts_at=now - 10 * DAY, ends_at=now - 10 * DAY + dt.timedelta(hours=2),
        announced_at=now - 18 * DAY, opened_at=now - 10 * DAY, closed_at=now - 9 * DAY,
        state=Meeting.State.HELD, drafted_by=chen,
    )  # fmt: skip


def _projects(place: Neighbourhood, market: Topic) -> None:
    """One of each kind: finished, running with money, in preparation."""
    chen, today = person("committee"), timezone.localdate()
    kind = SelfGovernanceProject.Kind
    corner = _project(
        place, kind.SHIHEYUAN, "先行楼议事角", "把底楼楼道清出来，放一张桌子，邻里的事坐下来说。"
    )
    leader = self_governance.add_project_member(corner, name="解玉珍", role="leader", by=chen)  # type: ignore[arg-type]
    self_governance.add_project_member(corner, name="曹文华", role="volunteer", by=chen)  # type: ignore[arg-type]
    task = self_governance.add_project_task(
        corner, text="清走杂物", owner=leader, due_on=today, by=chen
    )
    self_governance.begin_project(corner, by=chen)
    _spent(corner, "油漆和木板", "自治金", 120_000, ("两桶漆", 46_000), ("木板", 31_550))
    _photos(corner)
    self_governance.finish_project_task(task, note="清走三车，七户自己搬的。", by=chen)
    self_governance.finish_project(
        corner, result="楼道清出来了，议事角每周六开。半年里调和了四件事。", by=chen
    )
    key = _project(place, kind.ONE_KEY, "一户一个办法", "厨房合用的七户，一家一家想改的办法。")
    helper = self_governance.add_project_member(key, name="唐惠英", role="leader", by=chen)  # type: ignore[arg-type]
    for text, days in (("量七户厨房", -3), ("和设计师出三个样子", 20)):
        self_governance.add_project_task(
            key, text=text, owner=helper, due_on=today + days * DAY, by=chen
        )
    self_governance.begin_project(key, by=chen)
    _spent(key, "打样", "改造实施主体", 300_000, ("样板柜", 128_000))
    team = _project(
        place,
        kind.HELP_TEAM,
        "同心成套改造助力团",
        "工程师、党员、楼组长一起上门讲图纸。",
        topic=market,
    )
    self_governance.add_project_member(team, name="周岚", role="expert", by=chen)  # type: ignore[arg-type]
    SelfGovernanceProject.objects.filter(pk=corner.pk).update(
        begun_at=timezone.now() - 200 * DAY, ended_at=timezone.now() - 30 * DAY
    )


def _project(
    place: Neighbourhood, kind: SelfGovernanceProject.Kind, name: str, aim: str, **fields: Any
) -> SelfGovernanceProject:
    return self_governance.enter_project(
        place, kind=kind, name=name, aim=aim, ends_on=timezone.localdate() + 90 * DAY,
        by=person("committee"), **fields,
    )  # fmt: skip


def _spent(
    project: SelfGovernanceProject, text: str, source: str, planned: int, *bought: tuple[str, int]
) -> None:
    chen, place = person("committee"), project.neighbourhood_id
    line = self_governance.set_budget_line(
        project, text=text, source=source, planned_cents=planned, by=chen
    )
    for what, cents in bought:
        self_governance.add_expense(
            line, text=what, cents=cents, spent_day=timezone.localdate() - 20 * DAY,
            receipt=_picture(place, f"票据 {what}.png", (250, 246, 235)), by=chen,
        )  # fmt: skip


def _photos(project: SelfGovernanceProject) -> None:
    for when, colour, caption in (
        ("before", GREY, "堆满杂物的楼道"),
        ("after", GREEN, "清出来的议事角"),
    ):
        self_governance.add_project_photo(
            project,
            files=[_picture(project.neighbourhood_id, f"{caption}.png", colour)],
            when=when,  # type: ignore[arg-type]
            caption=caption,
            by=person("committee"),
        )


def _picture(place: Any, name: str, colour: tuple[int, int, int]) -> Attachment:
    """A plain drawing of a room, in the colour of its mood."""
    image = Image.new("RGB", (480, 320), colour)
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 320), (120, 220), (360, 220), (480, 320)], fill=(226, 218, 204))
    draw.rectangle([120, 60, 360, 220], outline=(250, 250, 250), width=4)
    draw.rectangle([205, 120, 275, 220], fill=(246, 240, 228))
    out = io.BytesIO()
    image.save(out, "PNG")
    return intake.keep(
        out.getvalue(), name, "image/png", neighbourhood_id=place, by=person("committee")
    )
