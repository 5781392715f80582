"""House rules for everyone: reading, comparing, commenting, taking note (住户守则)."""

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
from caoyang_portal.deeds import by_button, by_form
from consultation.actions import house_rules as actions
from consultation.forms import house_rules as forms
from consultation.models import (
    ArticleComment,
    RulesAcknowledgement,
    RulesArticle,
    RulesVersion,
)
from consultation.queries import house_rules as queries
from households.models import Household

PER_PAGE = 20
SHOWN_FIRST = ("commenting", "voting", "adopted", "in_force")


@require_GET
def rules_list(request):
    """What holds, and what is being talked about now (守则)."""
    versions = (
        RulesVersion.objects.public()
        .filter(state__in=SHOWN_FIRST)
        .select_related("rules__building", "neighbourhood")
        .order_by("rules__name", "-number")
    )
    page = Paginator(versions, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "consultation/house_rules/list.html", {"page": page})


def _version(request, pk) -> RulesVersion:
    versions = RulesVersion.objects.visible_to(request.user).select_related(
        "rules__building", "neighbourhood", "based_on__rules", "poll"
    )
    return get_object_or_404(versions, pk=pk)


@require_GET
def rules_version(request, pk):
    """One version: its articles with what was said of each (守则全文)."""
    version = _version(request, pk)
    today = timezone.localdate()
    comments = list(version.comments.select_related("raised_by"))
    said = {}
    for comment in comments:
        said.setdefault(comment.article_id, []).append(comment)
    homes, noted = _homes(request, version)
    comment = ArticleComment(neighbourhood=version.neighbourhood, version=version)
    context = {
        "version": version,
        "neighbourhood": version.neighbourhood,
        "committee_phone": version.neighbourhood.committee_phone,
        "rows": [(article, said.get(article.pk, [])) for article in queries.articles_of(version)],
        "general": said.get(None, []),
        "takes_comments": version.takes_comments(today),
        "may_comment": may(request.user, "consultation.comment_on_rules", comment),
        "homes": [(home, noted.get(home.pk)) for home in homes],
        "others": version.rules.versions.public().exclude(pk=version.pk),
        "back": reverse("consultation:rules_list"),
    }
    return render(request, "consultation/house_rules/version.html", context)


def _homes(request, version):
    """My homes under these rules while they are in force, and when each took note."""
    if version.state != RulesVersion.State.IN_FORCE or not request.user.is_authenticated:
        return [], {}
    homes = list(
        Household.objects.of(request.user)
        .filter(pk__in=queries.homes_under(version).values("pk"))
        .select_related("building")
    )
    notes = RulesAcknowledgement.objects.filter(version=version, household__in=homes)
    return homes, {note.household_id: note for note in notes}


@require_GET
def compare_rules(request, pk, other):
    """Two versions of the same rules side by side (比较两版)."""
    new, old = _version(request, pk), _version(request, other)
    if new.rules_id != old.rules_id:
        raise Http404
    changes = queries.compare(old, new)
    context = {
        "old": old,
        "new": new,
        "changes": changes,
        "same": sum(1 for change in changes if change.kind == "same" and not change.moved),
        "back": reverse("consultation:rules_version", args=[pk]),
    }
    return render(request, "consultation/house_rules/compare.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def comment_on_rules(request, pk):
    """Say something of an article (``?article=``), or of the whole."""
    version = _version(request, pk)
    comment = ArticleComment(neighbourhood=version.neighbourhood, version=version)
    require(request.user, "consultation.comment_on_rules", comment)
    articles = RulesArticle.objects.filter(version=version, position__isnull=False)
    wanted = request.GET.get("article", "")
    article = (
        articles.filter(position=wanted).first()
        if wanted.isdecimal() and len(wanted) < 5
        else None
    )
    form = forms.RulesCommentForm(request.POST or None)
    here = reverse("consultation:rules_version", args=[pk])
    context = {"version": version, "article": article, "form": form, "back": here}
    context["takes_comments"] = version.takes_comments(timezone.localdate())
    return by_form(
        request,
        form,
        partial(actions.comment_on_rules, version, article=article),
        said=_("收到了，居委会会逐条答复。"),
        to=f"{here}#article-{article.position}" if article else here,
        page=lambda: render(request, "consultation/house_rules/comment.html", context),
    )


@require_POST
@login_required
def acknowledge_rules(request, pk):
    """One tap: our home has read them."""
    version = _version(request, pk)
    homes = Household.objects.of(request.user)
    if request.user.places("committee") & {version.neighbourhood_id}:
        homes = queries.homes_under(version)
    form = forms.HomeForm(request.POST, homes=homes)
    if not form.is_valid():
        raise Http404
    act = partial(actions.acknowledge_rules, version, household=form.cleaned_data["household"])
    here = reverse("consultation:rules_version", args=[pk])
    if "desk" in request.POST:
        here = reverse("consultation:rules_acknowledgements", args=[pk])
    return by_button(request, act, said=_("记下了，谢谢您。"), to=here)
