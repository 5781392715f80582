"""My messages, the staff page of unsent ones, and the demo's outbox."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caoyang_portal.authority import may, require
from caoyang_portal.errors import shown_on
from caoyang_portal.htmx import part

from . import actions, queries
from .forms import OutboxForm, PreferenceForm, ReadNoticesForm, RetrySendingForm
from .models import Channel, Notice, Sending

PER_PAGE = 20
STAFF_PER_PAGE = 50


@require_safe
@login_required
def notice_list(request):
    page = Paginator(queries.inbox(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "unread": [notice for notice in page if notice.read_at is None],
        "unread_count": queries.unread_count(request.user),
        "query": "",
    }
    return render(request, "notices/notice_list.html", context)


@require_POST
@login_required
def read_notices(request):
    """Mark one's messages read; a single one leads on to what it is about."""
    form = ReadNoticesForm(request.POST, visible=Notice.objects.visible_to(request.user))
    if not form.is_valid():
        raise Http404
    chosen = list(form.cleaned_data["notices"])
    actions.read_notices(chosen, by=request.user)
    if len(chosen) == 1 and chosen[0].link:
        return redirect(chosen[0].link)
    return redirect("notices:notice_list")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request):
    now = queries.preferences(request.user)
    form = PreferenceForm(initial=now)
    if request.method == "POST":
        form = PreferenceForm(request.POST)
        if form.is_valid():
            for name, on in form.cleaned_data.items():
                if on != now[name]:
                    actions.set_preference(request.user, Channel(name), on, by=request.user)
            messages.success(request, _("已保存接收方式。"))
            return redirect("notices:preferences")
    return render(request, "notices/preferences.html", {"form": form})


@require_safe
@login_required
def sending_list(request):
    require(request.user, "notices.see_sendings")
    return _sendings(request, RetrySendingForm())


@require_POST
@login_required
def retry_sending(request, pk):
    require(request.user, "notices.see_sendings")
    sending = get_object_or_404(Sending.objects.visible_to(request.user), pk=pk)
    form = RetrySendingForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            actions.retry_sending(sending, by=request.user)
    if not form.is_valid():
        return _sendings(request, form, status=422)
    messages.success(request, _("已重新排队发送。"))
    return redirect("notices:sending_list")


def _sendings(request, form, status=200):
    unsent = Sending.objects.unsent().visible_to(request.user).order_by("-created_at", "-pk")
    page = Paginator(unsent, STAFF_PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (
            sending,
            sending.kind != Sending.Kind.CODE
            and may(request.user, "notices.retry_sending", sending),
        )
        for sending in page
    ]
    context = {"form": form, "page": page, "rows": rows, "query": ""}
    return render(request, "notices/sending_list.html", context, status=status)


@require_safe
def demo_outbox(request):
    """Every message with its text, for whoever looks: there is no such page outside a demo."""
    if not settings.DEMO:
        raise Http404
    form = OutboxForm(request.GET or None)
    tail = form.cleaned_data["tail"] if form.is_valid() else ""
    return render(
        request,
        part(request, "notices/demo_outbox.html", "sendings"),
        {"form": form, "tail": tail, "sendings": queries.outbox(tail)},
    )
