"""Letters, and how residents join their household: by code, or at the counter (告知书与关联)."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import require
from caoyang_portal.community.limits import allow
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.errors import Refused, shown_on
from caoyang_portal.htmx import part
from caoyang_portal.uploads.views import serve
from households.actions import letters, residencies
from households.forms.files import CounterForm, DisownForm, EndingForm, LinkForm
from households.models import Household, LetterJob, Residency
from households.queries.residencies import live_letter, members_with_phone_of

from .files import file_of, form_page, visible_household

JOB = "households/files/letter_job.html"
LINK = "households/files/link.html"
TRIES = (20, 3600)  # codes one person may type in an hour


@login_required
@require_GET
def letter_jobs(request):
    """The letters printed so far."""
    if not request.user.holds("committee"):
        raise Http404
    jobs = LetterJob.objects.visible_to(request.user).select_related("asked_by")
    page = Paginator(jobs, 20).get_page(request.GET.get("page"))
    return render(request, "households/files/letter_jobs.html", {"page": page})


@login_required
@require_GET
def letter_job(request, pk):
    """How far the printing is; the page looks again by itself until it is done."""
    job = get_object_or_404(LetterJob.objects.visible_to(request.user), pk=pk)
    return render(request, part(request, JOB, "progress"), {"job": job})


@login_required
@require_POST
def download_letters(request, pk):
    """The printed letters; who takes them is recorded."""
    job = get_object_or_404(LetterJob.objects.visible_to(request.user), pk=pk)
    try:
        attachment = letters.download_letters(job, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("households:letter_job", pk)
    return serve(request, attachment, download=True)


@login_required
@require_http_methods(["GET", "POST"])
def link(request):
    """A resident types or scans the code of the letter and joins the household (凭码关联)."""
    if request.method == "GET":
        form = LinkForm(initial={"code": request.GET.get("c", "")[:40]})
        return render(request, LINK, {"form": form})
    form = LinkForm(request.POST)
    if not form.is_valid():
        return render(request, LINK, {"form": form}, status=422)
    code = form.cleaned_data["code"]
    with shown_on(form):
        if not allow(f"letter:{request.user.pk}", *TRIES):
            raise Refused(_("试得太多了，请一小时后再试，或打电话给居委"))
        letter = live_letter(code, timezone.now())
        if letter is None:
            raise Refused(_("这个码不对，或已用过、已换新。请看最新一封告知书"))
        members = list(members_with_phone_of(request.user, letter.household))
        if not members:
            residencies.ask_for_counter_check(code, by=request.user)
            return redirect("households:counter_needed")
        if "member" not in request.POST:
            context = {"household": letter.household, "members": members, "code": code}
            context |= _whose_phone(letter.household.neighbourhood)
            context["everyone"] = letter.household.members.filter(left_at=None, is_deceased=False)
            return render(request, "households/files/link_confirm.html", context)
        chosen = [m for m in members if str(m.pk) == request.POST["member"]]
        residencies.link_by_letter(
            code, member=chosen[0] if chosen else members[0], by=request.user
        )
        messages.success(request, _("好了，以后登录就能看到您家的事"))
        return redirect(_home())
    return render(request, LINK, {"form": form}, status=422)


def _whose_phone(neighbourhood) -> dict:
    """For the shell: whoever has no household yet should still see whom to call."""
    return {
        "neighbourhood": neighbourhood,
        "committee_phone": neighbourhood.committee_phone,
    }


def _home() -> str:
    try:
        return reverse("households:home")
    except NoReverseMatch:
        return reverse("households:my_file")


@login_required
@require_GET
def counter_needed(request):
    """The telephone is not on file: what to bring to the committee (柜台核验)."""
    waiting = (
        Residency.objects.waiting()
        .filter(user=request.user)
        .select_related("neighbourhood")
        .first()
    )
    context = {"waiting": waiting} | (_whose_phone(waiting.neighbourhood) if waiting else {})
    return render(request, "households/files/counter_needed.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def disown_letter(request):
    """Not my home: say so, and the letter's code dies (不是我家)."""
    code = (request.POST.get("code") or request.GET.get("c", ""))[:40]
    form = DisownForm(request.POST if "go" in request.POST else None)
    if form.is_bound and form.is_valid():
        with shown_on(form):
            if not allow(f"letter:{request.user.pk}", *TRIES):
                raise Refused(_("试得太多了，请一小时后再试，或打电话给居委"))
            residencies.disown_letter(code, **form.cleaned_data, by=request.user)
            return render(request, "households/files/disowned.html")
    status = 422 if form.errors else 200
    return render(
        request, "households/files/disown.html", {"form": form, "code": code}, status=status
    )


@login_required
@require_GET
def residency_queue(request):
    """Who waits to be checked in person (待柜台核验)."""
    if not request.user.holds("committee"):
        raise Http404
    waiting = (
        Residency.objects.visible_to(request.user)
        .waiting()
        .exclude(user=request.user)
        .select_related("user", "household__building", "household__neighbourhood")
        .order_by("pk")
    )
    page = Paginator(waiting, 50).get_page(request.GET.get("page"))
    return render(request, "households/files/residency_queue.html", {"page": page})


@login_required
@require_http_methods(["GET", "POST"])
def link_at_counter(request, pk):
    """A resident with papers stands at the counter."""
    household = visible_household(request, pk)
    require(request.user, "households.link_at_counter", household)
    form = CounterForm(request.POST or None, household=household)
    waiting = Residency.objects.waiting().filter(household=household).select_related("user")
    return by_form(
        request,
        form,
        residencies.link_at_counter,
        said=_("已关联，住户用手机号就能登录"),
        to=file_of(household),
        page=partial(
            form_page,
            request,
            household,
            form,
            _("柜台核验"),
            _("核验并关联"),
            note=_("请当面核对证件原件，再填手机号。"),
            waiting=waiting,
        ),
    )


def _residency(request, household, pk) -> Residency:
    rows = Residency.objects.visible_to(request.user).filter(household=household)
    return get_object_or_404(rows.select_related("user", "household"), pk=pk)


@login_required
@require_POST
def decline_residency(request, pk, residency_pk):
    """The person who asked does not belong there."""
    household = visible_household(request, pk)
    residency = _residency(request, household, residency_pk)
    return by_button(
        request,
        partial(residencies.decline_residency, residency),
        said=_("已退回这件申请"),
        to=reverse("households:residency_queue"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def end_residency(request, pk, residency_pk):
    """The login is no longer this household's."""
    household = visible_household(request, pk)
    require(request.user, "households.end_residency", household)
    residency = _residency(request, household, residency_pk)
    form = EndingForm(request.POST or None)
    heading = _("解除%(who)s的关联") % {"who": residency.user}
    return by_form(
        request,
        form,
        partial(residencies.end_residency, residency),
        said=_("已解除关联"),
        to=file_of(household),
        page=partial(form_page, request, household, form, heading, _("解除关联")),
    )


def own_households(request):
    """The households the signed-in person belongs to."""
    return (
        Household.objects.of(request.user)
        .select_related("building__work_zone", "neighbourhood", "responsible")
        .order_by("pk")
    )
