"""A count from a file (计票文件): a roll and its ballots as JSON, without the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import tally
from .tally import RULES, Rule, Step, Verdict, Weight


class BadFile(Exception):
    """The file cannot be counted; the message says where and why."""


@dataclass(frozen=True)
class Question:
    """What a file holds: the roll by head, the choices, to whom a ballot was delivered."""

    rule: str
    silent_rule: str
    roll: Mapping[str, Weight]
    choices: Mapping[str, str]
    delivered: frozenset[str]


def count(given: Any) -> dict[str, Any]:
    """The result of a parsed file, as ``manage.py tally`` prints it."""
    asked = read(given)
    verdict = _decide(asked, asked.silent_rule)
    outcomes = {rule: _decide(asked, rule).passed for rule in _silent_rules(asked)}
    return {
        "rule": asked.rule,
        "silent_rule": asked.silent_rule,
        "total": verdict.total.as_dict(),
        "participating": verdict.participating.as_dict(),
        **{name: verdict.by_choice[name].as_dict() for name in tally.OPINIONS},
        "silent_counted": verdict.silent.as_dict(),
        "quorum": verdict.quorum,
        "passed": verdict.passed,
        "outcomes": outcomes,
        "thresholds": [step.as_dict() for step in verdict.steps],
        "reasons": reasons(verdict),
    }


def reasons(verdict: Verdict) -> list[str]:
    """Each threshold in a sentence, then what was done about those who did not answer."""
    said = [_sentence(step) for step in verdict.steps]
    if verdict.silent.heads:
        followed = {"yes": "赞成", "no": "反对", "abstain": "弃权"}.get(verdict.followed)
        said.append(
            f"已送达未答复的 {amount(tally.HEADS, verdict.silent.heads)}、"
            f"{amount(tally.AREA, verdict.silent.area_cent)}："
            + (f"按多数意见计入{followed}" if followed else "没有过半数的意见，只计入参加表决")
        )
    return said


def _sentence(step: Step) -> str:
    of = {"quorum": "参加表决", "passing": "同意"}[step.name]
    part = step.share.part
    need = f"{'超过' if step.share.exceeded else '至少'} {part.numerator}/{part.denominator}"
    held = f"{amount(step.measure, step.some)} / {amount(step.measure, step.whole)}"
    end = "达到" if step.met else f"未达到，还差 {amount(step.measure, step.missing)}"
    return f"{of}的{'人数' if step.measure == tally.HEADS else '面积'} {held}，须{need}：{end}"


def amount(measure: str, value: int) -> str:
    """A number of heads, or an area, as people read it."""
    return f"{value} 人" if measure == tally.HEADS else f"{value // 100}.{value % 100:02} ㎡"


def rule_sentence(rule: Rule) -> str:
    """When a question passes, in one sentence for notice and page."""
    both = "人数和面积" if tally.AREA in rule.measures else "人数"
    said = []
    if rule.quorum:
        part = rule.quorum.part
        said.append(f"参加表决的{both}至少 {part.numerator}/{part.denominator}")
    part, over = rule.passing.part, "超过" if rule.passing.exceeded else "至少"
    whom = "全体的" if rule.of_all else "参加表决者的"
    said.append(f"同意的{both}{over}{whom} {part.numerator}/{part.denominator}")
    return "，".join(said) + "，方为通过。"


def _decide(asked: Question, silent_rule: str) -> Verdict:
    return tally.decide(
        asked.roll,
        asked.choices,
        RULES[asked.rule],
        silent_rule=silent_rule,
        delivered=asked.delivered,
    )


def _silent_rules(asked: Question) -> list[str]:
    """Both outcomes are told where a rule about the silent is in question."""
    both = asked.silent_rule == tally.FOLLOW_MAJORITY
    return [tally.NOT_COUNTED, tally.FOLLOW_MAJORITY] if both else [tally.NOT_COUNTED]


# ---- reading ----


def read(given: Any) -> Question:
    """The file's content, checked; ``BadFile`` names the first thing that is wrong."""
    if not isinstance(given, dict):
        raise BadFile("文件应是一个 JSON 对象 / the file must be a JSON object")
    rule = _one_of(given.get("rule"), RULES, "rule")
    silent_rule = _one_of(
        given.get("silent_rule", tally.NOT_COUNTED),
        (tally.NOT_COUNTED, tally.FOLLOW_MAJORITY),
        "silent_rule",
    )
    units = [_unit(row, n) for n, row in enumerate(_rows(given, "units"))]
    if not units:
        raise BadFile("units: 名册是空的 / the roll is empty")
    _refuse_twice((name for name, *_rest in units), "units", "unit")
    head_of = _heads(units)
    areas: Counter[str] = Counter()
    for _name, owner, area_cent, _unsold in units:
        areas[head_of[owner]] += area_cent
    roll = {head: Weight(1, area_cent) for head, area_cent in areas.items()}
    return Question(rule, silent_rule, roll, _choices(given, head_of), _delivered(given, head_of))


def _heads(units: Iterable[tuple[str, str, int, bool]]) -> dict[str, str]:
    """The head each owner counts for: an owner is one, all that a developer has not sold is one.

    最高法 2009 年建筑物区分所有权解释第九条.
    """
    unsold = {owner for _name, owner, _area, is_unsold in units if is_unsold}
    developer = min(unsold, default="")
    return {owner: developer if owner in unsold else owner for _name, owner, *_rest in units}


def _choices(given: dict[str, Any], head_of: Mapping[str, str]) -> dict[str, str]:
    choices: dict[str, str] = {}
    for n, row in enumerate(_rows(given, "ballots")):
        where = f"ballots[{n}]"
        head = _known(_field(row, "owner", where), head_of, where)
        if head in choices:
            raise BadFile(f"{where}: 重复的表决票 / second ballot of {row['owner']!r}")
        choices[head] = _one_of(row.get("choice"), tally.OPINIONS, f"{where}.choice")
    return choices


def _delivered(given: dict[str, Any], head_of: Mapping[str, str]) -> frozenset[str]:
    owners = given.get("delivered", [])
    if not isinstance(owners, list):
        raise BadFile("delivered: 应是列表 / must be a list")
    return frozenset(_known(owner, head_of, f"delivered[{n}]") for n, owner in enumerate(owners))


def _unit(row: Any, n: int) -> tuple[str, str, int, bool]:
    where = f"units[{n}]"
    name, owner = _field(row, "unit", where), _field(row, "owner", where)
    area_cent = row.get("area_cent")
    if type(area_cent) is not int or area_cent <= 0:
        raise BadFile(
            f"{where}.area_cent: 面积应是大于 0 的整数（0.01 ㎡） / a positive integer of 0.01 m²"
        )
    unsold = row.get("developer_unsold", False)
    if type(unsold) is not bool:
        raise BadFile(f"{where}.developer_unsold: 应是 true 或 false / must be true or false")
    return name, owner, area_cent, unsold


def _rows(given: dict[str, Any], key: str) -> list[Any]:
    rows = given.get(key)
    if not isinstance(rows, list):
        raise BadFile(f"{key}: 缺少列表 / a list is missing")
    return rows


def _field(row: Any, key: str, where: str) -> str:
    if not isinstance(row, dict):
        raise BadFile(f"{where}: 应是对象 / must be an object")
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadFile(f"{where}.{key}: 缺少文字 / a text is missing")
    return value


def _known(owner: Any, head_of: Mapping[str, str], where: str) -> str:
    if not isinstance(owner, str) or owner not in head_of:
        raise BadFile(f"{where}: 名册上没有 / not on the roll: {owner!r}")
    return head_of[owner]


def _one_of(value: Any, allowed: Iterable[str], where: str) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise BadFile(f"{where}: {value!r} 不在 / is none of {', '.join(allowed)}")
    return value


def _refuse_twice(names: Iterable[str], where: str, what: str) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise BadFile(f"{where}: {what} 重复 / given twice: {twice[0]!r}")
