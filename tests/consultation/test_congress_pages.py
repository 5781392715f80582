"""The congress through its pages: what residents, representatives, departments and the office see and do."""

import csv
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caoyang_portal.ledger.models import Entry
from consultation.actions import congress as acts
from consultation.models import (
    Congress,
    CongressIssue,
    MergeRecord,
    Representative,
    WrittenOpinion,
)
from tests.consultation.builders import kind
from tests.consultation.congress_builders import (
    DAY,
    STAGES,
    TEXTS,
    TODAY,
    again,
    balloting,
    gathering,
    issue,
    lead_part,
    opinion_at,
    seat,
    world,
    written,
)
from tests.consultation.test_desk import picture


def at(name, *args, **kwargs):
    return reverse(
        f"consultation:{name}", args=[getattr(arg, "pk", arg) for arg in args], kwargs=kwargs
    )


@pytest.fixture
def go(client, people):
    """Ask for a page as somebody; follow where it leads."""

    def ask(who, name, *args, data=None, **query):
        if people[who].is_authenticated:
            client.force_login(people[who])
        else:
            client.logout()
        url = at(name, *args)
        answer = client.get(url, query) if data is None else client.post(url, data, follow=True)
        return answer.status_code, answer.content.decode()

    return ask


def test_a_congress_is_prepared_and_seated_by_the_office(go, places, people, households):
    status, page = go(
        "gu", "prepare_congress",
        data={
            "neighbourhood": places.here.pk, "term": 3, "year": 2026, "theme": "一起办",
            "ballot_kind": "top-ten", "assign_working_days": 7, "return_working_days": 7,
            "result_days": 21, "co_months": 1, "feedback_months": 2, "extension_months": 3,
            "warn_days": 3, "ladder_days": 3, "legal_basis": "社区代表会议制度",
        },
    )  # fmt: skip
    congress = Congress.objects.get()
    assert (status, "已建立" in page, str(congress)) == (
        200,
        True,
        "曹杨新村街道第3届社区代表会议（2026年）",
    )
    assert go("wang", "congress", congress)[0] == 404  # not announced
    seats = {
        "neighbourhood": places.here.pk, "name": "王桂芳", "phone": "13800000101",
        "category": "building_leader", "way": "elected", "since": TODAY().isoformat(),
        "until": (TODAY() + 900 * DAY).isoformat(),
    }  # fmt: skip
    assert "已登记" in go("gu", "add_representative", congress, data=seats)[1]
    assert go("gu", "add_representative", congress, data=seats)[0] == 422
    assert go("gu", "add_representative", congress, data=seats | {"phone": "12"})[0] == 422
    go("gu", "start_gathering", congress, data={})
    page = go("passerby", "congress", congress)[1]
    assert "提一个问题" in page
    assert "王桂芳" not in page


def test_hearings_and_issues_are_gathered_by_the_committee(go, places, people, households):
    congress = gathering(people, places)
    sits = Representative.objects.get()
    heard = {
        "neighbourhood": places.here.pk, "held_on": TODAY().isoformat(), "place": "居委会",
        "present": [sits.pk], "came": 30, "summary": "停车",
    }  # fmt: skip
    assert "这一场已登记" in go("chen", "record_face_to_face", congress, data=heard)[1]
    assert "30 人次" in go("passerby", "congress", congress)[1]
    hearing = congress.hearings.get()
    said = {"neighbourhood": places.here.pk, "category": "traffic", "text": "弄堂口堵车"}
    wrong = go("chen", "gather_issue", congress, data=said | {"source": "face_to_face"})
    assert (wrong[0], "要选是哪一场" in wrong[1]) == (422, True)
    right = said | {"source": "face_to_face", "hearing": hearing.pk}
    assert "已收录，第 1 号" in go("chen", "gather_issue", congress, data=right)[1]
    assert go("fang", "gather_issue", congress, data=right)[0] == 404


def test_issues_are_merged_by_ticking_and_taken_apart(go, places, people, households):
    congress = gathering(people, places, TEXTS)
    one, two, _three = congress.issues.order_by("number")
    page = go("gu", "desk_issues", congress)[1]
    assert page.count('name="issues"') == 3
    confirm = go("gu", "merge_issues", congress, issues=[one.pk, two.pk])
    assert (confirm[0], confirm[1].count('type="radio"')) == (200, 2)
    done = go(
        "gu", "merge_issues", congress,
        data={"issues": [one.pk, two.pk], "target": one.pk, "text": "灯和路"},
    )  # fmt: skip
    assert "已合并，可以撤销" in done[1]
    public = go("passerby", "congress_issues", congress)[1]
    assert "灯和路" in public
    assert "已合并到第 1 号" in public
    assert "都恢复原样" in go("gu", "undo_merge", MergeRecord.objects.get(), data={})[1]
    assert again(one).text == TEXTS[0]


def test_what_is_personal_or_unsorted_is_shown_to_who_raised_it_only(
    go, places, people, households
):
    congress = gathering(people, places)
    told = {"neighbourhood": places.here.pk, "category": "elderly", "text": "我家要扶手"}
    assert "收到了，是第 1 号" in go("wang", "put_in_issue", congress, data=told)[1]
    for who, seen in {"wang": True, "zhao": False, "passerby": False}.items():
        assert ("我家要扶手" in go(who, "congress_issues", congress)[1]) is seen
    raised = CongressIssue.objects.get()
    sort = {"state": "personal", "category": "elderly", "note": "残联上门"}
    go("gu", "sort_issue", raised, data=sort)
    assert "残联上门" in go("wang", "congress_issues", congress)[1]
    assert "残联上门" not in go("zhao", "congress_issues", congress)[1]
    issue(congress, people, "弄堂口堵车")
    found = go("passerby", "congress_issues", congress, q="堵车")[1]
    assert ("弄堂口堵车" in found, "没有找到" in found) == (True, False)
    assert "没有找到" in go("passerby", "congress_issues", congress, q="月亮")[1]


def test_the_committee_drafts_the_ballot_of_its_area(go, places, people, households):
    kind()
    congress = balloting(people, places)
    page = go("chen", "desk_congress", congress)[1]
    assert at("draft_top_ten", congress, "caoyang-one") in page
    assert (
        at("draft_top_ten", congress, "caoyang-one") not in go("gu", "desk_congress", congress)[1]
    )
    assert "票选已起草" in go("chen", "draft_top_ten", congress, "caoyang-one", data={})[1]
    assert congress.ballots.count() == 1
    assert go("chen", "draft_top_ten", congress, "nowhere", data={})[0] == 404


def test_an_opinion_from_writing_to_the_second_round(go, places, people, households):
    made = world(people, places)
    words = {
        "congress": made.congress.pk, "title": "装反光镜", "text": "丁字路口看不见来车。",
        "category": "traffic", "is_public": "on",
    }  # fmt: skip
    assert "书面意见已提出" in go("wang", "write_opinion", data=words)[1]
    opinion = WrittenOpinion.objects.get()
    go("gu", "receive_opinion", opinion, data={"category": "traffic", "grade": "key"})
    assert "请交办" in go("gu", "desk_opinion", opinion)[1] or again(opinion).state == "received"
    go("gu", "assign_opinion", opinion, data={"lead": made.lead.pk, "helping": [made.other.pk]})
    part = lead_part(opinion)
    page = go("deng", "desk_opinion", opinion)[1]
    assert [at(act, part) in page for act in ("submit_result", "ask_return", "reply_opinion")] == [
        True, True, False,
    ]  # fmt: skip
    assert at("settle_return", part) not in page
    go("deng", "submit_result", part, data={"result": "看过了"})
    wrong = go("deng", "reply_opinion", part, data={"reply_class": "B", "text": "列入计划"})
    assert (wrong[0], "承诺办到什么" in wrong[1]) == (422, True)
    go("deng", "reply_opinion", part, data={"reply_class": "A", "text": "装好了"})
    assert "部门答复了，您满意吗？" in go("wang", "opinion", opinion)[1]
    form = go("wang", "rate_opinion", opinion)[1]
    assert "checked" not in re.sub(r"<head>.*</head>", "", form, flags=re.DOTALL)
    given = {"attitude": "satisfied", "outcome": "unsatisfied", "remark": "太小"}
    assert "街道会研究" in go("wang", "rate_opinion", opinion, data=given)[1]
    assert go("wang", "rate_opinion", opinion, data=given)[0] == 422
    go("gu", "study_opinion", opinion, data={"again": "yes", "note": "换大的"})
    assert (again(opinion).state, again(opinion).round) == ("received", 2)
    sheet = go("wang", "print_opinion", opinion)[1]
    assert all(words in sheet for words in ("装反光镜", "装好了", "太小", "市政科"))


def test_a_promise_is_kept_with_its_proof(go, places, people, households):
    made = world(people, places)
    opinion = opinion_at("tracked", people, made.congress, made.lead)
    reply = opinion.replies.get()
    paper = picture("done.png")
    assert go("deng", "keep_promise", reply, data={"note": "装好了"})[0] == 422
    go("deng", "keep_promise", reply, data={"note": "装好了", "proof": paper})
    assert again(opinion).state == "closed"
    assert "承诺已办成" in go("wang", "opinion", opinion)[1]
    assert go("zhao", "promise_proof", reply)[0] == 404


def test_a_department_sees_its_own_and_the_public_only_what_may_be_shown(
    go, places, people, households
):
    made = world(people, places)
    hidden = written(people, made.congress, "不公开的一件", is_public=False)
    shown = opinion_at("closed", people, made.congress, made.lead, title="公开的一件")
    assert go("deng", "desk_opinion", hidden)[0] == 404
    desk = go("deng", "desk_opinions")[1]
    assert ("公开的一件" in desk, "不公开的一件" in desk) == (True, False)
    public = go("passerby", "congress_opinions", made.congress)[1]
    assert ("公开的一件" in public, "王*芳" in public, "王桂芳" in public) == (True, True, False)
    assert "不公开的一件" in go("gu", "desk_opinions", state="written")[1]
    assert go("chen", "desk_opinions")[0] == 404
    assert shown.number in go("gu", "desk_opinions", q=shown.number)[1]


def test_the_file_is_taken_away_masked_unless_there_is_a_reason(
    client, places, people, households
):
    made = world(people, places)
    opinion_at("closed", people, made.congress, made.lead, title="=cmd|a")
    client.force_login(people["gu"])
    url = at("export_opinions", made.congress)
    rows = list(
        csv.reader(io.StringIO(client.post(url, {"file": "csv"}).content.decode("utf-8-sig")))
    )
    assert (rows[1][1], rows[1][5], rows[1][9], rows[1][12]) == ("'=cmd|a", "王*芳", "市政科", "A")
    book = openpyxl.load_workbook(io.BytesIO(client.post(url, {"reason": "年终汇编"}).content))
    sheet = list(book.worksheets[0].values)
    assert (sheet[2][5], "年终汇编" in sheet[0][0]) == ("王桂芳", True)
    taken = Entry.objects.filter(act="consultation.export_opinions").order_by("pk")
    assert [entry.facts["whole_names"] for entry in taken] == [False, True]


def asked(go, *what, **query):
    with CaptureQueriesContext(connection) as queries:
        assert go(*what, **query)[0] == 200
    return len(queries)


PAGES = [
    ("passerby", "congress_issues", True), ("passerby", "congress", True), ("gu", "desk_issues", True),
    ("gu", "desk_opinions", False), ("deng", "desk_opinions", False), ("wang", "my_opinions", False),
    ("passerby", "congress_opinions", True), ("gu", "desk_representatives", True),
    ("gu", "desk_hearings", True), ("gu", "desk_congress", True),
]  # fmt: skip


@pytest.mark.parametrize(("who", "page", "of_congress"), PAGES)
def test_a_page_asks_as_often_for_many_as_for_one(
    who, page, of_congress, go, places, people, households
):
    made = world(people, places)

    def grow(n):
        issue(made.congress, people, f"问题{n}")
        opinion_at("closed", people, made.congress, made.lead, title=f"意见{n}")
        opinion_at("assigned", people, made.congress, made.lead, title=f"在办{n}")
        seat(made.congress, None, people["gu"], name=f"代表{n}")
        acts.record_face_to_face(
            made.congress, neighbourhood=places.here, held_on=TODAY(), place=f"会场{n}",
            present=list(made.congress.representatives), came=3, by=people["gu"],
        )  # fmt: skip

    what = (who, page, *([made.congress] if of_congress else []))
    grow(1)
    asked(go, *what)
    few = asked(go, *what)
    grow(2)
    grow(3)
    assert asked(go, *what) == few


@pytest.mark.parametrize("state", STAGES)
def test_every_state_has_its_pages(state, go, places, people, households):
    made = world(people, places)
    opinion = opinion_at(state, people, made.congress, made.lead)
    label = opinion.get_state_display()
    for who, page in (("wang", "opinion"), ("gu", "desk_opinion")):
        assert label in go(who, page, opinion)[1]
