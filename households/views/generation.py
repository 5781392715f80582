"""Pages of bulk generation (批量生成): start, progress, result."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Building
from caoyang_portal.deeds import by_button
from caoyang_portal.errors import shown_on
from caoyang_portal.htmx import part
from households.actions import generation as actions
from households.forms.agreements import StartGenerationForm
from households.models import AgreementTemplate, GenerationJob, Project

START = "households/agreements/start_generation.html"
DETAIL = "households/agreements/generation_detail.html"
PER_PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def start_generation(request, pk):
    """Ask for the agreements of a project, and see the jobs there were."""
    places = request.user.reach("committee", "administrator")
    projects = Project.objects.visible_to(request.user).filter(neighbourhood__in=places)
    project = get_object_or_404(projects, pk=pk)
    if request.method == "POST":
        require(request.user, "households.start_generation", project)
    form = StartGenerationForm(
        request.POST or None,
        templates=AgreementTemplate.objects.filter(project=project, published_at__isnull=False),
        buildings=Building.objects.filter(neighbourhood=project.neighbourhood_id),
    )
    if form.is_valid():
        with shown_on(form):
            job = actions.start_generation(**form.cleaned_data, by=request.user)
            return redirect("households:generation_detail", job.pk)
    jobs = GenerationJob.objects.filter(project=project).select_related("building", "asked_by")
    page = {
        "project": project,
        "form": form,
        "jobs": jobs[:20],
        "may_start": may(request.user, "households.start_generation", project),
        "back": reverse("households:project_detail", args=[project.pk]),
    }
    return render(request, START, page, status=422 if form.is_bound else 200)


@login_required
@require_GET
def generation_detail(request, pk):
    """How far a job is; the page may be closed, the job goes on."""
    job = get_object_or_404(
        GenerationJob.objects.visible_to(request.user).select_related(
            "project", "building", "template", "asked_by", "neighbourhood"
        ),
        pk=pk,
    )
    failures = job.failures.select_related("household__building").order_by(
        "household__building__number", "household__room", "pk"
    )
    page = Paginator(failures, PER_PAGE).get_page(request.GET.get("page"))
    done = job.batches.aggregate(done=Sum("done"))["done"] or 0
    context = {
        "job": job,
        "done": done,
        "made": done - page.paginator.count,
        "page": page,
        "may_cancel": job.goes_on and may(request.user, "households.cancel_generation", job),
        "back": reverse("households:start_generation", args=[job.project_id]),
    }
    return render(request, part(request, DETAIL, "progress"), context)


@login_required
@require_POST
def cancel_generation(request, pk):
    job = get_object_or_404(GenerationJob.objects.visible_to(request.user), pk=pk)
    return by_button(
        request,
        partial(actions.cancel_generation, job),
        said=_("已停下，已生成的保留"),
        to=reverse("households:generation_detail", args=[job.pk]),
    )
