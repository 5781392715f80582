"""Which sheet, which heading row, and what each column holds (认表头)."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from django.utils.translation import gettext_lazy as _

from .workbook import Cell, Row, Sheet

# field: (label on our pages, headings that mean it). The template's heading is the first.
FIELDS = {
    "zone": (_("工区"), ["工区", "片区", "网格"]),
    "building": (_("幢号"), ["幢号", "楼号", "楼栋", "楼幢", "栋号", "幢", "栋", "楼栋号", "楼"]),
    "door": (_("门牌"), ["门牌", "门牌号", "门牌号码", "地址", "坐落", "房屋坐落", "房屋地址"]),
    "room": (_("室号"), ["室号", "房号", "房间号", "户号", "室", "房间", "单元室号"]),
    "part": (_("部位"), ["部位", "房屋部位", "承租部位", "居住部位"]),
    "floor": (_("楼层"), ["楼层", "层次", "所在层", "层"]),
    "tenure": (
        _("房屋类型"),
        ["房屋类型", "房屋性质", "产别", "房屋产别", "权属性质", "产权性质", "房屋种类", "性质"],
    ),
    "name": (
        _("承租人/产权人"),
        [
            "承租人/产权人",
            "承租人",
            "产权人",
            "权利人",
            "户主",
            "户主姓名",
            "承租人姓名",
            "产权人姓名",
            "房主",
            "业主",
            "姓名",
        ],
    ),
    "id_number": (
        _("证件号码"),
        ["证件号码", "证件号", "身份证号码", "身份证号", "身份证", "公民身份号码"],
    ),
    "phone": (
        _("联系电话"),
        ["联系电话", "手机", "手机号", "手机号码", "电话", "电话号码", "联系方式", "联系手机"],
    ),
    "certificate_number": (
        _("租赁凭证号/产证号"),
        [
            "租赁凭证号/产证号",
            "租赁凭证号",
            "产证号",
            "产权证号",
            "凭证号",
            "租用公房凭证号",
            "租用公房凭证",
            "不动产权证号",
            "房产证号",
            "权证号",
            "凭证编号",
        ],
    ),
    "certificate_issued_on": (_("发证日期"), ["发证日期", "发证时间", "登记日期"]),
    "living_area": (_("居住面积"), ["居住面积", "居室面积"]),
    "usable_area": (_("使用面积"), ["使用面积"]),
    "floor_area": (_("建筑面积"), ["建筑面积", "产证面积"]),
    "area_basis": (_("面积依据"), ["面积依据"]),
    "kitchen": (_("厨房"), ["厨房", "灶间", "厨房使用"]),
    "toilet": (_("卫生间"), ["卫生间", "厕所", "卫生设备", "卫生间使用"]),
    "shared_with": (_("合用户数"), ["合用户数"]),
    "has_balcony": (_("阳台"), ["阳台"]),
    "has_gas_meter": (_("煤气表"), ["煤气表", "燃气表", "煤气"]),
    "has_loft": (_("阁楼"), ["阁楼"]),
    "registered_count": (
        _("户籍人数"),
        ["户籍人数", "户籍人口", "户口人数", "在册人数", "户籍在册人口"],
    ),
    "resident_count": (_("实住人数"), ["实住人数", "居住人数", "实际居住人数", "常住人数"]),
    "co_residents": (
        _("共同居住人"),
        ["共同居住人", "同住人", "家庭成员", "同住成员", "共同居住人姓名", "其他家庭成员"],
    ),
    "occupancy": (_("居住情况"), ["居住情况", "居住状况", "居住状态", "使用情况"]),
    "tags": (
        _("特殊情况"),
        ["特殊情况", "困难情况", "特殊困难", "人员类别", "特殊人群", "关爱类别"],
    ),
    "remark": (_("备注"), ["备注", "说明", "附注"]),
}
REQUIRED = ("building", "room", "tenure", "name")
# Words that may stand inside a longer heading; shorter ones mean too many other things.
_SHORT = {"室", "层", "楼", "幢", "栋", "性质", "说明", "地址", "姓名"}
_LOOK = 40  # rows at the top in which a heading row is looked for


@dataclass(frozen=True)
class Heading:
    """The heading row found (表头): ``row`` and the columns count from 1."""

    row: int
    texts: dict[int, str]  # column -> heading as in the file
    mapping: dict[int, str]  # column -> field

    @property
    def missing(self) -> list[str]:
        """Required fields no column was found for."""
        return [field for field in REQUIRED if field not in self.mapping.values()]


def plain_heading(text: Cell) -> str:
    """``居住面积\\n(㎡)`` -> ``居住面积``: what stays is compared with the words above."""
    text = unicodedata.normalize("NFKC", str(text))
    text = re.sub(r"[(\[【].*?[)\]】]|[\s*:：_]", "", text)
    return re.sub(r"(平方米|平米|m2)$", "", text)


@cache
def _words() -> dict[str, tuple[str, int]]:
    """Heading -> its field and its place among the field's headings."""
    return {
        plain_heading(word): (field, order)
        for field, (_label, words) in FIELDS.items()
        for order, word in reversed(list(enumerate(words)))
    }


@lru_cache(maxsize=4_096)
def meaning(text: Cell) -> tuple[str, int]:
    """The field a heading means and how surely (0 not at all, 100 word for word)."""
    heading = plain_heading(text)
    if not heading or len(heading) > 20:
        return "", 0
    if heading in _words():
        field, order = _words()[heading]
        return field, 100 - order
    inside = [
        word for word in _words() if len(word) > 1 and word not in _SHORT and word in heading
    ]
    if not inside:
        return "", 0
    field, order = _words()[max(inside, key=len)]
    return field, 50 - order


def guess(texts: dict[int, str]) -> dict[int, str]:
    """Each field to the column that names it best; a column has one meaning."""
    claims = sorted(
        (
            (sure, -column, field)
            for column, text in texts.items()
            for field, sure in [meaning(text)]
        ),
        reverse=True,
    )
    mapping: dict[int, str] = {}
    for sure, column, field in claims:
        if sure and field not in mapping.values():
            mapping[-column] = field
    return dict(sorted(mapping.items()))


def _texts(sheet: Sheet, row: int, *, under: bool) -> dict[int, str]:
    """The headings of a row; with ``under``, of a group heading and the row beneath it."""
    upper = sheet.rows[row - 1]
    texts = {column: str(text).strip() for column, text in enumerate(upper, 1) if text != ""}
    if under and row < len(sheet.rows):
        texts |= {
            column: str(text).strip()
            for column, text in enumerate(sheet.rows[row], 1)
            if isinstance(text, str) and text.strip()
        }
    return dict(sorted(texts.items()))


def _score(mapping: dict[int, str], texts: dict[int, str]) -> int:
    return sum(2 if meaning(texts[column])[1] > 50 else 1 for column in mapping)


def find_heading(sheet: Sheet) -> Heading | None:
    """The row that reads most like headings, or None if none does."""
    best, best_score = None, 2.5  # two columns at least
    for row in range(1, min(len(sheet.rows), _LOOK) + 1):
        for under in (False, True):
            texts = _texts(sheet, row, under=under)
            mapping = guess(texts)
            # Of two that say as much, the single row: half a point.
            score = _score(mapping, texts) + (0 if under else 0.5)
            if score > best_score:
                best, best_score = Heading(row + under, texts, mapping), score
    return best


def heading_at(sheet: Sheet, row: int) -> Heading:
    """The heading row a person pointed at."""
    found = find_heading(sheet)
    if found and found.row == row:
        return found  # with its group headings
    texts = _texts(sheet, row, under=False) if 0 < row <= len(sheet.rows) else {}
    return Heading(row, texts, guess(texts))


def best_sheet(sheets: list[Sheet]) -> tuple[Sheet, Heading | None]:
    """The sheet whose headings match best (其他工作表不管)."""
    found = [(sheet, find_heading(sheet)) for sheet in sheets]
    return max(found, key=lambda pair: _score(pair[1].mapping, pair[1].texts) if pair[1] else 0)


def repeats_heading(row: Row, heading: Heading) -> bool:
    """Whether a row says the headings again, as a list printed over many pages does."""
    said = 0
    for column, text in heading.texts.items():
        if column <= len(row) and row[column - 1] == text:
            said += 1
    return said >= 3
