"""The desk of claims (诉求台): what is promised soonest comes first; units see their own."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Building, Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.errors import Refused
from suggestions.actions import claim_upkeep, claims
from suggestions.forms import claims as forms
from suggestions.models import Claim, ClaimStep, Dispatch, SavedView
from suggestions.models.claims import COORDINATORS, HANDLERS, READERS, departments_of
from suggestions.queries import claim_warnings
from suggestions.queries import claims as queries

from .claims import taken_in
from .desk import GET_OR_POST, allowed, form_page
from .saved_views import views_of

PER_PAGE, MOST_UNTOLD = 50, 20
State = Claim.State
# What may come next in each state, the usual first; the acts decide the same by themselves.
WAYS_ON = {
    State.MADE: ("accept_claim", "merge_claim", "refer_claim"),
    State.ACCEPTED: ("note_contact", "merge_claim", "refer_claim", "pause_claim"),
    State.CONTACTED: (
        "whistle_claim", "merge_claim", "refer_claim", "form_claim_team", "pause_claim",
    ),
    State.IN_PROGRESS: ("form_claim_team", "pause_claim"),
    State.REPLIED: ("call_back_claim", "note_unreached"),
    State.SUPERVISED: ("supervise_claim", "close_claim", "form_claim_team", "pause_claim"),
    State.MERGED: ("unmerge_claim",),
}  # fmt: skip
LABELS = {
    "accept_claim": gettext_lazy("受理"), "refer_claim": gettext_lazy("转到别处"), "merge_claim": gettext_lazy("合在一起办"),
    "note_contact": gettext_lazy("登记先行联系"), "whistle_claim": gettext_lazy("吹哨交办"),
    "form_claim_team": gettext_lazy("成立联合小组"), "pause_claim": gettext_lazy("暂停"),
    "call_back_claim": gettext_lazy("回访"), "note_unreached": gettext_lazy("没联系上"),
    "supervise_claim": gettext_lazy("督办"), "close_claim": gettext_lazy("说明后办结"),
}  # fmt: skip


BEFORE_UNITS = (State.MADE, State.ACCEPTED, State.CONTACTED)


def staff_only(request) -> None:
    if not request.user.holds(*READERS, *HANDLERS):
        raise Http404


def claims_here(request):
    """Those one works with; one's own as a resident have a page of their own."""
    staff_only(request)
    return Claim.objects.at_work_of(request.user)


def claim_here(request, pk) -> Claim:
    seen = claims_here(request).select_related(
        "neighbourhood", "claimant", "minder", "building", "merged_into", "contacted_by",
        "household__building", "entered_by", "closed_by",
    )  # fmt: skip
    return get_object_or_404(seen, pk=pk)


def home(claim) -> str:
    return reverse("suggestions:desk_claim", args=[claim.pk])


def asked(request, pk, act) -> Claim:
    claim = claim_here(request, pk)
    require(request.user, f"suggestions.{act}", claim)
    return claim


def deed(request, claim, act, form, heading, button, said, **more):
    """One step by its form: the page, the act, back to the claim."""
    notes = [f"{claim.number} {claim.title}", *more.pop("notes", ())]
    page = partial(
        form_page, request, form, heading, button, notes=notes, back=home(claim), **more
    )
    return by_form(request, form, act, said=said, to=home(claim), page=page)


@login_required
@require_GET
def claim_desk(request):
    """The queue: whatever is promised soonest comes first, what is late before all."""
    here, today = claims_here(request), timezone.localdate()
    wanted = forms.FindForm(request.GET).wanted()
    queue = queries.narrowed(here, wanted, today)
    asked_for = request.GET.copy()
    asked_for.pop("page", None)
    steps = ClaimStep.objects.filter(neighbourhood_id__in=request.user.reach(*COORDINATORS))
    places = request.user.reach(*READERS)
    context = {
        "page": Paginator(
            queue.select_related("minder", "building", "neighbourhood").order_by("next_on", "pk"),
            PER_PAGE,
        ).get_page(request.GET.get("page")),
        "late": here.overdue(today).count(),
        "to_call": here.filter(state=State.REPLIED).count(),
        "warned": len(claim_warnings.warnings(here, today)),
        "untold": queries.untold(steps)[:MOST_UNTOLD],
        "wanted": wanted,
        "states": State.choices,
        "classes": Claim.Class.choices,
        "sources": Claim.Source.choices,
        "buildings": Building.objects.filter(neighbourhood_id__in=places),
        "today": today,
        "coordinates": request.user.holds(*COORDINATORS),
        "is_unit": request.user.holds(*HANDLERS),
        "query": asked_for.urlencode(),
        "views": views_of(request, SavedView.Desk.CLAIMS, asked_for.urlencode()),
    }
    return render(request, "suggestions/claims/desk.html", context)


@login_required
@require_GET
def unit_claims(request):
    """A department's own: what it leads and what it helps with, the soonest due first."""
    if not request.user.holds(*HANDLERS):
        raise Http404
    parts = Dispatch.objects.filter(unit__in=departments_of(request.user), ended_on=None)
    open_ones = parts.filter(reply=None, claim__state=State.IN_PROGRESS)
    context = {
        "page": Paginator(
            open_ones.select_related("claim__neighbourhood", "unit").order_by("due_on", "pk"),
            PER_PAGE,
        ).get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "back": reverse("suggestions:claim_desk"),
    }
    return render(request, "suggestions/claims/unit.html", context)


@login_required
@require_GET
def desk_claim(request, pk):
    claim, user = claim_here(request, pk), request.user
    acts = () if claim.paused_until else WAYS_ON.get(State(claim.state), ())
    can = allowed(
        user, claim, *acts, "see_claimant", "see_claimant_phone", "resume_claim", "note_claim_told"
    )
    extensions = claim.extensions.select_related("asked_by", "answered_by", "dispatch__unit")
    context = {
        "claim": claim,
        "way": queries.way_of(claim),
        "steps": claim.steps.select_related("by", "told_by"),
        "acts": [
            (act, LABELS[act], reverse(f"suggestions:{act}", args=[pk]))
            for act in acts
            if act in LABELS and can[act]
        ],
        "can": can,
        "own_work": claim.state == State.REPLIED and not can["call_back_claim"]
        and may(user, "suggestions.note_contact", claim),
        "parts": _parts(user, claim),
        "extensions": [
            (one, one.agreed is None and one.round == claim.round
             and may(user, "suggestions.settle_claim_extension", one))
            for one in extensions
        ],
        "replies": claim.replies.select_related("dispatch__unit", "by").prefetch_related("photos"),
        "may_hand_over": claim.state in BEFORE_UNITS
        and may(user, "suggestions.refer_claim", claim),
        "callbacks": claim.callbacks.select_related("by"),
        "pause": claim.pauses.filter(resumed_on=None).first(),
        "merged": claim.merged.all(),
        "team": claim.team.all(),
        "photos": claim.photos.all(),
        "late": claim.is_late(timezone.localdate()),
        "back": reverse("suggestions:claim_desk"),
    }  # fmt: skip
    return render(request, "suggestions/claims/desk_claim.html", context)


def _parts(user, claim):
    """Every unit's part with what this reader may do with it, as it stands."""
    answered = set(claim.replies.values_list("dispatch_id", flat=True))
    parts = claim.dispatches.select_related("unit", "by", "return_to", "claim")
    return [(part, _acts_on(user, claim, part, part.pk in answered)) for part in parts]


def _acts_on(user, claim, part, is_answered) -> list[str]:
    if claim.state != State.IN_PROGRESS or claim.paused_until:
        return []
    if part.ended_on or part.round != claim.round or is_answered:
        return []
    possible = ["reply_claim"]
    if part.waits_for_return:
        possible.append("settle_claim_return")
    elif part.return_asked_by_id is None:
        possible.append("ask_claim_return")
    if part.role == Dispatch.Role.LEAD and not claim.extensions.filter(round=claim.round).exists():
        possible.append("ask_claim_extension")
    return [act for act in possible if may(user, f"suggestions.{act}", part)]


@login_required
@GET_OR_POST
def enter_claim(request):
    """For somebody who called, came or wrote."""
    places = list(Neighbourhood.objects.filter(pk__in=request.user.reach(*COORDINATORS)))
    if not places:
        raise Http404
    form = forms.EnterForm(request.POST or None, request.FILES or None, places=places)

    def enter(by, photos, neighbourhood=None, **values):
        place = neighbourhood or places[0]
        return claims.enter_claim(place, **values, photos=taken_in(photos, place, by), by=by)

    back = reverse("suggestions:claim_desk")
    return by_form(
        request, form, enter, said=lambda one: _("已登记，编号 %(number)s") % {"number": one.number},
        to=home, page=partial(form_page, request, form, _("登记诉求"), _("登记"), back=back),
    )  # fmt: skip


@login_required
@GET_OR_POST
def accept_claim(request, pk):
    claim = asked(request, pk, "accept_claim")
    form = forms.AcceptForm(request.POST or None)
    notes = [claim.text, _("受理以后一个工作日内先和本人联系。")]
    act = partial(claims.accept_claim, claim)
    return deed(request, claim, act, form, _("受理诉求"), _("受理"), _("已受理"), notes=notes)


@login_required
@GET_OR_POST
def refer_claim(request, pk):
    claim = asked(request, pk, "refer_claim")
    form = forms.ReferForm(request.POST or None)
    act = partial(claims.refer_claim, claim)
    return deed(
        request, claim, act, form, _("转到别处"), _("告诉本人"), _("已转，本人会收到通知"),
        notes=[claim.text],
    )  # fmt: skip


@login_required
@GET_OR_POST
def merge_claim(request, pk):
    claim = asked(request, pk, "merge_claim")
    others = Claim.objects.filter(
        neighbourhood=claim.neighbourhood,
        state__in=(State.MADE, State.ACCEPTED, State.CONTACTED, State.IN_PROGRESS),
    ).exclude(pk=pk)
    form = forms.MergeForm(request.POST or None, claims=others)
    notes = [_("一起答复，分别回访。合错了可以分开。")]
    act = partial(claim_upkeep.merge_claim, claim)
    return deed(
        request, claim, act, form, _("合在一起办"), _("合在一起"), _("已合在一起"), notes=notes
    )


@login_required
@require_POST
def unmerge_claim(request, pk):
    claim = asked(request, pk, "unmerge_claim")
    act = partial(claim_upkeep.unmerge_claim, claim)
    return by_button(request, act, said=_("已分开"), to=home(claim))


@login_required
@GET_OR_POST
def pause_claim(request, pk):
    claim = asked(request, pk, "pause_claim")
    form = forms.PauseForm(request.POST or None)
    act = partial(claim_upkeep.pause_claim, claim)
    return deed(request, claim, act, form, _("暂停办理"), _("暂停"), _("已暂停，本人会收到通知"))


@login_required
@require_POST
def resume_claim(request, pk):
    claim = asked(request, pk, "resume_claim")
    act = partial(claim_upkeep.resume_claim, claim)
    return by_button(request, act, said=_("已恢复办理"), to=home(claim))


@login_required
@GET_OR_POST
def form_claim_team(request, pk):
    claim = asked(request, pk, "form_claim_team")
    form = forms.TeamForm(
        request.POST or None, people=queries.colleagues_for(claim),
        initial={"members": claim.team.all()},
    )  # fmt: skip
    act = partial(claim_upkeep.form_claim_team, claim)
    return deed(request, claim, act, form, _("成立联合小组"), _("定下来"), _("联合小组定了"))


@login_required
@require_POST
def note_claim_told(request, pk):
    """A step was told by word of mouth."""
    step = get_object_or_404(ClaimStep, pk=pk)
    claim = asked(request, step.claim_id, "note_claim_told")
    act = partial(claim_upkeep.note_claim_told, step)
    return by_button(request, act, said=_("已登记"), to=home(claim))


@login_required
@require_POST
def see_claimant_phone(request, pk):
    """The number is shown on the page that answers, and nowhere else."""
    claim = asked(request, pk, "see_claimant_phone")
    try:
        phone = claim_upkeep.see_claimant_phone(claim, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(home(claim))
    context = {"claim": claim, "phone": phone, "back": home(claim)}
    return render(request, "suggestions/claims/phone.html", context)
