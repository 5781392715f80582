"""The desk of suggestions (建议办理): what is promised for when, and every step by its own form."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from suggestions.actions import (
    suggestion_answers,
    suggestion_intake,
    suggestion_upkeep,
    suggestions,
)
from suggestions.forms import suggestion_desk as forms
from suggestions.forms import suggestions as told
from suggestions.forms.search import DeskFindForm
from suggestions.models import Category, SavedView, Suggestion, SuggestionStep
from suggestions.models.suggestions import HANDLERS, READERS
from suggestions.photo_spots import covered
from suggestions.queries import finding
from suggestions.queries import suggestions as queries

from .desk import GET_OR_POST, allowed, form_page
from .saved_views import views_of
from .suggestions import query_without_page

PER_PAGE, MOST_UNTOLD = 50, 20
State = Suggestion.State
# What may come next in each state, the usual first.
WAYS_ON = {
    State.SUBMITTED: ("acknowledge_suggestion", "merge_suggestion", "refer_suggestion"),
    State.ACKNOWLEDGED: ("assign_suggestion", "merge_suggestion", "refer_suggestion"),
    State.ASSIGNED: (
        "reply_suggestion", "return_suggestion", "merge_suggestion", "refer_suggestion",
    ),
    State.CARRYING_OUT: ("finish_work", "report_work"),
    State.MERGED: ("unmerge_suggestion",),
}  # fmt: skip
ANYTIME = (
    "publish_suggestion", "hide_suggestion", "pause_suggestion", "resume_suggestion",
    "add_suggestion_note", "see_suggester", "read_suggester_phone", "show_suggestion_photo",
    "note_suggestion_told", "rate_suggestion", "commend_suggestion",
)  # fmt: skip


def staff_only(request) -> None:
    if not request.user.holds(*READERS, *HANDLERS):
        raise Http404


def suggestion_here(request, pk) -> Suggestion:
    seen = Suggestion.objects.on_desk_of(request.user).select_related(
        "neighbourhood", "proposed_by", "minder", "unit", "building", "merged_into", "entered_by"
    )
    return get_object_or_404(seen, pk=pk)


def asked(request, pk, act) -> Suggestion:
    one = suggestion_here(request, pk)
    require(request.user, f"suggestions.{act}", one)
    return one


def home(one) -> str:
    return reverse("suggestions:desk_suggestion", args=[one.pk])


def deed(request, one, act, form, heading, button, said, **more):
    """One step by its form: the page, the act, back to the suggestion."""
    notes = [f"{one.number} {one.title}", *more.pop("notes", ())]
    page = partial(form_page, request, form, heading, button, notes=notes, back=home(one), **more)
    return by_form(request, form, partial(act, one), said=said, to=home(one), page=page)


@login_required
@require_GET
def suggestion_desk(request):
    """The queue: whatever is promised soonest comes first, what is late before all."""
    staff_only(request)
    today = timezone.localdate()
    here = Suggestion.objects.on_desk_of(request.user)
    wanted = DeskFindForm(request.GET).wanted()
    shown = finding.at_desk(here, wanted, request.user, today)
    queue = shown.select_related("minder", "building", "unit").order_by("next_on", "pk")
    steps = SuggestionStep.objects.filter(neighbourhood_id__in=request.user.places("committee"))
    context = {
        "page": Paginator(queue, PER_PAGE).get_page(request.GET.get("page")),
        "late": here.overdue(today).count(),
        "untold": queries.untold(steps)[:MOST_UNTOLD],
        "wanted": wanted,
        "states": State.choices,
        "categories": Category.choices,
        "today": today,
        "may_enter": request.user.holds("committee"),
        "may_write": request.user.holds("committee", "street_official"),
        "query": query_without_page(request),
        "views": views_of(request, SavedView.Desk.SUGGESTIONS, request.GET.urlencode()),
    }
    return render(request, "suggestions/suggestions/desk.html", context)


@login_required
@require_GET
def desk_suggestion(request, pk):
    one = suggestion_here(request, pk)
    acts = WAYS_ON.get(State(one.state), ())
    context = {
        "suggestion": one,
        "way": queries.way_of(one),
        "steps": one.steps.select_related("by", "told_by"),
        "can": allowed(request.user, one, *acts, *ANYTIME),
        "alike": queries.alike([one.neighbourhood], one.title, but=one.pk) if one.is_live else [],
        "merged": one.merged.all(),
        "handlings": one.handlings.select_related("unit"),
        "pause": one.pauses.filter(ended_on=None).first(),
        "supporters": queries.supporters(one),
        "replies": one.replies.select_related("unit", "replied_by"),
        "outcomes": one.outcomes.all(),
        "ratings": one.satisfactions.all(),
        "notes": one.notes.select_related("by"),
        "photos": one.photos.select_related("shown"),
        "wording": queries.wording(one),
        "late": one.is_late(timezone.localdate()),
        "rateable": one.state in ("replied", "done"),
        "pausable": one.state in ("submitted", "acknowledged", "assigned", "carrying_out"),
        "back": reverse("suggestions:suggestion_desk"),
    }
    return render(request, "suggestions/suggestions/desk_suggestion.html", context)


@login_required
@GET_OR_POST
def enter_suggestion(request):
    """For somebody at the counter, on the phone, or who wrote a letter."""
    places = list(Neighbourhood.objects.filter(pk__in=request.user.places("committee")))
    if not places:
        raise Http404
    form = told.EnterForm(request.POST or None, request.FILES or None, places=places)

    def enter(by, photos, neighbourhood=None, **values):
        place = neighbourhood or places[0]
        kept = [intake.take_in(photo, neighbourhood_id=place.pk, by=by) for photo in photos]
        return suggestions.enter_suggestion(place, **values, photos=kept, by=by)

    back = reverse("suggestions:suggestion_desk")
    notes = [_("请照提出人的原话写，写完念给他听。")]
    return by_form(
        request,
        form,
        enter,
        said=lambda one: _("已登记，编号 %(number)s") % {"number": one.number},
        to=home,
        page=partial(
            form_page, request, form, _("代居民提建议"), _("登记"), back=back, notes=notes
        ),
    )


@login_required
@GET_OR_POST
def acknowledge_suggestion(request, pk):
    one = asked(request, pk, "acknowledge_suggestion")
    form = forms.WordsForm(request.POST or None)
    act = suggestion_intake.acknowledge_suggestion
    return deed(request, one, act, form, _("受理建议"), _("受理"), _("已受理"))


@login_required
@GET_OR_POST
def publish_suggestion(request, pk):
    one = asked(request, pk, "publish_suggestion")
    first = {"title": one.title, "reasons": one.reasons, "measures": one.measures}
    form = forms.PublishForm(request.POST or None, initial=first)
    act = suggestion_intake.publish_suggestion
    return deed(
        request, one, act, form, _("公开建议"), _("公开"), _("已公开"),
        notes=[_("请去掉姓名、门牌和电话。意思不要改。照片另外一张一张公开。")],
    )  # fmt: skip


@login_required
@GET_OR_POST
def hide_suggestion(request, pk):
    one = asked(request, pk, "hide_suggestion")
    form = forms.ReasonForm(request.POST or None)
    act = suggestion_intake.hide_suggestion
    return deed(request, one, act, form, _("不再公开"), _("不再公开"), _("已不再公开"))


@login_required
@GET_OR_POST
def assign_suggestion(request, pk):
    one = asked(request, pk, "assign_suggestion")
    units = queries.units_for(one.neighbourhood)
    form = forms.AssignForm(request.POST or None, units=units)
    act = suggestion_intake.assign_suggestion
    returned = one.handlings.exclude(return_reason="").last()
    notes = [_("退回的原因：%(why)s") % {"why": returned.return_reason}] if returned else []
    return deed(
        request, one, act, form, _("交办"), _("交给这个单位"), _("已交办，提出人会收到通知"),
        notes=notes,
    )  # fmt: skip


@login_required
@GET_OR_POST
def refer_suggestion(request, pk):
    one = asked(request, pk, "refer_suggestion")
    form = forms.ReferForm(request.POST or None)
    act = suggestion_intake.refer_suggestion
    return deed(request, one, act, form, _("不归我们办，转出"), _("告诉提出人"), _("已告诉提出人"))


@login_required
@GET_OR_POST
def merge_suggestion(request, pk):
    one = asked(request, pk, "merge_suggestion")
    others = Suggestion.objects.filter(neighbourhood=one.neighbourhood_id).live()
    form = forms.MergeForm(request.POST or None, suggestions=others.exclude(pk=one.pk))
    act = suggestion_upkeep.merge_suggestion
    notes = [_("两边的人都会跟着进展。并错了可以撤销。")]
    return deed(request, one, act, form, _("并入别的建议"), _("并入"), _("已并入"), notes=notes)


@login_required
@require_POST
def unmerge_suggestion(request, pk):
    one = asked(request, pk, "unmerge_suggestion")
    act = partial(suggestion_upkeep.unmerge_suggestion, one)
    return by_button(request, act, said=_("已撤销并入"), to=home(one))


@login_required
@GET_OR_POST
def pause_suggestion(request, pk):
    one = asked(request, pk, "pause_suggestion")
    form = forms.PauseForm(request.POST or None)
    act = suggestion_intake.pause_suggestion
    return deed(request, one, act, form, _("暂停办理"), _("暂停"), _("已暂停，提出人会收到通知"))


@login_required
@require_POST
def resume_suggestion(request, pk):
    one = asked(request, pk, "resume_suggestion")
    act = partial(suggestion_intake.resume_suggestion, one)
    return by_button(request, act, said=_("接着办理了"), to=home(one))


@login_required
@require_POST
def read_suggester_phone(request, pk):
    """The number is shown once, on the page one is led back to."""
    one = asked(request, pk, "read_suggester_phone")
    phone = suggestion_answers.read_suggester_phone(one, by=request.user)
    said = _("提出人电话：%(phone)s") % {"phone": phone.removeprefix("+86")}
    messages.info(request, said if phone else _("没有留电话"))
    return redirect(home(one))


@login_required
@require_GET
def suggestion_original(request, pk, photo):
    """The photo as it was sent, for those who know whose it is."""
    one = suggestion_here(request, pk)
    if not may(request.user, "suggestions.see_suggester", one):
        raise Http404
    return serve(request, get_object_or_404(one.photos, pk=photo).original)


@login_required
@GET_OR_POST
def show_suggestion_photo(request, pk, photo):
    """Cover faces and plates, and let everybody see the rest."""
    one = asked(request, pk, "show_suggestion_photo")
    require(request.user, "suggestions.see_suggester", one)
    found = get_object_or_404(one.photos.select_related("original"), pk=photo)
    form = forms.SpotsForm(request.POST or None)

    def show(by, spots):
        shown = None if "hide" in request.POST else found.original
        if shown and spots:
            picture = covered(intake.read(found.original), spots)
            shown = intake.keep(
                picture, found.original.shown_name, "image/jpeg",
                neighbourhood_id=one.neighbourhood_id, by=by,
            )  # fmt: skip
        return suggestion_intake.show_suggestion_photo(found, shown=shown, by=by)

    context = {"suggestion": one, "photo": found, "form": form, "back": home(one)}
    return by_form(
        request,
        form,
        show,
        said=lambda done: _("照片公开了") if done.shown_id else _("照片不公开"),
        to=home(one),
        page=lambda: render(request, "suggestions/suggestions/photo.html", context),
    )


@login_required
@require_POST
def note_suggestion_told(request, pk):
    """A step was told by word of mouth."""
    step = get_object_or_404(SuggestionStep, pk=pk)
    one = asked(request, step.suggestion_id, "note_suggestion_told")
    act = partial(suggestion_upkeep.note_suggestion_told, step)
    return by_button(request, act, said=_("已登记"), to=home(one))
