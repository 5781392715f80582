"""The yearly evaluation of the owners' committee: filling it, its result, its desk (业委会评议)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from consultation.actions import evaluations as actions
from consultation.forms import house_rules as forms
from consultation.models import Evaluation, EvaluationForm, EvaluationSheet
from consultation.queries.evaluations import outcome
from households.models import Household

from .desk import GET_OR_POST, READERS, allowed, form_page, staff_only

PER_PAGE = 20


@require_GET
def evaluation_list(request):
    """What may be filled in now, and what was published."""
    found = Evaluation.objects.public().select_related("neighbourhood")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "consultation/evaluations/list.html", {"page": page})


def _evaluation(request, pk) -> Evaluation:
    found = Evaluation.objects.visible_to(request.user).select_related("form", "neighbourhood")
    return get_object_or_404(found, pk=pk)


def _own_homes(request, evaluation):
    """The homes one owns under this committee."""
    if not request.user.is_authenticated:
        return Household.objects.none()
    return Household.objects.of(request.user).filter(
        neighbourhood_id=evaluation.neighbourhood_id, tenure=Household.Tenure.PRIVATE_OWNER
    )


@require_GET
def evaluation(request, pk):
    """One evaluation: how to take part, or what came of it."""
    asked = _evaluation(request, pk)
    is_published = asked.state == Evaluation.State.PUBLISHED
    homes = _own_homes(request, asked).select_related("building")
    filled = set(
        EvaluationSheet.objects.filter(evaluation=asked, household__in=homes).values_list(
            "household_id", flat=True
        )
    )
    here = (
        asked.neighbourhood_id in request.user.reach(*READERS)
        if request.user.is_authenticated
        else False
    )
    context = {
        "evaluation": asked,
        "neighbourhood": asked.neighbourhood,
        "committee_phone": asked.neighbourhood.committee_phone,
        "outcome": outcome(asked) if is_published else None,
        "criteria": asked.form.criteria.all(),
        "homes": [(home, home.pk in filled) for home in homes],
        "takes_sheets": asked.takes_sheets(timezone.localdate()),
        "answered": asked.sheets.count() if here else None,
        "can": allowed(request.user, asked, "open_evaluation", "publish_evaluation"),
        "back": reverse("consultation:evaluation_list"),
    }
    return render(request, "consultation/evaluations/page.html", context)


@login_required
@GET_OR_POST
def fill_evaluation(request, pk):
    """A score for each criterion; until the end one may change it."""
    asked = _evaluation(request, pk)
    homes = _own_homes(request, asked)
    if not homes:
        raise Http404
    sheets = EvaluationSheet.objects.filter(evaluation=asked, household__in=homes)
    earlier = sheets.first() if len(homes) == 1 else None
    initial = {}
    if earlier:
        initial = {f"score_{code}": score for code, score in earlier.scores.items()}
        initial |= {"remarks": earlier.remarks}
    form = forms.SheetForm(request.POST or None, initial=initial, evaluation=asked, homes=homes)

    def fill(household, remarks, by, **_scores):
        return actions.fill_evaluation(
            asked, household=household, scores=form.scores(), remarks=remarks, by=by
        )

    here = reverse("consultation:evaluation", args=[pk])
    context = {"evaluation": asked, "form": form, "is_again": bool(earlier), "back": here}
    context["takes_sheets"] = asked.takes_sheets(timezone.localdate())
    return by_form(
        request, form, fill, said=_("您的评议已收到，截止前还可以改。"), to=here,
        page=lambda: render(request, "consultation/evaluations/fill.html", context),
    )  # fmt: skip


@login_required
@require_GET
def evaluations_desk(request):
    staff_only(request)
    found = Evaluation.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    page = Paginator(found.select_related("neighbourhood"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "may_draft": request.user.holds("committee")}
    return render(request, "consultation/evaluations/desk.html", context)


@login_required
@GET_OR_POST
def draft_evaluation(request):
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    if not places:
        raise Http404
    here = EvaluationForm.objects.filter(
        Q(neighbourhood=None) | Q(neighbourhood__in=places), valid_from__lte=timezone.localdate()
    ).order_by("code", "-version")
    first = {"year": timezone.localdate().year, "form": here.first()}
    form = forms.DraftEvaluationForm(
        request.POST or None, initial=first, neighbourhoods=places, forms_here=here
    )
    page = partial(
        form_page, request, None, form, _("准备业委会评议"), _("建立"),
        back=reverse("consultation:evaluations_desk"),
    )  # fmt: skip
    return by_form(
        request, form, actions.draft_evaluation, said=_("评议已建立"), to=_page, page=page
    )


def _page(evaluation) -> str:
    return reverse("consultation:evaluation", args=[evaluation.pk])


@login_required
@require_POST
def open_evaluation(request, pk):
    asked = _here(request, pk)
    act = partial(actions.open_evaluation, asked)
    return by_button(request, act, said=_("评议开始了"), to=_page(asked))


@login_required
@require_POST
def publish_evaluation(request, pk):
    asked = _here(request, pk)
    act = partial(actions.publish_evaluation, asked)
    return by_button(request, act, said=_("评议结果已公布"), to=_page(asked))


def _here(request, pk) -> Evaluation:
    found = Evaluation.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    asked = get_object_or_404(found, pk=pk)
    require(request.user, "consultation.publish_evaluation", asked)
    return asked
