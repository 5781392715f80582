"""The desk of house rules (守则办理): articles, comments, versions, the vote."""

import datetime as dt
from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from consultation.actions import house_rules as actions
from consultation.actions import rules_voting
from consultation.forms import house_rules as forms
from consultation.models import ArticleComment, RulesArticle, RulesVersion, Secrecy
from consultation.queries import house_rules as queries

from .desk import GET_OR_POST, READERS, allowed, form_page, staff_only

State = RulesVersion.State
ACTS = (
    "edit_version", "add_article", "publish_version", "drop_version", "put_to_poll",
    "draft_version", "see_acknowledgements", "answer_comment",
)  # fmt: skip


def _home(version) -> str:
    return reverse("consultation:desk_rules_version", args=[version.pk])


def _here(request, pk) -> RulesVersion:
    versions = RulesVersion.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    return get_object_or_404(
        versions.select_related("rules__building", "neighbourhood", "based_on__rules", "poll"),
        pk=pk,
    )


def _page(request, version, form, heading, button, **more):
    more = {"back": _home(version)} | more
    return form_page(request, None, form, heading, button, **more)


@login_required
@require_GET
def rules_desk(request):
    """Every version of one's places, the newest first."""
    staff_only(request)
    versions = (
        RulesVersion.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
        .select_related("rules__building", "neighbourhood")
        .order_by("-drafted_at", "pk")
    )
    page = Paginator(versions, 20).get_page(request.GET.get("page"))
    context = {"page": page, "may_start": request.user.holds("committee")}
    return render(request, "consultation/house_rules/desk_list.html", context)


@login_required
@GET_OR_POST
def start_house_rules(request):
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    if not places:
        raise Http404
    form = forms.StartRulesForm(request.POST or None, neighbourhoods=places)
    page = partial(
        form_page, request, None, form, _("起草守则"), _("建立草稿"),
        back=reverse("consultation:rules_desk"),
    )  # fmt: skip
    return by_form(
        request, form, actions.start_house_rules, said=_("草稿已建立，请添加条款"), to=_home,
        page=page,
    )  # fmt: skip


@login_required
@require_GET
def desk_rules_version(request, pk):
    """Where a version stands, its articles, what was said, and every way on."""
    version = _here(request, pk)
    can = allowed(request.user, version, *ACTS[:-1])
    comments = version.comments.select_related("raised_by", "answered_by", "article")
    may_vote = version.state in (State.DRAFT, State.COMMENTED)
    context = {
        "version": version,
        "articles": queries.articles_of(version),
        "struck": version.articles.filter(position=None),
        "page": Paginator(comments, 50).get_page(request.GET.get("page")),
        "missing": queries.voting(version) if may_vote else [],
        "may_vote": may_vote,
        "others": version.rules.versions.exclude(pk=version.pk),
        "can": can,
        "noted": version.acknowledgements.count(),
        "user_id": request.user.pk,
        "back": reverse("consultation:rules_desk"),
    }
    return render(request, "consultation/house_rules/desk_version.html", context)


@login_required
@GET_OR_POST
def edit_version(request, pk):
    version = _here(request, pk)
    require(request.user, "consultation.edit_version", version)
    initial = {"preface": version.preface, "publicity_days": version.publicity_days}
    form = forms.PrefaceForm(request.POST or None, initial=initial)

    def edit(by, **changes):
        return actions.edit_version(version, changes=changes, by=by)

    page = partial(_page, request, version, form, _("修改守则开头"), _("保存"))
    return by_form(request, form, edit, said=_("已保存"), to=_home(version), page=page)


@login_required
@GET_OR_POST
def add_article(request, pk):
    version = _here(request, pk)
    require(request.user, "consultation.add_article", version)
    form = forms.ArticleForm(request.POST or None)
    page = partial(_page, request, version, form, _("添加守则条款"), _("添加"))
    act = partial(actions.add_article, version)
    return by_form(request, form, act, said=_("条款已添加"), to=_home(version), page=page)


def _article(request, pk) -> RulesArticle:
    articles = RulesArticle.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    return get_object_or_404(articles.select_related("version__rules"), pk=pk)


@login_required
@GET_OR_POST
def edit_article(request, pk):
    article = _article(request, pk)
    require(request.user, "consultation.edit_article", article)
    initial = {"heading": article.heading, "text": article.text}
    form = forms.ArticleForm(request.POST or None, initial=initial)
    page = partial(_page, request, article.version, form, _("修改守则条款"), _("保存"))
    act = partial(actions.edit_article, article)
    return by_form(request, form, act, said=_("已保存"), to=_home(article.version), page=page)


@login_required
@require_POST
def move_article(request, pk):
    article = _article(request, pk)
    act = partial(actions.move_article, article, up=request.POST.get("to") == "up")
    return by_button(request, act, said=_("已移动"), to=_home(article.version))


@login_required
@GET_OR_POST
def remove_article(request, pk):
    article = _article(request, pk)
    require(request.user, "consultation.remove_article", article)
    form = forms.RemoveArticleForm(request.POST or None)
    page = partial(
        _page, request, article.version, form, _("删去守则条款"), _("删去"),
        notes=[str(article), article.text], danger=True,
    )  # fmt: skip
    act = partial(actions.remove_article, article)
    return by_form(request, form, act, said=_("已删去"), to=_home(article.version), page=page)


@login_required
@GET_OR_POST
def publish_version(request, pk):
    version = _here(request, pk)
    require(request.user, "consultation.publish_version", version)
    form = forms.PublishVersionForm(request.POST or None)
    notes = [_("发布以后条文不能再改。居民逐条提意见，每一条都要答复。")]
    page = partial(_page, request, version, form, _("守则征求意见"), _("发布"), notes=notes)
    act = partial(actions.publish_version, version)
    return by_form(
        request, form, act, said=_("已发布，开始征求意见"), to=_home(version), page=page
    )


@login_required
@GET_OR_POST
def drop_version(request, pk):
    version = _here(request, pk)
    require(request.user, "consultation.drop_version", version)
    form = forms.DropVersionForm(request.POST or None)
    page = partial(_page, request, version, form, _("放弃守则草案"), _("放弃"), danger=True)
    act = partial(actions.drop_version, version)
    return by_form(request, form, act, said=_("已放弃"), to=_home(version), page=page)


@login_required
@GET_OR_POST
def draft_version(request, pk):
    version = _here(request, pk)
    require(request.user, "consultation.draft_version", version)
    form = forms.NextVersionForm(request.POST or None)
    notes = [_("新版从这一版抄起，这一版和它的意见都保留。")]
    page = partial(_page, request, version, form, _("起草守则新版"), _("建立草稿"), notes=notes)
    act = partial(actions.draft_version, version)
    return by_form(request, form, act, said=_("新版草稿已建立"), to=_home, page=page)


@login_required
@GET_OR_POST
def put_to_poll(request, pk):
    version = _here(request, pk)
    require(request.user, "consultation.put_to_poll", version)
    opens_at = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    opens_at += dt.timedelta(days=10)
    first = {
        "code": f"rules-{timezone.localdate():%y%m%d}",
        "secrecy": Secrecy.SEPARATED,
        "opens_at": opens_at,
        "closes_at": opens_at + dt.timedelta(days=14, hours=9),
    }
    form = forms.PutToPollForm(request.POST or None, initial=first)
    notes = [_("会建立一次“住户守则”表决的草稿，接着在表决里公告、冻结名册、开票。")]
    page = partial(_page, request, version, form, _("守则交付表决"), _("建立表决"), notes=notes)
    return by_form(
        request,
        form,
        partial(rules_voting.put_to_poll, version),
        said=_("表决草稿已建立"),
        to=lambda poll: reverse("consultation:desk_poll", args=[poll.pk]),
        page=page,
    )


@login_required
@GET_OR_POST
def answer_comment(request, pk):
    comments = ArticleComment.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    comment = get_object_or_404(comments.select_related("version__rules", "article"), pk=pk)
    require(request.user, "consultation.answer_comment", comment)
    form = forms.AnswerCommentForm(request.POST or None)
    notes = [comment.text, *([str(comment.article)] if comment.article else [])]
    page = partial(
        _page, request, comment.version, form, _("答复守则意见"), _("答复"), notes=notes
    )
    act = partial(actions.answer_comment, comment)
    return by_form(request, form, act, said=_("已答复"), to=_home(comment.version), page=page)


@login_required
@require_GET
def rules_acknowledgements(request, pk):
    """Which homes have taken note; nothing follows for those that have not."""
    version = _here(request, pk)
    require(request.user, "consultation.see_acknowledgements", version)
    homes = queries.homes_under(version)
    if request.GET.get("who") == "missing":
        homes = homes.filter(has_noted=False)
    context = {
        "version": version,
        "page": Paginator(homes, 100).get_page(request.GET.get("page")),
        "who": request.GET.get("who", ""),
        "noted": version.acknowledgements.count(),
        "all": queries.homes_under(version).count(),
        "back": _home(version),
    }
    return render(request, "consultation/house_rules/acknowledgements.html", context)
