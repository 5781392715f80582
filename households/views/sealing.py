"""The desk's page of seals still owed (盖章队列)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.deeds import by_button
from households.actions import sealing as actions
from households.models import Sealing
from households.queries.agreements import SEALED_WITHIN

PER_PAGE = 50


@login_required
@require_GET
def sealing_queue(request):
    """What is owed, oldest first, and how old the oldest is."""
    if not request.user.holds("committee", "administrator"):
        raise Http404
    owed = Sealing.objects.visible_to(request.user).owed()
    figures = owed.aggregate(since=Min("queued_at"))
    counts = dict(owed.values_list("state").annotate(n=Count("pk")).order_by())
    rows = owed.select_related("agreement__household__building").order_by("queued_at", "pk")
    page = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "since": figures["since"],
        "is_late": figures["since"] and timezone.now() - figures["since"] > SEALED_WITHIN,
        "counts": [(state.label, counts.get(state.value, 0)) for state in Sealing.State if state != Sealing.State.SEALED],
        "sealed": Sealing.objects.visible_to(request.user).filter(state=Sealing.State.SEALED).count(),
    }  # fmt: skip
    return render(request, "households/agreements/sealing_queue.html", page)


@login_required
@require_POST
def retry_sealing(request, pk):
    sealing = get_object_or_404(Sealing.objects.visible_to(request.user), pk=pk)
    return by_button(
        request,
        partial(actions.retry_sealing, sealing),
        said=_("已排上队，马上再盖一次"),
        to=reverse("households:sealing_queue"),
    )
