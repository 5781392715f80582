"""Pages of the contact point: what they ask the database, whatever there is; what a passer-by sees; the two looks at a text."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from suggestions.actions import draft_batches, draft_opinions, drafts
from suggestions.models import DraftVersion
from tests.suggestions.draft_builders import (
    PASSED,
    TEXT,
    accepted,
    article,
    closed,
    entered,
    imported,
    opened,
    past,
    preparing,
    said,
    submitted,
)
from tests.suggestions.test_draft_text import word_file


def queries(client, address) -> int:
    client.get(address)  # once before: what a process asks only once
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def at(name, *args):
    return reverse(f"suggestions:{name}", args=args)


@pytest.mark.parametrize(
    ("who", "name"),
    [("wang", "draft_list"), ("wang", "draft_figures"), ("wang", "my_opinions"), ("chen", "draft_desk")],
)  # fmt: skip
def test_lists_ask_the_same_of_one_and_of_three(who, name, client, people, places):
    client.force_login(people[who])
    counts = []
    for n in (1, 2, 3):
        submitted(people, places, f"报送的 {n}")
        said(opened(people, places, f"征求的 {n}"), people)
        past(people, places, f"早年的 {n}", past_raised=n)
        counts.append(queries(client, at(name)))
    assert counts[0] == counts[2]


@pytest.mark.parametrize(("who", "name"), [("wang", "draft"), ("chen", "desk_draft")])
def test_a_draft_asks_the_same_of_one_opinion_and_of_three(who, name, client, people, places):
    draft = opened(people, places)
    client.force_login(people[who])
    counts = []
    for n in (1, 2, 3):
        one = accepted(draft, people, text=f"意见 {n}")
        same = said(draft, people, who="zhao", text=f"一样 {n}")
        draft_opinions.merge_opinion(same, into=one, by=people["chen"])
        late = entered(draft, people, text=f"代录 {n}")
        draft_opinions.review_opinion(late, accept=False, words="无关。", by=people["lin"])
        counts.append(queries(client, at(name, draft.pk)))
    assert counts[0] == counts[2]


def test_what_goes_in_asks_the_same_of_one_and_of_three(client, people, places):
    draft = opened(people, places)
    accepted(draft, people)
    closed(draft, people)
    client.force_login(people["chen"])
    counts = [queries(client, at("submit_batch", draft.pk))]
    for n in (2, 3):
        one = entered(draft, people, text=f"代录 {n}")
        draft_opinions.review_opinion(one, accept=True, by=people["lin"])
    counts.append(queries(client, at("submit_batch", draft.pk)))
    batch = draft_batches.submit_batch(draft, to_body="法工委", by=people["chen"])
    assert counts[0] == counts[1]
    assert "改成二十分钟。" in client.get(at("batch", batch.pk)).content.decode()


def test_a_passer_by_reads_the_law_and_what_was_taken_up_and_no_name(client, people, places):
    draft = opened(people, places)
    drafts.explain_article(
        article(draft), note="半小时内要有人来。", terms="到场＝人到电梯前", by=people["chen"]
    )
    accepted(draft, people, text="改成<i>二十</i>分钟。")
    said(draft, people, who="zhao", text="还没有人审核的话。")
    page = client.get(at("draft", draft.pk)).content.decode()
    for words in ("故障后三十分钟内到场。", "半小时内要有人来。", "<dt>到场</dt>", "改成&lt;i&gt;二十&lt;/i&gt;分钟。", "还有 1 条意见在审核", "登录提意见"):  # fmt: skip
        assert words in page
    for words in ("王桂芳", "赵大勇", "陈静", "还没有人审核的话"):
        assert words not in page
    assert client.get(at("draft", imported(people, places, "准备中的").pk)).status_code == 404


def test_a_text_is_looked_at_before_it_is_kept(client, people, places):
    draft = preparing(people, places)
    client.force_login(people["chen"])
    address = at("import_draft", draft.pk)
    file = SimpleUploadedFile("草案.docx", word_file(*TEXT.splitlines()).read())
    looked = client.post(address, {"name": "征求意见稿", "file": file, "look": "1"})
    page = looked.content.decode()
    assert (looked.status_code, DraftVersion.objects.count()) == (200, 0)
    assert "读到 3 条，还没有导入" in page
    given = looked.context["form"]["text"].value()
    kept = client.post(address, {"name": "征求意见稿", "text": given, "keep": "1"})
    assert (kept.status_code, DraftVersion.objects.get().articles.count()) == (302, 3)


@pytest.mark.parametrize(
    ("data", "said_of_it"),
    [
        ({"text": "第二条　乙。\n第二条　丙。"}, "第二条出现了两次"),
        ({"text": "没有条文"}, "没有找到“第几条”"),
        ({}, "请选一个文件，或者贴上全文"),
        ({"file": b"%PDF-1.4"}, "请上传 Word 文件"),
        ({"file": b""}, "文件是空的"),
    ],
)
def test_what_cannot_be_read_comes_back_with_words(data, said_of_it, client, people, places):
    draft = preparing(people, places)
    client.force_login(people["chen"])
    for button in ("look", "keep"):
        given = data | (
            {"file": SimpleUploadedFile("草案.docx", data["file"])} if "file" in data else {}
        )
        answer = client.post(at("import_draft", draft.pk), {"name": "稿", **given, button: "1"})
        assert said_of_it in answer.content.decode()
    assert DraftVersion.objects.count() == 0


def test_a_law_as_passed_stands_below_the_draft(client, people, places):
    draft = submitted(people, places)
    drafts.import_draft(draft, name="通过的文本", text=PASSED, is_final=True, by=people["chen"])
    page = client.get(at("draft", draft.pk)).content.decode()
    assert page.index("故障后三十分钟内到场。") < page.index("故障后二十分钟内到场。")


def test_terms_are_pairs_or_come_back(client, people, places):
    one = article(imported(people, places))
    client.force_login(people["chen"])
    address = at("explain_article", one.pk)
    wrong = client.post(address, {"note": "半小时。", "terms": "到场就是到"})
    assert (wrong.status_code, "每行请写成：词＝意思" in wrong.content.decode()) == (422, True)
    client.post(address, {"note": "半小时。", "terms": "到场=人到了\n\n困人＝关在里面"})
    one.refresh_from_db()
    assert one.explained_terms == [("到场", "人到了"), ("困人", "关在里面")]


def test_files_of_a_batch_are_there_once_they_are_printed(client, people, places):
    batch = submitted(people, places).batches.get()
    client.force_login(people["chen"])
    assert client.get(at("batch_pdf", batch.pk)).status_code == 404
    assert "正在做" in client.get(at("batch", batch.pk)).content.decode()
    draft_batches.print_batches()
    assert client.get(at("batch_pdf", batch.pk)).content.startswith(b"%PDF-")
    assert client.get(at("batch_docx", batch.pk)).content.startswith(b"PK")
