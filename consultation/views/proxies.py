"""Voting with the committee's help: mandates, the tablet, envelopes (委托、平板、信封)."""

import secrets
from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.errors import shown_on
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from consultation.actions import ballots, paper
from consultation.actions import proxies as actions
from consultation.forms.polls import WhyForm
from consultation.forms.proxies import ProxyForm, TabletVoteForm
from consultation.models import CastMark, Channel, Proxy, RollEntry
from consultation.secrecy import promise
from households.actions.witnesses import present_witness

from .desk import GET_OR_POST, PER_PAGE, allowed, at, form_page, home, poll_of_voters

TABLET = "consultation/desk/tablet.html"


def entry_here(request, pk) -> RollEntry:
    """One voter of a poll, for its committee."""
    entry = get_object_or_404(
        RollEntry.objects.visible_to(request.user).select_related("building"), pk=pk
    )
    entry.poll = poll_of_voters(request, entry.poll_id)
    return entry


@login_required
@require_GET
def desk_proxies(request, pk):
    """Every mandate of a poll: who recorded, who has read it, whether it still holds."""
    poll = poll_of_voters(request, pk)
    proxies = Proxy.objects.filter(poll=poll).select_related(
        "entry__household", "recorded_by", "approved_by"
    )
    page = Paginator(proxies.order_by("-recorded_at"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (proxy, allowed(request.user, proxy, "approve_proxy", "revoke_proxy")) for proxy in page
    ]
    context = {"poll": poll, "page": page, "rows": rows, "today": timezone.localdate()}
    return render(request, "consultation/desk/proxies.html", context | {"back": home(poll)})


@login_required
@GET_OR_POST
def record_proxy(request, pk):
    entry = entry_here(request, pk)
    poll = entry.poll
    require(request.user, "consultation.record_proxy", entry)
    form = ProxyForm(request.POST or None, request.FILES or None, poll=poll)

    def enter(agent_name, agent_phone, valid_from, valid_to, document, by, **_answers):
        paper_of = intake.take_in(document, neighbourhood_id=poll.neighbourhood_id, by=by)
        return actions.record_proxy(
            entry, agent_name=agent_name, agent_phone=agent_phone, valid_from=valid_from,
            valid_to=valid_to, document=paper_of, instructions=form.answers(), by=by,
        )  # fmt: skip

    notes = [f"{entry.number} {entry.name}"]
    notes.append(
        _("无记名表决不登记怎么投，意见写在委托书上交给受托人。")
        if poll.is_secret
        else _("照委托书上业主写的意见选。受托人只能照这个投。")
    )
    page = partial(
        form_page, request, poll, form, _("登记表决委托"), _("登记委托"), notes=notes,
        back=at("desk_roll", poll),
    )  # fmt: skip
    return by_form(
        request, form, enter, said=_("已登记，请另一位同事复核"), to=at("desk_proxies", poll), page=page
    )  # fmt: skip


def _proxy(request, pk) -> Proxy:
    proxy = get_object_or_404(Proxy.objects.visible_to(request.user), pk=pk)
    entry = entry_here(request, proxy.entry_id)
    proxy.entry, proxy.poll = entry, entry.poll
    return proxy


@login_required
@require_GET
def proxy_document(request, pk):
    """The mandate itself, which the second person reads before approving."""
    return serve(request, _proxy(request, pk).document)


@login_required
@require_POST
def approve_proxy(request, pk):
    proxy = _proxy(request, pk)
    act = partial(actions.approve_proxy, proxy)
    return by_button(
        request, act, said=_("已复核，受托人可以投票"), to=at("desk_proxies", proxy.poll)
    )


@login_required
@GET_OR_POST
def revoke_proxy(request, pk):
    proxy = _proxy(request, pk)
    require(request.user, "consultation.revoke_proxy", proxy)
    form = WhyForm(request.POST or None)
    to = at("desk_proxies", proxy.poll)
    notes = [f"{proxy.entry.name} → {proxy.agent_name}", _("已经投出的票不受影响。")]
    page = partial(
        form_page, request, proxy.poll, form, _("撤销委托"), _("撤销委托"), notes=notes,
        danger=True, back=to,
    )  # fmt: skip
    act = partial(actions.revoke_proxy, proxy)
    return by_form(request, form, act, said=_("委托已撤销"), to=to, page=page)


@login_required
@GET_OR_POST
def cast_on_tablet(request, pk):
    """The voter chooses on the committee's tablet; a second of the staff witnesses."""
    entry = entry_here(request, pk)
    mark = CastMark(
        neighbourhood_id=entry.neighbourhood_id, poll=entry.poll, entry=entry,
        channel=Channel.TABLET,
    )  # fmt: skip
    require(request.user, "consultation.cast_on_tablet", mark)
    form = TabletVoteForm(
        request.POST or None, poll=entry.poll, initial={"form_key": secrets.token_hex(16)}
    )
    if form.is_valid():
        given = form.cleaned_data
        with shown_on(form):
            witness = present_witness(
                given["witness_phone"], given["witness_password"], operator=request.user
            )
            receipt = ballots.cast_on_tablet(
                entry, choices=form.answers(), witness=witness, form_key=given["form_key"],
                by=request.user,
            )  # fmt: skip
            return _receipt(request, entry, receipt)
    kept, not_kept = promise(entry.poll.secrecy)
    voted = entry.marks.filter(voided=False).first()
    context = {
        "poll": entry.poll,
        "entry": entry,
        "form": form,
        "promised": kept,
        "not_promised": not_kept,
        "voted": voted,
        "may_replace": voted is not None and entry.poll.may_replace(voted),
        "back": at("desk_roll", entry.poll),
    }
    return render(request, TABLET, context, status=422 if form.errors else 200)


def _receipt(request, entry, receipt):
    """What the voter takes home; it says nothing of the choice."""
    context = {"poll": entry.poll, "receipt": receipt, "back": at("desk_roll", entry.poll)}
    return render(request, "consultation/desk/receipt.html", context)


@login_required
@require_POST
def receive_envelope(request, pk):
    entry = entry_here(request, pk)
    return by_button(
        request,
        partial(paper.receive_envelope, entry),
        said=_("已签收 %(n)s 号的信封") % {"n": entry.number},
        to=at("desk_roll", entry.poll),
    )
