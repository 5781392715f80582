"""The demonstration's legislative contact point (演示立法意见): one draft at each step, and the years before in numbers.

The totals of the earlier years are those Caoyang published; how they fall on single drafts is made up,
and their names say so. Every step is an act; only days are written by hand.
"""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood
from households.demo.story import person
from suggestions.actions import draft_batches, draft_opinions, drafts
from suggestions.models import ArticleOpinion, DraftArticle, DraftLaw, DraftStep, DraftVersion
from suggestions.queries.drafts import latest

DAY = dt.timedelta(days=1)
BODY = "市人大常委会法工委"
# Published: to July 2021 and to March 2023. Nobody published how many were submitted in the end: 85 is made up.
EARLIER = (
    (dt.date(2020, 4, 1), 24, 20, {"past_activities": 50, "past_people": 760, "past_raised": 393, "past_submitted": 328, "past_adopted": 95}),
    (dt.date(2021, 8, 1), 80, 7, {"past_activities": 18, "past_people": 280, "past_raised": 102, "past_submitted": 85, "past_adopted": 28}),
)  # fmt: skip
LIFTS = """上海市住宅电梯安全规定
（草案征求意见稿）
第一章　总则
第一条　为了加强住宅电梯安全管理，保障人身和财产安全，结合本市实际，制定本规定。
第二条　本市行政区域内住宅电梯的使用、维护保养、更新和应急处置，适用本规定。
第二章　使用和更新
第三条　使用单位应当在轿厢内显著位置公示应急救援电话，并保持通话装置畅通。
第四条　电梯困人的，维护保养单位应当在接到报告后三十分钟内到达现场。
第五条　既有多层住宅加装电梯的，应当明确使用单位，约定维护保养、更新改造费用的分担方式。
第三章　附则
第六条　本规定自2027年3月1日起施行。
"""
CARE = """上海市养老服务条例
（修订草案）
第一条　为了保障老年人的基本生活，促进养老服务发展，制定本条例。
第二条　社区应当设置为老年人提供助餐服务的场所，并公布供餐时间。
第三条　公共服务场所不得以线上办理为由拒绝为老年人提供现场服务。
第四条　鼓励低龄老年人为高龄老年人提供志愿服务。
"""
WASTE = """上海市生活垃圾管理若干规定
（草案）
第一条　居民应当将生活垃圾分类投放至指定的收集点。
第二条　收集点应当配备洗手设施，并在夜间保持照明。
第三条　误时投放点的设置，由业主大会决定。
"""
WASTE_PASSED = """第一条　居民应当将生活垃圾分类投放至指定的收集点。
第二条　收集点应当配备洗手设施和扶手，并在夜间保持照明。
第三条　误时投放点的设置，由业主共同决定，未成立业主大会的，由居民委员会组织居民协商确定。
"""


def tell_drafts(place: Neighbourhood, say: Callable[[str], None]) -> bool:
    """Earlier years, one draft with results, one sent in, one open, one just come."""
    if DraftLaw.objects.filter(neighbourhood=place).exists():
        return False
    say("立法意见：早年的数字，四部草案，一部正在征求意见")
    _earlier_years(place)
    _with_results(place)
    _sent_in(place)
    _open(place)
    _just_come(place)
    return True


def _earlier_years(place: Neighbourhood) -> None:
    n = 0
    for first, apart, count, totals in EARLIER:
        shares = {name: _spread(total, count) for name, total in totals.items()}
        for at in range(count):
            n += 1
            drafts.enter_past_draft(
                place, title=f"早年征询的草案 {n:02d}（分摊的数字是演示的）", level=DraftLaw.Level.CITY,
                received_on=first + at * apart * DAY,
                figures={name: share[at] for name, share in shares.items()},
                by=person("committee"),
            )  # fmt: skip


def _spread(total: int, count: int) -> list[int]:
    """``total`` in ``count`` shares that differ by one at most."""
    share, over = divmod(total, count)
    return [share + (at < over) for at in range(count)]


def _entered(place: Neighbourhood, title: str, text: str, level: str = "city") -> DraftLaw:
    today = timezone.localdate()
    draft = drafts.start_draft(
        place, title=title, level=DraftLaw.Level(level), asked_by_body=BODY, received_on=today,
        city_due_on=today + 28 * DAY, by=person("committee"),
    )  # fmt: skip
    drafts.import_draft(draft, name="征求意见稿", text=text, by=person("committee"))
    return draft


def _opened(place: Neighbourhood, title: str, text: str) -> DraftLaw:
    return drafts.open_draft(_entered(place, title, text), by=person("committee"))


def _explain(draft: DraftLaw, label: str, note: str, terms: str = "") -> None:
    drafts.explain_article(_article(draft, label), note=note, terms=terms, by=person("committee"))


def _article(draft: DraftLaw, label: str) -> DraftArticle:
    version = latest(draft)
    assert isinstance(version, DraftVersion)
    return version.articles.select_related("version").get(label=label)


def _said(
    draft: DraftLaw,
    label: str,
    kind: str,
    text: str,
    role: str = "resident",
    speaker_name: str = "",
) -> ArticleOpinion:
    """At a seminar; 陈静 wrote it down."""
    return draft_opinions.enter_opinion(
        draft, kind=ArticleOpinion.Kind(kind), text=text, role=ArticleOpinion.Role(role),
        article=_article(draft, label), activity=draft.activities.first(), by=person("committee"),
        speaker_name=speaker_name,
    )  # fmt: skip


def _accept(*opinions: ArticleOpinion) -> None:
    for one in opinions:
        draft_opinions.review_opinion(one, accept=True, by=person("colleague"))


def _seminar(draft: DraftLaw, title: str, people: int) -> None:
    drafts.enter_activity(
        draft, kind="seminar", title=title, held_on=timezone.localdate(), place="红色议事厅",
        people=people, by=person("committee"),
    )  # fmt: skip


def _send_in(draft: DraftLaw) -> None:
    drafts.close_draft(draft, by=person("committee"))
    draft_batches.submit_batch(draft, to_body=BODY, by=person("committee"))


def _with_results(place: Neighbourhood) -> None:
    """Passed; of three opinions one was adopted, one in part, one not."""
    chen = person("committee")
    draft = _opened(place, "上海市生活垃圾管理若干规定", WASTE)
    _explain(
        draft,
        "第三条",
        "过了投放时间还能扔垃圾的地方，由业主开会定。",
        "误时投放点＝错过时间还能扔垃圾的地方",
    )
    _seminar(draft, "垃圾分类条例居民座谈会", 22)
    rail = _said(draft, "第二条", "add", "装一个扶手，下雨天老人怕滑。", speaker_name="沈阿婆")
    meeting = _said(draft, "第三条", "change", "老小区没有业主大会，谁来决定？写清楚。", "lawyer")
    bins = _said(draft, "第一条", "delete", "分类太细，老人记不住，分两类就够了。")
    _accept(rail, meeting, bins)
    _send_in(draft)
    drafts.import_draft(draft, name="通过的文本", text=WASTE_PASSED, is_final=True, by=chen)
    final = latest(draft, is_final=True)
    assert isinstance(final, DraftVersion)
    law = {one.label: one for one in final.articles.select_related("version")}
    State = ArticleOpinion.State  # noqa: N806 as the model says it
    for one, result, words, label in (
        (rail, State.ADOPTED, "“扶手”写进去了。", "第二条"),
        (meeting, State.PARTLY, "没有业主大会的，由居委会组织协商。", "第三条"),
        (bins, State.REJECTED, "分类标准是国家定的。", "第一条"),
    ):
        draft_opinions.record_result(
            one, result=result, words=words, final_article=law[label], by=chen
        )
    drafts.end_draft(draft, outcome=DraftLaw.Outcome.PASSED, words="已通过，明年起施行。", by=chen)
    _on_days(draft, 210, 206, 180, 176, 20)


def _sent_in(place: Neighbourhood) -> None:
    """Waiting for the result; two said the same."""
    draft = _opened(place, "上海市养老服务条例（修订）", CARE)
    _explain(draft, "第三条", "不会用手机，也要能到窗口办。")
    _seminar(draft, "养老服务条例进楼组", 31)
    window = _said(draft, "第三条", "add", "窗口要留座位，叫号要喊出声。", speaker_name="李阿婆")
    same = _said(draft, "第三条", "add", "叫号光看屏幕，眼睛不好看不见。", speaker_name="周先生")
    meals = _said(draft, "第二条", "change", "食堂周末也要开。")
    draft_opinions.merge_opinion(same, into=window, by=person("committee"))
    _accept(window, meals)
    _send_in(draft)
    _on_days(draft, 70, 66, 42, 40)


def _open(place: Neighbourhood) -> None:
    """Read by residents now; some opinions are public, one waits for its review."""
    draft = _opened(place, "上海市住宅电梯安全规定", LIFTS)
    _explain(draft, "第一条", "这部规定管的是住宅楼里的电梯，让大家坐得安全。")
    _explain(
        draft, "第三条", "电梯里要贴救援电话，里面的对讲要一直通着。",
        "使用单位＝管这部电梯的单位，多半是物业\n轿厢＝人站在里面的那一间",
    )  # fmt: skip
    _explain(
        draft, "第四条", "人关在电梯里，修电梯的要半小时内赶到。", "维护保养单位＝修电梯的单位"
    )
    _explain(draft, "第五条", "后来加装的电梯，要说好谁管、以后修的钱谁出。")
    _seminar(draft, "加装电梯楼组座谈会", 18)
    late = _said(draft, "第四条", "change", "半小时太长，老人等不起，改成二十分钟。")
    phone = _said(
        draft, "第三条", "add", "电话要大字，离地一米二，坐轮椅的够得到。", speaker_name="陆志强"
    )
    _accept(late, phone)
    _said(draft, "第五条", "ask", "一楼不坐电梯的，更新的钱要不要出？")
    wang = person("resident")
    draft_opinions.raise_opinion(
        draft, kind=ArticleOpinion.Kind.ADD, text="停电的时候也要有人管，备一盏灯。",
        reason="去年夏天停电，黑了半个钟头。", article=_article(draft, "第四条"), by=wang,
    )  # fmt: skip
    _on_days(draft, 9, 7)


def _just_come(place: Neighbourhood) -> None:
    _entered(place, "中华人民共和国社区治理法（草案）", "第一条　居民依法管理自己的事务。\n第二条　社区应当公开办事流程。", "national")  # fmt: skip


def _on_days(draft: DraftLaw, *days: int) -> None:
    """Time passes: it came and went on so many days ago."""
    now, today = timezone.now(), timezone.localdate()
    steps = list(draft.steps.order_by("at", "pk"))
    for step, back in zip(steps, days, strict=True):
        DraftStep.objects.filter(pk=step.pk).update(at=now - back * DAY)
    draft = DraftLaw.objects.get(pk=draft.pk)
    shift = days[0] * DAY
    draft.received_on = today - shift
    if draft.state != DraftLaw.State.OPEN:
        draft.city_due_on, draft.due_on = draft.city_due_on - shift, draft.due_on - shift
    draft.save(update_fields=["received_on", "city_due_on", "due_on"])
    draft.activities.update(held_on=today - (days[1] - 3) * DAY)
