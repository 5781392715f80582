"""A claim in the hands of units (吹哨交办、办理答复): contact, whistle, return, extension, reply."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from suggestions.actions import dispatches
from suggestions.forms import claims as forms
from suggestions.models import Claim, ClaimExtension, Dispatch
from suggestions.queries import claims as queries

from .claim_desk import asked, claim_here, claims_here, deed
from .claims import taken_in
from .desk import GET_OR_POST


@login_required
@GET_OR_POST
def note_contact(request, pk):
    claim = asked(request, pk, "note_contact")
    form = forms.ContactForm(request.POST or None)
    act = partial(dispatches.note_contact, claim)
    return deed(
        request, claim, act, form, _("登记先行联系"), _("登记"), _("已登记"), notes=[claim.text]
    )


@login_required
@GET_OR_POST
def whistle_claim(request, pk):
    claim = asked(request, pk, "whistle_claim")
    form = forms.WhistleForm(request.POST or None, units=queries.units_for(claim))
    notes = [claim.text]
    if claim.reply_due:
        notes.append(_("最晚 %(day)s 答复。") % {"day": claim.reply_due})
    act = partial(dispatches.whistle_claim, claim)
    return deed(
        request,
        claim,
        act,
        form,
        _("吹哨交办"),
        _("交办"),
        _("已交办，单位会收到通知"),
        notes=notes,
    )


def _part(request, pk, act) -> Dispatch:
    parts = Dispatch.objects.select_related("claim__neighbourhood", "unit", "return_to")
    part = get_object_or_404(parts.filter(claim__in=claims_here(request).values("pk")), pk=pk)
    require(request.user, f"suggestions.{act}", part)
    return part


@login_required
@GET_OR_POST
def ask_claim_return(request, pk):
    part = _part(request, pk, "ask_claim_return")
    units = queries.units_for(part.claim).exclude(pk=part.unit_id)
    form = forms.ReturnForm(request.POST or None, units=units)
    notes = [_("写明归哪个单位办。同意以前期限照算，请接着办。")]
    act = partial(dispatches.ask_claim_return, part)
    return deed(
        request, part.claim, act, form, _("申请退单"), _("申请退单"), _("已申请，请等答复"),
        notes=notes,
    )  # fmt: skip


@login_required
@GET_OR_POST
def settle_claim_return(request, pk):
    part = _part(request, pk, "settle_claim_return")
    form = forms.SettleForm(request.POST or None)
    notes = [
        _("%(from)s认为归%(to)s办：%(why)s")
        % {"from": part.unit_name, "to": part.return_to or "—", "why": part.return_reason}
    ]
    act = partial(dispatches.settle_claim_return, part)
    return deed(request, part.claim, act, form, _("答复退单"), _("答复"), _("已答复"), notes=notes)


@login_required
@GET_OR_POST
def ask_claim_extension(request, pk):
    part = _part(request, pk, "ask_claim_extension")
    form = forms.ExtensionForm(request.POST or None)
    notes = [_("现在最晚 %(day)s 答复。延期要别人批准，只能一次。") % {"day": part.due_on}]
    act = partial(dispatches.ask_claim_extension, part)
    return deed(
        request, part.claim, act, form, _("申请延期"), _("申请延期"), _("已申请，请等答复"),
        notes=notes,
    )  # fmt: skip


@login_required
@GET_OR_POST
def settle_claim_extension(request, pk):
    found = ClaimExtension.objects.select_related("claim", "dispatch__unit", "neighbourhood")
    here = claims_here(request).values("pk")
    extension = get_object_or_404(found.filter(claim__in=here), pk=pk)
    require(request.user, "suggestions.settle_claim_extension", extension)
    claim = claim_here(request, extension.claim_id)
    form = forms.SettleForm(request.POST or None)
    notes = [
        _("%(who)s申请延到 %(day)s：%(why)s")
        % {"who": extension.dispatch.unit_name, "day": extension.until, "why": extension.reason}
    ]
    act = partial(dispatches.settle_claim_extension, extension)
    return deed(request, claim, act, form, _("答复延期"), _("答复"), _("已答复"), notes=notes)


@login_required
@GET_OR_POST
def reply_claim(request, pk):
    part = _part(request, pk, "reply_claim")
    form = forms.ReplyForm(request.POST or None, request.FILES or None)

    def reply(by, photos, **values):
        kept = taken_in(photos, part.claim.neighbourhood, by)
        return dispatches.reply_claim(part, **values, photos=kept, by=by)

    together = Claim.objects.filter(merged_into=part.claim_id).count()
    notes = [part.claim.text, _("答复以后不能改。办的人不能自己回访。")]
    if together:
        notes.append(
            _("还有 %(n)s 件合在一起办，会收到同样的答复，别写到别人家的事。") % {"n": together}
        )
    return deed(
        request, part.claim, reply, form, _("办理答复"), _("答复"), _("已答复"), notes=notes
    )
