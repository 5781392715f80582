"""Sending in (报送): what goes in, and the papers of what went."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caoyang_portal.deeds import by_form
from caoyang_portal.uploads.views import serve
from suggestions.actions import draft_batches as actions
from suggestions.forms import drafts as forms
from suggestions.models import OpinionBatch
from suggestions.queries import drafts as queries

from .desk import GET_OR_POST, READERS
from .draft_desk import asked, draft_home


@login_required
@GET_OR_POST
def submit_batch(request, pk):
    """All that goes in, to be looked over; one button sends it."""
    draft = asked(request, pk, "submit_batch")
    ready = list(
        draft.opinions.filter(state="accepted")
        .select_related("article", "draft")
        .order_by("article__position", "number")
    )
    form = forms.BatchForm(request.POST or None, initial={"to_body": draft.asked_by_body})
    context = {
        "draft": draft,
        "form": form,
        "content": queries.batch_content(ready) if ready else None,
        "raised": draft.opinions.filter(state="raised").count(),
        "back": draft_home(draft),
    }
    return by_form(
        request,
        form,
        partial(actions.submit_batch, draft),
        said=lambda batch: _("已报送，编号 %(number)s") % {"number": batch.number},
        to=lambda batch: reverse("suggestions:batch", args=[batch.pk]),
        page=lambda: render(request, "suggestions/drafts/submit.html", context),
    )


def _batch(request, pk) -> OpinionBatch:
    here = OpinionBatch.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    return get_object_or_404(here.select_related("draft", "pdf", "docx", "submitted_by"), pk=pk)


@login_required
@require_GET
def batch(request, pk):
    """What was sent in, as it was."""
    one = _batch(request, pk)
    context = {"batch": one, "content": one.content, "back": draft_home(one.draft)}
    return render(request, "suggestions/drafts/batch.html", context)


def _file(request, attachment):
    if attachment is None:
        raise Http404  # still being printed
    return serve(request, attachment, download=True)


@login_required
@require_GET
def batch_pdf(request, pk):
    return _file(request, _batch(request, pk).pdf)


@login_required
@require_GET
def batch_docx(request, pk):
    return _file(request, _batch(request, pk).docx)
