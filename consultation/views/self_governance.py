"""Self-governance projects (自治项目): for everyone to read; for committee and team to keep."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
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
from consultation.actions import self_governance as actions
from consultation.forms import self_governance as forms
from consultation.models import (
    Expense,
    ProjectMember,
    ProjectPhoto,
    ProjectTask,
    SelfGovernanceProject,
)
from consultation.queries.self_governance import accounts, yuan

from .desk import GET_OR_POST, allowed, form_page

PER_PAGE = 20
ACTS = (
    "begin_project", "finish_project", "stop_project", "set_budget_line", "add_project_member",
    "end_project_member", "add_project_task", "finish_project_task", "add_expense",
    "add_project_photo", "see_project_names",
)  # fmt: skip


@require_GET
def project_list(request):
    shown = SelfGovernanceProject.objects.visible_to(request.user).select_related("neighbourhood")
    places = []
    if request.user.is_authenticated:
        places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    context = {
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "places": places,
    }
    return render(request, "consultation/projects/list.html", context)


def seen(request, pk) -> SelfGovernanceProject:
    found = SelfGovernanceProject.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("neighbourhood", "topic", "resolution"), pk=pk)


@require_GET
def project(request, pk):
    """What it is for, its team and tasks, every yuan, before and now."""
    one = seen(request, pk)
    today = timezone.localdate()
    money = accounts(one)
    context = {
        "project": one,
        "team": one.team.filter(left_at=None),
        "tasks": [(task, task.is_late(today)) for task in one.tasks.select_related("owner")],
        "accounts": [
            (account, yuan(account.line.planned_cents), yuan(account.spent), yuan(account.left),
             [(expense, yuan(expense.cents)) for expense in account.expenses])
            for account in money
        ],
        "planned": yuan(sum(account.line.planned_cents for account in money)),
        "spent": yuan(sum(account.spent for account in money)),
        "photos": one.photos.all(),
        "can": allowed(request.user, one, *ACTS),
        "shows_topic": one.topic and not one.topic.is_private and one.topic.screened_at,
        "shows_resolution": one.resolution and one.resolution.is_public,
        "back": reverse("consultation:project_list"),
    }  # fmt: skip
    return render(request, "consultation/projects/project.html", context)


@require_GET
def project_photo(request, pk):
    photo = get_object_or_404(ProjectPhoto.objects.select_related("file"), pk=pk)
    seen(request, photo.project_id)
    return serve(request, photo.file)


@login_required
@require_GET
def project_receipt(request, pk):
    """Receipts carry names and numbers: for those who keep the money's books."""
    expense = get_object_or_404(Expense.objects.select_related("receipt", "line"), pk=pk)
    one = seen(request, expense.line.project_id)
    require(request.user, "consultation.add_expense", one)
    return serve(request, expense.receipt)


def _home(one) -> str:
    return reverse("consultation:project", args=[one.pk])


def _asked(request, pk, act) -> SelfGovernanceProject:
    one = seen(request, pk)
    require(request.user, f"consultation.{act}", one)
    return one


def _deed(request, one, act, form, heading, said, **more):
    notes = [one.name, *more.pop("notes", ())]
    page = partial(
        form_page, request, None, form, heading, heading, notes=notes, back=_home(one), **more
    )
    return by_form(request, form, act, said=said, to=_home(one), page=page)


@login_required
@GET_OR_POST
def enter_project(request, pk):
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    place = get_object_or_404(places, pk=pk)
    form = forms.EnterForm(request.POST or None, place=place)
    back = reverse("consultation:project_list")
    page = partial(
        form_page, request, None, form, _("登记自治项目"), _("登记"), notes=[place.name], back=back
    )
    act = partial(actions.enter_project, place)
    return by_form(request, form, act, said=_("已登记"), to=_home, page=page)


@login_required
@require_POST
def begin_project(request, pk):
    one = _asked(request, pk, "begin_project")
    act = partial(actions.begin_project, one)
    return by_button(request, act, said=_("项目开始了"), to=_home(one))


@login_required
@GET_OR_POST
def finish_project(request, pk):
    one = _asked(request, pk, "finish_project")
    form = forms.ResultForm(request.POST or None)
    return _deed(
        request, one, partial(actions.finish_project, one), form, _("项目完成"), _("已完成")
    )


@login_required
@GET_OR_POST
def stop_project(request, pk):
    one = _asked(request, pk, "stop_project")
    form = forms.StopForm(request.POST or None)
    act = partial(actions.stop_project, one)
    return _deed(request, one, act, form, _("停止项目"), _("已停止"), danger=True)


@login_required
@GET_OR_POST
def add_project_member(request, pk):
    one = _asked(request, pk, "add_project_member")
    form = forms.MemberForm(request.POST or None)
    act = partial(actions.add_project_member, one)
    return _deed(request, one, act, form, _("加入成员"), _("已加入"))


@login_required
@require_POST
def end_project_member(request, pk):
    member = get_object_or_404(ProjectMember.objects.select_related("project"), pk=pk)
    one = _asked(request, member.project_id, "end_project_member")
    act = partial(actions.end_project_member, member)
    return by_button(request, act, said=_("已退出"), to=_home(one))


@login_required
@GET_OR_POST
def add_project_task(request, pk):
    one = _asked(request, pk, "add_project_task")
    form = forms.TaskForm(request.POST or None, project=one)
    act = partial(actions.add_project_task, one)
    return _deed(request, one, act, form, _("布置任务"), _("已布置"))


@login_required
@GET_OR_POST
def finish_project_task(request, pk):
    task = get_object_or_404(ProjectTask.objects.select_related("project"), pk=pk)
    one = _asked(request, task.project_id, "finish_project_task")
    form = forms.DoneForm(request.POST or None)
    act = partial(actions.finish_project_task, task)
    return _deed(request, one, act, form, _("任务做完了"), _("已登记"), notes=[task.text])


@login_required
@GET_OR_POST
def set_budget_line(request, pk):
    one = _asked(request, pk, "set_budget_line")
    form = forms.BudgetForm(request.POST or None)

    def put(by, **_given):
        return actions.set_budget_line(one, **form.values(), by=by)

    return _deed(request, one, put, form, _("定预算"), _("已定"))


@login_required
@GET_OR_POST
def add_expense(request, pk):
    one = _asked(request, pk, "add_expense")
    form = forms.ExpenseForm(request.POST or None, request.FILES or None, project=one)

    def add(line, text, spent_day, receipt, by, **_amount):
        kept = intake.take_in(receipt, neighbourhood_id=one.neighbourhood_id, by=by)
        return actions.add_expense(
            line, text=text, cents=form.cents(), spent_day=spent_day, receipt=kept, by=by
        )

    return _deed(request, one, add, form, _("登记支出"), _("已登记"))


@login_required
@GET_OR_POST
def add_project_photo(request, pk):
    one = _asked(request, pk, "add_project_photo")
    form = forms.PhotoForm(request.POST or None, request.FILES or None)

    def add(photos, by, **values):
        place = one.neighbourhood_id
        kept = [intake.take_in(file, neighbourhood_id=place, by=by) for file in photos]
        return actions.add_project_photo(one, files=kept, **values, by=by)

    return _deed(request, one, add, form, _("上传照片"), _("已上传"))
