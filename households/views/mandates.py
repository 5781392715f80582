"""Powers of attorney on the screen (授权委托)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads.intake import take_in
from caoyang_portal.uploads.views import serve
from households.actions import mandates
from households.forms.files import EndingForm, MandateForm
from households.models import Mandate

from .files import file_of, form_page, visible_household


def _mandate(request, household, pk) -> Mandate:
    rows = Mandate.objects.visible_to(request.user).filter(household=household)
    return get_object_or_404(rows.select_related("household", "document"), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def record_mandate(request, pk):
    """Enter a power of attorney with its document."""
    household = visible_household(request, pk)
    require(request.user, "households.record_mandate", household)
    form = MandateForm(request.POST or None, request.FILES or None, household=household)

    def enter(principal, document, by, **values):
        paper = take_in(document, neighbourhood_id=household.neighbourhood_id, by=by)
        mandates.record_mandate(principal, document=paper, **values, by=by)

    return by_form(
        request,
        form,
        enter,
        said=_("委托已登记，请另一位同事复核"),
        to=file_of(household),
        page=partial(
            form_page, request, household, form, _("登记授权委托"), _("登记委托"), has_file=True
        ),
    )


@login_required
@require_POST
def approve_mandate(request, pk, mandate_pk):
    """A second colleague has read the document."""
    household = visible_household(request, pk)
    mandate = _mandate(request, household, mandate_pk)
    return by_button(
        request,
        partial(mandates.approve_mandate, mandate),
        said=_("委托已复核，受托人可以办理"),
        to=file_of(household),
    )


@login_required
@require_http_methods(["GET", "POST"])
def revoke_mandate(request, pk, mandate_pk):
    """The power is taken back."""
    household = visible_household(request, pk)
    require(request.user, "households.revoke_mandate", household)
    mandate = _mandate(request, household, mandate_pk)
    form = EndingForm(request.POST or None)
    heading = _("撤销给%(who)s的委托") % {"who": mandate.agent_name}
    return by_form(
        request,
        form,
        partial(mandates.revoke_mandate, mandate),
        said=_("委托已撤销"),
        to=file_of(household),
        page=partial(form_page, request, household, form, heading, _("撤销委托")),
    )


@login_required
@require_POST
def read_mandate_document(request, pk, mandate_pk):
    """The scanned document; opening it is noted."""
    household = visible_household(request, pk)
    mandate = _mandate(request, household, mandate_pk)
    document = mandates.read_mandate_document(mandate, by=request.user)
    return serve(request, document)
