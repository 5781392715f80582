"""A resident's own file, and what to do when something in it is wrong (我的档案、更正)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_form
from households.actions import corrections
from households.forms.files import CorrectionForm, SettleForm
from households.models import CorrectionRequest, Residency
from households.queries.files import whole_file
from households.queries.materials import materials_of
from households.rules.files import WHOLE_FILE

from .files import facts
from .letters import own_households


def _own_household(request):
    """The household meant: named in the address by one who has several, else the only one."""
    homes = own_households(request)
    asked = request.GET.get("household") or request.POST.get("household")
    if asked:
        found = next((home for home in homes if str(home.pk) == asked), None)
        if found is None:
            raise Http404
        return found
    return homes.first()


@login_required
@require_GET
def my_file(request):
    """Everything held about one's household, and who has read it (PIPL arts. 44-45)."""
    household = _own_household(request)
    if household is None:
        return render(request, "households/files/no_household.html")
    own = set(
        Residency.objects.live()
        .filter(user=request.user, household=household)
        .values_list("member_id", flat=True)
    )
    file = whole_file(household, for_itself=True)
    known = facts(household, WHOLE_FILE)
    context = {
        "household": household,
        "homes": list(own_households(request)),
        "file": file,
        "materials": materials_of(household),
        "facts": [item for item in known if item["value"] not in (None, "")],
        "missing": [item["label"] for item in known if item["value"] in (None, "")],
        "members": [
            {
                "member": member,
                "is_own": member.pk in own,
                "phone": member.phone.removeprefix("+86"),
            }
            for member in file.members
        ],
    }
    return render(request, "households/files/my_file.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def ask_correction(request):
    """Say what is wrong; one always gets an answer."""
    household = _own_household(request)
    if household is None:
        return render(request, "households/files/no_household.html")
    form = CorrectionForm(request.POST or None)
    context = {
        "household": household,
        "form": form,
        "asked": CorrectionRequest.objects.filter(household=household).order_by("-asked_at")[:10],
    }
    return by_form(
        request,
        form,
        partial(corrections.ask_correction, household),
        said=_("收到了。我们核实后答复您"),
        to=reverse("households:ask_correction"),
        page=lambda: render(request, "households/files/ask_correction.html", context),
    )


@login_required
@require_GET
def correction_list(request):
    """The requests of the neighbourhood, open ones first (更正申请)."""
    if not request.user.holds("committee"):
        raise Http404
    rows = (
        CorrectionRequest.objects.filter(neighbourhood_id__in=request.user.places("committee"))
        .select_related("household__building", "household__neighbourhood", "asked_by")
        .order_by("settled_at", "asked_at")
    )
    if request.GET.get("all") != "1":
        rows = rows.filter(state=CorrectionRequest.State.OPEN)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"page": page, "all": request.GET.get("all") == "1"}
    return render(request, "households/files/correction_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def settle_correction(request, pk):
    """Look into one and answer it."""
    rows = CorrectionRequest.objects.visible_to(request.user).select_related(
        "household__building", "household__neighbourhood", "asked_by"
    )
    asked = get_object_or_404(rows, pk=pk)
    require(request.user, "households.settle_correction", asked)
    form = SettleForm(request.POST or None)
    context = {"asked": asked, "form": form, "household": asked.household}
    return by_form(
        request,
        form,
        partial(corrections.settle_correction, asked),
        said=_("已答复，住户会收到通知"),
        to=reverse("households:correction_list"),
        page=lambda: render(request, "households/files/settle_correction.html", context),
    )
