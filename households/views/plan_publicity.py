"""From a project to the publicity of its plan (方案公示)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_form
from households.actions.publicity import publicise_plan as publicise
from households.forms.projects import PublicisePlanForm

from .projects import _page, _visible


@login_required
@require_POST
def publicise_plan(request, pk):
    project = _visible(request, pk)
    require(request.user, "households.publicise_plan", project)
    form = PublicisePlanForm(request.POST, auto_id="publicise_%s")
    return by_form(
        request,
        form,
        partial(publicise, project),
        said=_("公示草稿已建立，请添加图纸，登记张贴点，再发布"),
        to=lambda publicity: reverse("publicity:desk_publicity", args=[publicity.pk]),
        page=partial(_page, request, project, publicise_form=form),
    )
