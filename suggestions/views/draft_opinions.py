"""Opinions at the desk (逐条意见办理): entered, looked at, put together, answered."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_button
from suggestions.actions import draft_opinions as actions
from suggestions.forms import drafts as forms
from suggestions.models import ArticleOpinion, DraftArticle
from suggestions.queries import drafts as queries

from .desk import GET_OR_POST, READERS
from .draft_desk import asked, deed, draft_home


def _opinion(request, pk, act) -> ArticleOpinion:
    here = ArticleOpinion.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    opinion = get_object_or_404(
        here.select_related("draft__neighbourhood", "article", "merged_into"), pk=pk
    )
    require(request.user, f"suggestions.{act}", opinion)
    return opinion


def _words(opinion) -> list[str]:
    """What it is about and what it says, above the form."""
    about = f"{opinion} · {opinion.place} · {opinion.get_kind_display()} · {opinion.get_role_display()}"
    law = [f"{opinion.article.label}　{opinion.article.text}"] if opinion.article else []
    reason = [_("理由：%(reason)s") % {"reason": opinion.reason}] if opinion.reason else []
    return [about, *law, _("意见：%(text)s") % {"text": opinion.text}, *reason]


@login_required
@GET_OR_POST
def enter_opinion(request, pk):
    draft = asked(request, pk, "enter_opinion")
    version = queries.latest(draft)
    articles = (
        version.articles.select_related("version") if version else DraftArticle.objects.none()
    )
    form = forms.EnterOpinionForm(
        request.POST or None, articles=articles, activities=draft.activities.all()
    )
    act = partial(actions.enter_opinion, draft)
    return deed(
        request, draft, act, form, _("代录意见"), _("记下"), _("意见已记下，请另一位同事审核")
    )


@login_required
@GET_OR_POST
def review_opinion(request, pk):
    opinion = _opinion(request, pk, "review_opinion")
    form = forms.ReviewForm(request.POST or None)
    act = partial(actions.review_opinion, opinion)
    return deed(
        request, opinion.draft, act, form, _("审核意见"), _("审核完"), _("已审核"),
        notes=_words(opinion),
    )  # fmt: skip


@login_required
@GET_OR_POST
def merge_opinion(request, pk):
    opinion = _opinion(request, pk, "merge_opinion")
    form = forms.MergeOpinionForm(request.POST or None, opinions=queries.alike(opinion))
    act = partial(actions.merge_opinion, opinion)
    return deed(
        request, opinion.draft, act, form, _("合并意见"), _("并在一起"), _("已并在一起"),
        notes=[*_words(opinion), _("原话都留着，一起报送。没报送以前可以撤销。")],
    )  # fmt: skip


@login_required
@require_POST
def unmerge_opinion(request, pk):
    opinion = _opinion(request, pk, "unmerge_opinion")
    act = partial(actions.unmerge_opinion, opinion)
    return by_button(request, act, said=_("已分开"), to=draft_home(opinion.draft))


@login_required
@GET_OR_POST
def record_result(request, pk):
    opinion = _opinion(request, pk, "record_result")
    final = queries.latest(opinion.draft, is_final=True)
    articles = final.articles.select_related("version") if final else DraftArticle.objects.none()
    form = forms.ResultForm(request.POST or None, articles=articles)
    act = partial(actions.record_result, opinion)
    notes = _words(opinion)
    if final is None:
        notes.append(_("通过的文本导入以后，可以选写在哪一条。"))
    return deed(
        request, opinion.draft, act, form, _("登记采纳结果"), _("登记结果"),
        _("结果已登记，已告诉提意见的人"), notes=notes,
    )  # fmt: skip


@login_required
@require_POST
def see_speaker(request, pk):
    """Who said it, for once; the reading is in the ledger."""
    opinion = _opinion(request, pk, "see_speaker")
    name = actions.see_speaker(opinion, by=request.user)
    if not name:
        raise Http404
    context = {"opinion": opinion, "name": name, "back": draft_home(opinion.draft)}
    return render(request, "suggestions/drafts/speaker.html", context)


@login_required
@require_POST
def note_speaker_told(request, pk):
    opinion = _opinion(request, pk, "note_speaker_told")
    act = partial(actions.note_speaker_told, opinion)
    return by_button(request, act, said=_("记下了"), to=draft_home(opinion.draft))
