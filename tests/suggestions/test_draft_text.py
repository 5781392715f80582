"""Draft laws read from pasted text and from Word files, against what a person would read."""

import dataclasses
import io
import json
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from caoyang_portal.errors import Refused
from suggestions import draft_text
from suggestions.draft_files import text_of_word_file
from suggestions.draft_text import mark_of, number_of, numeral_of, parse

TEXTS = Path(__file__).with_name("draft_texts")
NAMES = sorted(path.stem for path in TEXTS.glob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_is_read_as_a_person_reads_it(name):
    read = dataclasses.asdict(parse((TEXTS / f"{name}.txt").read_text()))
    assert read == json.loads((TEXTS / f"{name}.json").read_text())


def test_every_number_up_to_ten_thousand_is_written_and_read():
    assert [n for n in range(1, 10_000) if number_of(numeral_of(n)) != n] == []
    written = {1: "一", 10: "十", 12: "十二", 20: "二十", 100: "一百", 101: "一百零一", 110: "一百一十", 123: "一百二十三"}  # fmt: skip
    assert {n: numeral_of(n) for n in written} == written


@pytest.mark.parametrize(
    ("numeral", "number"),
    [("二〇", 20), ("一百二十三", 123), ("１２", 12), ("两百", 200), ("十", 10), ("甲", None)],
)
def test_numerals_as_people_write_them(numeral, number):
    assert number_of(numeral) == number


def test_a_reference_within_a_paragraph_opens_no_article():
    read = parse("第一条　甲。\n第五条规定的情形除外。\n第二条　乙。")
    assert [one.text for one in read.articles] == ["甲。\n第五条规定的情形除外。", "乙。"]
    assert mark_of("第某条") is None


def test_what_is_too_long_is_not_read():
    read = parse("第一条　" + "很" * draft_text.MOST_CHARACTERS)
    assert (read.articles, read.errors) == ([], ["文字太长，请分成几份再导入。"])


# --- Word files ----------------------------------------------------------------------------------

NUMBERING = f"""<w:numbering {nsdecls("w")}>
<w:abstractNum w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>
<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num></w:numbering>"""


def word_file(*lines, numbered=()):
    """A .docx with ``lines``; those in ``numbered`` get their 第…条 from Word."""
    paper = docx.Document()
    numbering = paper.part.numbering_part.element
    for child in list(parse_xml(NUMBERING)):
        numbering.append(child)
    for line in lines:
        paragraph = paper.add_paragraph(line)
        if line in numbered:
            paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 77
    out = io.BytesIO()
    paper.save(out)
    out.seek(0)
    return out


def test_a_word_file_is_read_like_its_text():
    text = text_of_word_file(
        word_file("第一章　总则", "第一条　为了安全。", "第二条　适用于本市。")
    )
    assert [(one.label, one.chapter, one.text) for one in parse(text).articles] == [
        ("第一条", "第一章 总则", "为了安全。"), ("第二条", "第一章 总则", "适用于本市。"),
    ]  # fmt: skip


def test_numbers_that_word_puts_itself_are_read_too():
    lines = ("为了安全。", "（一）其一；", "适用于本市。")
    text = text_of_word_file(word_file(*lines, numbered=("为了安全。", "适用于本市。")))
    assert [(one.label, one.text) for one in parse(text).articles] == [
        ("第一条", "为了安全。\n（一）其一；"), ("第二条", "适用于本市。"),
    ]  # fmt: skip


def test_a_word_file_that_is_none_is_refused_in_plain_words():
    with pytest.raises(Refused, match="请上传 Word 文件"):
        text_of_word_file(io.BytesIO(b"%PDF-1.4"))
