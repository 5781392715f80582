"""The demonstration's collection points and mailboxes (演示征集点): one centre, three areas, twenty points.

Which they are in the real Caoyang is not published; these are made up. One mailbox was opened, and of its
ten letters half are dealt with.
"""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.uploads import intake
from households.demo.story import person
from suggestions.actions import letters as passing_on
from suggestions.actions import mailboxes, points
from suggestions.demo.pictures import letter
from suggestions.models import CollectionPoint, Letter

DAY = dt.timedelta(days=1)
OFFICE = "周一到周五 9:00–16:30"
AREAS = (("北片睦邻站", 20, 14), ("东片睦邻站", 82, 50), ("南片睦邻站", 22, 86))
SPOTS = (
    ("8号楼门厅", 8, 8), ("12号楼门厅", 34, 8), ("桐柏路早餐店", 46, 16), ("北门岗亭", 8, 24),
    ("为老服务站", 34, 26), ("幸福饭堂·桐柏院", 58, 8), ("花溪路书报亭", 70, 18),
    ("东门岗亭", 94, 34), ("卫生服务站", 70, 34), ("社区食堂", 94, 50), ("菜场服务台", 68, 52),
    ("理发店", 94, 66), ("幼儿园门口", 80, 72), ("小花园凉亭", 64, 68), ("邮政所", 52, 80),
    ("南门岗亭", 8, 76), ("老年活动室", 36, 74), ("26号楼门厅", 8, 94), ("30号楼门厅", 36, 94),
    ("图书室", 50, 94),
)  # fmt: skip
LETTERS = (
    ("花坛边上能不能装几个充电桩，电瓶车不要再拖线板。王", "suggestion"),
    ("小花园的长椅坏了两张，老人走累了没地方坐。", "suggestion"),
    ("我家三楼水管漏了半个月，请派人来看。8号楼302", "claim"),
    ("专业疏通下水道，电话附后。", "neither"),
    ("幸福饭堂的菜能不能再软一点，我们牙口不好。", "suggestion"),
    ("北门晚上八点就关，下夜班要绕一大圈。", ""),
    ("希望办一次防诈骗的讲座，用上海话讲。", ""),
    ("楼道的灯太暗，换亮一点的。", ""),
    ("孩子放学没地方做作业，图书室能不能开到六点。", ""),
    ("垃圾房的味道太大，请多冲几次。", ""),
)


def tell_points(place: Neighbourhood, say: Callable[[str], None]) -> bool:
    """Twenty-four points, and a mailbox half read."""
    if CollectionPoint.objects.filter(neighbourhood=place).exists():
        return False
    say("征集点：一心、三片、廿点，一次开箱")
    chen = person("committee")
    centre = _point(place, "centre", "人民建议征集中心", 50, 46, None, 7)
    areas = [_point(place, "area", name, x, y, centre, 7) for name, x, y in AREAS]
    for n, (name, x, y) in enumerate(SPOTS):
        _point(place, "point", name, x, y, areas[n // 7], 14 if n % 7 == 0 else None)
    points.set_point_hours(
        centre, since=timezone.localdate() + 30 * DAY, words=f"{OFFICE}，周六 9:00–11:30", by=chen
    )
    here = CollectionPoint.objects.filter(neighbourhood=place, mailbox_days__isnull=False)
    here.update(mailbox_since=timezone.localdate() - 5 * DAY)
    here.filter(pk=areas[2].pk).update(mailbox_since=timezone.localdate() - 9 * DAY)  # overdue
    _half_read(centre)
    return True


def _point(place, kind, name, x, y, above, mailbox_days) -> CollectionPoint:
    return points.add_point(
        place, kind=kind, name=name, hours=OFFICE if kind != "point" else "每天 8:00–18:00",
        belongs_to=above, building=None, address=f"曹杨二村{name}", x=x, y=y,
        duty_name="值班志愿者" if kind == "point" else "陈老师", duty_phone="021-5555 0202",
        mailbox_days=mailbox_days, by=person("committee"),
    )  # fmt: skip


def _half_read(centre: CollectionPoint) -> None:
    chen, lin = person("committee"), person("colleague")
    opened = mailboxes.open_mailbox(
        centre, opened_at=timezone.now() - DAY / 8, counted=len(LETTERS), second=lin, by=chen
    )
    opened = mailboxes.confirm_mailbox_round(opened, counted_again=len(LETTERS), by=lin)
    place = centre.neighbourhood_id
    scans = [
        intake.keep(letter(text), f"letter-{n}.png", "image/png", neighbourhood_id=place, by=chen, conceal=True)
        for n, (text, _fate) in enumerate(LETTERS, 1)
    ]  # fmt: skip
    entered = mailboxes.add_letters(opened, letters=[[scan] for scan in scans], by=chen)
    for one, (text, fate) in zip(entered, LETTERS, strict=True):
        _dealt(one, text, fate)


def _dealt(one: Letter, text: str, fate: str) -> None:
    chen = person("committee")
    if fate == "neither":
        passing_on.set_letter_aside(one, reason="广告", by=chen)
    if fate not in ("suggestion", "claim"):
        return
    mailboxes.transcribe_letter(one, text=text, by=chen)
    if fate == "claim":
        passing_on.make_letter_a_claim(one, title=text[:14], text=text, by=chen)
    else:
        title = text.split("，", maxsplit=1)[0][:20]
        passing_on.make_letter_a_suggestion(
            one, category="other", title=title, reasons=text, by=chen
        )
