"""Kinds of polls for the administrator: what holds now, what held before, what is to hold (表决种类)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from consultation.actions import kinds as actions
from consultation.forms.kinds import KindForm
from consultation.models import PollKind
from consultation.queries.kinds import in_one_sentence

from .desk import GET_OR_POST, PER_PAGE, READERS, form_page, staff_only


@login_required
@require_GET
def kind_list(request):
    """Every kind in its newest version, with its rule in one sentence."""
    staff_only(request)
    kinds = PollKind.objects.visible_to(request.user).select_related("neighbourhood")
    newest = kinds.order_by("code", "neighbourhood", "-version").distinct("code", "neighbourhood")
    page = Paginator(newest, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _rows(page)}
    return render(request, "consultation/desk/kinds.html", context)


def _rows(kinds):
    today = timezone.localdate()
    return [
        (kind, in_one_sentence(kind), kind.valid_to is not None and kind.valid_to < today)
        for kind in kinds
    ]


def _kind(request, pk) -> PollKind:
    staff_only(request)
    kinds = PollKind.objects.visible_to(request.user).select_related(
        "neighbourhood__sub_district", "made_by"
    )
    return get_object_or_404(kinds, pk=pk)


@login_required
@require_GET
def kind_history(request, pk):
    """One kind in all its versions: the stock's, and those of one's own places."""
    kind = _kind(request, pk)
    versions = (
        PollKind.objects.visible_to(request.user)
        .filter(code=kind.code)
        .select_related("neighbourhood__sub_district", "made_by")
        .order_by("-version")
    )
    rows = [
        (one, sentence, over, bool(one.neighbourhood) and may(request.user, "consultation.end_kind", one))
        for one, sentence, over in _rows(versions)
    ]  # fmt: skip
    context = {
        "kind": kind,
        "rows": rows,
        "may_revise": bool(_places(request)),
        "back": reverse("consultation:kind_list"),
    }
    return render(request, "consultation/desk/kind.html", context)


def _places(request):
    """Where ``user`` may revise kinds, by the act's own rule."""
    places = Neighbourhood.objects.filter(pk__in=request.user.reach(*READERS)).select_related(
        "sub_district"
    )
    may_here = [
        place.pk
        for place in places
        if may(request.user, "consultation.revise_kind", PollKind(neighbourhood=place))
    ]
    return Neighbourhood.objects.filter(pk__in=may_here)


@login_required
@GET_OR_POST
def revise_kind(request, pk):
    kind = _kind(request, pk)
    places = _places(request)
    if not places:
        require(request.user, "consultation.revise_kind", kind)
    form = KindForm(request.POST or None, instance=kind, neighbourhoods=places)
    to = reverse("consultation:kind_history", args=[kind.pk])

    def revise(neighbourhood, valid_from, why, by, **_fields):
        return actions.revise_kind(
            kind, neighbourhood=neighbourhood, changes=form.changes(), valid_from=valid_from,
            why=why, by=by,
        )  # fmt: skip

    notes = [
        in_one_sentence(kind),
        _("保存后成为新的一版。已经起草的表决照旧版办，不受影响。"),
    ]
    page = partial(
        form_page, request, None, form, _("修订：%(name)s") % {"name": kind.name}, _("保存新版"),
        notes=notes, back=to,
    )  # fmt: skip
    return by_form(
        request,
        form,
        revise,
        said=lambda new: _("第 %(n)s 版已保存") % {"n": new.version},
        to=lambda new: reverse("consultation:kind_history", args=[new.pk]),
        page=page,
    )


@login_required
@require_POST
def end_kind(request, pk):
    kind = _kind(request, pk)
    if kind.neighbourhood is None:
        raise Http404
    return by_button(
        request,
        partial(actions.end_kind, kind),
        said=_("已停用，今天以后不能再用它起草"),
        to=reverse("consultation:kind_history", args=[kind.pk]),
    )
