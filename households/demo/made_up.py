"""A made-up roster with the untidiness of real ones (演示名册): 4 zones, 48 buildings, 1,499 households.

Names, numbers and certificates are invented: no ID number's first six digits are a place, no
telephone number's are in use.
"""

import io
import random
from collections.abc import Callable, Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from households.queries.roster_file.identity import check_digit

HEADINGS = [
    "序号",
    "工区",
    "幢号",
    "门牌",
    "室号",
    "房屋类型",
    "承租人/产权人",
    "证件号码",
    "联系电话",
    "租赁凭证号/产证号",
    "居住面积(㎡)",
    "建筑面积(㎡)",
    "厨房",
    "卫生间",
    "户籍人数",
    "实住人数",
    "共同居住人",
    "特殊情况",
    "备注",
]
WIDTHS = [6, 10, 9, 15, 8, 10, 14, 21, 16, 26, 13, 13, 7, 8, 9, 9, 30, 18, 20]
HOUSEHOLDS, BUILDINGS = 1_499, 48
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏"
)
_SURNAMES += (
    "蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛单仇解"
)
_DOUBLE = ["欧阳", "尉迟", "诸葛", "上官", "司马"]
_FIRST = "秀桂玉淑美慧雅文建国志德永家庆福寿春兰梅菊凤金银小晓明海云雪思"
_SECOND = "芳英华珍娟琴妹红霞萍平强军伟勇杰斌辉宝根生荣昌林森涛洁敏静瑶琳怡宁"
_TAGS = ["独居老人", "孤老", "失独", "残疾", "特困", "低保", "重大病", "军烈属", "高龄"]
_REMARKS = ["长期出租", "空关", "人户分离", "承租人已故待变更"]


def _name(chance: random.Random) -> str:
    surname = chance.choice(_DOUBLE) if chance.random() < 0.01 else chance.choice(_SURNAMES)
    given = chance.choice(_FIRST) if chance.random() < 0.8 else ""
    return surname + given + chance.choice(_SECOND)


def _id_number(chance: random.Random, order: int) -> str:
    born = f"{chance.randint(1932, 1998)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    body = f"310999{born}{order % 1000:03d}"
    return body + check_digit(body)


def _phone(chance: random.Random, order: int) -> Any:
    digits = f"199{chance.randint(0, 9)}{order:07d}"
    form: Callable[[], Any] = chance.choices(
        [
            lambda: digits,
            lambda: f"{digits[:3]} {digits[3:7]} {digits[7:]}",
            lambda: f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
            lambda: f"+86{digits}",
            lambda: int(digits),
        ],
        [88, 3, 3, 3, 3],
    )[0]
    return form()


def _area(chance: random.Random, area: float) -> Any:
    form = chance.choices([area, f"{area}㎡", f"{area} 平方米", f" {area}"], [88, 4, 4, 4])
    return form[0]


def _room(chance: random.Random, floor: int, place: int) -> Any:
    number = f"{floor}{place:02d}"
    forms = [number, f" {number} ", f"{number}室", int(number), number.translate(_FULL_WIDTH)]
    return chance.choices(forms, [88, 3, 3, 3, 3])[0]


_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def rows(households: int = HOUSEHOLDS, seed: int = 1951) -> Iterator[list[Any]]:
    """One list per household, in the order of HEADINGS."""
    chance = random.Random(seed)  # noqa: S311 made-up people, not secrets
    order = 0
    for building in range(1, BUILDINGS + 1):
        in_building = households // BUILDINGS + (building <= households % BUILDINGS)
        per_floor = -(-in_building // 3)
        for place in range(in_building):
            order += 1
            floor, door = place // per_floor + 1, place % per_floor + 1
            yield [order, *_dwelling(chance, order, building, _room(chance, floor, door))]


def _dwelling(chance: random.Random, order: int, building: int, room: Any) -> list[Any]:
    owned = chance.random() < 0.18
    area = round(chance.uniform(11, 34), 1)
    others = chance.choices([0, 1, 2, 3, 4], [22, 30, 25, 15, 8])[0]
    tags = chance.sample(_TAGS, chance.choices([0, 1, 2], [68, 27, 5])[0])
    return [
        f"第{'一二三四'[(building - 1) * 4 // BUILDINGS]}工区",
        f"{building}号楼",
        f"曹杨一村{building}号",
        room,
        "售后公房" if owned else "公房",
        _name(chance),
        _id_number(chance, order),
        _phone(chance, order),
        f"演房地字(2003)第{order:06d}号" if owned else f"演租{order:06d}",
        _area(chance, area),
        round(area * chance.uniform(1.45, 1.6), 2),
        chance.choices(["合用", "独用"], [85, 15])[0],
        chance.choices(["合用", "独用"], [90, 10])[0],
        others + 1,
        max(0, others + chance.choice([-1, 0, 0, 0, 1]) + 1),
        "、".join(_name(chance) for _other in range(others)),
        "、".join(tags),
        chance.choice(_REMARKS) if chance.random() < 0.25 else "",
    ]


def workbook(listed: Iterator[list[Any]] | None = None) -> bytes:
    """The roster as a committee keeps it: title, reporting line, headings, rows, totals, a second sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = "住户清册"
    sheet.append(["曹杨一村旧住房成套改造住户清册"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADINGS))
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=16), Alignment("center")
    sheet.append(["填报单位：曹杨一村居委会", None, None, "填报日期：2020年03月02日"])
    sheet.append(HEADINGS)
    for cell in sheet[3]:
        cell.font = Font(bold=True)
    count = 0
    for row in rows() if listed is None else listed:
        sheet.append(row)
        count += 1
    sheet.append(["合计", None, None, None, f"{count}户"])
    for column, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A4"
    notes = book.create_sheet("填表说明")
    notes.append(["1. 居住面积以租用公房凭证记载为准；2. 特殊情况可多选。"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
