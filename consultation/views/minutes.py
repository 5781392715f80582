"""Minutes as residents see them (纪要): the public list and text, corrections by who was there."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_form
from caoyang_portal.uploads.models import Attachment
from caoyang_portal.uploads.views import serve
from consultation.actions import minutes_corrections as corrections
from consultation.forms.minutes import CorrectionForm, FindMinutesForm
from consultation.models import Minutes, MinutesCorrection, MinutesPaper
from consultation.queries import minutes as queries
from households.models import Household

from .desk import GET_OR_POST

PER_PAGE = 20
Audience = MinutesPaper.Audience


@require_GET
def minutes_list(request):
    """Sealed minutes of one's neighbourhood; of all, for who has none. Found by any word (纪要)."""
    form = FindMinutesForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    found = Minutes.objects.public()
    if request.user.is_authenticated:
        homes = Household.objects.of(request.user).values("neighbourhood_id")
        found = found.filter(neighbourhood_id__in=homes) if homes else found
    years = [day.year for day in found.dates("meeting__starts_at", "year", order="DESC")]
    if given.get("q"):
        found = found.filter(search_text__icontains=given["q"])
    if given.get("year"):
        found = found.filter(meeting__starts_at__year=given["year"])
    found = found.select_related("meeting", "neighbourhood").order_by("-meeting__starts_at", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [
            (one, title) for one, title in zip(page, queries.public_titles(page), strict=True)
        ],
        "wanted": given.get("q") or "",
        "year": given.get("year"),
        "years": years,
        "mine": queries.waiting_for(request.user) if request.user.is_authenticated else [],
    }
    return render(request, "consultation/minutes/list.html", context)


def minutes_of(request, pk) -> Minutes:
    """By the meeting; whoever may not see them is told that there are none."""
    minutes = Minutes.objects.visible_to(request.user).select_related(
        "meeting", "meeting__host", "neighbourhood"
    )
    return get_object_or_404(minutes, meeting=pk)


def resident_page(request, minutes, template, status=200, **context):
    place = minutes.neighbourhood
    context = {
        "minutes": minutes,
        "neighbourhood": place,
        "committee_phone": place.committee_phone,
    } | context
    return render(request, f"consultation/minutes/{template}.html", context, status=status)


@require_GET
def minutes_page(request, pk):
    """The public text; before it is sealed for who was there, with their own corrections."""
    minutes = minutes_of(request, pk)
    if minutes.state == Minutes.State.DRAFT:
        raise Http404
    version = queries.current(minutes)
    user = request.user
    may_correct = may(user, "consultation.raise_correction", MinutesCorrection(minutes=minutes))
    takes_corrections = minutes.takes_corrections(timezone.localdate())
    mine, signatory = [], None
    if user.is_authenticated:
        mine = minutes.corrections.filter(raised_by=user).select_related("became")
        signatory = minutes.signatories.filter(user=user).first()
    return resident_page(
        request,
        minutes,
        "page",
        version=version,
        body=version.public_body,
        mine=mine,
        signatory=signatory,
        has_signed=signatory and version.signatures.filter(signatory=signatory).exists(),
        may_correct=may_correct,
        takes_corrections=takes_corrections,
        link_corrections=may_correct and takes_corrections,
        papers=queries.public_papers(minutes),
        addenda=minutes.addenda.all(),
        back=reverse("consultation:minutes_list"),
    )


@login_required
@GET_OR_POST
def raise_correction(request, pk):
    """One section, and what it should say (更正)."""
    minutes = minutes_of(request, pk)
    version = queries.current(minutes)
    require(request.user, "consultation.raise_correction", MinutesCorrection(minutes=minutes))
    first = {"section": request.GET.get("section", "")}
    form = CorrectionForm(request.POST or None, initial=first, body=version.public_body)
    here = reverse("consultation:minutes_page", args=[pk])
    return by_form(
        request,
        form,
        partial(corrections.raise_correction, minutes),
        said=_said,
        to=f"{here}#mine",
        page=lambda: resident_page(
            request, minutes, "correct", form=form, back=here,
            in_time=minutes.takes_corrections(timezone.localdate()),
        ),
    )  # fmt: skip


def _said(correction):
    if correction.state == MinutesCorrection.State.REMARK:
        return _("已记下。更正期已过，这条作为备注留存。")
    return _("已收到您的更正，居委会答复您。")


def _paper(minutes, audience, number=None) -> Attachment:
    papers = minutes.papers.filter(audience=audience, state=MinutesPaper.State.DONE)
    papers = papers.filter(addendum__number=number) if number else papers.filter(addendum=None)
    return get_object_or_404(papers.select_related("file")).file


@require_GET
def minutes_pdf(request, pk):
    """The sealed public version."""
    return serve(request, _paper(minutes_of(request, pk), Audience.PUBLIC), download=True)


@require_GET
def minutes_addendum_pdf(request, pk, number):
    return serve(request, _paper(minutes_of(request, pk), Audience.PUBLIC, number), download=True)


@login_required
@require_GET
def full_minutes_pdf(request, pk):
    """The sealed internal version: for the committee, and for those who signed it."""
    minutes = minutes_of(request, pk)
    require(request.user, "consultation.see_full_minutes", minutes)
    return serve(request, _paper(minutes, Audience.INTERNAL), download=True)


@login_required
@require_GET
def full_minutes_addendum_pdf(request, pk, number):
    minutes = minutes_of(request, pk)
    require(request.user, "consultation.see_full_minutes", minutes)
    return serve(request, _paper(minutes, Audience.INTERNAL, number), download=True)


@require_GET
def minutes_photo(request, pk, number):
    """One photo of the public text; who reads all of it sees all photos."""
    minutes = minutes_of(request, pk)
    version = queries.current(minutes)
    photos = version.public_body.get("photos", [])
    if request.GET.get("all"):
        require(request.user, "consultation.see_full_minutes", minutes)
        photos = version.body["photos"]
    elif minutes.state == Minutes.State.DRAFT:
        raise Http404
    if not 0 < number <= len(photos):
        raise Http404
    return serve(request, get_object_or_404(Attachment, pk=photos[number - 1]["id"]))
