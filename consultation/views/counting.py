"""After closing: opening sealed ballots, the count, the result and what follows (计票)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_button, by_form
from consultation.actions import counting as actions
from consultation.forms import counting as forms
from consultation.models import FollowUp, Poll, Secrecy
from consultation.queries import polls as checks
from consultation.queries.papers import stages
from consultation.queries.rolls import answered
from consultation.queries.showing import shown_result

from .desk import GET_OR_POST, allowed, at, form_page, home, poll_here, poll_of_voters

COUNTING = "consultation/desk/counting.html"
HAS_RESULT = (Poll.State.COUNTED, Poll.State.PUBLISHED)


@login_required
@require_GET
def desk_counting(request, pk):
    return _page(request, poll_of_voters(request, pk), forms.FinishForm())


def _page(request, poll, form):
    """What still keeps a closed poll from being counted; no split of votes before it is."""
    waiting = poll.inner_envelopes.filter(superseded=False).exclude(ciphertext=b"").count()
    context = {
        "poll": poll,
        "counting": poll.state == Poll.State.COUNTING,
        "missing": checks.counting(poll) if poll.state == Poll.State.COUNTING else [],
        "voted": answered(poll).count(),
        "stages": stages(poll),
        "sealed": poll.secrecy == Secrecy.SEALED,
        "waiting": waiting,
        "form": form,
        "can": allowed(request.user, poll, "open_envelopes", "finish_count"),
        "back": home(poll),
    }
    return render(request, COUNTING, context)


@login_required
@GET_OR_POST
def open_envelopes(request, pk):
    """All scrutineers are here, each with their share."""
    poll = poll_here(request, pk)
    require(request.user, "consultation.open_envelopes", poll)
    if poll.secrecy != Secrecy.SEALED:
        raise Http404
    form = forms.SharesForm(request.POST or None, scrutineers=poll.scrutineers)
    notes = [
        _("每位监票人自己输入自己的分片。钥匙只用这一次，不会保存。"),
        _("分片在各人文件的第二行，64 个字符，空格不用管。"),
    ]

    def unlock(by, **_shares):
        return actions.open_envelopes(poll, shares=form.shares(), by=by)

    to = at("desk_counting", poll)
    page = partial(
        form_page, request, poll, form, _("开启密封票"), _("开启"), notes=notes, back=to
    )
    return by_form(
        request, form, unlock, said=lambda n: _("已开启 %(n)s 张密封票") % {"n": n}, to=to, page=page
    )  # fmt: skip


@login_required
@require_POST
def finish_count(request, pk):
    poll = poll_of_voters(request, pk)
    require(request.user, "consultation.finish_count", poll)
    form = forms.FinishForm(request.POST)
    return by_form(
        request,
        form,
        partial(actions.finish_count, poll),
        said=_("计票完成，结果开始公示"),
        to=at("desk_result", poll),
        page=partial(_page, request, poll, form),
    )


@login_required
@require_GET
def desk_result(request, pk):
    """The exact result, as on the page for everyone and on the sealed notice."""
    poll = poll_here(request, pk)
    if poll.state not in HAS_RESULT:
        raise Http404
    context = {
        "poll": poll,
        "result": poll.result,
        "figures": shown_result(poll),
        "missing": checks.publishing(poll, timezone.now())
        if poll.state == Poll.State.COUNTED
        else [],
        "can": allowed(request.user, poll, "publish_result", "see_voters"),
        "tasks": poll.follow_ups.select_related("done_by"),
        "back": home(poll),
    }
    return render(request, "consultation/desk/result.html", context)


@login_required
@require_POST
def publish_result(request, pk):
    poll = poll_here(request, pk)
    act = partial(actions.publish_result, poll)
    return by_button(request, act, said=_("结果已公布"), to=home(poll))


@login_required
@GET_OR_POST
def settle_follow_up(request, pk):
    task = get_object_or_404(FollowUp, pk=pk)
    poll = poll_here(request, task.poll_id)
    require(request.user, "consultation.settle_follow_up", task)
    form = forms.SettleForm(request.POST or None)
    page = partial(
        form_page, request, poll, form, _("落实情况"), _("登记已办好"), notes=[task.text]
    )
    act = partial(actions.settle_follow_up, task)
    return by_form(request, form, act, said=_("已登记"), to=home(poll), page=page)
