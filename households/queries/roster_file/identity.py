"""ID numbers and telephone numbers (证件号码、联系电话)."""

import datetime as dt
import re

from caoyang_portal.community.models import normalise_phone

from .cells import Unfit, tidy, word
from .workbook import Cell

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECK = "10X98765432"


def check_digit(body: str) -> str:
    """The eighteenth character of an ID number whose first seventeen are ``body``."""
    total = sum(int(digit) * w for digit, w in zip(body, _WEIGHTS, strict=True))
    return _CHECK[total % 11]


def is_id_number(text: str, today: dt.date | None = None) -> bool:
    """Eighteen characters, a day that was, and the right check digit (GB 11643)."""
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", text, re.ASCII):
        return False
    try:
        born = dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    if born.year < 1880 or (today and born > today):
        return False
    return check_digit(text[:17]) == text[17]


def id_number(cell: Cell, today: dt.date | None = None) -> str:
    """The number as stored; Excel's loss of digits is named, never repaired by guessing."""
    if isinstance(cell, float) and abs(cell) >= 1e15:
        raise Unfit("id_number_damaged", f"{cell:.5E}")
    text = re.sub(r"[\s-]", "", word(cell)).upper()
    if not text:
        return ""
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text, re.ASCII):
        raise Unfit("id_number_damaged", text)
    if is_id_number(text, today) or is_other_document(text):
        return text
    if re.fullmatch(r"\d{15}0{3}", text, re.ASCII):
        raise Unfit("id_number_damaged", text)
    raise Unfit("bad_id_number", text)


def is_other_document(text: str) -> bool:
    """A passport or a travel permit (护照、回乡证、台胞证): letters first, then digits."""
    return re.fullmatch(r"[A-Z]{1,2}\d{7,10}", text, re.ASCII) is not None


def _one_phone(text: str) -> str:
    """``199 0051 0014`` or ``021-62345678`` -> E.164; "" if it is no telephone number."""
    if mobile := normalise_phone(text):
        return mobile
    digits = re.sub(r"[\s()-]", "", text)
    digits = re.sub(r"^(\+86|0086)0?(?=[1-9])", "0", digits)
    if re.fullmatch(r"[2-9]\d{7}", digits, re.ASCII):
        return f"+8621{digits}"  # eight digits without an area code are Shanghai's
    if re.fullmatch(r"0(10|2\d|[3-9]\d{2})[2-9]\d{6,7}", digits, re.ASCII):
        return f"+86{digits[1:]}"
    return ""


def phones(cell: Cell) -> list[str]:
    """The numbers of a cell, mobiles first; a cell may hold two."""
    text = word(cell)
    if not text:
        return []
    if whole := _one_phone(text):
        return [whole]
    parts = [part for part in re.split(r"[、,，;；/|\n]+|\s{1,}", tidy(text)) if part]
    found = [_one_phone(part) for part in parts]
    if not found or not all(found):
        raise Unfit("bad_phone", text)
    return sorted(dict.fromkeys(found), key=lambda phone: not is_mobile(phone))


def is_mobile(phone: str) -> bool:
    return bool(normalise_phone(phone))
