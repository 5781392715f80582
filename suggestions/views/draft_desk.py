"""The desk of draft laws (草案办理): from the letter to the result, and the text."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from suggestions import draft_paces
from suggestions.actions import drafts as actions
from suggestions.draft_text import parse
from suggestions.forms import drafts as forms
from suggestions.models import ArticleOpinion, ConsultationActivity, DraftArticle, DraftLaw
from suggestions.queries import drafts as queries

from .desk import GET_OR_POST, READERS, allowed, form_page, staff_only

PER_PAGE = 50
State = DraftLaw.State
# What may come next in each state, the usual first.
WAYS_ON = {
    State.PREPARING: ("import_draft", "open_draft", "change_draft_due", "end_draft"),
    State.OPEN: ("close_draft", "change_draft_due"),
    State.CLOSED: ("submit_batch", "change_draft_due", "reopen_draft", "import_draft", "end_draft"),
    State.SUBMITTED: (
        "submit_batch", "ask_about_results", "import_draft", "reopen_draft", "end_draft",
    ),
    State.ENDED: (),
    State.PAST: (),
}  # fmt: skip
TAKES_ENTRIES = (State.OPEN, State.CLOSED, State.SUBMITTED)


def draft_here(request, pk) -> DraftLaw:
    drafts = DraftLaw.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    return get_object_or_404(drafts.select_related("neighbourhood"), pk=pk)


def draft_home(draft) -> str:
    return reverse("suggestions:desk_draft", args=[draft.pk])


def asked(request, pk, act) -> DraftLaw:
    """The draft, for somebody who may do ``act`` to it."""
    draft = draft_here(request, pk)
    require(request.user, f"suggestions.{act}", draft)
    return draft


@login_required
@require_GET
def draft_desk(request):
    """Every draft of one's places: whatever is promised soonest first, the ended ones behind."""
    staff_only(request)
    here = DraftLaw.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    today = timezone.localdate()
    live = here.live().select_related("neighbourhood").order_by("next_on", "pk")
    context = {
        "live": queries.with_figures(live),
        "page": Paginator(
            queries.with_figures(here.filter(state__in=DraftLaw.OVER)), PER_PAGE
        ).get_page(request.GET.get("page")),
        "late": here.overdue(today).count(),
        "today": today,
        "may_start": request.user.holds("committee"),
    }
    return render(request, "suggestions/drafts/desk.html", context)


@login_required
@require_GET
def desk_draft(request, pk):
    """Where a draft stands, every way on, what was said of it."""
    draft = draft_here(request, pk)
    acts = WAYS_ON[State(draft.state)]
    version = queries.latest(draft)
    states = queries.to_review(draft)
    wanted = request.GET.get("state", "")
    opinions = draft.opinions.select_related("article", "merged_into", "final_article", "activity")
    if wanted in ArticleOpinion.State.values:
        opinions = opinions.filter(state=wanted)
    may_work = allowed(
        request.user, draft, "enter_activity", "enter_opinion", "explain_article",
        "record_result", "merge_opinion", "see_speaker", *acts,
    )  # fmt: skip
    context = {
        "draft": draft,
        "acts": acts,
        "can": may_work,
        "version": version,
        "articles": version.articles.all() if version else [],
        "texts": draft.versions.all(),
        "activities": draft.activities.all(),
        "page": Paginator(opinions.order_by("number"), PER_PAGE).get_page(request.GET.get("page")),
        "states": [
            (state, state.label, states.get(state.value, 0)) for state in ArticleOpinion.State
        ],
        "wanted": wanted,
        "to_review": states.get("raised", 0),
        "ready": states.get("accepted", 0),
        "untold": queries.untold(draft)[:PER_PAGE] if may_work["see_speaker"] else [],
        "batches": draft.batches.all(),
        "figures": queries.figures(DraftLaw.objects.filter(pk=draft.pk)),
        "steps": draft.steps.select_related("by"),
        "late": draft.is_late(timezone.localdate()),
        "is_short": draft.state != State.PAST and draft_paces.is_short(draft),
        "least": draft_paces.COMMENT,
        "takes_entries": draft.state in TAKES_ENTRIES,
        "user_id": request.user.pk,
        "back": reverse("suggestions:draft_desk"),
    }
    return render(request, "suggestions/drafts/desk_draft.html", context)


def deed(request, draft, act, form, heading, button, said, **more):
    """One step by its form: the page, the act, back to the draft."""
    notes = [draft.title, *more.pop("notes", ())]
    page = partial(
        form_page, request, form, heading, button, notes=notes, back=draft_home(draft), **more
    )
    return by_form(request, form, act, said=said, to=draft_home(draft), page=page)


def _places(request) -> list[Neighbourhood]:
    places = list(Neighbourhood.objects.filter(pk__in=request.user.places("committee")))
    if not places:
        raise Http404
    return places


def _entered(request, form, act, places, heading, button, said):
    def enter(by, neighbourhood=None, **values):
        return act(neighbourhood or places[0], **values, by=by)

    back = reverse("suggestions:draft_desk")
    page = partial(form_page, request, form, heading, button, back=back)
    return by_form(request, form, enter, said=said, to=draft_home, page=page)


@login_required
@GET_OR_POST
def start_draft(request):
    places = _places(request)
    first = {"received_on": timezone.localdate()}
    form = forms.StartDraftForm(request.POST or None, initial=first, places=places)
    return _entered(
        request, form, actions.start_draft, places, _("登记法规草案"), _("登记"),
        _("已登记，请导入草案文本"),
    )  # fmt: skip


@login_required
@GET_OR_POST
def enter_past_draft(request):
    places = _places(request)
    form = forms.PastDraftForm(request.POST or None, places=places)
    return _entered(
        request, form, actions.enter_past_draft, places, _("补录早年数字"), _("记下"),
        _("已记下"),
    )  # fmt: skip


@login_required
@GET_OR_POST
def import_draft(request, pk):
    """First a look at how it was read; then, with the button under it, it is kept."""
    draft = asked(request, pk, "import_draft")
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    read = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        read = parse(values["text"])
        if "keep" not in request.POST:  # what is kept was seen: the file has become its text
            form = forms.ImportForm(values)
    context = {
        "draft": draft,
        "read": read,
        "form": form,
        "back": draft_home(draft),
    }

    def page():
        return render(request, "suggestions/drafts/import.html", context)

    if request.method != "POST" or "keep" not in request.POST:
        answer = page()
        answer.status_code = 422 if form.errors else 200
        return answer
    said = _("文本已导入。接着请逐条写大白话")
    act = partial(actions.import_draft, draft)
    return by_form(request, form, act, said=said, to=draft_home(draft), page=page)


def _tap(request, pk, act, said):
    draft = draft_here(request, pk)
    return by_button(request, partial(act, draft), said=said, to=draft_home(draft))


@login_required
@require_POST
def open_draft(request, pk):
    return _tap(request, pk, actions.open_draft, _("开始征求意见，已告诉居民"))


@login_required
@require_POST
def close_draft(request, pk):
    return _tap(request, pk, actions.close_draft, _("意见收完，请逐条审核"))


def _due(request, draft):
    first = {"city_due_on": draft.city_due_on, "due_on": draft.due_on}
    return forms.DueForm(request.POST or None, initial=first)


@login_required
@GET_OR_POST
def reopen_draft(request, pk):
    draft = asked(request, pk, "reopen_draft")
    return deed(
        request, draft, partial(actions.reopen_draft, draft), _due(request, draft),
        _("再次征求意见"), _("再次征求"), _("又开始征求意见了"),
        notes=[_("二审稿请先导入。原来的意见都保留。")],
    )  # fmt: skip


@login_required
@GET_OR_POST
def change_draft_due(request, pk):
    draft = asked(request, pk, "change_draft_due")
    return deed(
        request, draft, partial(actions.change_draft_due, draft), _due(request, draft),
        _("改截止日期"), _("改日期"), _("日期已改"),
    )  # fmt: skip


@login_required
@GET_OR_POST
def ask_about_results(request, pk):
    draft = asked(request, pk, "ask_about_results")
    form = forms.AskForm(request.POST or None)
    act = partial(actions.ask_about_results, draft)
    return deed(request, draft, act, form, _("问过结果了"), _("记下"), _("记下了，到时再提醒"))


@login_required
@GET_OR_POST
def end_draft(request, pk):
    draft = asked(request, pk, "end_draft")
    form = forms.EndForm(request.POST or None)
    act = partial(actions.end_draft, draft)
    return deed(
        request, draft, act, form, _("登记草案结果"), _("登记结果"), _("结果已登记"),
        notes=[_("每条意见先要有各自的结果。登记以后不能再改。")],
    )  # fmt: skip


@login_required
@GET_OR_POST
def enter_activity(request, pk):
    draft = asked(request, pk, "enter_activity")
    form = forms.ActivityForm(request.POST or None)
    act = partial(actions.enter_activity, draft)
    return deed(request, draft, act, form, _("登记征求意见活动"), _("登记"), _("活动已登记"))


@login_required
@GET_OR_POST
def change_activity(request, pk):
    here = ConsultationActivity.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    activity = get_object_or_404(here.select_related("draft"), pk=pk)
    require(request.user, "suggestions.change_activity", activity)
    first = {name: getattr(activity, name) for name in forms.ActivityForm.base_fields}
    form = forms.ActivityForm(request.POST or None, initial=first)
    act = partial(actions.change_activity, activity)
    return deed(request, activity.draft, act, form, _("修改活动"), _("保存"), _("已保存"))


@login_required
@GET_OR_POST
def explain_article(request, pk):
    here = DraftArticle.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    article = get_object_or_404(here.select_related("version__draft"), pk=pk)
    require(request.user, "suggestions.explain_article", article)
    first = {"note": article.note, "terms": article.terms}
    form = forms.ExplainForm(request.POST or None, initial=first)
    act = partial(actions.explain_article, article)
    return deed(
        request, article.version.draft, act, form, _("写大白话"), _("保存"), _("已保存"),
        notes=[f"{article.label}　{article.text}"],
    )  # fmt: skip
