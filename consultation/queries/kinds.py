"""What a kind of poll asks for, in plain words (一句话规则)."""

from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _

from consultation.models import PollKind
from consultation.tally import AREA, Share

Method = PollKind.Method


@lru_cache(maxsize=1000)
def kind_of(pk: UUID) -> PollKind:
    """A kind as it was decided; asked once, for the database lets nobody change more than its end."""
    return PollKind.objects.get(pk=pk)


def in_one_sentence(kind: PollKind) -> str:
    """When a question passes, or which options are in."""
    if kind.method == Method.BINARY:
        return _binary(kind)
    if kind.method == Method.SCORE:
        said = {"low": kind.scale_from, "high": kind.scale_to, "from": kind.satisfied_from}
        return _("%(low)s 到 %(high)s 分，%(from)s 分起算满意，公布平均分。") % said
    if kind.method == Method.RANKED:
        return _("按喜欢的先后排序，两两比较定名次（舒尔策法）。")
    if kind.method == Method.SINGLE:
        return _("选一项，票多的入选。")
    limits = {"most": kind.most_choices, "places": kind.places, "ties": kind.get_ties_display()}
    if kind.exactly:
        return _("选满 %(most)s 项，票多的前 %(places)s 项入选，%(ties)s。") % limits
    return _("最多选 %(most)s 项，票多的前 %(places)s 项入选，%(ties)s。") % limits


def _binary(kind: PollKind) -> str:
    rule = kind.rule
    both = _("人数和面积") if AREA in rule.measures else _("人数")
    said = {"both": both, "need": _need(rule.passing)}
    passing = (
        _("同意的%(both)s占全体%(need)s，才通过。")
        if rule.of_all
        else _("同意的%(both)s占参加者%(need)s，才通过。")
    ) % said
    if not rule.quorum:
        return passing
    said["need"] = _need(rule.quorum)
    return _("参加的%(both)s占全体%(need)s，才算数；") % said + passing


def _need(share: Share) -> str:
    said = {"share": f"{share.part.numerator}/{share.part.denominator}"}
    return _("超过 %(share)s") % said if share.exceeded else _("至少 %(share)s") % said
