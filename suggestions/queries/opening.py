"""What anybody may take away of a public suggestion (开放数据): one list of fields, for every format.

No field is about a person, whatever name its proposer chose to show: a page can be changed later,
a file that was taken away cannot.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.keyset import page_of, read_key
from suggestions.models import Category, Outcome, Reply, Suggestion

PIECE = 500  # rows fetched at a time


@dataclass(frozen=True)
class Field:
    """One field: its name in files, its name in words, what it says, its JSON type, its value."""

    name: str
    label: Any
    says: Any
    kind: str
    of: Callable[[Suggestion], Any]
    choices: tuple[str, ...] = ()


def _day(moment: Any) -> str | None:
    return timezone.localdate(moment).isoformat() if moment else None


def _last(rows: Any) -> Any:
    """The last of what was fetched, by round."""
    return max(rows.all(), key=lambda row: row.round, default=None)


def _of_reply(name: str) -> Callable[[Suggestion], Any]:
    return lambda one: getattr(_last(one.replies), name, None)


def _outcome(one: Suggestion) -> Outcome | None:
    last = _last(one.outcomes)
    return last if last and last.done_on else None


FIELDS = (
    Field("id", _("标识"), _("不变的标识，也在网址里"), "string", lambda one: str(one.pk)),
    Field("number", _("编号"), _("居民区里的编号"), "string", lambda one: one.number),
    Field(
        "neighbourhood", _("居民区代码"), _("居民区的代码"), "string",
        lambda one: one.neighbourhood.code,
    ),
    Field(
        "neighbourhood_name", _("居民区"), _("居民区的名称"), "string",
        lambda one: one.neighbourhood.name,
    ),
    Field(
        "building", _("楼幢"), _("和哪一幢有关；没有就是整个小区"), "string?",
        lambda one: one.building.name if one.building else None,
    ),
    Field(
        "category", _("分类"), _("六类之一"), "string", lambda one: one.category,
        tuple(Category.values),
    ),
    Field("title", _("题目"), _("公开的题目"), "string", lambda one: one.title),
    Field("reasons", _("理由"), _("为什么这样建议"), "string", lambda one: one.reasons),
    Field("measures", _("办法"), _("建议怎么办；可以是空的"), "string", lambda one: one.measures),
    Field(
        "state", _("状态"), _("走到哪一步"), "string", lambda one: one.state,
        tuple(v for v in Suggestion.State.values if v != Suggestion.State.WITHDRAWN),
    ),
    Field(
        "supporters", _("几人提"), _("多少人提出或者表示“我也是”"), "integer",
        lambda one: one.supporters,
    ),
    Field(
        "submitted_on", _("提出日期"), _("哪一天提出"), "date", lambda one: _day(one.submitted_at)
    ),
    Field(
        "reply_by", _("最晚答复日期"), _("答应最晚哪一天答复"), "date",
        lambda one: one.reply_by.isoformat(),
    ),
    Field(
        "unit", _("办理单位"), _("由谁办理；还没交办就没有"), "string?",
        lambda one: one.unit.name if one.unit else None,
    ),
    Field(
        "verdict", _("答复结论"), _("采纳、部分采纳或者不采纳"), "string?", _of_reply("verdict"),
        tuple(Reply.Verdict.values),
    ),
    Field("reply", _("答复"), _("正式答复的全文"), "string?", _of_reply("text")),
    Field("reply_reason", _("答复理由"), _("没有全部采纳的理由"), "string?", _of_reply("why")),
    Field(
        "replied_on", _("答复日期"), _("哪一天答复"), "date?",
        lambda one: _day(_of_reply("replied_at")(one)),
    ),
    Field(
        "outcome", _("成果"), _("建议变成了什么；办成了才有"), "string?",
        lambda one: getattr(_outcome(one), "name", None),
    ),
    Field(
        "done_on", _("办成日期"), _("哪一天办成"), "date?",
        lambda one: done.done_on.isoformat() if (done := _outcome(one)) and done.done_on else None,
    ),
)  # fmt: skip


def opened(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """``rows`` with what the fields need, and without what they must not."""
    return (
        rows.select_related("neighbourhood", "building", "unit")
        .prefetch_related(
            Prefetch("replies", Reply.objects.only("suggestion", "round", "verdict", "text", "why", "replied_at")),
            Prefetch("outcomes", Outcome.objects.only("suggestion", "round", "name", "done_on")),
        )
        .defer(
            "proposer_name", "proposer_phone", "original_title", "original_reasons",
            "original_measures", "change_reason", "source_note", "spot", "answer", "search_text",
        )
    )  # fmt: skip


def record_of(one: Suggestion) -> dict[str, Any]:
    """A suggestion as everybody may have it."""
    return {field.name: field.of(one) for field in FIELDS}


def all_open(rows: QuerySet[Suggestion]) -> Iterator[dict[str, Any]]:
    """Every one of ``rows``, the newest first; a piece at a time, and nothing held between two."""
    after = None
    while True:
        leaf = page_of(opened(rows), "submitted_at", after=after, size=PIECE)
        yield from map(record_of, leaf.rows)
        if not leaf.after:
            return
        after = read_key(leaf.after, dt.datetime)
