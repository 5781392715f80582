"""Leaders' visits (领导走访): the list, one with its findings, and what becomes of each."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_form
from suggestions.actions import leader_visits as actions
from suggestions.forms import claims as forms
from suggestions.models import LeaderVisit, VisitFinding
from suggestions.models.claims import COORDINATORS, READERS

from .desk import GET_OR_POST, form_page

PER_PAGE = 30
OPEN = Q(findings__answered_at=None, findings__claim=None, findings__isnull=False)


@login_required
@require_GET
def leader_visits(request):
    if not request.user.holds(*READERS):
        raise Http404
    visits = LeaderVisit.objects.visible_to(request.user).annotate(
        count=Count("findings"), open=Count("findings", filter=OPEN)
    )
    findings = VisitFinding.objects.open().filter(visit__in=visits.values("pk"))
    today = timezone.localdate()
    context = {
        "page": Paginator(
            visits.select_related("neighbourhood").order_by("-on", "-pk"), PER_PAGE
        ).get_page(request.GET.get("page")),
        "late": findings.filter(due_on__lt=today).count(),
        "may_record": request.user.holds(*COORDINATORS),
        "back": reverse("suggestions:claim_desk"),
    }
    return render(request, "suggestions/claims/leader_visits.html", context)


@login_required
@GET_OR_POST
def record_leader_visit(request):
    places = list(Neighbourhood.objects.filter(pk__in=request.user.reach(*COORDINATORS)))
    if not places:
        raise Http404
    form = forms.LeaderVisitForm(
        request.POST or None, places=places, initial={"on": timezone.localdate()}
    )
    return by_form(
        request, form, actions.record_leader_visit, said=_("已登记"), to=_home,
        page=partial(
            form_page, request, form, _("登记领导走访"), _("登记"),
            back=reverse("suggestions:leader_visits"),
        ),
    )  # fmt: skip


def _home(visit) -> str:
    return reverse("suggestions:leader_visit", args=[visit.pk])


@login_required
@require_GET
def leader_visit(request, pk):
    seen = LeaderVisit.objects.visible_to(request.user).select_related("building", "recorded_by")
    visit = get_object_or_404(seen, pk=pk)
    context = {
        "visit": visit,
        "findings": visit.findings.select_related("claim", "answered_by"),
        "may_settle": may(request.user, "suggestions.answer_finding", visit),
        "today": timezone.localdate(),
        "back": reverse("suggestions:leader_visits"),
    }
    return render(request, "suggestions/claims/leader_visit.html", context)


def _finding(request, pk, act) -> VisitFinding:
    seen = LeaderVisit.objects.visible_to(request.user).values("pk")
    found = VisitFinding.objects.filter(visit__in=seen).select_related("visit")
    finding = get_object_or_404(found, pk=pk)
    require(request.user, f"suggestions.{act}", finding)
    return finding


@login_required
@GET_OR_POST
def answer_finding(request, pk):
    finding = _finding(request, pk, "answer_finding")
    form = forms.AnswerForm(request.POST or None)
    back = _home(finding.visit)
    page = partial(
        form_page, request, form, _("答复走访问题"), _("答复"), notes=[finding.text], back=back
    )
    act = partial(actions.answer_finding, finding)
    return by_form(request, form, act, said=_("已答复"), to=back, page=page)


@login_required
@GET_OR_POST
def claim_finding(request, pk):
    finding = _finding(request, pk, "claim_finding")
    form = forms.FindingForm(request.POST or None)
    page = partial(
        form_page, request, form, _("转成诉求"), _("转成诉求"), notes=[finding.text],
        back=_home(finding.visit),
    )  # fmt: skip
    return by_form(
        request, form, partial(actions.claim_finding, finding),
        said=lambda claim: _("已登记，编号 %(number)s") % {"number": claim.number},
        to=lambda claim: reverse("suggestions:desk_claim", args=[claim.pk]), page=page,
    )  # fmt: skip
