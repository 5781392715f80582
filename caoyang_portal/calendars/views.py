"""The year's page and what an administrator does on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caoyang_portal.authority import may, require
from caoyang_portal.errors import shown_on

from . import actions, queries
from .forms import ImportForm, RemoveSpecialDayForm, SpecialDayForm, YearForm
from .models import SpecialDay


@require_safe
@login_required
def year(request):
    form = YearForm(request.GET)
    asked = form.cleaned_data["year"] if form.is_valid() else None
    return _year(request, asked)


@require_POST
@login_required
def set_special_day(request):
    require(request.user, "calendars.set_special_day")
    form = SpecialDayForm(request.POST)
    if form.is_valid():
        with shown_on(form):
            actions.set_special_day(**form.cleaned_data, by=request.user)
    if not form.is_valid():
        day = form.cleaned_data.get("day")
        return _year(request, day.year if day else None, day_form=form)
    messages.success(request, _("已登记，期限按新安排计算。"))
    return _back_to(form.cleaned_data["day"])


@require_POST
@login_required
def remove_special_day(request):
    require(request.user, "calendars.remove_special_day")
    form = RemoveSpecialDayForm(request.POST)
    day = form.cleaned_data["day"] if form.is_valid() else None
    special = get_object_or_404(SpecialDay.objects.visible_to(request.user), pk=day)
    actions.remove_special_day(special, by=request.user)
    messages.success(request, _("已撤销，期限按新安排计算。"))
    return _back_to(special.day)


@require_POST
@login_required
def import_special_days(request):
    require(request.user, "calendars.import_special_days")
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data["file"]
        with shown_on(form):
            n = actions.import_special_days(
                given, source=form.cleaned_data["source"], by=request.user
            )
    if not form.is_valid():
        return _year(request, None, import_form=form)
    messages.success(request, _("已导入 %(n)s 天，请对照通知检查。") % {"n": n})
    return _back_to(given[0].day)


def _back_to(day):
    return redirect(f"{reverse('calendars:year')}?year={day.year}")


def _year(request, asked, *, day_form=None, import_form=None):
    today = timezone.localdate()
    page = queries.year_page(asked or today.year, today)
    refused = day_form is not None or import_form is not None
    may_edit = may(request.user, "calendars.set_special_day")
    return render(
        request,
        "calendars/year.html",
        {
            "shell": "layouts/staff.html" if request.user.live_postings else "layouts/base.html",
            "year": page,
            "today": today,
            "may_edit": may_edit,
            "day_form": day_form or SpecialDayForm(),
            "import_form": import_form or ImportForm(),
        },
        status=422 if refused else 200,
    )
