"""Opinions on articles: said, put together, looked at, and told what became of them (逐条意见)."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from suggestions.models import (
    ArticleOpinion,
    ConsultationActivity,
    DraftArticle,
    DraftLaw,
    OpinionMerge,
)

from .drafts import locked_draft, stay

State = ArticleOpinion.State
MOST_OF_ONE = 60  # opinions of one person on one draft


def locked_opinion(opinion: ArticleOpinion) -> ArticleOpinion:
    """The opinion as it stands; its draft's row is held, so that a batch and a merging wait for each other."""
    draft = locked_draft(opinion.draft)
    opinion = (
        ArticleOpinion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("article", "merged_into", "speaker")
        .get(pk=opinion.pk)
    )
    opinion.draft = draft
    return opinion


@transaction.atomic
def raise_opinion(
    draft: DraftLaw, *, kind: ArticleOpinion.Kind, text: str, reason: str = "",
    role: ArticleOpinion.Role = ArticleOpinion.Role.RESIDENT, article: DraftArticle | None = None,
    by: User,
) -> ArticleOpinion:  # fmt: skip
    """Say something of an article, or of the whole (提意见); sent twice it is one."""
    draft = locked_draft(draft)
    opinion = ArticleOpinion(
        neighbourhood_id=draft.neighbourhood_id, draft=draft, article=article, kind=kind,
        text=text.strip(), reason=reason.strip(), role=role, speaker=by, raised_by=by,
    )  # fmt: skip
    require(by, "suggestions.raise_opinion", opinion)
    mine = draft.opinions.filter(speaker=by)
    same = mine.filter(article=article, kind=kind, text=opinion.text, raised_by=by).first()
    if same:
        return same
    if not draft.takes_opinions(timezone.localdate()):
        raise Refused(_("这部草案现在不收意见。有话要说，请打电话给居委"))
    if mine.count() >= MOST_OF_ONE:
        raise Refused(_("您已经提了很多条，请到居委当面说"))
    _put_down(opinion)
    record("suggestions.raise_opinion", opinion, by=by, opinion=opinion.pk)
    return opinion


@transaction.atomic
def enter_opinion(
    draft: DraftLaw, *, kind: ArticleOpinion.Kind, text: str, reason: str = "",
    role: ArticleOpinion.Role, article: DraftArticle | None = None,
    activity: ConsultationActivity | None = None, is_verbatim: bool = True,
    speaker_name: str = "", by: User,
) -> ArticleOpinion:  # fmt: skip
    """Enter what somebody said (代录意见), at an activity or at the counter; a late one is sent in later."""
    draft = locked_draft(draft)
    opinion = ArticleOpinion(
        neighbourhood_id=draft.neighbourhood_id, draft=draft, article=article, activity=activity,
        kind=kind, text=text.strip(), reason=reason.strip(), role=role, is_verbatim=is_verbatim,
        speaker_name=speaker_name.strip(), raised_by=by,
    )  # fmt: skip
    require(by, "suggestions.enter_opinion", opinion)
    if draft.state not in (DraftLaw.State.OPEN, DraftLaw.State.CLOSED, DraftLaw.State.SUBMITTED):
        raise Refused(_("这部草案现在不收意见"))
    if activity is not None and activity.draft_id != draft.pk:
        raise Refused(_("这场活动不是谈这部草案的"))
    _put_down(opinion)
    if draft.state == DraftLaw.State.SUBMITTED:
        stay(draft, by=by)
    record("suggestions.enter_opinion", opinion, by=by, opinion=opinion.pk)
    return opinion


def _put_down(opinion: ArticleOpinion) -> None:
    """Its number and its row."""
    if not opinion.text:
        raise Refused(_("请写下意见"))
    article, draft = opinion.article, opinion.draft
    if article is not None and (article.version.draft_id != draft.pk or article.version.is_final):
        raise Refused(_("这一条不在这部草案里"))
    last = draft.opinions.aggregate(last=Max("number"))["last"] or 0
    opinion.number = last + 1
    opinion.save(force_insert=True)


@transaction.atomic
def review_opinion(
    opinion: ArticleOpinion, *, accept: bool, words: str = "", by: User
) -> ArticleOpinion:
    """Take it into what is sent in, or say why not (审核); never by whoever said or entered it."""
    opinion = locked_opinion(opinion)
    require(by, "suggestions.review_opinion", opinion)
    if not accept and not words.strip():
        raise Refused(_("请写明为什么不列入，提意见的人会看到"))
    if not accept and opinion.merged.exists():
        raise Refused(_("有别的意见并在这一条里，请先撤销合并"))
    opinion.move_to(State.ACCEPTED if accept else State.LEFT_OUT)
    opinion.review_words, opinion.reviewed_at, opinion.reviewed_by = (
        words.strip(),
        timezone.now(),
        by,
    )
    opinion.save(update_fields=["state", "review_words", "reviewed_at", "reviewed_by"])
    record("suggestions.review_opinion", opinion, by=by, opinion=opinion.pk, state=opinion.state)
    return opinion


@transaction.atomic
def merge_opinion(opinion: ArticleOpinion, *, into: ArticleOpinion, by: User) -> ArticleOpinion:
    """Put it together with one that says the same (合并); its words stay and go in with the other's."""
    opinion, into = locked_opinion(opinion), locked_opinion(into)
    require(by, "suggestions.merge_opinion", opinion)
    _refuse_merge(opinion, into)
    before = OpinionMerge(
        neighbourhood_id=opinion.neighbourhood_id, opinion=opinion, into=into,
        state=opinion.state, by=by,
    )  # fmt: skip
    opinion.move_to(State.MERGED)
    opinion.merged_into = into
    before.save(force_insert=True)
    opinion.save(update_fields=["state", "merged_into"])
    record(
        "suggestions.merge_opinion",
        opinion,
        by=by,
        opinion=opinion.pk,
        into=into.pk,
        state=into.state,
    )
    return opinion


def _refuse_merge(opinion: ArticleOpinion, into: ArticleOpinion) -> None:
    if opinion.pk == into.pk:
        raise Refused(_("不能和自己合并"))
    if opinion.draft_id != into.draft_id:
        raise Refused(_("两条意见不是对同一部草案提的"))
    if into.state not in (State.RAISED, State.ACCEPTED):
        raise Refused(_("那一条已经不能并入：%(state)s") % {"state": into.get_state_display()})
    if opinion.merged.exists():
        raise Refused(_("有别的意见并在这一条里，请反过来合并"))


@transaction.atomic
def unmerge_opinion(opinion: ArticleOpinion, *, by: User) -> ArticleOpinion:
    """Undo a merging (撤销合并): it is again what it was before."""
    opinion = locked_opinion(opinion)
    require(by, "suggestions.unmerge_opinion", opinion)
    merge = opinion.merges.filter(undone_at=None).first()
    if merge is None:
        raise Refused(_("这条意见没有并入别的意见"))
    if opinion.batch_id:
        raise Refused(_("已经一起报送，不能再分开"))
    opinion.state, opinion.merged_into = merge.state, None
    opinion.save(update_fields=["state", "merged_into"])
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    record("suggestions.unmerge_opinion", opinion, by=by, opinion=opinion.pk, state=opinion.state)
    return opinion


@transaction.atomic
def record_result(
    opinion: ArticleOpinion, *, result: ArticleOpinion.State, words: str = "",
    final_article: DraftArticle | None = None, by: User,
) -> ArticleOpinion:  # fmt: skip
    """Enter what came of it (结果), with the article of the law as passed."""
    opinion = locked_opinion(opinion)
    require(by, "suggestions.record_result", opinion)
    if result not in ArticleOpinion.RESULTS:
        raise Refused(_("请选采纳、部分采纳、没有采纳，或没有得到答复"))
    if final_article is not None and (
        final_article.version.draft_id != opinion.draft_id or not final_article.version.is_final
    ):
        raise Refused(_("这一条不在通过的文本里"))
    opinion.move_to(State(result))
    opinion.result_words, opinion.result_at = words.strip(), timezone.now()
    opinion.final_article = final_article
    opinion.save(update_fields=["state", "result_words", "result_at", "final_article"])
    record("suggestions.record_result", opinion, by=by, opinion=opinion.pk, state=opinion.state)
    return opinion


@transaction.atomic
def see_speaker(opinion: ArticleOpinion, *, by: User) -> str:
    """Read who said it (看是谁说的); the reading is recorded."""
    opinion = ArticleOpinion.objects.select_related("speaker").get(pk=opinion.pk)
    require(by, "suggestions.see_speaker", opinion)
    record("suggestions.see_speaker", opinion, by=by, opinion=opinion.pk)
    return opinion.speaker.name if opinion.speaker else opinion.speaker_name


@transaction.atomic
def note_speaker_told(opinion: ArticleOpinion, *, by: User) -> ArticleOpinion:
    """Somebody without an account was told by word of mouth how it stands (已告诉)."""
    opinion = locked_opinion(opinion)
    require(by, "suggestions.note_speaker_told", opinion)
    state = opinion.leading.state
    if opinion.told_state != state:
        opinion.told_state = state
        opinion.save(update_fields=["told_state"])
        record("suggestions.note_speaker_told", opinion, by=by, opinion=opinion.pk)
    return opinion
