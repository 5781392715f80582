"""Signing minutes and what comes after (签字、盖章、补记)."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.errors import Refused
from caoyang_portal.htmx import part
from caoyang_portal.network import client_ip
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from consultation.actions import minutes_papers, minutes_signing
from consultation.forms import minutes as forms
from consultation.forms.polls import WhyForm
from consultation.models import Minutes, MinutesPaper, MinutesSignatory, MinutesSignature
from consultation.queries import minutes as queries

from .desk import GET_OR_POST, form_page
from .minutes import minutes_of, resident_page
from .minutes_desk import at, minutes_here

PROGRESS = "consultation/minutes/progress.html"


def _own_signatory(request, pk) -> MinutesSignatory:
    minutes = Minutes.objects.select_related("meeting__host", "neighbourhood")
    signatory = MinutesSignatory.objects.filter(
        minutes=get_object_or_404(minutes, meeting=pk), user=request.user
    ).first()
    if signatory is None:
        raise Http404
    signatory.minutes = minutes_of(request, pk)
    return signatory


@never_cache
@login_required
@GET_OR_POST
def sign_minutes(request, pk):
    """The full text with its fingerprint, and the code that signs it (签字)."""
    signatory = _own_signatory(request, pk)
    minutes, version = signatory.minutes, queries.current(signatory.minutes)
    form = forms.SignForm(request.POST or None, initial={"text_sha256": version.text_sha256})

    def sign(by, **given):
        return minutes_signing.sign_minutes(
            signatory, session_key=request.session.session_key, by=by, **given
        )

    def page():
        signature = version.signatures.filter(signatory=signatory).first()
        return resident_page(
            request, minutes, "sign", signatory=signatory, version=version, body=version.body,
            form=form, sent=_code_on_its_way(request, version), signature=signature,
            waits=minutes.state == Minutes.State.SIGNING and not signature,
            back=at("minutes_page", minutes),
        )  # fmt: skip

    to = at("sign_minutes", minutes)
    return by_form(request, form, sign, said=_("已签字，谢谢您"), to=to, page=page)


def _code_on_its_way(request, version):
    sent = OneTimeCode.objects.filter(
        user=request.user, bound_to=minutes_signing.bound_to(version), used_at=None
    )
    return sent.order_by("-sent_at").first()


@login_required
@require_POST
def ask_minutes_code(request, pk):
    signatory = _own_signatory(request, pk)
    try:
        minutes_signing.ask_minutes_code(
            signatory,
            session_key=request.session.session_key,
            ip=client_ip(request),
            by=request.user,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("验证码已发出，请看手机短信。"))
    return redirect(at("sign_minutes", signatory.minutes) + "#code")


@login_required
@require_POST
def start_signing(request, pk):
    minutes = minutes_here(request, pk)
    act = partial(minutes_signing.start_signing, minutes)
    return by_button(
        request, act, said=_("开始签字，已告诉签字人"), to=at("desk_minutes", minutes)
    )


@login_required
@GET_OR_POST
def reopen_minutes(request, pk):
    minutes = minutes_here(request, pk)
    require(request.user, "consultation.reopen_minutes", minutes)
    form = WhyForm(request.POST or None)
    notes = [_("退回以后可以再提更正。改出新的一版，签过字的要重新签。")]
    page = partial(
        form_page, request, None, form, _("退回更正"), _("退回"), notes=notes, danger=True,
        back=at("desk_minutes", minutes),
    )  # fmt: skip
    act = partial(minutes_signing.reopen_minutes, minutes)
    return by_form(
        request, form, act, said=_("已退回更正"), to=at("desk_minutes", minutes), page=page
    )


def _signatory_here(request, pk) -> MinutesSignatory:
    found = MinutesSignatory.objects.select_related("minutes", "user")
    signatory = get_object_or_404(found, pk=pk)
    signatory.minutes = minutes_here(request, signatory.minutes.meeting_id)
    return signatory


@login_required
@GET_OR_POST
def enter_minutes_signature(request, pk):
    """A signature on paper: the scan, the day, and the fingerprint printed on the sheet."""
    signatory = _signatory_here(request, pk)
    require(request.user, "consultation.enter_minutes_signature", signatory)
    form = forms.PaperSignatureForm(request.POST or None, request.FILES or None)
    to = at("desk_minutes", signatory.minutes)

    def enter(scan, by, **given):
        place = signatory.minutes.neighbourhood_id
        kept = intake.take_in(scan, neighbourhood_id=place, by=by, conceal=True)
        return minutes_signing.enter_minutes_signature(signatory, scan=kept, by=by, **given)

    page = partial(
        form_page,
        request,
        None,
        form,
        _("录入纸上签字"),
        _("录入"),
        notes=[str(signatory)],
        back=to,
    )
    return by_form(request, form, enter, said=_("签字已录入"), to=to, page=page)


@login_required
@GET_OR_POST
def excuse_signatory(request, pk):
    signatory = _signatory_here(request, pk)
    require(request.user, "consultation.excuse_signatory", signatory)
    form = WhyForm(request.POST or None)
    to = at("desk_minutes", signatory.minutes)
    page = partial(
        form_page, request, None, form, _("注明没有签字"), _("注明"), notes=[str(signatory)],
        danger=True, back=to,
    )  # fmt: skip
    act = partial(minutes_signing.excuse_signatory, signatory)
    return by_form(request, form, act, said=_("已注明"), to=to, page=page)


@login_required
@require_GET
def minutes_signature_scan(request, pk):
    """The scan of a signature on paper."""
    signature = get_object_or_404(
        MinutesSignature.objects.select_related("scan", "version__minutes"), pk=pk
    )
    minutes = minutes_here(request, signature.version.minutes.meeting_id)
    require(request.user, "consultation.enter_correction", minutes)
    if signature.scan is None:
        raise Http404
    return serve(request, signature.scan)


@login_required
@require_GET
def minutes_progress(request, pk):
    """How far the sealed files are; the page may be closed, the work goes on."""
    minutes = minutes_here(request, pk)
    papers = list(minutes.papers.select_related("addendum"))
    if not papers:
        raise Http404
    context = {
        "minutes": minutes,
        "papers": papers,
        "progress": queries.progress(papers),
        "back": at("desk_minutes", minutes),
    }
    return render(request, part(request, PROGRESS, "progress"), context)


@login_required
@require_POST
def retry_minutes_paper(request, pk):
    paper = get_object_or_404(MinutesPaper.objects.select_related("minutes"), pk=pk)
    minutes = minutes_here(request, paper.minutes.meeting_id)
    act = partial(minutes_papers.retry_minutes_paper, paper)
    return by_button(request, act, said=_("正在重新做"), to=at("minutes_progress", minutes))


@login_required
@GET_OR_POST
def add_addendum(request, pk):
    """What is added to sealed minutes; it becomes a sealed paper of its own."""
    minutes = minutes_here(request, pk)
    require(request.user, "consultation.add_addendum", minutes)
    form = forms.AddendumForm(request.POST or None, minutes=minutes)
    notes = [_("盖章的纪要不再改动。补记单独盖章，写明属于哪份纪要，并告诉到会的人。")]
    page = partial(
        form_page, request, None, form, _("补记"), _("补记并盖章"), notes=notes,
        back=at("desk_minutes", minutes),
    )  # fmt: skip
    act = partial(minutes_papers.add_addendum, minutes)
    return by_form(
        request,
        form,
        act,
        said=_("补记已写下，正在盖章"),
        to=at("minutes_progress", minutes),
        page=page,
    )
