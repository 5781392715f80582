"""Pages of agreements: the staff's list and file, the household's own (协议)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Building
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads.views import serve
from households.actions import agreements as actions
from households.forms.agreements import ListForm, MakeForm, ReasonForm, SupersedeForm
from households.models import Agreement, AgreementTemplate, Household, ShareLink
from households.queries import agreements as queries
from households.queries.materials import slots
from households.queries.signing import (
    overtaken_because,
    signatories_with_signatures,
    signature_of,
)

from .assisted import ways_to_assist

LIST = "households/agreements/agreement_list.html"
DETAIL = "households/agreements/agreement_detail.html"
OWN = "households/agreements/my_agreement.html"
TEXT = "households/agreements/agreement_text.html"
DEED = "households/agreements/deed.html"
PER_PAGE = 50


@login_required
@require_GET
def agreement_list(request):
    """The agreements of the desk's neighbourhoods, filtered by the address."""
    if not request.user.holds("committee", "administrator"):
        raise Http404
    seen = Agreement.objects.visible_to(request.user)
    places = seen.order_by().values("household__building").distinct()
    form = ListForm(request.GET, buildings=Building.objects.filter(pk__in=places))
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.agreement_list(
        seen,
        state=wanted.get("state", ""),
        building=wanted.get("building"),
        text=wanted.get("q", ""),
    )
    query = request.GET.copy()
    query.pop("page", None)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, LIST, {"page": page, "form": form, "query": query.urlencode()})


@login_required
@require_GET
def agreement_detail(request, pk):
    """One agreement: the desk sees its state and acts, the household its words."""
    agreement = _visible(request, pk)
    at_desk = may(request.user, "households.see_agreement_desk", agreement)
    lines = list(signatories_with_signatures(agreement))
    overtaken = ""
    if agreement.state in Agreement.UNSIGNED:
        overtaken = overtaken_because(lines)
    page = {
        "agreement": agreement,
        "signatories": lines if _may_see_who_signs(request, agreement) else [],
        "overtaken": overtaken,
        "differences": queries.differences(agreement),
        "may": _may(request.user, agreement),
        "is_open": agreement.takes_signatures(timezone.now()) and not overtaken,
    }
    if at_desk:
        page |= {
            "versions": queries.versions(agreement),
            "signed_and_gone": [one for one in lines if one.member.is_gone and signature_of(one)],
            "slots": slots(agreement)
            if may(request.user, "households.read_material", agreement)
            else None,
            "opens_file": may(request.user, "households.read_file", agreement.household),
            "assisted": [] if overtaken else ways_to_assist(request.user, agreement),
            "back": reverse("households:agreement_list"),
        }
        return render(request, DETAIL, page)
    page |= {
        "chapters": queries.chapters(agreement),
        "key_points": queries.key_points(agreement),
        "may_share": may(
            request.user, "households.share_agreement", ShareLink(agreement=agreement)
        ),
        "links": agreement.share_links.live(timezone.now()),
        "fresh_link": request.session.pop(f"share:{agreement.pk}", ""),
    }
    return render(request, OWN, page)


@login_required
@require_GET
def agreement_text(request, pk):
    """The whole text on the desk's screen; written down as a reading of the household's file."""
    agreement = _visible(request, pk)
    actions.note_reading(agreement, reader=request.user)
    page = {
        "agreement": agreement,
        "chapters": queries.chapters(agreement),
        "key_points": queries.key_points(agreement),
        "back": _home(agreement),
    }
    return render(request, TEXT, page)


@login_required
@require_GET
def agreement_pdf(request, pk):
    return _paper(request, pk, "document")


@login_required
@require_GET
def sealed_pdf(request, pk):
    return _paper(request, pk, "sealed")


@login_required
@require_GET
def certificate_pdf(request, pk):
    return _paper(request, pk, "certificate")


def _paper(request, pk, field):
    """One of its files; every taking out is written down."""
    agreement = _visible(request, pk)
    attachment = getattr(agreement, field)
    if attachment is None:
        raise Http404
    actions.note_reading(agreement, reader=request.user)
    return serve(request, attachment, download=True)


@login_required
@require_http_methods(["GET", "POST"])
def make_agreement(request, pk):
    """Make and freeze one household's agreement (生成协议)."""
    household = get_object_or_404(
        Household.objects.visible_to(request.user).select_related("building", "neighbourhood"),
        pk=pk,
    )
    require(request.user, "households.make_agreement", household)
    form = MakeForm(request.POST or None, templates=_templates(household.neighbourhood_id))
    page = {
        "form": form,
        "heading": _("生成协议"),
        "about": household.address,
        "words": _("按户档案和方案填好文本，定稿后不能再改。"),
        "button": _("生成协议"),
    }

    def make(template, by):
        agreement = actions.make_agreement(household, template, by=by)
        return actions.freeze_agreement(agreement, by=by)

    return by_form(
        request,
        form,
        make,
        said=_("协议已生成并定稿"),
        to=_home,
        page=lambda: render(request, DEED, page),
    )


@login_required
@require_POST
def freeze_agreement(request, pk):
    agreement = _visible(request, pk)
    return by_button(
        request,
        partial(actions.freeze_agreement, agreement),
        said=_("协议已定稿"),
        to=_home(agreement),
    )


@login_required
@require_http_methods(["GET", "POST"])
def supersede_agreement(request, pk):
    """A new version; the household signs again."""
    agreement = _visible(request, pk)
    require(request.user, "households.supersede_agreement", agreement)
    templates = _templates(agreement.neighbourhood_id).filter(project=agreement.project_id)
    form = SupersedeForm(request.POST or None, templates=templates)
    words = _("旧协议和它的签名会保留，但不再有效。本户要重新签署。")

    def supersede(template, reason, by):
        new = actions.supersede_agreement(agreement, template, reason=reason, by=by)
        return actions.freeze_agreement(new, by=by)

    return by_form(
        request,
        form,
        supersede,
        said=_("新版协议已定稿，请通知本户重新签署"),
        to=_home,
        page=partial(
            _deed,
            request,
            agreement,
            form,
            heading=_("出新版协议"),
            words=words,
            button=_("出新版协议"),
        ),
    )


@login_required
@require_http_methods(["GET", "POST"])
def decline_agreement(request, pk):
    agreement = _visible(request, pk)
    require(request.user, "households.decline_agreement", agreement)
    form = ReasonForm(request.POST or None)
    words = _("写下您的想法，居委会和您商量。以后改变主意，随时可以再签。")
    return by_form(
        request,
        form,
        partial(actions.decline_agreement, agreement),
        said=_("已记下，居委会和您联系"),
        to=_home(agreement),
        page=partial(
            _deed,
            request,
            agreement,
            form,
            heading=_("暂不同意"),
            words=words,
            button=_("提交意见"),
        ),
    )


@login_required
@require_POST
def reconsider_agreement(request, pk):
    agreement = _visible(request, pk)
    return by_button(
        request,
        partial(actions.reconsider_agreement, agreement),
        said=_("协议可以继续签了"),
        to=_home(agreement),
    )


@login_required
@require_http_methods(["GET", "POST"])
def void_agreement(request, pk):
    agreement = _visible(request, pk)
    require(request.user, "households.void_agreement", agreement)
    form = ReasonForm(request.POST or None)
    words = _("作废后不能恢复，文件和签名会保留。")
    return by_form(
        request,
        form,
        partial(actions.void_agreement, agreement),
        said=_("协议已作废"),
        to=_home(agreement),
        page=partial(
            _deed,
            request,
            agreement,
            form,
            heading=_("作废协议"),
            words=words,
            button=_("作废协议"),
            danger=True,
        ),
    )


def _home(agreement) -> str:
    return reverse("households:agreement_detail", args=[agreement.pk])


def _visible(request, pk) -> Agreement:
    seen = Agreement.objects.visible_to(request.user).select_related(
        "household__building", "project", "template", "neighbourhood", "supersedes",
        "document", "sealed", "certificate", "sealing", "superseded_by",
    )  # fmt: skip
    return get_object_or_404(seen, pk=pk)


def _templates(neighbourhood_id):
    return AgreementTemplate.objects.filter(
        neighbourhood=neighbourhood_id, published_at__isnull=False
    ).order_by("project", "-version")


def _may_see_who_signs(request, agreement) -> bool:
    """How far the others are is for the desk and the co-owners themselves."""
    return may(request.user, "households.see_who_signs", agreement)


def _may(user, agreement) -> dict[str, bool]:
    """Which buttons to show: the act's own rule, and whether the state can move that way."""
    state = Agreement.State
    moves = Agreement.MOVES[state(agreement.state)]
    open_to = {
        "freeze": state.FROZEN in moves and agreement.state == state.DRAFT,
        "supersede": state.SUPERSEDED in moves and agreement.state != state.DRAFT,
        "decline": state.DECLINED in moves,
        "reconsider": agreement.state == state.DECLINED,
        "void": state.VOID in moves,
    }
    return {
        act: is_open and may(user, f"households.{act}_agreement", agreement)
        for act, is_open in open_to.items()
    }


def _deed(request, agreement, form, *, heading, words, button, danger=False):
    page = {
        "form": form,
        "heading": heading,
        "about": agreement.household.address,
        "words": words,
        "button": button,
        "danger": danger,
        "back": _home(agreement),
    }
    return render(request, DEED, page)
