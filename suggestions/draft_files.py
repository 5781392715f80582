"""Draft laws as Word files (草案文稿): their lines, with the numbers Word itself puts before them. No database.

The package is looked at before it is opened. In many drafts “第三条” is not typed: the paragraph is
numbered by a list whose pattern says 第%1条.
"""

import io
import re
from collections import Counter
from typing import Any, BinaryIO

import docx
from django.utils.translation import gettext as _
from docx.oxml.ns import qn

from caoyang_portal.errors import Refused
from caoyang_portal.uploads.packages import check_word_file

from .draft_text import numeral_of

PATTERN = re.compile(r"第%(\d)([编章节条])")
MOST_PARAGRAPHS = 20_000


def text_of_word_file(file: BinaryIO) -> str:
    """The text of a .docx as a clerk would paste it, or a refusal (读草案)."""
    given = check_word_file(file)
    try:
        paper = docx.Document(io.BytesIO(given))
        paragraphs = paper.element.body.iter(qn("w:p"))  # those in tables, too, where they stand
        lists = _lists(paper)
        lines = _numbered(paragraphs, lists, _styles(paper))
    except (KeyError, ValueError, AttributeError) as problem:
        raise Refused(_("Word 文件已损坏或有密码，请重新保存再传。")) from problem
    return "\n".join(lines)


def _numbered(
    paragraphs: Any, lists: dict[tuple[str, str], str], styles: dict[str, Any]
) -> list[str]:
    counts: Counter[tuple[str, str]] = Counter()
    lines = []
    for n, paragraph in enumerate(paragraphs):
        if n >= MOST_PARAGRAPHS:
            raise Refused(_("文字太长，请分成几份再导入。"))
        text = _text(paragraph)
        place = _place_in_list(paragraph, styles)
        pattern = lists.get(place) if place else None
        if place and pattern and text.strip():
            counts[place] += 1
            level = PATTERN.search(pattern)
            text = f"第{numeral_of(counts[place])}{level[2]}　{text.strip()}" if level else text
        lines += text.split("\n")
    return lines


def _text(paragraph: Any) -> str:
    """What is read: deletions and field codes left out, line breaks kept."""
    parts = []
    for piece in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:cr"), qn("w:tab")):
        if piece.tag == qn("w:t"):
            parts.append(piece.text or "")
        else:
            parts.append(" " if piece.tag == qn("w:tab") else "\n")
    return "".join(parts)


def _place_in_list(paragraph: Any, styles: dict[str, Any]) -> tuple[str, str] | None:
    """Its list and level, its own or its style's."""
    properties = paragraph.find(qn("w:pPr"))
    if properties is None:
        return None
    style = properties.find(qn("w:pStyle"))
    inherited = styles.get(style.get(qn("w:val"))) if style is not None else None
    numbering = properties.find(qn("w:numPr"))
    found = numbering if numbering is not None else inherited
    if found is None:
        return None
    return _value(found, "w:numId"), _value(found, "w:ilvl") or "0"


def _value(holder: Any, name: str) -> str:
    found = holder.find(qn(name))
    return found.get(qn("w:val")) if found is not None else ""


def _styles(paper: Any) -> dict[str, Any]:
    """The list a style puts its paragraphs into."""
    return {
        style.get(qn("w:styleId")): numbering
        for style in paper.styles.element.iter(qn("w:style"))
        if (numbering := style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")) is not None
    }


def _lists(paper: Any) -> dict[tuple[str, str], str]:
    """The pattern of each level of each list."""
    parts = [r.target_part for r in paper.part.rels.values() if r.reltype.endswith("/numbering")]
    if not parts:
        return {}
    numbering = parts[0].element
    patterns = {
        (one.get(qn("w:abstractNumId")), level.get(qn("w:ilvl"))): _value(level, "w:lvlText")
        for one in numbering.iter(qn("w:abstractNum"))
        for level in one.iter(qn("w:lvl"))
    }
    found = {}
    for one in numbering.iter(qn("w:num")):
        abstract = _value(one, "w:abstractNumId")
        for (pattern_of, level), text in patterns.items():
            if pattern_of == abstract and PATTERN.search(text or ""):
                found[one.get(qn("w:numId")), level] = text
    return found
