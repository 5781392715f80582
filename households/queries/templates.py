"""A template's text (范本正文): cleaned, checked, and filled for one household."""

import hashlib
import html
import re
from dataclasses import dataclass

import nh3
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.errors import Refused
from households.models import AgreementTemplate

from .placeholders import CATALOGUE, Facts, Kind

TAGS = {
    "h2", "h3", "p", "br", "ol", "ul", "li", "strong", "em", "u",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_SLOT = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_CHAPTER = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_BLOCK = re.compile(r"</(?:p|h2|h3|li|tr)>|<br>")
_TAG = re.compile(r"<[^>]+>")

# What the agreement must say (沪房规范〔2023〕1号 art. 13); any one of the words will do.
MUST_SAY = {
    gettext_lazy("权利义务"): ("权利义务", "权利和义务", "权利与义务"),
    gettext_lazy("违约责任"): ("违约责任",),
    gettext_lazy("回搬或安置方案"): ("回搬", "安置"),
    gettext_lazy("签约时间"): ("签约时间", "签约期", "签订日期"),
}


def clean(body: str) -> str:
    """Only the tags a contract needs; scripts, styles, links and attributes are gone."""
    return nh3.clean(body, tags=TAGS, attributes=ATTRIBUTES, link_rel=None).strip()


def slots(text: str) -> list[str]:
    """The placeholders ``text`` uses, each once, in order."""
    return list(dict.fromkeys(_SLOT.findall(text)))


def unknown_slots(template: AgreementTemplate) -> list[str]:
    return [name for name in slots(template.body + template.key_points) if name not in CATALOGUE]


def blockers(template: AgreementTemplate) -> list[str]:
    """What still keeps a draft from being published; empty when nothing does."""
    said = plain(template.body)
    found = [
        _("正文还没有写“%(chapter)s”。") % {"chapter": chapter}
        for chapter, words in MUST_SAY.items()
        if not any(word in said for word in words)
    ]
    found += [
        _("占位符“%(name)s”不认识，请从右边的清单里选。") % {"name": name}
        for name in unknown_slots(template)
    ]
    if template.body.count("{{") != len(_SLOT.findall(template.body)):
        found.append(_("有占位符没有写完整，请检查大括号。"))
    if not chapters_of(template.body)[1:]:
        found.append(_("正文至少要分两章，每章用“标题”开头。"))
    if not 1 <= len(template.key_points.splitlines()) <= 3:
        found.append(_("三句话要点请写一到三行。"))
    if template.version > 1 and not template.changes:
        found.append(_("请写明较上一版的变化。"))
    return found


def fill(text: str, facts: Facts) -> str:
    """``text`` with this household's values; refused with the name of the first one missing (填写)."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in CATALOGUE:
            raise Refused(_("占位符“%(name)s”不认识，请修改范本。") % {"name": name})
        shown = CATALOGUE[name].shown(facts)
        if not shown:
            raise Refused(
                _("本户缺少“%(label)s”，请先补全%(source)s。")
                % {"label": CATALOGUE[name].label, "source": CATALOGUE[name].source}
            )
        return shown

    lists = "|".join(name for name, p in CATALOGUE.items() if p.kind == Kind.LIST)
    # A table cannot stand inside a paragraph: a list alone in one takes its place.
    text = re.sub(rf"<p>\s*(\{{\{{\s*(?:{lists})\s*\}}\}})\s*</p>", r"\1", text)
    return _SLOT.sub(value, text)


def plain(text: str) -> str:
    """The words without the tags."""
    return html.unescape(_TAG.sub("", text))


def paragraphs(text: str) -> list[str]:
    """The words paragraph by paragraph; a table's row is one."""
    text = text.replace("</td><td>", "　").replace("</th><th>", "　")
    lines = (plain(piece).strip() for piece in _BLOCK.split(text))
    return [line for line in lines if line]


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Chapter:
    """One chapter of the text; a page of the signing journey."""

    title: str
    html: str


def chapters_of(text: str) -> list[Chapter]:
    """``text`` cut at its <h2>; what stands before the first is the opening."""
    opening, *rest = _CHAPTER.split(text)
    found = [Chapter(_("协议首部"), opening.strip())] if opening.strip() else []
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return found + [Chapter(plain(title).strip(), body.strip()) for title, body in pairs]


DEFAULT_NAME = "旧住房成套改造调整协议"
DEFAULT_POINTS = (
    "您家改造后搬回原来的地方，面积从{{ area_before }}变成{{ area_after }}，不用您出钱。\n"
    "过渡期间给您补贴，合计 {{ allowance_total }}。\n"
    "签约户数达到 {{ threshold_pct }}%，协议才生效；没达到，双方都不受约束。"
)


def default_body() -> str:
    """The text we offer for a complete-set renovation (成套改造调整协议); to be checked by counsel."""
    path = settings.BASE_DIR / "templates" / "households" / "papers" / "default_agreement.html"
    return path.read_text()
