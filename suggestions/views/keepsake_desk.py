"""The desk of keepsakes (老物件): what is offered, where each is, labels for the showcase."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from suggestions.actions import keepsakes as actions
from suggestions.documents import papers
from suggestions.forms import keepsakes as forms
from suggestions.models import Keepsake
from suggestions.pictures import taken_in

from .desk import GET_OR_POST, READERS, allowed, form_page, staff_only

PER_PAGE, MOST_LABELS = 50, 120
ACTS = (
    "accept_keepsake", "decline_keepsake", "show_keepsake", "hide_keepsake", "return_keepsake",
    "withdraw_keepsake", "see_keepsake_giver",
)  # fmt: skip


def _here(request):
    return Keepsake.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))


@login_required
@require_GET
def keepsake_desk(request):
    """Offers first, then what is kept; what is late stands out."""
    staff_only(request)
    today = timezone.localdate()
    state = request.GET.get("state")
    found = _here(request).select_related("given_by", "neighbourhood").order_by("-offered_at")
    if state in Keepsake.State.values:
        found = found.filter(state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    own = request.user.places("committee")
    context = {
        "page": page,
        "rows": [(one, one.is_late(today), one.neighbourhood_id in own) for one in page],
        "late": _here(request).overdue(today).count(),
        "places": Neighbourhood.objects.filter(pk__in=own),
        "states": Keepsake.State.choices,
        "state": state,
        "query": f"state={state}" if state in Keepsake.State.values else "",
    }
    return render(request, "suggestions/keepsakes/desk.html", context)


def _asked(request, pk, act="") -> Keepsake:
    found = _here(request).select_related("neighbourhood", "given_by", "consent")
    one = get_object_or_404(found, pk=pk)
    if act:
        require(request.user, f"suggestions.{act}", one)
    return one


@login_required
@require_GET
def desk_keepsake(request, pk):
    one = _asked(request, pk)
    context = {
        "keepsake": one,
        "photos": one.photos.all(),
        "can": allowed(request.user, one, *ACTS),
        "late": one.is_late(timezone.localdate()),
        "back": reverse("suggestions:keepsake_desk"),
    }
    return render(request, "suggestions/keepsakes/desk_keepsake.html", context)


@login_required
@require_GET
def keepsake_consent(request, pk):
    """The signed consent carries a name: for the committee."""
    one = _asked(request, pk, "see_keepsake_giver")
    kept = get_object_or_404(Keepsake.objects.exclude(consent=None), pk=one.pk)
    return serve(request, kept.consent)


def _home(one) -> str:
    return reverse("suggestions:desk_keepsake", args=[one.pk])


@login_required
@GET_OR_POST
def enter_keepsake(request, pk):
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    place = get_object_or_404(places, pk=pk)
    form = forms.EnterForm(request.POST or None, request.FILES or None)

    def enter(by, photos, consent, **told):
        pictures = [taken_in(photo, neighbourhood_id=place.pk, by=by) for photo in photos]
        signed = intake.take_in(consent, neighbourhood_id=place.pk, by=by, conceal=True)
        return actions.enter_keepsake(place, consent=signed, pictures=pictures, **told, by=by)

    back = reverse("suggestions:keepsake_desk")
    page = partial(
        form_page, request, form, _("代录老物件"), _("登记"), notes=[place.name], back=back
    )
    return by_form(request, form, enter, said=_("已登记"), to=_home, page=page)


def _deed(request, pk, name, form, heading, said, **more):
    one = _asked(request, pk, name)
    page = partial(
        form_page, request, form, heading, heading, notes=[one.title], back=_home(one), **more
    )
    act = partial(getattr(actions, name), one)
    return by_form(request, form, act, said=said, to=_home(one), page=page)


@login_required
@GET_OR_POST
def accept_keepsake(request, pk):
    form = forms.AcceptForm(request.POST or None)
    return _deed(request, pk, "accept_keepsake", form, _("收下"), _("已收下"))


@login_required
@GET_OR_POST
def decline_keepsake(request, pk):
    form = forms.DeclineForm(request.POST or None)
    return _deed(request, pk, "decline_keepsake", form, _("不收"), _("已回复"))


@login_required
@GET_OR_POST
def return_keepsake(request, pk):
    form = forms.ReturnForm(request.POST or None)
    return _deed(request, pk, "return_keepsake", form, _("归还"), _("已归还"))


@login_required
@require_POST
def show_keepsake(request, pk):
    one = _asked(request, pk, "show_keepsake")
    act = partial(actions.show_keepsake, one)
    return by_button(request, act, said=_("开始展出"), to=_home(one))


@login_required
@require_POST
def hide_keepsake(request, pk):
    one = _asked(request, pk, "hide_keepsake")
    act = partial(actions.hide_keepsake, one)
    return by_button(request, act, said=_("不再展出"), to=_home(one))


@login_required
@require_GET
def keepsake_labels(request, pk):
    """Labels for what is kept and shown, six on a page (标签 PDF)."""
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    place = get_object_or_404(places, pk=pk)
    kept = Keepsake.objects.filter(
        neighbourhood=place, state__in=("accepted", "shown"), consent_ended_at=None
    ).select_related("given_by")
    pdf = papers.labels(place, list(kept.order_by("number")[:MOST_LABELS]))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="labels.pdf"'
    return response
