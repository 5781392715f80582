"""Pages of the agreement's text and its versions (协议范本)."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.errors import Refused
from households.actions import templates as actions
from households.documents.agreements import preview
from households.forms.agreements import PreviewForm, TemplateForm
from households.models import AgreementTemplate, Household, Project
from households.queries import agreements as queries
from households.queries import templates as texts
from households.queries.placeholders import CATALOGUE

EDIT = "households/agreements/template_edit.html"
DETAIL = "households/agreements/template_detail.html"
PREVIEWED = 200  # households offered for a look


@login_required
@require_GET
def template_list(request, pk):
    """Every version of one project's text, newest first."""
    project = _project(request, pk)
    versions = AgreementTemplate.objects.filter(project=project).select_related("written_by")
    page = {
        "project": project,
        "versions": versions,
        "may_draft": may(request.user, "households.draft_template", project)
        and not any(v.published_at is None for v in versions),
    }
    return render(request, "households/agreements/template_list.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def draft_template(request, pk):
    """The next version; it starts from the last one, or from the text we offer."""
    project = _project(request, pk)
    require(request.user, "households.draft_template", project)
    last = AgreementTemplate.objects.filter(project=project).first()
    initial = {
        "name": last.name if last else texts.DEFAULT_NAME,
        "key_points": last.key_points if last else texts.DEFAULT_POINTS,
        "body": last.body if last else texts.default_body(),
    }
    form = TemplateForm(request.POST or None, initial=initial)
    return by_form(
        request,
        form,
        partial(actions.draft_template, project),
        said=_("已保存草稿，请预览后发布"),
        to=_home,
        page=partial(_edit_page, request, project, form, last.version + 1 if last else 1),
    )


@login_required
@require_http_methods(["GET", "POST"])
def edit_template(request, pk):
    template = _template(request, pk)
    require(request.user, "households.edit_template", template)
    fields = ("name", "key_points", "body", "changes")
    initial = {name: getattr(template, name) for name in fields}
    form = TemplateForm(request.POST or None, initial=initial)
    return by_form(
        request,
        form,
        partial(actions.edit_template, template),
        said=_("已保存，请预览后发布"),
        to=_home(template),
        page=partial(_edit_page, request, template.project, form, template.version),
    )


@login_required
@require_GET
def template_detail(request, pk):
    """One version: its text, what is missing, a look with a real household."""
    template = _template(request, pk)
    form = PreviewForm(request.GET or None, households=_households(template))
    filled, points, problem = "", "", ""
    if form.is_valid():
        try:
            filled, points = _filled(template, form.cleaned_data["household"])
        except Refused as refusal:
            problem = str(refusal)
    page = {
        "template": template,
        "project": template.project,
        "blockers": [] if template.published_at else texts.blockers(template),
        "form": form,
        "chapters": texts.chapters_of(filled or template.body),
        "key_points": (points or template.key_points).splitlines(),
        "is_filled": bool(filled),
        "problem": problem,
        "query": request.GET.urlencode(),
        "may_edit": template.published_at is None
        and may(request.user, "households.edit_template", template),
    }
    return render(request, DETAIL, page)


@login_required
@require_GET
def preview_template(request, pk):
    """The text on paper, filled with one household's figures, names masked."""
    template = _template(request, pk)
    form = PreviewForm(request.GET, households=_households(template))
    if not form.is_valid():
        return redirect("households:template_detail", template.pk)
    household = form.cleaned_data["household"]
    try:
        facts = queries.masked(queries.facts_of(household, template, _("预览")))
        text, _points = queries.text_and_points(facts)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("households:template_detail", template.pk)
    response = HttpResponse(preview(facts, text), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="preview.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def publish_template(request, pk):
    template = _template(request, pk)
    return by_button(
        request,
        partial(actions.publish_template, template),
        said=_("已发布，可以生成协议了"),
        to=_home(template),
    )


def _home(template) -> str:
    return reverse("households:template_detail", args=[template.pk])


def _project(request, pk) -> Project:
    """A project whose texts the user works on; a stranger learns nothing of it."""
    places = request.user.reach("committee", "administrator")
    projects = Project.objects.visible_to(request.user).filter(neighbourhood__in=places)
    return get_object_or_404(projects.select_related("neighbourhood"), pk=pk)


def _template(request, pk) -> AgreementTemplate:
    seen = AgreementTemplate.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("project__implementer", "project__neighbourhood"), pk=pk
    )


def _households(template: AgreementTemplate):
    roster = Household.objects.filter(neighbourhood=template.neighbourhood_id)
    if template.project.snapshot_id:
        roster = roster.filter(snapshotentry__snapshot=template.project.snapshot_id)
    roster = roster.select_related("building").order_by("building__number", "door", "room", "pk")
    first = roster.values("pk")[:PREVIEWED]
    return roster.filter(pk__in=first)


def _filled(template: AgreementTemplate, household: Household) -> tuple[str, str]:
    facts = queries.masked(queries.facts_of(household, template, _("预览")))
    return queries.text_and_points(facts)


def _edit_page(request, project, form, version):
    page = {
        "project": project,
        "form": form,
        "version": version,
        "catalogue": CATALOGUE.values(),
    }
    return render(request, EDIT, page)
