"""The legislative contact point for everyone (基层立法联系点): drafts, reading, saying something, the counters."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from caoyang_portal.authority import may, require
from caoyang_portal.deeds import by_form
from suggestions.actions import draft_opinions
from suggestions.forms import drafts as forms
from suggestions.models import ArticleOpinion, DraftArticle, DraftLaw
from suggestions.queries import drafts as queries

PER_PAGE = 20


@require_GET
def draft_list(request):
    """Three counters, what is open now, and what became of the others."""
    drafts = DraftLaw.objects.public()
    others = queries.with_figures(drafts.exclude(state__in=("open", "past")))
    context = {
        "figures": queries.figures(drafts),
        "open_ones": drafts.filter(state="open")
        .select_related("neighbourhood")
        .order_by("due_on"),
        "page": Paginator(others.select_related("neighbourhood"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "past": drafts.filter(state="past").count(),
    }
    return render(request, "suggestions/drafts/list.html", context)


@require_GET
def draft_figures(request):
    """Who raised how much and what came of it: by year and by draft."""
    drafts = DraftLaw.objects.public()
    context = {
        "figures": queries.figures(drafts),
        "years": queries.by_year(drafts),
        "page": Paginator(queries.ranking(drafts), PER_PAGE).get_page(request.GET.get("page")),
        "back": reverse("suggestions:draft_list"),
    }
    return render(request, "suggestions/drafts/figures.html", context)


def _draft(request, pk) -> DraftLaw:
    seen = DraftLaw.objects.visible_to(request.user).exclude(state="past")
    return get_object_or_404(seen.select_related("neighbourhood"), pk=pk)


@require_GET
def draft(request, pk):
    """The text article by article, with plain words and what was said beside it."""
    one = _draft(request, pk)
    version = queries.latest(one)
    shown = list(
        one.opinions.public()
        .select_related("article", "final_article")
        .annotate(same=Count("merged"))
        .order_by("number")
    )
    rows = queries.rows_of(version, shown) if version else []
    final = queries.latest(one, is_final=True)
    opinion = ArticleOpinion(neighbourhood=one.neighbourhood, draft=one)
    context = {
        "draft": one,
        "version": version,
        "final": final,
        "final_articles": final.articles.all() if final else [],
        "rows": rows,
        "general": queries.elsewhere(rows, shown),
        "takes_opinions": one.takes_opinions(timezone.localdate()),
        "may_speak": may(request.user, "suggestions.raise_opinion", opinion),
        "waiting": one.opinions.filter(state="raised").count(),
        "steps": one.steps.all(),
        "activities": one.activities.all(),
        "late": one.is_late(timezone.localdate()),
        "on_desk": may(request.user, "suggestions.see_draft_desk", one),
        "back": reverse("suggestions:draft_list"),
        "neighbourhood": one.neighbourhood,
        "committee_phone": one.neighbourhood.committee_phone,
    }
    return render(request, "suggestions/drafts/draft.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def raise_opinion(request, pk):
    """Say something of an article (``?article=``), or of the whole."""
    one = _draft(request, pk)
    opinion = ArticleOpinion(neighbourhood=one.neighbourhood, draft=one)
    require(request.user, "suggestions.raise_opinion", opinion)
    article = _article_asked_for(request, one)
    form = forms.OpinionForm(request.POST or None)
    here = reverse("suggestions:draft", args=[pk])
    context = {
        "draft": one,
        "article": article,
        "form": form,
        "takes_opinions": one.takes_opinions(timezone.localdate()),
        "back": f"{here}#article-{article.position}" if article else here,
    }
    return by_form(
        request,
        form,
        partial(draft_opinions.raise_opinion, one, article=article),
        said=_("收到了。有人审核以后公开，每走一步都告诉您。"),
        to=context["back"],
        page=lambda: render(request, "suggestions/drafts/opinion.html", context),
    )


def _article_asked_for(request, draft) -> DraftArticle | None:
    """By its place in the text that is read now."""
    wanted, version = request.GET.get("article", ""), queries.latest(draft)
    if version is None or not (wanted.isdecimal() and len(wanted) < 5):
        return None
    return version.articles.filter(position=wanted).select_related("version").first()


@login_required
@require_GET
def my_opinions(request):
    """What I said, and what became of it."""
    mine = ArticleOpinion.objects.filter(speaker=request.user).select_related(
        "draft", "article", "merged_into__final_article", "final_article"
    )
    context = {
        "page": Paginator(mine.order_by("-raised_at", "-pk"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "back": reverse("suggestions:draft_list"),
    }
    return render(request, "suggestions/drafts/mine.html", context)
