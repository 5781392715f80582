"""What was answered (选择), as one line of text per question: the form that is hashed and counted.

Binary: ``yes``, ``no``, ``abstain``. One of several: ``3``. Several: ``1,4,7``. Ranked: ``4>1>3``.
A score: ``5``. A paper ballot that nobody can read as one of these: ``spoilt``.
"""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from caoyang_portal.errors import Refused
from consultation.models import Poll, PollKind
from consultation.tally import ABSTAIN, OPINIONS, SPOILT

Method = PollKind.Method
Answer = str | Sequence[str]


def fixed(
    poll: Poll, options: Mapping[int, int], given: Mapping[str, Answer], *, on_paper: bool = False
) -> dict[str, str]:
    """Every question's answer in its one form; ``options`` tells how many each question has."""
    if set(given) - {str(number) for number in options}:
        raise Refused(_("表决票和题目对不上，请刷新页面后再填。"))
    return {
        str(number): _fixed(poll.kind, number, count, given.get(str(number), ""), on_paper)
        for number, count in options.items()
    }


def _fixed(kind: PollKind, number: int, count: int, answer: Answer, on_paper: bool) -> str:
    picked = [one for one in ([answer] if isinstance(answer, str) else answer) if one]
    if not picked:
        raise Refused(_("第 %(n)s 题还没有选，请选好再交。") % {"n": number})
    if picked == [ABSTAIN] or (on_paper and picked == [SPOILT]):
        return picked[0]
    if kind.method in (Method.BINARY, Method.SCORE, Method.SINGLE):
        return _one_of(picked, _allowed(kind, count), number)
    if len(set(picked)) != len(picked) or set(picked) - set(_allowed(kind, count)):
        raise Refused(_("第 %(n)s 题的选项不对，请重新选。") % {"n": number})
    if kind.method == Method.RANKED:
        return ">".join(picked)
    _refuse_wrong_number(kind, number, len(picked))
    return ",".join(sorted(picked, key=int))


def _allowed(kind: PollKind, count: int) -> Sequence[str]:
    if kind.method == Method.BINARY:
        return OPINIONS
    if kind.method == Method.SCORE:
        return [str(n) for n in range(kind.scale_from, kind.scale_to + 1)]
    return [str(n) for n in range(1, count + 1)]


def _one_of(picked: list[str], allowed: Sequence[str], number: int) -> str:
    if len(picked) != 1 or picked[0] not in allowed:
        raise Refused(_("第 %(n)s 题只能选一项，请重新选。") % {"n": number})
    return picked[0]


def _refuse_wrong_number(kind: PollKind, number: int, picked: int) -> None:
    said = {"n": number, "most": kind.most_choices, "picked": picked}
    if kind.exactly and picked != kind.most_choices:
        raise Refused(_("第 %(n)s 题要选满 %(most)s 项，您选了 %(picked)s 项。") % said)
    if picked > kind.most_choices:
        raise Refused(_("第 %(n)s 题最多选 %(most)s 项，您选了 %(picked)s 项。") % said)
