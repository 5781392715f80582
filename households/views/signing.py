"""The resident's way to the signature, one page a step (签约办理).

Every page comes back where it was left; a step whose forerunner is missing leads there; what is
signed leads to its receipt.
"""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.calendars.deadlines import add_working_days
from caoyang_portal.errors import Refused, shown_on
from caoyang_portal.network import client_ip
from households.actions import signatures
from households.actions.progress import note_step
from households.forms.signing import SignForm
from households.models import Agreement, Signatory
from households.queries.agreements import current_plan, differences, key_points
from households.queries.journey import Journey, checked_journey, journey_of
from households.queries.signing import allowances, consent_sentence

GET_OR_POST = require_http_methods(["GET", "POST"])


def step(view):
    """A step of the journey: of one's own home, in its order, under the version in force."""

    @login_required
    @wraps(view)
    def opened(request, pk, **kwargs):
        name = request.resolver_match.url_name.replace("chapter", "read").replace(
            "full_text", "tasks"
        )
        if name == "sign_name" and request.method == "POST":
            checked = checked_journey(pk, request.user)
            if checked:
                return view(request, checked)  # the act asks the rest
        journey = _journey(request, pk)
        newer = _newer(journey.agreement)
        if newer:
            messages.warning(request, _("协议已更新，请重新核对新的版本。"))
            return redirect("households:sign_tasks", newer.pk)
        if name in ("sign_check", "sign_notice", "sign_code", "sign_name") and _is_done(journey):
            return redirect("households:sign_receipt", pk)
        if not journey.reaches(name):
            return redirect(f"households:{journey.next_step}", pk)
        return view(request, journey, **kwargs)

    return opened


def _journey(request, pk) -> Journey:
    seen = Agreement.objects.at_home_of(request.user).select_related(
        "household__building", "project", "neighbourhood", "template"
    )
    seen = seen.defer("text", "key_points", "template__body", "template__key_points")
    return journey_of(get_object_or_404(seen, pk=pk), request.user)


def _newer(agreement) -> Agreement | None:
    if agreement.state != Agreement.State.SUPERSEDED:
        return None
    return Agreement.objects.filter(supersedes=agreement, frozen_at__isnull=False).first()


def _is_done(journey) -> bool:
    return journey.mine is None and bool(journey.receipts)


def _page(request, journey, template, status=200, **context):
    context = {"journey": journey, "agreement": journey.agreement} | context
    return render(request, f"households/signing/{template}.html", context, status=status)


def _to(name: str, journey) -> HttpResponseRedirect:
    return redirect(f"households:{name}", journey.agreement.pk)


def _back(name: str, journey) -> str:
    return reverse(f"households:{name}", args=[journey.agreement.pk])


@require_GET
def start(request, pk):
    """What signing is, who may, what one needs (开始). Says nothing of any home, so it is public."""
    return render(request, "households/signing/start.html", {"pk": pk})


@GET_OR_POST
@login_required
def identity(request, pk):
    """这是您的家吗？"""
    journey = _journey(request, pk)
    if request.method == "POST":
        note_step(journey.agreement, request.user, "identity_confirmed_at")
        return _to("sign_tasks", journey)
    return _page(request, journey, "identity")


@require_GET
@step
def tasks(request, journey):
    """The task list (办理清单)."""
    tasks = journey.tasks()
    due = (task for task in tasks if task.state == "open" and task.url_name != "sign_materials")
    next_task = next((task.url_name for task in due), "")
    return _page(request, journey, "tasks", tasks=tasks, next_task=next_task)


@GET_OR_POST
@step
def plan(request, journey):
    """① What becomes of the home (看改造方案)."""
    if request.method == "POST":
        note_step(journey.agreement, request.user, "plan_seen_at")
        return _to("sign_tasks", journey)
    agreement = journey.agreement
    planned = agreement.plan or current_plan(agreement.project, agreement.household)
    return _page(
        request,
        journey,
        "plan",
        plan=planned,
        drawings=planned.drawings.select_related("file") if planned else [],
        back=_back("sign_tasks", journey),
    )


@GET_OR_POST
@step
def details(request, journey):
    """② Areas and sums (看本户明细)."""
    if request.method == "POST":
        note_step(journey.agreement, request.user, "details_seen_at", amount_seen=journey.total)
        return _to("sign_tasks", journey)
    return _page(
        request,
        journey,
        "details",
        allowances=allowances(journey.agreement),
        back=_back("sign_tasks", journey),
    )


@GET_OR_POST
@step
def people(request, journey):
    """③ Who must sign (确认谁来签)."""
    if request.method == "POST":
        note_step(journey.agreement, request.user, "signatories_seen_at")
        return _to("sign_tasks", journey)
    return _page(request, journey, "people", back=_back("sign_tasks", journey))


@GET_OR_POST
@step
def read(request, journey):
    """The agreement: its three sentences, what changed, its chapters (读协议)."""
    if request.method == "POST":  # read on paper already
        note_step(journey.agreement, request.user, chapters_read=len(journey.chapters))
        return _to("sign_check", journey)
    return _page(
        request,
        journey,
        "read",
        key_points=key_points(journey.agreement),
        differences=differences(journey.agreement),
        next_chapter=min(journey.progress.chapters_read + 1, len(journey.chapters)),
        back=_back("sign_tasks", journey),
    )


@GET_OR_POST
@step
def read_chapter(request, journey, number):
    """One chapter a page."""
    last = len(journey.chapters)
    if not 1 <= number <= last:
        return _to("sign_read", journey)
    if request.method == "POST":
        note_step(
            journey.agreement,
            request.user,
            chapters_read=max(number, journey.progress.chapters_read),
        )
        if number == last:
            return _to("sign_check", journey)
        return redirect("households:sign_chapter", journey.agreement.pk, number + 1)
    chapter = journey.chapters[number - 1]
    before = "sign_read" if number == 1 else None
    return _page(
        request,
        journey,
        "chapter",
        chapter=chapter,
        text=sanitised(chapter.html),
        number=number,
        last=last,
        back=_back(before, journey)
        if before
        else reverse("households:sign_chapter", args=[journey.agreement.pk, number - 1]),
    )


@require_GET
@step
def full_text(request, journey):
    """The whole agreement on one page (全文)."""
    text = sanitised(journey.agreement.text)
    return _page(request, journey, "full_text", text=text, back=_back("sign_tasks", journey))


def sanitised(html):
    return mark_safe(html)  # noqa: S308 cleaned, and its values escaped, when it was frozen


@GET_OR_POST
@step
def check(request, journey):
    """Everything once more on one page (核对)."""
    if request.method == "POST":
        note_step(journey.agreement, request.user, "checked_at")
        return _to("sign_notice" if journey.is_odd else "sign_name", journey)
    return _page(
        request,
        journey,
        "check",
        key_points=key_points(journey.agreement),
        consent=consent_sentence(journey.agreement.project),
        back=_back("sign_read", journey),
    )


@GET_OR_POST
@step
def notice(request, journey):
    """Only when something is odd: the sum or the text changed, or somebody at home objects (请留意)."""
    if request.method == "POST":
        seen = {"oddities_seen": journey.oddities.digest}
        note_step(journey.agreement, request.user, **seen)
        return _to("sign_name", journey)
    if not journey.is_odd:
        return _to("sign_check", journey)
    return _page(request, journey, "notice", back=_back("sign_check", journey))


@require_POST
@step
def send_code(request, journey):
    """Send the code that signs this text (获取验证码)."""
    if journey.mine is None:
        return _to("sign_tasks", journey)
    try:
        signatures.ask_signing_code(
            journey.agreement,
            signatory=journey.mine.signatory,
            session_key=request.session.session_key,
            ip=client_ip(request),
            by=request.user,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("验证码已发出，请看手机短信。"))
    return _to("sign_name", journey)


@GET_OR_POST
@step
def sign_name(request, journey):
    """The code, the name, the signature (签名)."""
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            _sign(request, journey, **form.cleaned_data)
        if form.is_valid():
            return _to("sign_receipt", journey)
    if request.method == "POST":
        journey = _journey(request, journey.agreement.pk)
    if _is_done(journey):
        return _to("sign_receipt", journey)
    if journey.mine is None or journey.on_paper:
        return _page(request, journey, "on_paper", back=_back("sign_check", journey))
    form.initial = {
        "document_sha256": journey.agreement.document_sha256,
        "signatory": journey.mine.signatory.pk,
    }
    return _name_page(request, journey, form)


def _name_page(request, journey, form):
    return _page(
        request,
        journey,
        "name",
        status=422 if form.errors else 200,
        form=form,
        code=journey.code_on_its_way,
        consent=consent_sentence(journey.agreement.project),
        back=_back("sign_check", journey),
    )


def _sign(request, journey, *, signatory, consent, **given):
    line = Signatory.objects.filter(agreement=journey.agreement, pk=signatory).first()
    if line is None:
        raise Refused(_("协议已更新，请重新核对新的版本。"))
    signatures.sign_online(
        journey.agreement,
        signatory=line,
        idempotency_key=str(journey.idempotency_key(line)),
        session_key=request.session.session_key,
        device=device_of(request),
        by=request.user,
        **given,
    )


def device_of(request) -> dict[str, str]:
    """What the evidence keeps of the device."""
    return {
        "ip": client_ip(request),
        "user_agent": request.headers.get("User-Agent", "")[:300],
    }


@require_GET
@login_required
def receipt(request, pk):
    """The receipt, at the same address for ever (回执)."""
    journey = _journey(request, pk)
    if not journey.receipts:
        return _to("sign_tasks", journey)
    latest = max(journey.receipts, key=lambda signature: signature.signed_at)
    sealed_by = add_working_days(timezone.localdate(latest.signed_at), 1)
    return _page(request, journey, "receipt", signature=latest, seal_day=sealed_by)
