"""The words rosters use for what we store as a choice (用语对照)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from households.models import CareTag, Household

from .cells import several, tidy, word
from .workbook import Cell

_TENURE = {
    Household.Tenure.PUBLIC_TENANT: "公房 公有 公有住房 公有房屋 租赁 租赁房 租赁户 租赁公房 承租 承租房 租用 租用公房"
    " 直管公房 系统公房 使用权 使用权房 未售公房 公房承租",
    Household.Tenure.PRIVATE_OWNER: "售后公房 产权 产权房 产权户 私房 私有 私有住房 私产 商品房 商品住宅"
    " 已购公房 已售公房 有产权 房改房 售后产权房",
}
_USE = {
    Household.Use.OWN: "独用 独 独立 自用 单独 单用 独家 独有",
    Household.Use.SHARED: "合用 合 共用 公用 共 公 合用共用",
    Household.Use.NONE: "无 没有 否 缺",
}
_OCCUPANCY = {
    Household.Occupancy.LIVING: ("自住", "本人居住", "常住"),
    Household.Occupancy.SUBLET: ("长期出租", "出租", "转租", "外借"),
    Household.Occupancy.VACANT: ("空关", "空置", "无人居住", "空房"),
    Household.Occupancy.ELSEWHERE: ("人户分离", "他处居住", "不在此居住"),
}
_SPECIAL = {
    Household.Special.INHERITANCE: (
        "已故待变更",
        "承租人已故",
        "产权人已故",
        "待继承",
        "已故",
        "去世",
        "死亡",
    ),
    Household.Special.UNREACHABLE: ("失联", "联系不上", "下落不明"),
    Household.Special.SEALED_OFF: ("查封", "冻结"),
    Household.Special.UNDETERMINED: ("签约人未定", "承租人未定"),
}
_TAGS = {
    CareTag.Kind.LIVING_ALONE: "独居老人 独居 独居高龄",
    CareTag.Kind.CHILDLESS_ELDER: "孤老 孤寡 孤寡老人",
    CareTag.Kind.BEREAVED: "失独 失独家庭 失独老人",
    CareTag.Kind.ADVANCED_AGE: "高龄 高龄老人 耄耋",
    CareTag.Kind.DISABILITY: "残疾 残疾人 残障 残疾家庭 肢体残疾 视力残疾 听力残疾 精神残疾 智力残疾",
    CareTag.Kind.EXTREME_HARDSHIP: "特困 特困人员 特困供养",
    CareTag.Kind.MINIMUM_ALLOWANCE: "低保 低保户 低保家庭 最低生活保障",
    CareTag.Kind.SERIOUS_ILLNESS: "重大病 大病 重病 重大疾病 重疾",
    CareTag.Kind.MILITARY_FAMILY: "军烈属 烈属 军属 军人家属",
    CareTag.Kind.PREGNANCY: "孕产 孕妇 孕产妇 产妇",
    CareTag.Kind.MINOR: "未成年人 未成年 儿童",
}


def _reversed(words: Mapping[Any, str]) -> dict[str, str]:
    return {each: str(kind) for kind, listed in words.items() for each in listed.split()}


TENURES, USES, TAGS = _reversed(_TENURE), _reversed(_USE), _reversed(_TAGS)


@lru_cache(maxsize=1_024)
def tenure(cell: Cell) -> str:
    """公房 -> public_tenant; "" for a word that does not say it."""
    return TENURES.get(re.sub(r"\(.*?\)|\s", "", word(cell)), "")


@lru_cache(maxsize=1_024)
def use(cell: Cell) -> tuple[str, int | None]:
    """``合用(3户)`` -> shared, with how many; "" for a word that does not say it."""
    text = re.sub(r"\s", "", tidy(cell))
    kind = USES.get(re.sub(r"[(\[].*|\d+户?$", "", text), "")
    number = re.search(r"(\d{1,2})户?\)?$", text)
    return kind, int(number[1]) if number and kind == Household.Use.SHARED else None


def _first(text: str, words: Mapping[Any, tuple[str, ...]]) -> str:
    for kind, listed in words.items():
        if any(each in text for each in listed):
            return str(kind)
    return ""


def occupancy(text: str) -> str:
    return _first(text, _OCCUPANCY)


def special(text: str) -> str:
    return _first(text, _SPECIAL)


def tags(cell: Cell) -> tuple[list[dict[str, str]], list[str]]:
    """The care tags of a cell, each with its note, and the words that are none."""
    known: dict[str, dict[str, str]] = {}
    unknown = []
    for part in several(tidy(cell) if cell != "" else ""):
        match = re.fullmatch(r"([^()]+?)(?:\((.*)\))?", part)
        said, note = (match[1].replace(" ", ""), match[2] or "") if match else ("", "")
        if kind := TAGS.get(said, ""):
            usual = _TAGS[CareTag.Kind(kind)].split()[:3]
            note = note or ("" if said in usual else said)
            known.setdefault(kind, {"kind": kind, "note": note})
        else:
            unknown.append(part)
    return list(known.values()), unknown
