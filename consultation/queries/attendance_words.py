"""The numbers of the hall as people say them (到会人数的说法)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultation.models import Meeting
from consultation.tally import AREA, HEADS, Step

from .attendance import HOUSEHOLDS, Count
from .showing import square_metres


@dataclass(frozen=True)
class Words:
    """``到会 63 人，还差 4 人``; what it is made of; whether it is enough."""

    headline: str
    details: list[str]
    holds: bool
    needs_quorum: bool


def in_words(count: Count, meeting: Meeting) -> Words:
    needs = meeting.quorum != Meeting.Quorum.NONE
    parts = [_came(count, meeting)]
    if count.problem:
        parts.append(count.problem)
    elif needs:
        missing = [_missing(step) for step in count.steps if not step.met]
        parts += missing or [_("人数够了")]
    return Words(
        headline=_("，").join(parts), details=_details(count, meeting), holds=count.holds,
        needs_quorum=needs,
    )  # fmt: skip


def _came(count: Count, meeting: Meeting) -> str:
    if meeting.quorum == Meeting.Quorum.HOUSEHOLDS:
        n = count.households
        return ngettext("到会 %(n)s 户", "到会 %(n)s 户", n) % {"n": n}
    n = count.people if meeting.quorum == Meeting.Quorum.NONE else count.heads
    return ngettext("到会 %(n)s 人", "到会 %(n)s 人", n) % {"n": n}


def _missing(step: Step) -> str:
    if step.measure == AREA:
        return _("还差 %(area)s") % {"area": square_metres(step.missing)}
    n = {"n": step.missing}
    if step.measure == HOUSEHOLDS:
        return ngettext("还差 %(n)s 户", "还差 %(n)s 户", step.missing) % n
    return ngettext("还差 %(n)s 人", "还差 %(n)s 人", step.missing) % n


def _details(count: Count, meeting: Meeting) -> list[str]:
    found = [_("会场里 %(n)s 人") % {"n": count.people - count.online}]
    if meeting.mode != Meeting.Mode.IN_PERSON:
        found.append(_("线上 %(n)s 人") % {"n": count.online})
    if count.by_proxy:
        found.append(_("其中受委托 %(n)s 人") % {"n": count.by_proxy})
    for step in count.steps:
        whole = square_metres(step.whole) if step.measure == AREA else str(step.whole)
        some = square_metres(step.some) if step.measure == AREA else str(step.some)
        name = {HEADS: _("人数"), HOUSEHOLDS: _("户数"), AREA: _("面积")}[step.measure]
        found.append(
            _("%(name)s：到会 %(some)s，名册 %(whole)s，要%(more)s %(part)s")
            % {
                "name": name, "some": some, "whole": whole,
                "more": _("超过") if step.share.exceeded else _("达到"),
                "part": f"{step.share.part.numerator}/{step.share.part.denominator}",
            }
        )  # fmt: skip
    return found
