"""Finding a household by whatever somebody remembers of it (查找户): name, pinyin, room, number."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from pypinyin import lazy_pinyin

from caoyang_portal.community.models import normalise_phone
from caoyang_portal.confidential import blind_index
from households.models import Household, Member, Signature

from .receipts import read_receipt_number
from .roster_file.cells import numeral

# Readings that differ as surnames; the ordinary reading is kept beside it, for whoever types that.
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "区": "ou", "查": "zha", "朴": "piao",
    "盖": "ge", "乐": "yue", "缪": "miao", "翟": "zhai", "覃": "qin", "秘": "bi", "繁": "po",
    "种": "chong", "员": "yun", "祭": "zhai", "折": "she", "句": "gou", "召": "shao", "黑": "he",
    "洗": "xian", "尉": "wei", "薄": "bo", "谌": "chen", "都": "du", "宓": "fu", "隗": "wei",
    "尉迟": "yu chi", "单于": "chan yu", "万俟": "mo qi", "澹台": "tan tai", "长孙": "zhang sun",
}  # fmt: skip
MOST_LETTERS = 60  # of a search; more is not something somebody remembers
MOST_WORDS = 4
_HAN = "㐀-䶿一-鿿𠀀-𱍊"
_ROOM = re.compile(
    r"(?:(?P<building>\d{1,4})(?:号楼|号幢|幢|栋|楼|座|号|#|-))(?P<room>\d{2,5}[A-Z]?)?室?"
    r"(?P<part>[^\d\s]{1,6})?"
)
_HAN_NUMBER = re.compile(r"[零〇○一二三四五六七八九十]+")


def plain(text: str) -> str:
    """Half-width, small letters, single spaces: how both sides of a search are written."""
    text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"\s+", " ", text).strip()


def _syllables(name: str) -> list[list[str]]:
    """The readings of a name, one list of syllables each: as a surname is read, and as not."""
    ordinary = lazy_pinyin(name, errors=list)  # type: ignore[arg-type]  # a list is taken apart
    length = 2 if name[:2] in SURNAMES and len(name) > 2 else 1
    surname = SURNAMES.get(name[:length], "").split()
    read = [surname + ordinary[len(surname) :]] if surname else []
    return read + ([ordinary] if ordinary not in read else [])


@lru_cache(maxsize=10_000)
def spelled(name: str) -> str:
    """``王桂芳`` -> ``王wang桂gui芳fang``; a surname of two readings stands twice."""
    name = plain(name)
    readings = _syllables(name)
    if name.isascii() or any(len(reading) != len(name) for reading in readings):
        return name  # a Latin name
    return " ".join(
        "".join(
            letter if letter == sound else f"{letter}{sound}"
            for letter, sound in zip(name, reading, strict=True)
        )
        for reading in readings
    )


def search_text_for(household: Household, members: Iterable[Member]) -> str:
    """What the list searches: everyone's name with its pinyin, and the address."""
    names = dict.fromkeys(spelled(member.name) for member in members if member.name)
    address = plain(f"{household.building.name} {household.address}").replace(" ", "")
    return "|".join([*names, address])


def _name_pattern(word: str) -> str:
    """A pattern by which a word meets a spelled name, in letters, initials, characters, or mixed.

    From one letter of the word to the next the name may go on in the syllable, or on to the next
    character: ``wguif``, ``王gf`` and ``guifang`` all find ``王wang桂gui芳fang``.
    """
    pattern = ""
    word = word.replace("'", "")
    for place, letter in enumerate(word):
        is_han = re.match(f"[{_HAN}]", letter) is not None
        if not place:
            pattern += letter if is_han else f"(?:^|[ |{_HAN}]){letter}"
        elif is_han:
            pattern += f"[a-z]*{letter}"
        else:
            pattern += f"(?:[a-z]*[{_HAN}])?{letter}"
    return pattern


def _is_name(word: str) -> bool:
    return re.fullmatch(f"[{_HAN}a-z·]+", word.replace("'", "")) is not None


def _of_rooms(word: str) -> Q | None:
    """``3-502``, ``3号楼502``, ``三号五零二``, ``502室``."""
    digits = _HAN_NUMBER.sub(lambda match: numeral(match[0]), word).upper()
    if match := _ROOM.fullmatch(digits):
        found = Q(building__number=int(match["building"]))
        if match["room"]:
            found &= Q(room=match["room"])
        if match["part"]:
            found &= Q(part=match["part"])
        return found
    if match := re.fullmatch(r"(\d{1,4}[A-Z]?)(室?)", digits):
        return Q(room=match[1]) if match[2] else Q(room__startswith=match[1])
    if match := re.fullmatch(r"(\d{1,4}[A-Z]?)室?([^\d\sA-Z]{1,6})", digits):
        return Q(room=match[1], part=match[2])
    return None


def _has_member(**about: str | None) -> Exists:
    return Exists(
        Member.objects.filter(
            neighbourhood_id=OuterRef("neighbourhood_id"), household_id=OuterRef("pk"), **about
        )
    )


def _of_numbers(word: str) -> list[Q]:
    """A telephone number or its last four digits, a receipt number, a certificate's."""
    found = []
    if phone := normalise_phone(word):
        found.append(Q(_has_member(left_at=None, phone_index=blind_index(phone, "member"))))
    if re.fullmatch(r"\d{4}", word, re.ASCII):
        found.append(Q(_has_member(left_at=None, phone_tail_index=blind_index(word, "tail"))))
    if receipt := read_receipt_number(word):
        signed = Signature.objects.filter(receipt_number=receipt)
        found.append(Q(pk__in=signed.values("agreement__household_id")))
    if len(word) >= 4 and re.search(r"\d", word):
        found.append(Q(certificate_number__icontains=word))
    return found


def _matches(word: str) -> Q:
    """Everything a single word may mean, any of it."""
    meanings = _of_numbers(word)
    if (rooms := _of_rooms(word)) is not None:
        meanings.append(rooms)
    if _is_name(word):
        meanings.append(Q(search_text__regex=_name_pattern(word)))
    elif rooms is None:
        meanings.append(Q(search_text__contains=word))
    found = Q(pk=None)
    for meaning in meanings:
        found |= meaning
    return found


def find_households(queryset: QuerySet[Household], text: str) -> QuerySet[Household]:
    """Those of ``queryset`` that ``text`` may mean; every word of it must fit."""
    text = plain(text[: MOST_LETTERS * 2])[:MOST_LETTERS].replace("\x00", "")
    if not text:
        return queryset
    whole = re.sub(r"[\s+-]", "", text)
    words = [whole] if normalise_phone(whole) else text.split(" ")[:MOST_WORDS]
    for word in words:
        queryset = queryset.filter(_matches(word))
    return queryset
