"""What everyone may see of publicities, and saying something against one (公示)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_form
from caoyang_portal.publicity import actions, documents, forms, queries
from caoyang_portal.publicity.models import ObjectionFile, Publicity, PublicityObjection
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve

PER_PAGE = 20
ON_A_PAGE = 50  # objections
NOTICE_FOR = 600  # seconds a printed notice is kept


@require_GET
def publicity_list(request):
    """What is before the public now, then what was (公示)."""
    form = forms.FindForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    today = timezone.localdate()
    page = Paginator(queries.for_everyone(today, wanted), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [(one, one.days_left(today)) for one in page]
    context = {
        "page": page,
        "running": [row for row in rows if row[0].state in Publicity.RUNNING],
        "over": [row for row in rows if row[0].state not in Publicity.RUNNING],
        "wanted": wanted,
    }
    return render(request, "publicity/list.html", context)


def _public(pk) -> Publicity:
    return get_object_or_404(
        Publicity.objects.public().select_related("neighbourhood", "follows", "certificate"), pk=pk
    )


def _page(request, publicity, template, status=200, **context):
    place = publicity.neighbourhood
    context |= {
        "publicity": publicity,
        "neighbourhood": place,
        "committee_phone": place.committee_phone,
    }
    return render(request, f"publicity/{template}.html", context, status=status)


@require_GET
def publicity(request, pk):
    """One publicity: its text while it is shown, how many days are left, the register (公示页)."""
    asked = _public(pk)
    today = timezone.localdate()
    objections = Paginator(asked.objections.select_related("raised_by"), ON_A_PAGE)
    mine = PublicityObjection.objects.none()
    if request.user.is_authenticated:
        mine = asked.objections.filter(raised_by=request.user).prefetch_related("files__file")
    again = Publicity.objects.public().filter(follows=asked).first()
    return _page(
        request,
        asked,
        "page",
        files=asked.files.select_related("file") if asked.is_shown else [],
        places=[
            (proof, may(request.user, "publicity.put_up_notice", proof.place))
            for proof in (queries.proofs(asked) if asked.is_shown else [])
        ],
        extensions=asked.extensions.all(),
        days_left=asked.days_left(today),
        takes_objections=asked.takes_objections(today),
        register=queries.register(asked, today),
        page=objections.get_page(request.GET.get("page")) if asked.is_shown else None,
        mine=mine,
        again=again,
        back=reverse("publicity:publicity_list"),
    )


@require_http_methods(["GET", "POST"])
@login_required
def object_to_publicity(request, pk):
    """Write what is wrong; it can be done on a phone without scripts."""
    asked = _public(pk)
    form = forms.ObjectionForm(request.POST or None, request.FILES or None)

    def enter(files, by, **values):
        kept = [
            intake.take_in(file, neighbourhood_id=asked.neighbourhood_id, by=by, conceal=True)
            for file in files
        ]
        return actions.object_to_publicity(asked, **values, files=kept, by=by)

    here = reverse("publicity:publicity", args=[pk])
    return by_form(
        request,
        form,
        enter,
        said=lambda objection: (
            _("收到了，是第 %(n)s 条。居委会在 %(day)s 前答复您。")
            % {"n": objection.number, "day": objection.answer_by.isoformat()}
        ),
        to=f"{here}#mine",
        page=partial(
            _page, request, asked, "object", form=form, back=here,
            takes_objections=asked.takes_objections(timezone.localdate()),
        ),
    )  # fmt: skip


def _shown_here(request, asked) -> bool:
    """Everyone while it is shown, and afterwards whoever works there."""
    return (
        asked.is_shown or Publicity.objects.visible_to(request.user).filter(pk=asked.pk).exists()
    )


@require_GET
def publicity_file(request, pk, number):
    """A PDF or picture of the text."""
    asked = get_object_or_404(Publicity, pk=pk)
    if not _shown_here(request, asked):
        raise Http404
    return serve(request, get_object_or_404(asked.files, number=number).file)


@require_GET
def notice(request, pk):
    """The notice as it hangs on the board (公示 PDF)."""
    asked = get_object_or_404(Publicity.objects.select_related("neighbourhood"), pk=pk)
    if not _shown_here(request, asked):
        raise Http404
    key = f"publicity.notice:{pk}:{asked.state}:{asked.ends_on}:{asked.text_sha256}"
    if asked.posted_at:
        pdf = caches["local"].get_or_set(key, lambda: documents.notice(asked), NOTICE_FOR)
    else:
        pdf = documents.notice(asked)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="publicity-{asked.number}.pdf"'
    return response


@require_GET
def certificate(request, pk):
    """The sealed certificate of its end (公示期满证明); its pages name nobody."""
    asked = _public(pk)
    if asked.certificate is None:
        raise Http404
    return serve(request, asked.certificate, download=True)


@require_GET
@login_required
def objection_file(request, pk):
    """A file of an objection, for its sender and the committee."""
    objections = PublicityObjection.objects.visible_to(request.user)
    files = ObjectionFile.objects.filter(objection__in=objections).select_related("file")
    found = get_object_or_404(files, pk=pk)
    objection = found.objection
    if objection.raised_by_id != request.user.pk:
        require(request.user, "publicity.see_objectors", objection)
    return serve(request, found.file)
