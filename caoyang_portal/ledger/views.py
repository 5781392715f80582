"""The auditor's and the administrator's pages, and the public page of checkpoints."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caoyang_portal.authority import may, require
from caoyang_portal.errors import shown_on
from caoyang_portal.uploads.intake import read

from . import actions, queries
from .forms import EntrySearchForm, RetryDeliveryForm
from .models import Checkpoint, Delivery, Entry

PER_PAGE = 50


@require_safe
@login_required
def entry_list(request):
    require(request.user, "ledger.read_entries")
    form = EntrySearchForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    found = queries.find_entries(Entry.objects.visible_to(request.user), **asked)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "ledger/entry_list.html", {"form": form, "page": page, "query": _query(request)}
    )


@require_safe
@login_required
def dead_letters(request):
    require(request.user, "ledger.read_entries")
    return _dead_letters(request, RetryDeliveryForm())


@require_POST
@login_required
def retry_delivery(request, pk):
    require(request.user, "ledger.read_entries")
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    form = RetryDeliveryForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            actions.retry_delivery(delivery, by=request.user)
    if not form.is_valid():
        return _dead_letters(request, form, status=422)
    messages.success(request, _("已重新投递。"))
    return redirect("ledger:dead_letters")


def _dead_letters(request, form, status=200):
    dead = Delivery.objects.dead().visible_to(request.user).select_related("entry")
    page = Paginator(dead, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(delivery, may(request.user, "ledger.retry_delivery", delivery)) for delivery in page]
    return render(
        request,
        "ledger/dead_letters.html",
        {"form": form, "page": page, "rows": rows, "query": ""},
        status=status,
    )


@require_safe
def checkpoint_list(request):
    """Public: whoever keeps a root can later prove what was changed."""
    page = Paginator(Checkpoint.objects.all(), 30).get_page(request.GET.get("page"))
    return render(request, "ledger/checkpoint_list.html", {"page": page, "query": ""})


@require_safe
def checkpoint_page(request, day: date):
    checkpoint = get_object_or_404(Checkpoint.objects.select_related("document"), day=day)
    if checkpoint.document is None:
        raise Http404
    return HttpResponse(
        read(checkpoint.document),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="checkpoint-{checkpoint.day}.pdf"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_safe
def checkpoint_anchor(request, day: date):
    """The anchor file ``verify_ledger --anchors`` reads."""
    checkpoint = get_object_or_404(Checkpoint, day=day)
    return JsonResponse(
        {
            "day": checkpoint.day.isoformat(),
            "at": checkpoint.at.isoformat(),
            "root": bytes(checkpoint.root).hex(),
            "prev_root": bytes(checkpoint.prev_root).hex(),
            "heads": checkpoint.heads,
            "entries": checkpoint.entries,
        },
        headers={"Content-Disposition": f'attachment; filename="{checkpoint.day}.json"'},
    )


def _query(request) -> str:
    """The search without its page number, for the pager's links."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
