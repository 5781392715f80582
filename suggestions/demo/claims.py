"""The demonstration's claims (演示诉求): one at every step, one late, one reopened, one with the street; a leader's visit.

Every step is an act; only days are written by hand.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood, Organisation, User
from households.demo import pilot
from households.demo.story import person
from households.models import Residency, Visit
from suggestions.actions import callbacks, claim_clock, claims, dispatches, leader_visits
from suggestions.models import Claim, ClaimCallback, ClaimReply, ClaimStep, Dispatch

DAY = dt.timedelta(days=1)
DEPARTMENT = "城市管理科（演示）"
GRID = "曹杨二村第一网格（演示）"
Outcome, Satisfaction = ClaimReply.Outcome, ClaimCallback.Satisfaction


def tell_claims(place: Neighbourhood, say: Callable[[str], None]) -> bool:
    """What is waiting for whom: the committee, the department, 王桂芳, the street."""
    if Claim.objects.filter(neighbourhood=place).exists():
        return False
    say("诉求：漏水、路灯、扶手，办到不同的步骤；一次领导走访")
    _fresh(place)
    _with_the_department(place)
    _waiting_for_her(place)
    _settled_in_the_grid(place)
    _late(place)
    _reopened(place)
    _with_the_street(place)
    _to_mediation(place)
    _visited(place)
    return True


def _unit(place: Neighbourhood, kind: str, name: str) -> Organisation:
    local = place if kind == Organisation.Kind.GRID else None
    return Organisation.objects.get_or_create(
        sub_district=place.sub_district, kind=kind, name=name, defaults={"neighbourhood": local}
    )[0]


def _made(place: Neighbourhood, title: str, text: str) -> Claim:
    """By 王桂芳 from her phone where she has one, else on the telephone."""
    homes = Residency.objects.live().filter(neighbourhood=place, member__name=pilot.NAMES[0])
    home = homes.select_related("user").first()
    if home:
        return claims.make_claim(place, title=title, text=text, by=home.user)
    return _entered(place, title, text, pilot.NAMES[0])


def _entered(
    place: Neighbourhood, title: str, text: str, who: str, source: str = "phone", **more: Any
) -> Claim:
    return claims.enter_claim(
        place, title=title, text=text, source=Claim.Source(source), claimant_name=who,
        confirmed=Claim.Confirmed.READ_OUT, by=person("committee"), **more,
    )  # fmt: skip


def _handed(claim: Claim, unit: Organisation | None, claim_class: str = "help") -> Dispatch:
    """Accepted, spoken with, whistled."""
    chen = person("committee")
    claims.accept_claim(claim, claim_class=Claim.Class(claim_class), by=chen)
    dispatches.note_contact(
        claim, way=Visit.Way.PHONE, words="打过电话，约好明天上门看。", by=chen
    )
    return dispatches.whistle_claim(claim, lead=unit, words="请上门看了再答复。", by=chen)


def _answered(claim: Claim, text: str, by: User, outcome: str = "solved") -> None:
    part = Claim.objects.get(pk=claim.pk).live_dispatches().select_related("unit").get(role="lead")
    dispatches.reply_claim(
        part, outcome=Outcome(outcome), text=text, work_record="上门两次，有照片。", by=by
    )


def _asked(claim: Claim, *, is_done: bool, result: str, words: str = "") -> None:
    """林红 calls: she handled none of them."""
    callbacks.call_back_claim(
        claim, way=ClaimCallback.Way.PHONE, is_done=is_done, attitude=Satisfaction.SATISFIED,
        result=Satisfaction(result), words=words, by=person("colleague"),
    )  # fmt: skip


def _fresh(place: Neighbourhood) -> None:
    claim = _entered(
        place, "三楼楼道灯不亮", "晚上摸黑上楼。", "沈阿婆", "hotline",
        hotline_number="演示-20261120-0417",
    )  # fmt: skip
    _on_days(claim, (0,))


def _with_the_department(place: Neighbourhood) -> None:
    """何勇 may answer it, return it or ask for more time."""
    claim = _entered(place, "门口路灯坏了一盏", "转角那盏，老人怕摔。", "俞阿毛", "counter")
    _handed(claim, _unit(place, "department", DEPARTMENT))
    _on_days(claim, (2, 2, 1, 1))


def _waiting_for_her(place: Neighbourhood) -> None:
    """王桂芳 says how it went, or 林红 calls her."""
    claim = _made(place, "楼顶漏水", "下雨就滴到床上，已经两个礼拜。")
    _handed(claim, _unit(place, "department", DEPARTMENT), "complaint")
    _answered(claim, "防水层补好了，下雨天再来看一次。", person("department"))
    _on_days(claim, (6, 5, 5, 4, 1))


def _settled_in_the_grid(place: Neighbourhood) -> None:
    """Small things do not leave the grid."""
    claim = _entered(place, "楼道装一根扶手", "婆婆下楼没有地方扶。", "龚美娟", "visit")
    _handed(claim, _unit(place, "grid", GRID))
    _answered(claim, "网格里的巧匠装好了，试过，很牢。", person("committee"))
    _asked(claim, is_done=True, result="satisfied")
    _on_days(claim, (30, 29, 29, 28, 25, 23))


def _late(place: Neighbourhood) -> None:
    """Promised and not kept; the page says so and the ladder has been told."""
    claim = _entered(place, "晾衣架松了", "怕掉下来砸到人。", "潘德兴", "wechat")
    _handed(claim, _unit(place, "department", DEPARTMENT))
    _on_days(claim, (12, 11, 11, 10))
    late = timezone.localdate() - 3 * DAY
    Claim.objects.filter(pk=claim.pk).update(next_on=late, reply_due=late)
    Dispatch.objects.filter(claim=claim).update(due_on=late)
    claim_clock.press_claim(claim, timezone.localdate())


def _reopened(place: Neighbourhood) -> None:
    claim = _entered(place, "水管半夜响", "隔壁一开水就响，睡不着。", "曹文华", "phone")
    _handed(claim, _unit(place, "department", DEPARTMENT), "complaint")
    _answered(claim, "换了止回阀。", person("department"))
    _asked(claim, is_done=False, result="unsatisfied", words="还是响，没有轻多少。")
    _on_days(claim, (9, 8, 8, 7, 3, 1))


def _with_the_street(place: Neighbourhood) -> None:
    """Not done twice: 赵明 decides how it goes on."""
    claim = _entered(place, "化粪池返味", "一楼三家都闻得到。", "范永康", "letter")
    _handed(claim, _unit(place, "department", DEPARTMENT), "complaint")
    for answer in ("清掏了一次。", "又清掏了一次，换了井盖。"):
        _answered(claim, answer, person("department"))
        _asked(claim, is_done=False, result="unsatisfied", words="过两天又返味。")
    _on_days(claim, (20, 19, 19, 18, 12, 10, 6, 0))


def _to_mediation(place: Neighbourhood) -> None:
    claim = _entered(place, "隔壁把鞋柜放到我家门口", "说了三次不肯搬。", "蔡金妹", "counter")
    claims.refer_claim(
        claim, elsewhere=Claim.Elsewhere.MEDIATION,
        answer="邻里的事请调解员一起谈。人民调解室在居委会二楼，周一到周五，不收钱，带身份证。",
        by=person("committee"),
    )  # fmt: skip
    _on_days(claim, (5, 5))


def _visited(place: Neighbourhood) -> None:
    """One finding answered there and then, one a claim, one open."""
    chen = person("committee")
    visit = leader_visits.record_leader_visit(
        place, on=timezone.localdate() - 2 * DAY, leader="街道张书记（演示）", place="先行楼和楼下花园",
        met=11, summary="听了十一位居民说改造以后的生活。",
        findings=("花园的凳子少", "五楼水压不够", "晚上想用活动室"), by=person("street"),
    )  # fmt: skip
    bench, water, _room = visit.findings.all()
    leader_visits.answer_finding(bench, answer="当天从仓库搬来四张长凳。", by=chen)
    leader_visits.claim_finding(
        water,
        title="五楼水压不够",
        claimant_name="尉迟敏",
        confirmed=Claim.Confirmed.CALLED,
        by=chen,
    )


def _on_days(claim: Claim, ago: Sequence[int]) -> None:
    """Time passes: each step so many days ago."""
    now = timezone.now()
    steps = list(claim.steps.order_by("at", "pk"))
    for step, days in zip(steps, ago, strict=True):
        ClaimStep.objects.filter(pk=step.pk).update(at=now - days * DAY)
    Claim.objects.filter(pk=claim.pk).update(made_at=now - ago[0] * DAY)
