"""The register of resolutions (决议): for everyone to read, for those concerned to score, for the desk to lead on."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_form
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from consultation.actions import resolutions as actions
from consultation.actions.resolution_checks import IN_SESSION
from consultation.forms import resolutions as forms
from consultation.models import Meeting, Resolution, ResolutionEvidence, ResolutionScore
from households.models import Household

from .desk import GET_OR_POST, allowed, form_page
from .topics import query_without_page

PER_PAGE = 20
DEEDS = (
    "note_progress", "add_evidence", "postpone_resolution", "claim_done", "evaluate_resolution",
    "reopen_resolution", "drop_resolution",
)  # fmt: skip
WAYS_ON = {
    "open": ("note_progress", "add_evidence", "claim_done", "postpone_resolution", "drop_resolution"),
    "reopened": ("note_progress", "add_evidence", "claim_done", "postpone_resolution", "drop_resolution"),
    "claimed": ("evaluate_resolution", "add_evidence"),
    "evaluated": ("reopen_resolution",),
    "dropped": ("reopen_resolution",),
}  # fmt: skip


@require_GET
def resolution_list(request):
    """What was decided in one's neighbourhood, the soonest due first; what is late says so."""
    shown = Resolution.objects.filter(is_public=True)
    homes = []
    if request.user.is_authenticated:
        homes = list(Household.objects.of(request.user).values_list("neighbourhood_id", flat=True))
    if homes:
        shown = shown.filter(neighbourhood_id__in=homes)
    today = timezone.localdate()
    wanted = forms.FindForm(request.GET).wanted()
    context = {
        "page": Paginator(
            narrowed(shown, wanted, today)
            .select_related("neighbourhood", "responsible_user", "responsible_body")
            .order_by("-state", "due_on", "pk"),
            PER_PAGE,
        ).get_page(request.GET.get("page")),
        "late": shown.overdue(today).count(),
        "wanted": wanted,
        "states": Resolution.State.choices,
        "today": today,
        "query": query_without_page(request),
    }
    return render(request, "consultation/resolutions/list.html", context)


def narrowed(shown, wanted, today):
    if wanted["state"] == "late":
        shown = shown.overdue(today)
    elif wanted["state"]:
        shown = shown.filter(state=wanted["state"])
    if wanted["q"]:
        text = wanted["q"]
        shown = shown.filter(Q(text__icontains=text) | Q(number=text))
    return shown


def seen(request, pk) -> Resolution:
    found = Resolution.objects.visible_to(request.user).select_related(
        "neighbourhood",
        "responsible_user",
        "responsible_body",
        "meeting",
        "topic",
        "poll",
        "review",
    )
    return get_object_or_404(found, pk=pk)


@require_GET
def resolution(request, pk):
    """What, who, until when; how far it is, with proof; every way on that the reader has."""
    one = seen(request, pk)
    user = request.user
    whole = may(user, "consultation.see_responsible", one)
    inside = whole or may(user, "consultation.add_evidence", one)
    evidence = one.evidence.select_related("file")
    can = allowed(user, one, *DEEDS)
    context = {
        "resolution": one,
        "whole": whole,
        "notes": one.notes.all(),
        "evidence": evidence if inside else evidence.filter(is_public=True),
        "late": one.is_late(timezone.localdate()),
        "acts": [act for act in WAYS_ON[one.state] if can[act]],
        "may_score": one.state == "claimed" and reviews_of(one, user).exists(),
        "on_desk": may(user, "consultation.see_resolution_desk", one),
        "shows_meeting": one.meeting and one.meeting.is_public,
        "shows_topic": one.topic and not one.topic.is_private and one.topic.screened_at,
        "back": reverse("consultation:resolution_list"),
    }
    return render(request, "consultation/resolutions/resolution.html", context)


def reviews_of(one, user):
    """Review meetings at which ``user`` sat and may score."""
    if not user.is_authenticated or one.responsible_user_id == user.pk:
        return Meeting.objects.none()
    return in_session(one).filter(attendances__user=user, attendances__role="participant")


def in_session(one):
    return Meeting.objects.filter(
        neighbourhood_id=one.neighbourhood_id,
        form__in=("review", "building_review"),
        state__in=IN_SESSION,
    ).order_by("-starts_at")


@require_GET
def evidence_file(request, pk):
    proof = get_object_or_404(ResolutionEvidence.objects.select_related("file"), pk=pk)
    one = seen(request, proof.resolution_id)
    if not (proof.is_public or may(request.user, "consultation.add_evidence", one)):
        raise Http404
    return serve(request, proof.file)


def _home(one) -> str:
    return reverse("consultation:resolution", args=[one.pk])


def _asked(request, pk, act) -> Resolution:
    one = seen(request, pk)
    require(request.user, f"consultation.{act}", one)
    return one


def _deed(request, one, act, form, heading, button, said, **more):
    """One step by its form: the page, the act, back to the resolution."""
    page = partial(
        form_page, request, None, form, heading, button, notes=[f"{one.number} {one.text}"],
        back=_home(one), **more,
    )  # fmt: skip
    return by_form(request, form, partial(act, one), said=said, to=_home(one), page=page)


@login_required
@GET_OR_POST
def note_progress(request, pk):
    one = _asked(request, pk, "note_progress")
    form = forms.ProgressForm(request.POST or None)
    return _deed(request, one, actions.note_progress, form, _("写进展"), _("记下"), _("已记下"))


@login_required
@GET_OR_POST
def add_evidence(request, pk):
    one = _asked(request, pk, "add_evidence")
    form = forms.EvidenceForm(request.POST or None, request.FILES or None)

    def add(resolution, photos, by, **values):
        place = resolution.neighbourhood_id
        kept = [intake.take_in(file, neighbourhood_id=place, by=by) for file in photos]
        return actions.add_evidence(resolution, files=kept, **values, by=by)

    return _deed(request, one, add, form, _("附凭证"), _("上传"), _("已附上"))


@login_required
@GET_OR_POST
def postpone_resolution(request, pk):
    one = _asked(request, pk, "postpone_resolution")
    form = forms.PostponeForm(request.POST or None)
    return _deed(
        request, one, actions.postpone_resolution, form, _("改期"), _("改期"), _("已改期")
    )


@login_required
@GET_OR_POST
def claim_done(request, pk):
    one = _asked(request, pk, "claim_done")
    form = forms.ClaimForm(request.POST or None)
    return _deed(
        request, one, actions.claim_done, form, _("报已办好"), _("请大家评议"), _("已报，等评议会")
    )


@login_required
@GET_OR_POST
def evaluate_resolution(request, pk):
    one = _asked(request, pk, "evaluate_resolution")
    form = forms.EvaluateForm(request.POST or None, meetings=in_session(one))
    return _deed(
        request, one, actions.evaluate_resolution, form, _("评议"), _("登记评议"),
        lambda done: done.get_state_display(),
    )  # fmt: skip


@login_required
@GET_OR_POST
def reopen_resolution(request, pk):
    one = _asked(request, pk, "reopen_resolution")
    form = forms.ReopenForm(request.POST or None)
    return _deed(
        request, one, actions.reopen_resolution, form, _("重新办"), _("重新办"), _("重新办了")
    )


@login_required
@GET_OR_POST
def drop_resolution(request, pk):
    one = _asked(request, pk, "drop_resolution")
    form = forms.DropForm(request.POST or None)
    return _deed(
        request,
        one,
        actions.drop_resolution,
        form,
        _("不再办"),
        _("不再办"),
        _("已登记"),
        danger=True,
    )


@login_required
@GET_OR_POST
def score_resolution(request, pk):
    """One's own finding, from the phone, at the review one sits in."""
    one = seen(request, pk)
    reviews = reviews_of(one, request.user)
    form = forms.ScoreForm(request.POST or None, meetings=reviews)
    first = reviews.first()
    if first is None:
        raise Http404
    form.fields["meeting"].initial = first
    require(
        request.user,
        "consultation.score_resolution",
        ResolutionScore(resolution=one, meeting=first),
    )
    context = {"resolution": one, "form": form, "back": _home(one)}
    return by_form(
        request,
        form,
        partial(actions.score_resolution, one),
        said=_("记下了，谢谢您"),
        to=_home(one),
        page=lambda: render(request, "consultation/resolutions/score.html", context),
    )
