"""Signing with the committee's help: at the tablet, on paper (现场平板、纸质签署)."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from caoyang_portal.authority import may, require
from caoyang_portal.errors import shown_on
from caoyang_portal.uploads import intake
from households.actions import signatures
from households.actions.witnesses import present_witness
from households.forms.signing import PaperForm, TabletForm
from households.models import Agreement, Mandate, Project
from households.queries.agreements import chapters, key_points
from households.queries.papers import paper_closed_because, papers_may_come
from households.queries.signing import (
    allowance_total,
    allowances,
    closed_because,
    cosigners,
    overtaken_because,
    partly_signed_agreements,
    presence_sentence,
)
from households.views.signing import device_of, sanitised

GET_OR_POST = require_http_methods(["GET", "POST"])


def ways_to_assist(user, agreement) -> list[dict]:
    """The ways to sign an agreement with the committee's help that are open to ``user`` now."""
    if agreement.state not in Agreement.SIGNABLE or not may(
        user, "households.sign_on_tablet", agreement
    ):
        return []
    now, on_paper = timezone.now(), Project.AgreementMode.PAPER
    ways = []
    if not closed_because(agreement, now) and agreement.project.agreement_mode != on_paper:
        ways.append(("sign_on_tablet", _("现场平板签约")))
    if not paper_closed_because(agreement, now):
        ways.append(("enter_paper_signature", _("录入纸质签署")))
    return [
        {"label": label, "url": reverse(f"households:{name}", args=[agreement.pk])}
        for name, label in ways
    ]


@GET_OR_POST
@login_required
def tablet(request, pk):
    """The resident reads and signs on the committee's tablet; a second member of staff witnesses."""
    agreement = _agreement(request, pk)
    require(request.user, "households.sign_on_tablet", agreement)
    form = _form(request, TabletForm, agreement)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            given = _given(request, form)
            del given["consent"]
            signature = signatures.sign_on_tablet(agreement, **given)
        if form.is_valid():
            return _thanks(request, agreement, signature)
    return _page(request, agreement, form, "tablet", consent=presence_sentence())


@GET_OR_POST
@login_required
def paper(request, pk):
    """Two staff enter what was signed on paper, with its scan."""
    agreement = _agreement(request, pk)
    require(request.user, "households.enter_paper_signature", agreement)
    form = _form(request, PaperForm, agreement, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            given = _given(request, form)
            del given["document_sha256"]
            given["scan"] = intake.take_in(
                given["scan"], neighbourhood_id=agreement.neighbourhood_id, by=request.user
            )
            signature = signatures.enter_paper_signature(agreement, **given)
        if form.is_valid():
            return _thanks(request, agreement, signature)
    return _page(request, agreement, form, "paper")


@require_GET
@login_required
def partly_signed(request):
    """Agreements some have signed and some have not (部分已签)."""
    places = request.user.places("committee")
    if not places:
        raise Http404
    seen = Agreement.objects.visible_to(request.user).filter(neighbourhood__in=places)
    page = Paginator(partly_signed_agreements(seen), 50).get_page(request.GET.get("page"))
    return render(request, "households/signing/partly_signed.html", {"page": page})


def _agreement(request, pk) -> Agreement:
    seen = Agreement.objects.visible_to(request.user).select_related(
        "household__building", "project", "neighbourhood"
    )
    return get_object_or_404(seen, pk=pk)


def _form(request, form_class, agreement, files=None):
    today = timezone.localdate()
    mandates = Mandate.objects.to_sign(today).filter(household=agreement.household)
    first = {
        "document_sha256": agreement.document_sha256,
        "idempotency_key": uuid.uuid4(),
        "signed_on": today,
    }
    return form_class(
        request.POST or None,
        files,
        initial=first,
        lines=cosigners(agreement, request.user),
        mandates=mandates.select_related("principal"),
    )


def _given(request, form) -> dict:
    """What the act is told; the witness has proved to be there."""
    given = dict(form.cleaned_data)
    witness = present_witness(
        given.pop("witness_phone"), given.pop("witness_password"), operator=request.user
    )
    given["idempotency_key"] = str(given["idempotency_key"])
    return given | {"witness": witness, "device": device_of(request), "by": request.user}


def _thanks(request, agreement, signature):
    messages.success(
        request, _("已录入，回执号 %(receipt)s。") % {"receipt": signature.receipt_number}
    )
    return redirect(request.resolver_match.view_name, agreement.pk)


def _page(request, agreement, form, template, **context):
    lines = cosigners(agreement, request.user)
    closed_of = {"tablet": closed_because, "paper": paper_closed_because}
    context |= {
        "agreement": agreement,
        "form": form,
        "lines": form.lines,
        "closed": closed_of[template](agreement, timezone.now())
        or overtaken_because(line.signatory for line in lines),
        "all_lines": lines,
        "is_late": template == "paper" and papers_may_come(agreement.project, timezone.now()),
        "key_points": key_points(agreement),
        "allowances": allowances(agreement),
        "total": allowance_total(agreement),
        "chapters": [(c.title, sanitised(c.html)) for c in chapters(agreement)],
        "back": reverse("households:agreement_detail", args=[agreement.pk]),
    }
    status = 422 if form.errors else 200
    return render(request, f"households/signing/{template}.html", context, status=status)
