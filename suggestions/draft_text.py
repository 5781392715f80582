"""The text of a draft law taken apart (法规文本): preamble, chapters, articles, annex. No database.

A line that begins 第…条 opens an article if a space follows it, or if its number is the next one: within
a paragraph “第三条规定的…” is only a reference.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = r"[零〇○一二三四五六七八九十百千两\d \u3000]+?"
MARK = re.compile(
    rf"第({NUMERAL})(编|章|节|条)((?:[ ]*之[ ]*[一二三四五六七八九十]+)?)(.*)", re.DOTALL
)
CONTENTS = re.compile(r"目\s*[录次]")
ANNEX = re.compile(r"附\s*[件表录](?:$|[\s一二三四五六七八九十\d:：])")
UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u00ad"))
SPACES = str.maketrans(dict.fromkeys("\u3000\u00a0\t\u2002\u2003", " "))
MOST_CHARACTERS = 300_000
MOST_ARTICLES = 600
LONGEST_HEADING = 40


class Mark(NamedTuple):
    """A line that opens a part or an article."""

    level: str  # 编 章 节 条
    number: int
    label: str  # 第三条之一, as it is shown
    rest: str
    is_apart: bool  # a space, or nothing, stands behind it


@dataclass
class ParsedArticle:
    """One article (条): its label, the parts it stands in, its paragraphs."""

    number: int
    label: str
    chapter: str
    paragraphs: list[str]
    line: int

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass
class ParsedDraft:
    """What was read; with ``errors`` it cannot be kept, ``warnings`` are to be looked at."""

    preamble: str = ""
    articles: list[ParsedArticle] = field(default_factory=list)
    annex: str = ""
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def number_of(numeral: str) -> int | None:
    """一百二十三 -> 123, 二〇 -> 20, ３ -> 3; None for what is no number."""
    numeral = re.sub(r"\s", "", numeral)
    if numeral.isdecimal():
        return int(numeral)
    if not numeral or any(c not in DIGITS and c not in UNITS for c in numeral):
        return None
    if not any(c in UNITS for c in numeral):  # 一二三, digit by digit
        return int("".join(str(DIGITS[c]) for c in numeral))
    total, digit = 0, None
    for c in numeral:
        if c in DIGITS:
            digit = DIGITS[c]
        else:
            total += (1 if digit is None else digit) * UNITS[c]  # 十二 is 12
            digit = None
    return total + (digit or 0)


def numeral_of(number: int) -> str:
    """123 -> 一百二十三, 10 -> 十, 101 -> 一百零一; up to 9999."""
    names = "零一二三四五六七八九"
    found, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            one_ten = unit == 10 and digit == 1 and not found
            found += ("零" if gap else "") + ("" if one_ten else names[digit]) + name
        gap = bool(found) and not digit and bool(number)
    return found or names[0]


def lines_of(text: str) -> list[str]:
    """The lines without what cannot be seen, spaces of every kind made plain."""
    text = text.translate(UNSEEN).replace("\r\n", "\n")
    return [line.translate(SPACES).strip() for line in re.split(r"[\n\r\v\f\u2028\u2029]", text)]


def mark_of(line: str) -> Mark | None:
    found = MARK.match(line)
    if not found or (number := number_of(found[1])) is None:
        return None
    after = re.sub(r"\s", "", found[3])
    label = f"第{numeral_of(number)}{found[2]}{after}"
    rest = found[4]
    return Mark(
        found[2], number, label, rest.lstrip(" :：、"), rest[:1] in ("", " ", ":", "：", "、")
    )


def parse(text: str) -> ParsedDraft:
    """Take a draft apart; what is doubtful is said in words a clerk can act on."""
    draft = ParsedDraft()
    if len(text) > MOST_CHARACTERS:
        draft.errors.append(_("文字太长，请分成几份再导入。"))
        return draft
    _read(draft, [(n, line) for n, line in enumerate(lines_of(text), 1) if line])
    draft.errors += _errors(draft)
    draft.warnings += _warnings(draft.articles)
    return draft


def _read(draft: ParsedDraft, lines: list[tuple[int, str]]) -> None:
    parts: dict[str, str] = {}
    before: list[str] = []
    annex: list[str] = []
    waiting = ""  # the part whose name stands on the next line
    for number, line in _without_contents(lines):
        mark = mark_of(line)
        if annex or (draft.articles and ANNEX.match(line)):
            annex.append(line)
        elif mark and mark.level == "条" and _opens(mark, draft.articles):
            paragraphs = [mark.rest] if mark.rest else []
            chapter = " ".join(parts[level] for level in "编章节" if parts.get(level))
            draft.articles.append(
                ParsedArticle(mark.number, mark.label, chapter, paragraphs, number)
            )
            waiting = ""
        elif mark and mark.level != "条" and _names_a_part(mark):
            for lower in "编章节"["编章节".index(mark.level) :]:
                parts.pop(lower, None)
            parts[mark.level] = f"{mark.label} {_closed(mark.rest)}".strip()
            waiting = "" if mark.rest else mark.level
        elif waiting and len(line) <= LONGEST_HEADING:
            parts[waiting] += f" {_closed(line)}"
            waiting = ""
        elif draft.articles:
            draft.articles[-1].paragraphs.append(line)
        else:
            before.append(line)
    draft.preamble, draft.annex = "\n".join(before), "\n".join(annex)


def _closed(heading: str) -> str:
    """总　　则 -> 总则: names of parts are often spread out."""
    return re.sub(r"\s+", "", heading)


def _opens(mark: Mark, articles: list[ParsedArticle]) -> bool:
    """Whether it is the head of an article and no reference at the beginning of a paragraph."""
    last = articles[-1].number if articles else 0
    return mark.is_apart or mark.number == last + 1 or (mark.number == last and "之" in mark.label)


def _names_a_part(mark: Mark) -> bool:
    ends_as_text = mark.rest.endswith(("。", "；", "，", "：", ";"))
    return len(mark.rest) <= LONGEST_HEADING and not ends_as_text


def _without_contents(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Leave out a table of contents: the parts named before the first of them comes again."""
    in_contents, seen = False, False
    for number, line in lines:
        if CONTENTS.fullmatch(line):
            in_contents = True
            continue
        if in_contents:
            mark = mark_of(line)
            is_first = mark is not None and mark.level in "编章" and mark.number == 1
            in_contents = not (mark and mark.level == "条") and not (is_first and seen)
            seen = seen or is_first
            if in_contents and (mark is not None or seen):
                continue
        yield number, line


def _errors(draft: ParsedDraft) -> list[str]:
    if not draft.articles:
        return [_("没有找到“第几条”。每一条请另起一行，用“第一条”这样开头。")]
    if len(draft.articles) > MOST_ARTICLES:
        return [_("超过 %(n)s 条，请核对是不是放进了几部法规。") % {"n": MOST_ARTICLES}]
    found: list[str] = []
    seen: dict[str, int] = {}
    for article in draft.articles:
        if article.label in seen:
            said = {"label": article.label, "one": seen[article.label], "two": article.line}
            found.append(_("%(label)s出现了两次：第 %(one)s 行和第 %(two)s 行。") % said)
        seen.setdefault(article.label, article.line)
        if not article.paragraphs:
            said = {"label": article.label, "line": article.line}
            found.append(_("%(label)s没有内容（第 %(line)s 行）。") % said)
    return found


def _warnings(articles: list[ParsedArticle]) -> list[str]:
    found = []
    if articles and articles[0].number != 1:
        found.append(_("第一个找到的是%(label)s，前面是不是漏了？") % {"label": articles[0].label})
    for before, after in itertools.pairwise(articles):
        if after.number not in (before.number, before.number + 1):
            said = {"one": before.label, "two": after.label, "line": after.line}
            found.append(_("%(one)s后面是%(two)s（第 %(line)s 行），请核对有没有漏掉的。") % said)
    return found
