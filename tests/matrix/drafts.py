"""Rows for the addresses of the legislative contact point, and one of each thing of a place (立法意见)."""

import datetime as dt

from django.utils import timezone

from caoyang_portal.uploads.intake import keep
from suggestions.actions import draft_batches, draft_opinions, drafts
from suggestions.models import ArticleOpinion, OpinionBatch
from tests.matrix.row import AWAY, Row, of, prefixed

OTHERS_HERE = "street auditor administrator"
STAFF_HERE = f"committee {OTHERS_HERE}"
ANY_STAFF = "any_committee any_street any_auditor any_administrator"
TEXT = "第一章 总则\n第一条　为了安全，制定本规定。\n第二条　故障后三十分钟内到场。"


def drafts_of(place, clerk, pdf) -> dict:
    """A draft in preparation, one that is open with opinions, one that was sent in."""
    prepared, open_one, sent = (
        _imported(place, clerk, title)
        for title in ("养老服务条例", "电梯安全规定", "垃圾分类条例")
    )
    for one in (open_one, sent):
        drafts.open_draft(one, by=clerk)
    article = open_one.versions.get().articles.select_related("version").get(position=2)
    drafts.explain_article(article, note="半小时内要有人来。", terms="到场＝人到电梯前", by=clerk)
    opinion, accepted, merged = (
        draft_opinions.enter_opinion(
            open_one, kind="change", text=text, role="resident", article=article,
            speaker_name="李阿婆", by=clerk,
        )
        for text in ("改成二十分钟。", "太慢了。", "二十分钟才好。")
    )  # fmt: skip
    ArticleOpinion.objects.filter(pk=accepted.pk).update(state="accepted")
    draft_opinions.merge_opinion(merged, into=accepted, by=clerk)
    gone = draft_opinions.enter_opinion(sent, kind="ask", text="谁来管？", role="lawyer", by=clerk)
    ArticleOpinion.objects.filter(pk=gone.pk).update(state="accepted")
    drafts.close_draft(sent, by=clerk)
    batch = draft_batches.submit_batch(sent, to_body="法工委", by=clerk)
    kept = {"neighbourhood_id": place.pk, "by": None}
    OpinionBatch.objects.filter(pk=batch.pk).update(
        pdf=keep(pdf, "1.pdf", "application/pdf", **kept),
        docx=keep(b"PK", "1.docx", draft_batches.papers.DOCX, **kept),
    )
    return {
        "draft_in_preparation": prepared,
        "open_draft": open_one,
        "sent_draft": sent,
        "law_article": article,
        "draft_activity": drafts.enter_activity(
            open_one, kind="seminar", title="居民座谈会", held_on=timezone.localdate(), people=12,
            place="议事厅", by=clerk,
        ),
        "article_opinion": opinion,
        "merged_opinion": merged,
        "sent_opinion": gone,
        "opinion_batch": batch,
    }  # fmt: skip


def _imported(place, clerk, title):
    today = timezone.localdate()
    draft = drafts.start_draft(
        place, title=title, level="city", asked_by_body="市人大常委会法工委", received_on=today,
        city_due_on=today + dt.timedelta(days=30), due_on=today + dt.timedelta(days=20), by=clerk,
    )  # fmt: skip
    drafts.import_draft(draft, name="征求意见稿", text=TEXT, by=clerk)
    return draft


def _of(thing: str, names: str, methods: str, may: str = "committee", **more) -> list[Row]:
    more = {"thing": of(thing), "shared": True, "sees": OTHERS_HERE} | more
    return prefixed("suggestions:", names, methods, may, **more)


DRAFTS: list[Row] = [
    *prefixed("suggestions:", "draft_list draft_figures", "GET", "everybody"),
    *prefixed("suggestions:", "my_opinions", "GET", "signed_in"),
    *_of("open_draft", "draft", "GET", "everybody", sees=""),
    *_of("sent_draft", "draft", "GET", "everybody", sees=""),
    *_of("draft_in_preparation", "draft", "GET", STAFF_HERE, sees="", passerby=404),
    *_of("open_draft", "raise_opinion", "GET POST", "neighbours", sees="", stranger=403),
    *prefixed("suggestions:", "draft_desk", "GET", ANY_STAFF),
    *prefixed("suggestions:", "start_draft enter_past_draft", "GET POST", "any_committee"),
    *_of("open_draft", "desk_draft", "GET", STAFF_HERE, sees=""),
    *_of("sent_draft", "desk_draft", "GET", STAFF_HERE, sees=""),
    *_of("draft_in_preparation", "desk_draft", "GET", STAFF_HERE, sees=""),
    *_of("draft_in_preparation", "import_draft change_draft_due end_draft", "GET POST"),
    *_of("draft_in_preparation", "open_draft", "POST", answers={"POST": {AWAY}}),
    *_of("open_draft", "close_draft", "POST", answers={"POST": {AWAY}}),
    *_of("open_draft", "enter_activity enter_opinion", "GET POST"),
    *_of("sent_draft", "reopen_draft ask_about_results submit_batch", "GET POST"),
    *_of("draft_activity", "change_activity", "GET POST"),
    *_of("law_article", "explain_article", "GET POST"),
    *_of(
        "article_opinion", "review_opinion", "GET POST", "colleague", sees=f"clerk {OTHERS_HERE}"
    ),
    *_of("article_opinion", "merge_opinion", "GET POST"),
    *_of("article_opinion", "see_speaker note_speaker_told", "POST"),
    *_of("merged_opinion", "unmerge_opinion", "POST", answers={"POST": {AWAY}}),
    *_of("sent_opinion", "record_result", "GET POST"),
    *_of("opinion_batch", "batch batch_pdf batch_docx", "GET", STAFF_HERE, sees=""),
]
