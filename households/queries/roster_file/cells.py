"""One cell's text in the form it is stored (单元格规整). ``Unfit`` says what is wrong with it."""

import datetime as dt
import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from .workbook import Cell

_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")
_NUMERALS = str.maketrans("零〇○一二三四五六七八九壹贰叁肆伍陆柒捌玖两", "0001234567891234567892")
_UNIT = re.compile(r"\s*(平方米|平方公尺|平方|平米|平|m2|M2|㎡|方)$")
_SPACE = re.compile(r"\s")
_DOT = re.compile(r"[•・‧∙．﹒●]")
_HAN = re.compile(r"[一-鿿㐀-䶿\U00020000-\U0003134f]")
_SEPARATOR = re.compile(r"[、,，;；/|\n]+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?", re.IGNORECASE | re.ASCII)
_PEOPLE = re.compile(r"\s*(人|口|户|个|层|楼)$")
NOTHING = {"", "-", "--", "—", "——", "/", "\\", "无", "不详", "未知", "空", "N/A", "n/a", "null"}
DITTO = {"同上", "〃", '"', "″", "''", "同"}


class Unfit(Exception):
    """A cell that cannot be stored; ``problem`` is its code."""

    def __init__(self, problem: str, text: Cell = ""):
        super().__init__(problem)
        self.problem = problem
        self.text = text


def tidy(cell: Cell) -> str:
    """Full-width to half, no unseen characters, single spaces, no leading apostrophe."""
    if isinstance(cell, (int, float)):
        return number_text(cell)
    text = cell if cell.isascii() else unicodedata.normalize("NFKC", cell)
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
    text = " ".join(text.split())
    return text.lstrip("'’‘`").strip()


def number_text(number: float) -> str:
    """``208.0`` -> ``208``: how a person would write the number."""
    if math.isfinite(number) and number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def word(cell: Cell) -> str:
    """Text of one line; "" for a dash or 无."""
    text = tidy(cell)
    return "" if text in NOTHING else text


def _unspaced(text: str) -> str:
    return unicodedata.normalize("NFKC", _SPACE.sub("", text))


def person(cell: Cell) -> str:
    """A name: no spaces inside a Chinese one, ``·`` for every kind of dot."""
    text = _DOT.sub("·", word(cell))
    if _HAN.search(text):
        text = _unspaced(text)
    return text


def numeral(text: str) -> str:
    """``五零二`` -> ``502``, ``十二`` -> ``12``; anything else as it is."""
    if match := re.fullmatch(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)", text):
        tens, ones = match.groups()
        return f"{(tens or '一').translate(_NUMERALS)}{(ones or '零').translate(_NUMERALS)}"
    if text and all(letter in "零〇○一二三四五六七八九两" for letter in text):
        return text.translate(_NUMERALS)
    return text


@lru_cache(maxsize=4_096)
def room(cell: Cell) -> str:
    """``１０１室`` -> ``101``."""
    text = _unspaced(word(cell))
    text = re.sub(r"(室|房间|房|号房|户)$", "", text)
    return numeral(text).upper()


@lru_cache(maxsize=4_096)
def building(cell: Cell) -> str:
    """``3幢``, ``３号楼``, ``三号楼``, ``3`` -> ``3号楼``; a named building as it is."""
    text = _unspaced(word(cell))
    match = re.fullmatch(
        r"第?([0-9]+|[零〇一二三四五六七八九十]+)(号楼|号幢|号栋|幢|栋|号|楼|座|#|#楼)?", text
    )
    return f"{int(numeral(match[1]))}号楼" if match and numeral(match[1]).isdigit() else text


@lru_cache(maxsize=4_096)
def door(cell: Cell) -> str:
    return _unspaced(word(cell))


def area(cell: Cell) -> Decimal | None:
    """``23.5㎡``, ``1,234.5 平方米`` -> a Decimal of two places; None for nothing."""
    text = word(cell)
    if not text:
        return None
    text = _UNIT.sub("", text).replace("。", ".").strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise Unfit("area_not_a_number", text)
    try:
        value = Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation:
        raise Unfit("area_not_a_number", text) from None
    if value < 0:
        raise Unfit("negative_area", text)
    if value >= 1_000_000:
        raise Unfit("area_not_a_number", text)
    return value


def count(cell: Cell) -> int | None:
    """``3人`` -> 3."""
    text = numeral(_PEOPLE.sub("", word(cell)))
    if not text:
        return None
    if not re.fullmatch(r"\d{1,3}(\.0+)?", text, re.ASCII):
        raise Unfit("bad_count", word(cell))
    return int(text.split(".")[0])


def floor(cell: Cell) -> int | None:
    """``3层``, ``三楼``, ``底层`` -> a number."""
    text = word(cell)
    if text in ("底层", "底楼"):
        return 1
    below = text.startswith(("-", "地下"))
    number = count(text.removeprefix("-").removeprefix("地下").removeprefix("第"))
    return -number if below and number else number


def day(cell: Cell) -> dt.date | None:
    """``2003年5月1日``, ``2003.5.1``, ``20030501`` or Excel's day number -> a date."""
    text = word(cell)
    if not text:
        return None
    match = re.fullmatch(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?", text, re.ASCII)
    match = match or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text, re.ASCII)
    try:
        if match:
            return dt.date(*map(int, match.groups()))
        if re.fullmatch(r"\d{5}", text, re.ASCII) and 10_000 < int(text) < 60_000:
            return dt.date(1899, 12, 30) + dt.timedelta(days=int(text))
    except ValueError:
        pass
    raise Unfit("bad_date", text)


def yes(cell: Cell) -> bool | None:
    """有/无, 是/否."""
    text = tidy(cell)
    if text in ("有", "是", "√", "✓", "1", "Y", "y"):
        return True
    if text in ("无", "否", "没有", "×", "0", "N", "n"):
        return False
    if not word(text):
        return None
    raise Unfit("unclear_yes_or_no", text)


def several(cell: Cell) -> list[str]:
    """``黄桂珍、赵军`` -> its parts."""
    return [part for part in (word(p) for p in _SEPARATOR.split(str(cell))) if part]
