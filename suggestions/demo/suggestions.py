"""The demonstration's suggestions (演示建议): two ideas that became something, and those still on their way.

Every step is an act; only days are written by hand.
"""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from caoyang_portal.community.models import Neighbourhood, Organisation
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.models import Attachment
from households.demo import pilot
from households.demo.story import person
from households.models import Residency
from suggestions.actions import suggestion_answers as answers
from suggestions.actions import suggestion_intake, suggestion_upkeep, suggestions
from suggestions.models import Outcome, Reply, Satisfaction, Suggestion, SuggestionHandling

DAY = dt.timedelta(days=1)
CANTEEN, POSTS = "在小区里办一个老人食堂", "花坛边上装充电桩"
WARM, GREEN, GREY = (196, 120, 72), (92, 140, 102), (120, 116, 108)


def tell_suggestions(place: Neighbourhood, say: Callable[[str], None]) -> bool:
    """Of Caoyang Two, unless they are there."""
    if Suggestion.objects.filter(neighbourhood=place).exists():
        return False
    say("建议：食堂和充电桩办成了，别的在路上")
    unit = _unit()
    answers.write_reply_template(
        place, name="采纳", by=person("committee"),
        text="您的建议收到了，谢谢您。我们研究后决定采纳，具体安排如下：",
    )  # fmt: skip
    _canteen(place, unit)
    _posts(place, unit)
    _in_hand(place, unit)
    _paused(place, unit)
    _late(place)
    _fresh(place)
    return True


def _unit() -> Organisation:
    """Where the demo's clerk works."""
    posts = person("department").live_postings
    return next(post.organisation for post in posts if post.organisation)


def _entered(
    place: Neighbourhood, title: str, reasons: str, name: str, **fields: Any
) -> Suggestion:
    values: dict[str, Any] = {
        "category": "elderly", "source": Suggestion.Source.COUNTER,
        "confirmed": Suggestion.Confirmed.READ_OUT, "by": person("committee"),
    } | fields  # fmt: skip
    return suggestions.enter_suggestion(
        place, title=title, reasons=reasons, proposer_name=name, **values
    )


def _made(place: Neighbourhood, title: str, reasons: str, **fields: Any) -> Suggestion:
    """By 王桂芳 from her phone where she lives here, else at the counter."""
    home = (
        Residency.objects.live().filter(neighbourhood=place, member__name=pilot.NAMES[0]).first()
    )
    if home is None:
        return _entered(place, title, reasons, pilot.NAMES[0], **fields)
    fields = {"category": "traffic"} | fields
    return suggestions.make_suggestion(place, title=title, reasons=reasons, by=home.user, **fields)


def _published(one: Suggestion, **changes: str) -> Suggestion:
    words = {"title": one.title, "reasons": one.reasons, "measures": one.measures} | changes
    return suggestion_intake.publish_suggestion(one, **words, by=person("committee"))


def _assigned(one: Suggestion, unit: Organisation) -> Suggestion:
    suggestion_intake.acknowledge_suggestion(one, by=person("committee"))
    return suggestion_intake.assign_suggestion(one, unit=unit, by=person("committee"))


def _carried_out(one: Suggestion, unit: Organisation, **reply: Any) -> Suggestion:
    _assigned(one, unit)
    answers.reply_suggestion(
        one, verdict=Reply.Verdict.ADOPTED, conversion=Outcome.Conversion.BENEFIT,
        due_on=timezone.localdate() + 60 * DAY, by=person("department"), **reply,
    )  # fmt: skip
    return one


def _rated(one: Suggestion, words: str) -> None:
    """By whoever made it; for somebody without account the committee asks."""
    one.refresh_from_db()
    answers.rate_suggestion(
        one, attitude=Satisfaction.Level.SATISFIED, result=Satisfaction.Level.SATISFIED,
        remark=words, by=one.proposed_by or person("committee"),
    )  # fmt: skip


def _canteen(place: Neighbourhood, unit: Organisation) -> None:
    """曹杨幸福饭堂·桐柏院."""
    one = _published(
        _entered(
            place, CANTEEN, "一个人烧饭不方便，买多了吃不完。", "沈阿婆",
            measures="小区里的空房子能不能开个食堂，价钱便宜点。",
        )
    )  # fmt: skip
    _everybody(one)
    _carried_out(
        one, unit, text="采纳。利用桐柏路的旧房子开社区食堂，老人打折。", promise="开一个社区食堂"
    )
    answers.report_work(one, text="厨房装好了，请了大家来试吃两次。", by=person("department"))
    answers.finish_work(
        one, name="曹杨幸福饭堂·桐柏院", text="开张了，每天供应早、中、晚三餐，老人凭卡打折。",
        photo=_picture(place, "幸福饭堂.png", WARM), by=person("department"),
    )  # fmt: skip
    _rated(one, "饭菜热，价钱合适。")
    answers.commend_suggestion(
        one, words="谢谢沈阿婆的金点子，现在大家都有热饭吃。", by=person("committee")
    )
    _on_days(one, (300, 298, 290, 270, 200, 150, 145))


def _posts(place: Neighbourhood, unit: Organisation) -> None:
    """花坛式充电桩."""
    one = _published(
        _made(place, POSTS, "楼道里飞线充电，怕着火。", measures="花坛边上装桩，不占路。"),
    )
    dark = _entered(
        place, "电瓶车没地方充电", "车子推不上楼。", "周先生", category="traffic",
        source=Suggestion.Source.PHONE, confirmed=Suggestion.Confirmed.CALLED_BACK,
    )  # fmt: skip
    _everybody(one)
    suggestion_upkeep.merge_suggestion(
        dark, into=one, reason="充电桩一起办。", by=person("committee")
    )
    _carried_out(one, unit, text="采纳。先在三处花坛装三十个桩。", promise="装三十个充电桩")
    answers.finish_work(
        one, name="花坛式充电桩", text="三处花坛装好三十个桩，扫码就能用。",
        photo=_picture(place, "充电桩.png", GREEN), by=person("department"),
    )  # fmt: skip
    _rated(one, "再也不用拉线了。")
    answers.commend_suggestion(
        one, words="点子好，桩和花坛做在一起，又好看又安全。", by=person("committee")
    )
    _on_days(one, (200, 198, 190, 170, 110, 100))
    _on_days(dark, (195, 188))


def _in_hand(place: Neighbourhood, unit: Organisation) -> None:
    """With a photo, its words changed for publication, a note among colleagues."""
    one = _made(
        place, "5号楼王阿姨家门口的台阶太高", "老人拎东西上不去。", category="elderly",
        measures="做个小坡道。", photos=[_picture(place, "台阶.png", GREY)],
    )  # fmt: skip
    _published(one, title="楼门口的台阶太高，做个坡道", change_reason="去掉了门牌和姓名")
    photo = one.photos.get()
    suggestion_intake.show_suggestion_photo(photo, shown=photo.original, by=person("committee"))
    _assigned(one, unit)
    answers.add_suggestion_note(one, text="先去量一量坡度，看够不够长。", by=person("department"))
    _on_days(one, (12, 10, 5))


def _paused(place: Neighbourhood, unit: Organisation) -> None:
    one = _published(
        _entered(place, "老年活动室装空调", "夏天太热，坐不住。", "李阿公", category="housing")
    )
    _assigned(one, unit)
    suggestion_intake.pause_suggestion(
        one, reason="等电力公司增容，他们说下个月来。",
        until=timezone.localdate() + 30 * DAY, by=person("department"),
    )  # fmt: skip
    _on_days(one, (20, 18, 14, 2))


def _late(place: Neighbourhood) -> None:
    """Promised and not kept; the page says so and the ladder has been told."""
    one = _entered(
        place, "小花园多放几张长椅", "走累了没处坐。", "陈老师", category="environment",
        source=Suggestion.Source.LETTER, confirmed=Suggestion.Confirmed.OWN_HAND,
    )  # fmt: skip
    _on_days(_published(one), (9,))
    Suggestion.objects.filter(pk=one.pk).update(next_on=timezone.localdate() - 5 * DAY)
    suggestion_upkeep.warn_suggestion(one, timezone.localdate())


def _fresh(place: Neighbourhood) -> None:
    one = _made(place, "晚上小路的灯再亮一点", "树长高了，灯被挡住。", category="safety")
    _on_days(one, (1,))


def _everybody(one: Suggestion) -> None:
    """Every neighbour with an account wants it too."""
    homes = Residency.objects.live().filter(neighbourhood=one.neighbourhood).select_related("user")
    for home in homes.exclude(user=one.proposed_by):
        suggestion_upkeep.endorse_suggestion(one, by=home.user)


def _on_days(one: Suggestion, ago: Sequence[int]) -> None:
    """Time passes: each step so many days ago, and with it what is counted from it."""
    now = timezone.now()
    days = {}
    for step, n in zip(one.steps.order_by("at", "pk"), ago, strict=True):
        one.steps.filter(pk=step.pk).update(at=now - n * DAY)
        days[step.state] = now - n * DAY
    changes: dict[str, Any] = {"submitted_at": now - ago[0] * DAY}
    here = Suggestion.objects.filter(pk=one.pk)
    here.filter(published_at__isnull=False).update(
        published_at=now - ago[min(1, len(ago) - 1)] * DAY
    )
    answered = days.get("replied") or days.get("carrying_out")
    if answered:
        changes |= {"replied_at": answered, "reply_by": (now - (ago[0] - 60) * DAY).date()}
        one.replies.update(replied_at=answered)
    if "assigned" in days:
        SuggestionHandling.objects.filter(suggestion=one).update(assigned_at=days["assigned"])
    if "done" in days:
        one.outcomes.update(done_on=days["done"].date(), commended_on=days["closed"].date())
        one.satisfactions.update(rated_at=days["closed"])
    here.update(**changes)


def _picture(place: Neighbourhood, name: str, colour: tuple[int, int, int]) -> Attachment:
    """A plain drawing of a house front, in the colour of its mood."""
    image = Image.new("RGB", (480, 320), (232, 238, 240))
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 250, 480, 320], fill=(206, 200, 188))
    draw.rectangle([90, 90, 390, 250], fill=colour)
    draw.polygon([(70, 90), (240, 30), (410, 90)], fill=(138, 44, 20))
    for x in (120, 200, 280):
        draw.rectangle([x, 130, x + 50, 180], fill=(250, 246, 235))
    draw.rectangle([345, 170, 380, 250], fill=(246, 240, 228))
    out = io.BytesIO()
    image.save(out, "PNG")
    return intake.keep(
        out.getvalue(), name, "image/png", neighbourhood_id=place.pk, by=person("committee")
    )
