"""Opinions on articles: said once, looked at by somebody else, put together and taken apart, sent in, answered."""

import contextlib
import io
import json
from threading import Barrier, BrokenBarrierError, Thread

import docx
import pypdf
import pytest
from django.core import serializers
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Delivery, Entry
from caoyang_portal.notices.models import Notice
from caoyang_portal.uploads.intake import read
from suggestions.actions import draft_batches, draft_opinions, drafts
from suggestions.models import ArticleOpinion, OpinionBatch, OpinionMerge
from suggestions.queries.drafts import latest, untold
from tests.suggestions.draft_builders import (
    PASSED,
    accepted,
    again,
    article,
    closed,
    entered,
    once_more,
    opened,
    opinion_in,
    said,
    submitted,
)

State = ArticleOpinion.State

# --- moves ---------------------------------------------------------------------------------------

MOVES = {
    "accept": {"raised", "left_out"},
    "leave_out": {"raised", "accepted"},
    "merge_opinion": {"raised", "accepted"},
    "unmerge_opinion": {"merged"},
    "adopted": {"submitted", "unknown"},
    "partly": {"submitted", "unknown"},
    "rejected": {"submitted", "unknown"},
    "unknown": {"submitted"},
}


def _try(act, one, people):
    chen, lin = people["chen"], people["lin"]
    match act:
        case "accept":
            draft_opinions.review_opinion(one, accept=True, by=lin)
        case "leave_out":
            draft_opinions.review_opinion(one, accept=False, words="无关。", by=lin)
        case "merge_opinion":
            draft_opinions.merge_opinion(one, into=_another(one, people), by=chen)
        case "unmerge_opinion":
            draft_opinions.unmerge_opinion(one, by=chen)
        case _:
            draft_opinions.record_result(one, result=act, by=chen)


def _another(one, people):
    return ArticleOpinion.objects.create(
        neighbourhood_id=one.neighbourhood_id, draft=one.draft, number=99, kind="ask", text="问一问",
        raised_by=people["lin"],
    )  # fmt: skip


def test_which_act_in_which_state(people, places):
    made = {state: opinion_in(people, places, state, f"{state} 草案") for state in State.values}
    assert {state: one.state for state, one in made.items()} == {s: s for s in State.values}
    possible = {act: set() for act in MOVES}
    for act in MOVES:
        for state, one in made.items():
            try:
                with transaction.atomic():
                    _try(act, one, people)
                    possible[act].add(state)
                    transaction.set_rollback(True)
            except Refused:
                pass
    assert possible == MOVES


# --- said ----------------------------------------------------------------------------------------


def test_what_is_said_twice_is_one_opinion(people, places):
    draft = opened(people, places)
    one = said(draft, people)
    assert said(draft, people) == one
    assert (one.number, one.state, one.is_verbatim, one.role) == (1, "raised", True, "resident")
    assert Entry.objects.filter(act="suggestions.raise_opinion").count() == 1


def test_one_who_says_too_much_is_sent_to_the_counter_and_the_neighbour_is_not(people, places, monkeypatch):  # fmt: skip
    monkeypatch.setattr(draft_opinions, "MOST_OF_ONE", 2)
    draft = opened(people, places)
    for text in ("一", "二"):
        said(draft, people, text=text)
    with pytest.raises(Refused, match="到居委当面说"):
        said(draft, people, text="三")
    assert said(draft, people, who="zhao", text="三").number == 3


def test_late_ones_come_in_at_the_desk_and_are_sent_in_afterwards(people, places):
    draft = submitted(people, places)
    with pytest.raises(Refused, match="现在不收意见"):
        said(draft, people, who="zhao")
    late = entered(draft, people)
    assert (again(draft).next_step, late.number) == ("补报后来的意见", 2)
    draft_opinions.review_opinion(late, accept=True, by=people["lin"])
    second = draft_batches.submit_batch(draft, to_body="法工委", by=people["chen"])
    assert [one["number"] for one in second.content["opinions"]] == [2]
    assert (second.serial, draft.batches.count(), again(draft).next_step) == (
        2,
        2,
        "问一问采纳了哪些",
    )


def test_an_article_of_another_draft_takes_no_opinion_of_this(people, places):
    one, other = opened(people, places, "甲"), opened(people, places, "乙")
    with pytest.raises(Refused, match="不在这部草案里"):
        said(one, people, article=article(other))


def test_residents_of_another_place_say_nothing_here(people, places):
    draft = opened(people, places)
    for who in ("hu", "sun"):
        with pytest.raises(PermissionDenied):
            said(draft, people, who=who)


# --- looked at -----------------------------------------------------------------------------------


def test_whoever_entered_it_does_not_review_it(people, places):
    one = entered(opened(people, places), people)
    with pytest.raises(PermissionDenied):
        draft_opinions.review_opinion(one, accept=True, by=people["chen"])
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleOpinion.objects.filter(pk=one.pk).update(reviewed_by=people["chen"])


def test_what_is_left_out_says_why_and_only_its_speaker_reads_it(client, people, places):
    draft = opened(people, places)
    one = said(draft, people, text="邻居老王不付物业费。")
    with pytest.raises(Refused, match="请写明为什么"):
        draft_opinions.review_opinion(one, accept=False, by=people["lin"])
    draft_opinions.review_opinion(one, accept=False, words="说的是一家的事。", by=people["lin"])
    page, mine = reverse("suggestions:draft", args=[draft.pk]), reverse("suggestions:my_opinions")
    assert "老王" not in client.get(page).content.decode()
    client.force_login(people["wang"])
    assert "说的是一家的事" in client.get(mine).content.decode()
    deliver_pending()
    told = Notice.objects.filter(reader=people["wang"], link=mine)
    assert [notice.text for notice in told] == [
        "您对《电梯使用安全若干规定》第三条的意见：没有列入。详情请登录门户看。"
    ]


# --- put together --------------------------------------------------------------------------------


def _stored(*opinions):
    rows = ArticleOpinion.objects.filter(pk__in=[one.pk for one in opinions]).order_by("pk")
    return json.loads(serializers.serialize("json", rows))


def test_merging_undone_leaves_everything_as_it_was(people, places):
    draft = opened(people, places)
    one, other = accepted(draft, people), said(draft, people, who="zhao", text="二十分钟吧。")
    before = _stored(one, other)
    draft_opinions.merge_opinion(one, into=other, by=people["chen"])
    assert once_more(one).state == "merged"
    draft_opinions.unmerge_opinion(one, by=people["chen"])
    after = _stored(one, other)
    for row in (*before, *after):
        row["fields"].pop("speaker_name")  # ciphertext
    assert after == before
    assert OpinionMerge.objects.get().undone_by == people["chen"]


def test_two_mergings_against_each_other_leave_one(people, places):
    draft = opened(people, places)
    one, other = said(draft, people), said(draft, people, who="zhao", text="二十分钟吧。")
    draft_opinions.merge_opinion(one, into=other, by=people["chen"])
    with pytest.raises(Refused, match="已经不能并入"):
        draft_opinions.merge_opinion(other, into=one, by=people["chen"])
    with pytest.raises(Refused, match="不能和自己合并"):
        draft_opinions.merge_opinion(other, into=other, by=people["chen"])


def test_what_was_sent_in_together_is_not_taken_apart(people, places):
    draft, one, other = _merged_pair(people, places)
    draft_batches.submit_batch(draft, to_body="法工委", by=people["chen"])
    with pytest.raises(Refused, match="已经一起报送"):
        draft_opinions.unmerge_opinion(other, by=people["chen"])
    assert once_more(other).batch == once_more(one).batch


def _merged_pair(people, places):
    """赵大勇 said what 王桂芳 said."""
    draft = opened(people, places)
    one = accepted(draft, people)
    deliver_pending()
    other = said(
        draft, people, who="zhao", text="二十分钟吧，<老人>等不起。", reason="我妈被困过。"
    )
    draft_opinions.merge_opinion(other, into=one, by=people["chen"])
    closed(draft, people)
    return draft, one, other


# --- sent in -------------------------------------------------------------------------------------


def test_both_papers_say_every_opinion_verbatim_and_nobody_s_name(people, places):
    draft, _one, _other = _merged_pair(people, places)
    odd = entered(
        draft, people, text="加一句：\n“电梯里要能打电话。”\x0b", kind="add", is_verbatim=False
    )
    draft_opinions.review_opinion(odd, accept=True, by=people["lin"])
    batch = draft_batches.submit_batch(draft, to_body="市人大常委会法工委", by=people["chen"])
    assert draft_batches.print_batches() == 1
    assert draft_batches.print_batches() == 0
    batch = OpinionBatch.objects.get(pk=batch.pk)
    pdf = pypdf.PdfReader(io.BytesIO(read(batch.pdf)))
    printed = "".join(page.extract_text() for page in pdf.pages)
    word = docx.Document(io.BytesIO(read(batch.docx)))
    written = "\n".join(paragraph.text for paragraph in word.paragraphs)
    for text in (printed, written):
        squeezed = "".join(text.split())
        for words in ("改成二十分钟。", "二十分钟吧，<老人>等不起。", "我妈被困过。", "“电梯里要能打电话。”", "市人大常委会法工委"):  # fmt: skip
            assert words in squeezed
        assert [n for n in ("王桂芳", "赵大勇", "李阿婆", "陈静", "林红") if n in squeezed] == []
    assert batch.number in printed
    assert batch.sha256 in "".join(written.split())
    assert word.core_properties.author == "曹杨一村"


def test_only_what_is_accepted_goes_in(people, places):
    draft = opened(people, places)
    with pytest.raises(Refused, match="还没有收完"):
        draft_batches.submit_batch(draft, to_body="法工委", by=people["chen"])
    said(draft, people)
    closed(draft, people)
    with pytest.raises(Refused, match="还没有列入报送的意见"):
        draft_batches.submit_batch(draft, to_body="法工委", by=people["chen"])


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_send_each_opinion_once(people, places, monkeypatch):
    draft = opened(people, places)
    accepted(draft, people)
    closed(draft, people)
    meeting, given = Barrier(2), draft_batches.batch_content
    refused = []

    def slowly(opinions):
        with contextlib.suppress(BrokenBarrierError):
            meeting.wait(1)  # only without the lock do both arrive
        return given(opinions)

    monkeypatch.setattr(draft_batches, "batch_content", slowly)

    def run():
        try:
            draft_batches.submit_batch(draft, to_body="法工委", by=people["chen"])
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    workers = [Thread(target=run) for _n in "12"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert refused == ["还没有列入报送的意见，请先审核"]
    assert OpinionBatch.objects.get().opinions.count() == 1


# --- answered ------------------------------------------------------------------------------------


def test_each_speaker_is_told_every_step_once(people, places):
    draft, one, _other = _merged_pair(people, places)
    deliver_pending()
    draft_batches.submit_batch(draft, to_body="法工委", by=people["chen"])
    deliver_pending()
    drafts.import_draft(draft, name="通过的文本", text=PASSED, is_final=True, by=people["chen"])
    final = latest(draft, is_final=True).articles.select_related("version").get(label="第三条")
    draft_opinions.record_result(
        one, result="adopted", words="改成了二十分钟。", final_article=final, by=people["chen"]
    )
    deliver_pending()
    Delivery.objects.update(settled_at=None)  # everything is heard a second time
    deliver_pending()
    mine = reverse("suggestions:my_opinions")
    told = {
        who: [n.text.rpartition("：")[2].partition("。")[0] for n in Notice.objects.filter(reader=people[who], link=mine).order_by("entry_id")]
        for who in ("wang", "zhao")
    }  # fmt: skip
    assert told == {
        "wang": ["列入报送", "已报送，等结果", "采纳"],
        "zhao": ["列入报送", "已报送，等结果", "采纳"],
    }
    assert all(len(n.text) <= 70 for n in Notice.objects.filter(link=mine))


def test_of_several_opinions_in_a_batch_one_message_tells(people, places):
    draft = opened(people, places)
    for text in ("甲", "乙"):
        accepted(draft, people, text=text)
    closed(draft, people)
    draft_batches.submit_batch(draft, to_body="法工委", by=people["chen"])
    deliver_pending()
    entry = Entry.objects.get(act="suggestions.submit_batch")
    assert [n.text for n in Notice.objects.filter(entry=entry)] == [
        "您对《电梯使用安全若干规定》的 2 条意见：已报送，等结果。详情请登录门户看。"
    ]


def test_a_result_names_only_an_article_of_the_law_as_passed(people, places):
    draft = submitted(people, places)
    with pytest.raises(Refused, match="不在通过的文本里"):
        draft_opinions.record_result(
            draft.opinions.get(), result="adopted", final_article=article(draft), by=people["chen"]
        )


def test_somebody_without_account_is_told_by_word_of_mouth(client, people, places):
    draft = opened(people, places)
    one = entered(draft, people)
    assert list(untold(draft)) == []
    draft_opinions.review_opinion(one, accept=True, by=people["lin"])
    assert list(untold(draft)) == [one]
    with connection.cursor() as cursor:
        cursor.execute("SELECT speaker_name FROM suggestions_articleopinion")
        assert "李阿婆" not in cursor.fetchone()[0]
    client.force_login(people["chen"])
    page = reverse("suggestions:desk_draft", args=[draft.pk])
    assert "李阿婆" not in client.get(page).content.decode()
    seen = client.post(reverse("suggestions:see_speaker", args=[one.pk]))
    assert "李阿婆" in seen.content.decode()
    assert Entry.objects.get(act="suggestions.see_speaker").actor == people["chen"]
    for _n in "12":
        client.post(reverse("suggestions:note_speaker_told", args=[one.pk]))
    assert list(untold(draft)) == []
    assert Entry.objects.filter(act="suggestions.note_speaker_told").count() == 1
