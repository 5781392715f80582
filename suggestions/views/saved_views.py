"""Searches of a desk under a name (常用查看): those every desk has, and one's own."""

from functools import partial
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from caoyang_portal.deeds import by_button
from suggestions.actions import saved_views as acts
from suggestions.forms.search import SaveViewForm
from suggestions.models import SavedView
from suggestions.models.suggestions import HANDLERS, READERS

Desk = SavedView.Desk
DESKS = {Desk.SUGGESTIONS: "suggestions:suggestion_desk", Desk.CLAIMS: "suggestions:claim_desk"}
EVERYBODY_S = {
    Desk.SUGGESTIONS: (
        (gettext_lazy("已超期的"), "late=1"),
        (gettext_lazy("我跟进的"), "mine=1"),
        (gettext_lazy("等交办的"), "state=acknowledged"),
    ),
    Desk.CLAIMS: (
        (gettext_lazy("已超期的"), "late=1"),
        (gettext_lazy("等交办的"), "state=contacted"),
        (gettext_lazy("等回访的"), "state=replied"),
    ),
}


def views_of(request, desk, query) -> dict:
    """What the line of named searches above a desk shows."""
    return {
        "desk": desk,
        "named": EVERYBODY_S[desk],
        "own": SavedView.objects.visible_to(request.user).filter(desk=desk),
        "query": _tidy(query),
    }


def _tidy(query: str) -> str:
    """The words of an address without empty ones and without the page."""
    words = [(name, value) for name, value in parse_qsl(query[:500]) if name != "page"]
    return urlencode(words)[:500]


@login_required
@require_POST
def save_view(request, desk):
    """Keep the search on the screen."""
    if desk not in DESKS or not request.user.holds(*READERS, *HANDLERS):
        raise Http404
    form = SaveViewForm(request.POST)
    form.is_valid()
    query = _tidy(form.cleaned_data.get("query", ""))
    act = partial(acts.save_view, Desk(desk), name=form.cleaned_data.get("name", ""), query=query)
    return by_button(
        request, act, said=_("保存了，以后一点就看"), to=f"{reverse(DESKS[desk])}?{query}"
    )


@login_required
@require_POST
def drop_view(request, pk):
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    to = reverse(DESKS[Desk(view.desk)])
    return by_button(request, partial(acts.drop_view, view), said=_("删掉了"), to=to)
