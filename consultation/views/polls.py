"""A poll from its draft to its opening (表决): list, draft, checklist, announcement."""

import datetime as dt
from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.htmx import part
from consultation.actions import polls as actions
from consultation.actions import rolls
from consultation.forms import polls as forms
from consultation.models import Channel, Poll, PollKind, Secrecy
from consultation.queries import polls as queries
from consultation.queries.kinds import in_one_sentence
from consultation.queries.rolls import answers, turnout
from consultation.secrecy import promise

from .desk import (
    GET_OR_POST,
    READERS,
    allowed,
    at,
    form_page,
    home,
    poll_here,
    staff_only,
)

DETAIL = "consultation/desk/poll.html"
TURNOUT = "consultation/desk/turnout.html"
FRESH_FOR = 3  # seconds a turnout may be old; its page asks every ten
FEW = 5  # of a building with fewer the street sees no number
ACTS = (
    "edit_poll", "set_questions", "set_scrutineers", "announce_poll", "build_roll", "freeze_roll",
    "open_poll", "void_poll", "see_voters", "see_turnout", "open_envelopes", "finish_count",
    "publish_result", "settle_follow_up", "remind",
)  # fmt: skip


@login_required
@require_GET
def desk(request):
    """Every poll of one's places, with state, closing and turnout."""
    staff_only(request)
    polls = (
        Poll.objects.visible_to(request.user)
        .filter(neighbourhood_id__in=request.user.reach(*READERS))
        .select_related("kind", "neighbourhood")
        .order_by("-drafted_at", "pk")
    )
    state = request.GET.get("state", "")
    if state in Poll.State.values:
        polls = polls.filter(state=state)
    page = Paginator(polls, 20).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": list(zip(page, answers(page), strict=True)),
        "states": Poll.State.choices,
        "state": state,
        "may_draft": request.user.holds("committee"),
    }
    return render(request, "consultation/desk/polls.html", context)


@login_required
@require_GET
def choose_kind(request):
    """Which kind of poll: each with its law, its electorate and its rule in a sentence."""
    places = _places(request)
    today = timezone.localdate()
    kinds = {kind.pk: kind for place in places for kind in PollKind.objects.usable(place, today)}
    rows = [(kind, in_one_sentence(kind)) for kind in kinds.values()]
    return render(request, "consultation/desk/choose_kind.html", {"rows": rows})


def _places(request):
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    if not places:
        raise Http404
    return places


@login_required
@GET_OR_POST
def draft_poll(request, pk):
    places = _places(request)
    kind = get_object_or_404(PollKind.objects.visible_to(request.user), pk=pk)
    now = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    opens_at = now + dt.timedelta(days=kind.notice_days + 2)
    first = {
        "code": f"{kind.code}-{now:%y%m%d}",
        "secrecy": kind.secrecies[0],
        "scope": Poll.Scope.NEIGHBOURHOOD,
        "opens_at": opens_at,
        "closes_at": opens_at + dt.timedelta(days=14, hours=9),
    }
    form = forms.DraftForm(request.POST or None, initial=first, kind=kind, neighbourhoods=places)
    notes = [kind.name, kind.legal_basis, kind.get_electorate_display(), in_one_sentence(kind)]

    def draft(neighbourhood, by, **values):
        return actions.draft_poll(neighbourhood, kind=kind, **values, by=by)

    return by_form(
        request,
        form,
        draft,
        said=_("草稿已建立，请写议项"),
        to=lambda poll: at("set_questions", poll),
        page=partial(
            form_page, request, None, form, _("起草表决"), _("建立草稿"), notes=notes,
            back=reverse("consultation:choose_kind"),
        ),
    )  # fmt: skip


@login_required
@require_GET
def desk_poll(request, pk):
    """Where a poll stands, what keeps it from its next step, and every way on."""
    poll = poll_here(request, pk)
    now = timezone.now()
    kept, not_kept = promise(poll.secrecy)
    context = {
        "poll": poll,
        "questions": poll.questions.prefetch_related("options"),
        "sentence": in_one_sentence(poll.kind),
        "promised": kept,
        "not_promised": not_kept,
        "missing": queries.blockers(poll, now),
        "advice": queries.advice(poll) if poll.state in Poll.ROLL_MOVES else [],
        "can": allowed(request.user, poll, *ACTS),
        "may_freeze": poll.state == Poll.State.ANNOUNCED and not queries.freezing(poll),
        "roll_entries": poll.roll.exists(),
        "building": bool(queries.being_built(poll)),
        "objections": poll.objections.filter(upheld=None).count(),
        "steps": _steps(poll),
        "tasks": poll.follow_ups.select_related("done_by"),
        "back": reverse("consultation:desk"),
    }
    return render(request, DETAIL, context)


CHAIN = list(Poll.State)[:-1]


def _steps(poll):
    """The way of a poll, for the line on top of its page."""
    if poll.state == Poll.State.VOID:
        return []
    here = CHAIN.index(poll.state)
    words = {-1: "done", 0: "now", 1: "next"}
    return [(state.label, words[(n > here) - (n < here)]) for n, state in enumerate(CHAIN)]


@login_required
@GET_OR_POST
def edit_poll(request, pk):
    poll = poll_here(request, pk)
    require(request.user, "consultation.edit_poll", poll)
    names = ("title", "explanation", "secrecy", "opens_at", "closes_at")
    first = {name: getattr(poll, name) for name in names}
    form = forms.PollForm(request.POST or None, initial=first, kind=poll.kind)

    def edit(by, **changes):
        return actions.edit_poll(poll, changes=changes, by=by)

    page = partial(form_page, request, poll, form, _("修改表决"), _("保存"))
    return by_form(request, form, edit, said=_("已保存"), to=home(poll), page=page)


@login_required
@GET_OR_POST
def set_questions(request, pk):
    poll = poll_here(request, pk)
    require(request.user, "consultation.set_questions", poll)
    written = forms.as_text(poll.questions.prefetch_related("options"))
    form = forms.QuestionsForm(
        request.POST or None, initial={"questions": written}, kind=poll.kind
    )
    page = partial(form_page, request, poll, form, _("编写议项"), _("保存议项"))
    act = partial(actions.set_questions, poll)
    return by_form(request, form, act, said=_("议项已保存"), to=home(poll), page=page)


@login_required
@GET_OR_POST
def set_scrutineers(request, pk):
    """How the scrutineers make their lock without network, and its public half."""
    poll = poll_here(request, pk)
    require(request.user, "consultation.set_scrutineers", poll)
    if poll.secrecy != Secrecy.SEALED:
        raise Http404
    first = {"names": "\n".join(poll.scrutineers), "public_key": poll.scrutineer_key}
    form = forms.ScrutineersForm(request.POST or None, initial=first)
    context = {"poll": poll, "form": form, "back": home(poll)}
    return by_form(
        request,
        form,
        partial(actions.set_scrutineers, poll),
        said=_("监票人和公钥已登记"),
        to=home(poll),
        page=lambda: render(request, "consultation/desk/scrutineers.html", context),
    )


@login_required
@require_POST
def announce_poll(request, pk):
    poll = poll_here(request, pk)
    act = partial(actions.announce_poll, poll)
    return by_button(request, act, said=_("已公告，题目不能再改"), to=home(poll))


@login_required
@require_POST
def freeze_roll(request, pk):
    poll = poll_here(request, pk)
    act = partial(rolls.freeze_roll, poll)
    return by_button(
        request, act, said=lambda done: _("名册已冻结，指纹 %(print)s") % {"print": done.roll_fingerprint},
        to=home(poll),
    )  # fmt: skip


@login_required
@require_POST
def open_poll(request, pk):
    poll = poll_here(request, pk)
    return by_button(
        request, partial(actions.open_poll, poll), said=_("表决开始了"), to=home(poll)
    )


@login_required
@GET_OR_POST
def void_poll(request, pk):
    poll = poll_here(request, pk)
    require(request.user, "consultation.void_poll", poll)
    form = forms.VoidForm(request.POST or None)
    notes = [_("作废以后名册上的人都会收到通知。已投的票都留着，不再计算。")]

    def void(reason, by, **_sure):
        return actions.void_poll(poll, reason=reason, by=by)

    page = partial(
        form_page, request, poll, form, _("作废表决"), _("作废"), notes=notes, danger=True
    )
    return by_form(request, form, void, said=_("表决已作废"), to=home(poll), page=page)


@login_required
@require_GET
def desk_turnout(request, pk):
    """Turnout by building and channel, live; never a split of votes."""
    poll = poll_here(request, pk)
    require(request.user, "consultation.see_turnout", poll)
    # Counted once for all who look in the same moment: a large roll takes a third of a second.
    key = f"turnout:{poll.neighbourhood_id}:{poll.pk}"
    rows = caches["local"].get_or_set(key, lambda: turnout(poll), FRESH_FOR)
    *buildings, whole = rows
    if not may(request.user, "consultation.see_voters", poll):
        buildings = [row for row in buildings if row.heads >= FEW]
    context = {
        "poll": poll,
        "rows": [
            (row, [row.by_channel.get(channel, 0) for channel in Channel.values])
            for row in [*buildings, whole]
        ],
        "channels": [channel.label for channel in Channel],
        "whole": whole,
        "at": timezone.localtime(),
        "goes_on": poll.state == Poll.State.OPEN,
        "back": home(poll),
    }
    return render(request, part(request, TURNOUT, "figures"), context)
