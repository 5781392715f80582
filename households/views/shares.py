"""A look for the family (给家人看): made by a signatory, opened by whoever holds the link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.community.limits import allow
from caoyang_portal.errors import Refused
from caoyang_portal.network import client_ip
from households.actions import shares as actions
from households.models import Agreement, ShareLink
from households.queries import agreements as queries
from households.queries.templates import chapters_of

LOOKS, PER_SECONDS = 60, 600


@login_required
@require_POST
def share_agreement(request, pk):
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)
    try:
        token = actions.share_agreement(agreement, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        address = reverse("households:shared_agreement", args=[token])
        request.session[f"share:{agreement.pk}"] = request.build_absolute_uri(address)
        messages.success(request, _("链接已生成，七天内有效"))
    return redirect(reverse("households:agreement_detail", args=[agreement.pk]) + "#share")


@login_required
@require_POST
def revoke_share_link(request, pk):
    link = get_object_or_404(
        ShareLink.objects.filter(agreement__in=Agreement.objects.visible_to(request.user)), pk=pk
    )
    actions.revoke_share_link(link, by=request.user)
    messages.success(request, _("链接已收回，打不开了"))
    return redirect(reverse("households:agreement_detail", args=[link.agreement_id]) + "#share")


@require_GET
def shared_agreement(request, token):
    """What the holder of a link sees: the words, masked; no file, no button."""
    if not allow(f"share:{client_ip(request)}", LOOKS, PER_SECONDS):
        raise Http404
    link = (
        ShareLink.objects.live(timezone.now())
        .select_related(
            "agreement__household__building", "agreement__template", "agreement__project"
        )
        .filter(token_hash=actions.token_hash(token))
        .first()
    )
    if link is None:
        return _answer(request, {}, status=404)
    agreement = link.agreement
    page = {
        "link": link,
        "agreement": agreement,
        "chapters": chapters_of(queries.masked_text(agreement)),
        "key_points": queries.key_points(agreement),
    }
    return _answer(request, page)


def _answer(request, page, status=200):
    response = render(request, "households/agreements/shared_agreement.html", page, status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response
