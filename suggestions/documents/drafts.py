"""A batch of opinions as PDF and as Word file (报送件), from its frozen content; the words are Chinese."""

import io
import re
from typing import Any

import docx
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from caoyang_portal import documents
from suggestions.models import OpinionBatch

PAPER = "suggestions/papers/opinion_batch.html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FONT = "宋体"  # every office has it; another machine shows its own


def _facts(batch: OpinionBatch) -> dict[str, Any]:
    with translation.override(settings.LANGUAGE_CODE):
        content = batch.content
        return {
            "batch": batch,
            "content": content,
            "count": sum(1 + len(one["same"]) for one in content["opinions"]),
            "day": date_format(batch.submitted_on),
            "due": date_format(batch.city_due_on),
            "place": batch.neighbourhood.name,
            "paper_title": "立法意见报送",
            "paper_number": batch.number,
            "paper_issuer": batch.neighbourhood.name,
            "paper_fingerprint": batch.fingerprint,
        }


def batch_pdf(batch: OpinionBatch) -> bytes:
    """The batch for the file (报送件)."""
    return documents.render_pdf(PAPER, _facts(batch))


def batch_docx(batch: OpinionBatch) -> bytes:
    """The same as a Word file, for those who work on with it (报送件)."""
    facts = _facts(batch)
    paper = docx.Document()
    _set_up(paper, facts)
    content = facts["content"]
    paper.add_heading(f"关于《{content['title']}》的意见", level=0)
    asked = f"{content['asked_by']}　{content['source_ref']}".strip()
    for line in (
        f"编号：{batch.number}", f"来文：{asked}" if asked else "", f"报送：{batch.to_body}",
        f"报送单位：{facts['place']}基层立法联系点", f"报送日期：{facts['day']}",
        f"上报截止：{facts['due']}", f"意见共 {facts['count']} 条",
    ):  # fmt: skip
        if line:
            paper.add_paragraph(line)
    for one in content["opinions"]:
        paper.add_heading(f"{one['article']}（{one['kind']}）", level=2)
        for line in (one, *one["same"]):
            _opinion(paper, line)
    paper.add_paragraph(f"内容指纹（SHA-256）：{batch.sha256}")
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _set_up(paper: Any, facts: dict[str, Any]) -> None:
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(12)
    for name in ("Normal", "Title", "Heading 2"):
        fonts = paper.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), FONT)
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    paper.core_properties.title = facts["paper_title"]
    paper.core_properties.author = facts["paper_issuer"]
    paper.core_properties.comments = ""


def _opinion(paper: Any, line: dict[str, Any]) -> None:
    source = "原话" if line["is_verbatim"] else "整理"
    paper.add_paragraph(f"意见 {line['number']}（{line['role']}，{source}）：")
    for text in line["text"].splitlines():
        paper.add_paragraph(UNPRINTABLE.sub("", text))
    if line["reason"]:
        paper.add_paragraph(UNPRINTABLE.sub("", f"理由：{line['reason']}"))
