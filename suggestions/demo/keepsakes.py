"""The demonstration's keepsakes (演示老物件): a dozen things with their stories, most of them on show."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.uploads import intake
from households.demo import pilot
from households.demo.story import person
from suggestions.actions import keepsakes
from suggestions.demo.pictures import letter, old_thing
from suggestions.models import Keepsake
from suggestions.pictures import thumbnail

DAY = dt.timedelta(days=1)
# Title, story, year, kind, shape, what became of it.
THINGS = (
    ("搪瓷脸盆", "搬进新工房那年厂里发的，盆底印着红双喜。", 1953, "object", "round", "shown"),
    ("新工房合影", "搬家那天，全家在门口拍的。一共九口人。", 1952, "photo", "houses", "shown"),
    ("蝴蝶牌缝纫机", "四个孩子的衣裳都是它做出来的。", 1968, "object", "square", "shown"),
    ("粮票和油票", "夹在户口簿里，搬了三次家都没有丢。", 1975, "paper", "square", "shown"),
    ("先进生产者奖状", "纱厂发的，父亲一直挂在墙上。", 1959, "paper", "square", "shown"),
    ("煤球炉", "合用厨房里，五家人一人一只。", 1962, "object", "round", "shown"),
    ("铝饭盒", "上夜班带饭，放在锅炉上热。", 1971, "object", "round", "shown"),
    ("红星收音机", "全楼的人挤在我家听评弹。", 1964, "object", "square", "shown"),
    ("花布被面", "结婚时姐妹们送的。", 1980, "object", "square", "accepted"),
    ("旧门牌", "楼翻新以前的门牌，师傅让我留着。", 1951, "object", "square", "accepted"),
    ("邻居茶话会照片", "天井里摆两张桌子，一楼到三楼都来了。", 1984, "photo", "houses", "offered"),
    ("半导体零件", "一盒散的，不知道缺什么。", 1979, "object", "square", "declined"),
)


def tell_keepsakes(place: Neighbourhood, say: Callable[[str], None]) -> bool:
    """Brought to the counter by the pilot building's residents, with their signed consent."""
    if Keepsake.objects.filter(neighbourhood=place).exists():
        return False
    say("老物件：十二件，八件在展出")
    chen = person("committee")
    consent = intake.keep(
        letter("我同意居民区展出我的老物件。（演示同意书）"), "consent.png", "image/png",
        neighbourhood_id=place.pk, by=chen, conceal=True,
    )  # fmt: skip
    for n, (title, story, year, kind, shape, state) in enumerate(THINGS):
        drawn = old_thing(title, year, shape)
        pair = [
            intake.keep(content, f"{title}.{end}", media, neighbourhood_id=place.pk, by=chen)
            for content, end, media in (
                (drawn, "png", "image/png"),
                (thumbnail(drawn), "jpg", "image/jpeg"),
            )
        ]
        is_loan = n % 3 == 0
        one = keepsakes.enter_keepsake(
            place, giver_name=pilot.NAMES[n], consent=consent, pictures=[(pair[0], pair[1])],
            title=title, story=story, year=year, kind=kind, terms="loan" if is_loan else "gift",
            return_by=timezone.localdate() + 180 * DAY if is_loan else None, rights="show",
            name_shown="masked", by=chen,
        )  # fmt: skip
        _led_to(one, state)
    return True


def _led_to(one: Keepsake, state: str) -> None:
    chen = person("committee")
    if state == "declined":
        keepsakes.decline_keepsake(one, answer="零件不全，讲不出它的故事。谢谢您拿来。", by=chen)
    if state in ("accepted", "shown"):
        keepsakes.accept_keepsake(one, kept_at="居委会二楼展柜", by=chen)
    if state == "shown":
        keepsakes.show_keepsake(one, by=chen)
