"""The committee's desk of topics (议题): what is promised for when, and every step by its own form."""

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
from caoyang_portal.community.models import Neighbourhood, Organisation
from caoyang_portal.deeds import by_button, by_form
from consultation.actions import topic_upkeep, topics
from consultation.forms import topics as forms
from consultation.models import Poll, Topic, TopicStep
from consultation.paces import promised
from consultation.queries import topics as queries

from .desk import GET_OR_POST, READERS, allowed, form_page, staff_only
from .topics import narrowed, query_without_page, taken_in

PER_PAGE, PER_COLUMN, MOST_UNTOLD = 50, 12, 20
State = Topic.State
# What may come next in each state, the usual first.
WAYS_ON = {
    State.PROPOSED: ("screen_topic", "merge_topic", "decline_topic"),
    State.SCREENED: ("approve_topic", "merge_topic", "decline_topic"),
    State.APPROVED: ("start_deliberation", "merge_topic", "decline_topic"),
    State.DELIBERATING: ("decide_topic", "decline_topic"),
    State.DECIDED: ("assign_topic", "reopen_topic", "decline_topic"),
    State.CARRYING_OUT: ("evaluate_topic", "reopen_topic"),
    State.EVALUATED: ("reopen_topic",),
    State.DECLINED: ("reopen_topic",),
    State.MERGED: ("unmerge_topic",),
    State.WITHDRAWN: (),
}


def _topics(request):
    return Topic.objects.visible_to(request.user).filter(
        neighbourhood_id__in=request.user.reach(*READERS)
    )


@login_required
@require_GET
def topic_desk(request):
    """Four columns, and the queue: whatever is promised soonest comes first, what is late before all."""
    staff_only(request)
    today = timezone.localdate()
    here = _topics(request)
    wanted = dict.fromkeys(("q", "column", "state", "form", "building"), "")
    wanted |= forms.FindForm(request.GET).wanted()
    shown = narrowed(here, wanted)
    if not wanted["state"]:
        shown = shown.live()
    queue = shown.select_related("proposed_by", "minder", "building").order_by("next_on", "pk")
    live = here.live().order_by("next_on", "pk")
    steps = TopicStep.objects.filter(neighbourhood_id__in=request.user.places("committee"))
    context = {
        "page": Paginator(queue, PER_PAGE).get_page(request.GET.get("page")),
        "columns": [
            (column, live.filter(state__in=column.states)[:PER_COLUMN])
            for column in queries.columns(here)
        ],
        "late": queries.late(here, today),
        "untold": queries.untold(steps)[:MOST_UNTOLD],
        "wanted": wanted,
        "states": State.choices,
        "today": today,
        "may_enter": request.user.holds("committee"),
        "query": query_without_page(request),
    }
    return render(request, "consultation/topics/desk.html", context)


def topic_here(request, pk) -> Topic:
    seen = _topics(request).select_related(
        "neighbourhood", "proposed_by", "minder", "payer", "building", "merged_into", "visit"
    )
    return get_object_or_404(seen, pk=pk)


def _home(topic) -> str:
    return reverse("consultation:desk_topic", args=[topic.pk])


@login_required
@require_GET
def desk_topic(request, pk):
    topic = topic_here(request, pk)
    acts = WAYS_ON[State(topic.state)]
    merge = topic.merges.filter(undone_at=None).first()
    context = {
        "topic": topic,
        "way": queries.way_of(topic),
        "steps": topic.steps.select_related("by", "told_by"),
        "screening": topic.screenings.select_related("by").first(),
        "acts": [act for act in acts if act != "unmerge_topic"],
        "can": allowed(
            request.user, topic, "promise_next", "link_poll", "note_told", "see_proposer", *acts
        ),
        "alike": queries.alike([topic.neighbourhood], topic.title, but=topic.pk),
        "merged": topic.merged.all(),
        "merge": merge,
        "supporters": queries.supporters(topic),
        "polls": topic.polls.all(),
        "resolutions": topic.resolutions.all(),
        "meetings": topic.agenda.select_related("meeting").order_by("meeting__starts_at"),
        "photos": topic.photos.all(),
        "late": topic.is_late(timezone.localdate()),
        "back": reverse("consultation:topic_desk"),
    }
    return render(request, "consultation/topics/desk_topic.html", context)


@login_required
@GET_OR_POST
def enter_topic(request):
    """For somebody at the counter, or the committee's own."""
    places = list(Neighbourhood.objects.filter(pk__in=request.user.places("committee")))
    if not places:
        raise Http404
    form = forms.EnterForm(request.POST or None, request.FILES or None, places=places)

    def enter(by, photos, neighbourhood=None, **values):
        place = neighbourhood or places[0]
        return topics.enter_topic(
            place, **values, photos=taken_in(photos, place, by), by=by
        )  # fmt: skip

    back = reverse("consultation:topic_desk")
    return by_form(
        request,
        form,
        enter,
        said=lambda one: _("已登记，编号 %(number)s") % {"number": one.number},
        to=_home,
        page=partial(form_page, request, None, form, _("登记议题"), _("登记"), back=back),
    )


def _deed(request, topic, act, form, heading, button, said, **more):
    """One step by its form: the page, the act, back to the topic."""
    notes = [f"{topic.number} {topic.title}", *more.pop("notes", ())]
    page = partial(
        form_page, request, None, form, heading, button, notes=notes, back=_home(topic), **more
    )
    return by_form(request, form, partial(act, topic), said=said, to=_home(topic), page=page)


def _asked(request, pk, act) -> Topic:
    topic = topic_here(request, pk)
    require(request.user, f"consultation.{act}", topic)
    return topic


def _promised(state) -> dict:
    return {"next_on": promised(state, timezone.localdate())[1]}


@login_required
@GET_OR_POST
def screen_topic(request, pk):
    topic = _asked(request, pk, "screen_topic")
    first = {"title": topic.title, "text": topic.text, **_promised(State.SCREENED)}
    form = forms.ScreenForm(request.POST or None, initial=first)
    alike = queries.alike([topic.neighbourhood], topic.title, but=topic.pk)
    notes = [_("可能重复：%(title)s") % {"title": f"{one.number} {one.title}"} for one in alike]
    return _deed(
        request, topic, topics.screen_topic, form, _("审单"), _("通过审单"), _("已审单"), notes=notes
    )  # fmt: skip


def _payers(topic):
    place = topic.neighbourhood
    own = Organisation.objects.filter(sub_district=place.sub_district_id)
    return own.filter(neighbourhood=None) | own.filter(neighbourhood=place)


@login_required
@GET_OR_POST
def approve_topic(request, pk):
    topic = _asked(request, pk, "approve_topic")
    form = forms.ApproveForm(
        request.POST or None, payers=_payers(topic), initial=_promised(State.APPROVED)
    )
    return _deed(
        request, topic, topics.approve_topic, form, _("批单"), _("登记党组织批准"), _("已批单")
    )


@login_required
@GET_OR_POST
def start_deliberation(request, pk):
    topic = _asked(request, pk, "start_deliberation")
    form = forms.WordsForm(request.POST or None, initial=_promised(State.DELIBERATING))
    return _deed(
        request, topic, topics.start_deliberation, form, _("开始议事"), _("开始议事"), _("开始议事了")
    )  # fmt: skip


@login_required
@GET_OR_POST
def decide_topic(request, pk):
    topic = _asked(request, pk, "decide_topic")
    form = forms.DecideForm(request.POST or None, initial=_promised(State.DECIDED))
    return _deed(
        request, topic, topics.decide_topic, form, _("写下议定的结果"), _("议定"), _("已议定")
    )


@login_required
@GET_OR_POST
def assign_topic(request, pk):
    topic = _asked(request, pk, "assign_topic")
    first = {"payer": topic.payer_id, **_promised(State.CARRYING_OUT)}
    form = forms.PayerForm(request.POST or None, payers=_payers(topic), initial=first)
    return _deed(
        request, topic, topics.assign_topic, form, _("买单"), _("交给这个单位"), _("已交办")
    )


@login_required
@GET_OR_POST
def evaluate_topic(request, pk):
    topic = _asked(request, pk, "evaluate_topic")
    form = forms.EvaluateForm(request.POST or None)
    return _deed(
        request, topic, topics.evaluate_topic, form, _("大家评议"), _("登记评议"), _("已评议")
    )


@login_required
@GET_OR_POST
def decline_topic(request, pk):
    topic = _asked(request, pk, "decline_topic")
    form = forms.DeclineForm(request.POST or None)
    return _deed(
        request, topic, topics.decline_topic, form, _("不列入议题"), _("答复提出人"), _("已答复")
    )


@login_required
@GET_OR_POST
def merge_topic(request, pk):
    topic = _asked(request, pk, "merge_topic")
    others = Topic.objects.filter(neighbourhood=topic.neighbourhood).live().exclude(pk=topic.pk)
    form = forms.MergeForm(request.POST or None, topics=others)
    notes = [_("两边的人都会跟着进展。并错了可以撤销。")]
    return _deed(
        request, topic, topic_upkeep.merge_topic, form, _("并入别的议题"), _("并入"), _("已并入"),
        notes=notes,
    )  # fmt: skip


@login_required
@require_POST
def unmerge_topic(request, pk):
    topic = _asked(request, pk, "unmerge_topic")
    act = partial(topic_upkeep.unmerge_topic, topic)
    return by_button(request, act, said=_("已撤销并入"), to=_home(topic))


@login_required
@GET_OR_POST
def reopen_topic(request, pk):
    topic = _asked(request, pk, "reopen_topic")
    state = State.PROPOSED if topic.state == State.DECLINED else State.DELIBERATING
    form = forms.ReopenForm(request.POST or None, initial=_promised(state))
    return _deed(
        request, topic, topics.reopen_topic, form, _("重新商量"), _("重新商量"), _("重新商量了")
    )


@login_required
@GET_OR_POST
def promise_next(request, pk):
    topic = _asked(request, pk, "promise_next")
    form = forms.PromiseForm(request.POST or None, initial={"next_step": topic.next_step})
    return _deed(
        request, topic, topic_upkeep.promise_next, form, _("改答应的日期"), _("告诉提出人"),
        _("已改，提出人会收到通知"),
    )  # fmt: skip


@login_required
@GET_OR_POST
def link_poll(request, pk):
    topic = _asked(request, pk, "link_poll")
    polls = Poll.objects.filter(neighbourhood=topic.neighbourhood).exclude(topics=topic)
    form = forms.LinkPollForm(request.POST or None, polls=polls)
    return _deed(request, topic, topics.link_poll, form, _("关联表决"), _("关联"), _("已关联"))


@login_required
@require_POST
def note_told(request, pk):
    """A step was told by word of mouth."""
    step = get_object_or_404(TopicStep.objects.select_related("topic"), pk=pk)
    topic = _asked(request, step.topic_id, "note_told")
    act = partial(topic_upkeep.note_told, step)
    return by_button(request, act, said=_("已登记"), to=_home(topic))
