"""What is shown with a reason only, and who has read what (查看完整号码、关爱标签、查阅记录)."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from caoyang_portal.authority import require
from caoyang_portal.community.limits import allow
from caoyang_portal.errors import Refused, shown_on
from caoyang_portal.htmx import part
from households.actions import files as actions
from households.forms.files import ReasonForm
from households.models import Contact, FileReading, Member

from .files import visible_household

UNMASK = "households/files/unmask.html"
UNMASKINGS = (60, 3600)  # of one reader: more is copying, not calling


@login_required
@require_http_methods(["GET", "POST"])
def unmask_number(request, pk, member_pk, what):
    """A member's whole telephone or ID number, on this answer only."""
    household = visible_household(request, pk)
    member = get_object_or_404(Member.objects.filter(household=household), pk=member_pk)
    kind = FileReading.What(what)
    reading = FileReading(
        neighbourhood_id=household.neighbourhood_id,
        household=household,
        reader=request.user,
        what=kind,
    )
    require(request.user, "households.unmask_number", reading)
    return _unmask(
        request,
        household,
        member.masked_name,
        kind.label,
        lambda reason: actions.unmask_number(member, what=kind, reason=reason, by=request.user),
    )


@login_required
@require_http_methods(["GET", "POST"])
def unmask_contact(request, pk, contact_pk):
    """A contact's whole telephone number, on this answer only."""
    household = visible_household(request, pk)
    contact = get_object_or_404(Contact.objects.filter(household=household), pk=contact_pk)
    require(request.user, "households.unmask_contact", household)
    return _unmask(
        request,
        household,
        contact.name,
        FileReading.What.PHONE.label,
        lambda reason: actions.unmask_contact(contact, reason=reason, by=request.user),
    )


def _unmask(request, household, who, what, show):
    form = ReasonForm(request.POST or None)
    number = ""
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            if not allow(f"unmask:{request.user.pk}", *UNMASKINGS):
                raise Refused(_("查看得太多了，请一小时后再试"))
            number = show(form.cleaned_data["reason"]).removeprefix("+86")
    context = {
        "household": household,
        "who": who,
        "what": what,
        "form": form,
        "number": number,
        "shown": form.is_bound and form.is_valid(),
    }
    status = 422 if form.errors else 200
    return render(request, part(request, UNMASK, "number"), context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def read_care_tags(request, pk):
    """The household's difficulties, with a reason, on this answer only."""
    household = visible_household(request, pk)
    require(request.user, "households.read_care_tags", household)
    form = ReasonForm(request.POST or None)
    tags = None
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            tags = actions.read_care_tags(
                household, reason=form.cleaned_data["reason"], by=request.user
            )
    context = {"household": household, "form": form, "tags": tags}
    status = 422 if form.errors else 200
    return render(request, "households/files/care.html", context, status=status)


@login_required
@require_GET
def reading_list(request):
    """Who read which file, for auditors and administrators; they see no files (查阅记录)."""
    if not request.user.holds("auditor", "administrator", "committee"):
        raise Http404
    rows = (
        FileReading.objects.visible_to(request.user)
        .select_related("household__building", "reader", "neighbourhood")
        .order_by("-at", "-pk")
    )
    what = request.GET.get("what", "")
    if what in FileReading.What.values:
        rows = rows.filter(what=what)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"page": page, "what": what, "kinds": FileReading.What.choices}
    return render(request, "households/files/readings.html", context)
