"""The voter's way to a receipt, one page a step (表决).

Every page comes back where it was left; a step whose forerunner is missing leads there; what was
cast leads to its receipt; a poll that closed meanwhile says so.
"""

import json
from dataclasses import dataclass
from functools import cached_property, wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.errors import Refused, shown_on
from caoyang_portal.network import client_ip
from caoyang_portal.qr import qr_svg
from consultation.actions import ballots
from consultation.choices import fixed
from consultation.forms.voting import AnswerForm, CodeForm
from consultation.models import Poll, Question
from consultation.queries import voting as queries
from consultation.queries.receipts import Receipt
from consultation.queries.voting import Right
from consultation.secrecy import promise
from consultation.wording import SEVERAL, as_given, choice_words

from .slips import (
    Slip,
    drop_receipt,
    drop_slip,
    keep_receipt,
    keep_slip,
    receipt_of,
    slip_of,
)

GET_OR_POST = require_http_methods(["GET", "POST"])


@dataclass
class Vote:
    """One voter's way through one poll, as it stands in this request."""

    poll: Poll
    right: Right
    slip: Slip | None

    @cached_property
    def questions(self) -> list[Question]:
        return list(self.poll.questions.prefetch_related("options"))

    @property
    def number(self) -> str:
        return self.right.entry.number

    @property
    def is_settled(self) -> bool:
        """Voted, and not to be changed any more."""
        return self.right.mark is not None and not self.poll.may_replace(self.right.mark)

    @property
    def may_change(self) -> bool:
        return not self.is_settled and self.poll.may_revote and self.is_open

    @property
    def is_open(self) -> bool:
        return self.poll.takes_votes(timezone.now())

    @property
    def answers(self) -> dict:
        """What was answered so far; an agent's answers are those of the mandate."""
        if self.right.bound:
            return {q: as_given(self.poll.kind, a) for q, a in self.right.bound.items()}
        return self.slip.answers if self.slip else {}

    @property
    def missing(self) -> Question | None:
        if {str(number) for number in ballots.options_of(self.poll.pk)} <= set(self.answers):
            return None
        return next((q for q in self.questions if str(q.number) not in self.answers), None)

    def to(self, name: str, *more: int) -> str:
        return reverse(f"consultation:{name}", args=[self.poll.code, self.number, *more])


def step(view):
    """A step of the way: of one's own vote, while it may be cast."""

    @never_cache
    @login_required
    @wraps(view)
    def opened(request, code, number, **kwargs):
        vote = _vote(request, code, number)
        name = request.resolver_match.url_name
        if name == "vote_confirm" and request.method == "POST" and vote.slip:
            return view(request, vote)  # the act decides, by the database's clock
        is_sent_again = vote.right.mark and not vote.slip and name != "vote_question"
        if vote.is_settled or is_sent_again:
            return redirect(vote.to("vote_receipt"))
        if not vote.is_open:
            return _closed_page(request, vote)
        return view(request, vote, **kwargs)

    return opened


def _vote(request, code, number) -> Vote:
    right = queries.right_to(request.user, timezone.localdate(), code, number)
    if right is None:
        raise Http404
    slip = slip_of(request, right)
    if right.bound:
        slip = slip or Slip()
    return Vote(right.poll, right, slip)


def _page(request, vote, template, status=200, **context):
    context = {
        "vote": vote,
        "poll": vote.poll,
        "right": vote.right,
        "neighbourhood": vote.poll.neighbourhood,
        "committee_phone": vote.poll.neighbourhood.committee_phone,
    } | context
    return render(request, f"consultation/voting/{template}.html", context, status=status)


def _closed_page(request, vote, status=200):
    return _page(
        request, vote, "closed", status=status, back=reverse("consultation:poll", args=[vote.poll.code])
    )  # fmt: skip


@require_GET
@login_required
def my_votes(request, code):
    """From the notice's QR: to the one vote that is mine, or to a choice between several."""
    poll = get_object_or_404(queries.public_polls(), code=code)
    rights = queries.rights(request.user, timezone.localdate(), [poll.pk])[poll.pk]
    if len(rights) == 1:
        return redirect("consultation:vote", code, rights[0].entry.number)
    context = {"poll": poll, "rights": rights, "back": reverse("consultation:poll", args=[code])}
    return render(request, "consultation/voting/my_votes.html", context)


@require_GET
@never_cache
@login_required
def start(request, code, number):
    """What is asked, by which rule, until when, how secret it is (开始)."""
    vote = _vote(request, code, number)
    kept, not_kept = promise(vote.poll.secrecy)
    return _page(
        request,
        vote,
        "start",
        rule=queries.rule_words(vote.poll.kind),
        bars=queries.rule_picture(vote.poll.kind),
        promised=kept,
        not_promised=not_kept,
        back=reverse("consultation:poll_list"),
    )


@GET_OR_POST
@step
def question(request, vote, question):
    """One question a page; nothing preselected."""
    asked = next((q for q in vote.questions if q.number == question), None)
    if asked is None:
        raise Http404
    if vote.right.bound:
        return redirect(vote.to("vote_check"))
    kind, slip = vote.poll.kind, vote.slip or Slip()
    before = slip.answers.get(str(question))
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        question=asked,
        initial=AnswerForm.filled(kind, before) if before else {},
    )
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            answer = form.given()
            fixed(vote.poll, {question: len(form.options)}, {str(question): answer})
            slip.answers[str(question)] = answer
            vote.slip = slip
            after = vote.missing
            response = redirect(
                vote.to("vote_question", after.number) if after else vote.to("vote_check")
            )
            keep_slip(response, request, vote.right, slip)
            return response
    return _page(
        request,
        vote,
        "question",
        status=422 if form.errors else 200,
        question=asked,
        form=form,
        last=len(vote.questions),
        is_several=kind.method in SEVERAL,
        back=vote.to("vote_question", question - 1) if question > 1 else vote.to("vote"),
    )


@require_GET
@step
def check(request, vote):
    """Every answer once more, each with a way to change it (核对)."""
    if vote.missing:
        return redirect(vote.to("vote_question", vote.missing.number))
    options = {q.number: len(q.options.all()) for q in vote.questions}
    answers = fixed(vote.poll, options, vote.answers)
    lines = [(q, choice_words(vote.poll.kind, q, answers[str(q.number)])) for q in vote.questions]
    last = vote.questions[-1].number
    back = vote.to("vote") if vote.right.bound else vote.to("vote_question", last)
    return _page(request, vote, "check", lines=lines, back=back)


@require_POST
@step
def send_code(request, vote):
    """Send the code that casts this vote (获取验证码)."""
    ask, subject = ballots.ask_vote_code, vote.right.entry
    if vote.right.proxy:
        ask, subject = ballots.ask_proxy_code, vote.right.proxy
    try:
        ask(
            subject,
            session_key=request.session.session_key,
            ip=client_ip(request),
            by=request.user,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("验证码已发出，请看手机短信。"))
    return redirect(vote.to("vote_confirm"))


@GET_OR_POST
@step
def confirm(request, vote):
    """The code from the phone, and the vote counts (投出)."""
    if vote.missing:
        return redirect(vote.to("vote_question", vote.missing.number))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            return _cast(request, vote, form.cleaned_data["code"])
        vote = _vote(request, vote.poll.code, vote.number)  # as it stands after the refusal
        if vote.is_settled:
            return redirect(vote.to("vote_receipt"))
        if not vote.is_open:
            return _closed_page(request, vote, status=409)
    response = _page(
        request,
        vote,
        "confirm",
        status=422 if form.errors else 200,
        form=form,
        sent=_code_on_its_way(request, vote.right),
        back=vote.to("vote_check"),
    )
    if vote.right.bound:
        keep_slip(response, request, vote.right, vote.slip)
    return response


def _cast(request, vote, code):
    given = {
        "choices": vote.answers,
        "code": code,
        "session_key": request.session.session_key,
        "form_key": vote.slip.form_key,
        "by": request.user,
    }
    if vote.right.proxy:
        receipt = ballots.cast_by_proxy(vote.right.proxy, **given)
    else:
        receipt = ballots.cast_online(vote.right.entry, **given)
    response = redirect(vote.to("vote_receipt"))
    keep_receipt(response, request, vote.right, receipt)
    drop_slip(response, vote.right)
    return response


def _code_on_its_way(request, right) -> OneTimeCode | None:
    return (
        OneTimeCode.objects.filter(
            user=request.user,
            purpose=ballots.VOTE,
            bound_to=ballots.bound_to(right.entry),
            used_at=None,
            expires_at__gt=timezone.now(),
            tries_left__gt=0,
        )
        .order_by("-sent_at")
        .first()
    )


@require_GET
@never_cache
@login_required
def receipt(request, code, number):
    """The receipt; or, where it lies on another phone, that and how the vote was given (回执)."""
    vote = _vote(request, code, number)
    if vote.right.mark is None:
        return redirect(vote.to("vote"))
    kept = _kept_receipt(request, vote)
    context = {"back": reverse("consultation:poll_list"), "mark": vote.right.mark}
    if kept is None:
        return _page(request, vote, "voted", **context)
    named = sorted(kept.codes.items())
    link = settings.SITE_URL + reverse("consultation:check_ballot", args=[code])
    return _page(
        request,
        vote,
        "receipt",
        receipt=kept,
        codes=named,
        qr=qr_svg(f"{link}#{'+'.join(code for _q, code in named)}"),
        is_kept_here=vote.poll.is_secret,
        **context,
    )


def _kept_receipt(request, vote) -> Receipt | None:
    """By name it is made again from the ballot; else it lies in this browser or nowhere."""
    if not vote.poll.is_secret:
        return queries.open_receipt(vote.right, vote.poll)
    kept = receipt_of(request, vote.right)
    if kept and queries.is_replaced(vote.right, kept):
        return None
    return kept


@require_GET
@never_cache
@login_required
def receipt_file(request, code, number):
    """The signed receipt as a file; it says nothing of the voter nor of the choice."""
    vote = _vote(request, code, number)
    kept = _kept_receipt(request, vote)
    if vote.right.mark is None or kept is None:
        return redirect(vote.to("vote_receipt"))
    facts = {
        "receipt": kept.text,
        "signature": kept.signature,
        "key": vote.poll.receipt_key,
        "scheme": "Ed25519",
    }
    response = HttpResponse(
        json.dumps(facts, ensure_ascii=False, indent=1), content_type="application/json"
    )
    response["Content-Disposition"] = f'attachment; filename="{code}-receipt.json"'
    return response


@require_POST
@login_required
def forget_receipt(request, code, number):
    """Take the receipt off a phone that others use too."""
    vote = _vote(request, code, number)
    response = redirect(vote.to("vote_receipt"))
    drop_receipt(response, vote.right)
    drop_slip(response, vote.right)
    messages.success(request, _("这部手机上的回执已删除，您的票照样算数。"))
    return response
