"""How it went (满意度反馈): the callback desk, warnings, what the sub-district takes over, the figures."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from suggestions.actions import callbacks
from suggestions.claim_paces import Code, due
from suggestions.forms import claims as forms
from suggestions.models import Claim, ClaimLimit, ClaimReply
from suggestions.models.claims import COORDINATORS, READERS
from suggestions.queries import claim_figures, claim_warnings
from suggestions.queries import claims as queries

from .claim_desk import asked, claims_here, deed
from .claims import answers_of
from .desk import GET_OR_POST

PER_PAGE = 50


@login_required
@require_GET
def claim_callbacks(request):
    """All that is answered and not asked about yet; not what one answered oneself."""
    if not request.user.holds(*COORDINATORS):
        raise Http404
    mine = ClaimReply.objects.filter(claim=OuterRef("pk"), by=request.user)
    waiting = claims_here(request).filter(
        state=Claim.State.REPLIED, neighbourhood_id__in=request.user.reach(*COORDINATORS)
    )
    context = {
        "page": Paginator(
            waiting.annotate(own_work=Exists(mine))
            .select_related("neighbourhood", "claimant")
            .order_by("next_on", "pk"),
            PER_PAGE,
        ).get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "back": reverse("suggestions:claim_desk"),
    }
    return render(request, "suggestions/claims/callbacks.html", context)


def _asking(request, pk, act, form, heading, said):
    claim = asked(request, pk, act)
    notes = [
        _("%(unit)s答复：%(text)s") % {"unit": reply.dispatch.unit_name, "text": reply.text}
        for reply in answers_of(claim).filter(round=claim.round)
    ]
    do = partial(getattr(callbacks, act), claim)
    return deed(request, claim, do, form, heading, _("记下来"), said, notes=notes)


@login_required
@GET_OR_POST
def call_back_claim(request, pk):
    form = forms.CallBackForm(request.POST or None)
    return _asking(request, pk, "call_back_claim", form, _("回访"), _("回访记下了"))


@login_required
@GET_OR_POST
def note_unreached(request, pk):
    form = forms.UnreachedForm(request.POST or None)
    return _asking(request, pk, "note_unreached", form, _("没联系上"), _("记下了，请改天再联系"))


@login_required
@GET_OR_POST
def supervise_claim(request, pk):
    claim = asked(request, pk, "supervise_claim")
    today = timezone.localdate()
    form = forms.SuperviseForm(
        request.POST or None,
        units=queries.units_for(claim),
        initial={"until": due(Code.AGAIN, today)},
    )
    said = claim.callbacks.exclude(words="").values_list("words", flat=True)
    notes = [_("本人说：%(words)s") % {"words": words} for words in said]
    act = partial(callbacks.supervise_claim, claim)
    return deed(request, claim, act, form, _("街道督办"), _("督办"), _("已交办"), notes=notes)


@login_required
@GET_OR_POST
def close_claim(request, pk):
    claim = asked(request, pk, "close_claim")
    form = forms.CloseForm(request.POST or None)
    act = partial(callbacks.close_claim, claim)
    return deed(request, claim, act, form, _("说明后办结"), _("办结"), _("已办结，本人会收到通知"))


@login_required
@require_GET
def claim_warnings_list(request):
    """Which are likely to end badly, and by which signs."""
    context = {
        "warnings": claim_warnings.warnings(claims_here(request), timezone.localdate()),
        "signs": claim_warnings.SIGNS.values(),
        "mark": claim_warnings.MARK,
        "back": reverse("suggestions:claim_desk"),
    }
    return render(request, "suggestions/claims/warnings.html", context)


@login_required
@require_GET
def claim_figures_page(request):
    """A year's claims by unit and class; whatever is too small is hidden."""
    if not request.user.holds(*READERS):
        raise Http404
    form = forms.YearForm(request.GET, today=timezone.localdate())
    year = form.wanted()
    here = Claim.objects.filter(
        neighbourhood_id__in=request.user.reach(*READERS), made_at__year=year
    )
    context = {
        "year": year,
        "years": form.years,
        "tables": [
            (_("按单位"), claim_figures.by_unit(here)),
            (_("按类别"), claim_figures.by_class(here)),
        ],
        "shares": claim_figures.SHARES.values(),
        "levels": claim_figures.by_level(here),
        "limits": ClaimLimit.objects.filter(until=None),
        "back": reverse("suggestions:claim_desk"),
    }
    return render(request, "suggestions/claims/figures.html", context)
