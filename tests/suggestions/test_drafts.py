"""Draft laws from the letter to the result: who may, which act when, what stays, what is counted."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice, Sending
from suggestions import draft_paces
from suggestions.actions import draft_batches, drafts
from suggestions.models import ArticleOpinion, DraftArticle, DraftLaw
from suggestions.queries.drafts import Figures, by_year, figures, latest, ranking, rows_of
from tests.conftest import EVERYONE
from tests.suggestions.draft_builders import (
    DAY,
    PASSED,
    TEXT,
    accepted,
    again,
    article,
    closed,
    imported,
    in_state,
    opened,
    past,
    preparing,
    said,
    submitted,
)

COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    (
        "start_draft", "import_draft", "explain_article", "open_draft", "close_draft",
        "reopen_draft", "change_draft_due", "end_draft", "enter_past_draft", "enter_activity",
        "change_activity", "enter_opinion", "merge_opinion", "unmerge_opinion", "submit_batch",
        "ask_about_results", "record_result", "see_speaker", "note_speaker_told",
    ),
    COMMITTEE,
) | {
    "raise_opinion": {"wang", "zhao"},
    "see_draft_desk": {*COMMITTEE, "gu", "shen", "adi"},
}  # fmt: skip
WHO_MAY_REVIEW = {"review_opinion": {"lin"}}  # chen entered it
State = DraftLaw.State


@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, people, places):
    draft = DraftLaw(neighbourhood=places.here)
    allowed = {who for who in EVERYONE if may(people[who], f"suggestions.{act}", draft)}
    assert allowed == WHO_MAY[act]


def test_nobody_looks_at_what_they_said_or_entered(people, places):
    opinion = ArticleOpinion(neighbourhood=places.here, raised_by=people["chen"])
    allowed = {w for w in EVERYONE if may(people[w], "suggestions.review_opinion", opinion)}
    assert allowed == WHO_MAY_REVIEW["review_opinion"]


# --- moves ---------------------------------------------------------------------------------------

MOVES = {
    "import_draft": {"preparing", "closed", "submitted"},
    "import_final": {"closed", "submitted"},
    "open_draft": {"preparing"},
    "close_draft": {"open"},
    "reopen_draft": {"closed", "submitted"},
    "change_draft_due": {"preparing", "open", "closed"},
    "ask_about_results": {"submitted"},
    "end_draft": {"preparing", "closed", "submitted"},
    "enter_activity": {"preparing", "open", "closed", "submitted", "ended"},
    "submit_batch": {"closed", "submitted"},
}


def _try(act, draft, people):
    chen, today = people["chen"], timezone.localdate()
    due = {"city_due_on": today + 40 * DAY, "due_on": today + 30 * DAY, "reason": "延长了"}
    given = {
        "import_draft": {"name": "二审稿", "text": TEXT},
        "import_final": {"name": "通过的文本", "text": PASSED, "is_final": True},
        "reopen_draft": due,
        "change_draft_due": due,
        "ask_about_results": {"words": "打电话问过"},
        "end_draft": {"outcome": "shelved"},
        "enter_activity": {"kind": "seminar", "title": "座谈会", "held_on": today, "people": 9},
        "submit_batch": {"to_body": "法工委"},
    }
    if act == "submit_batch":
        _one_more_ready(draft, people)
    if act == "end_draft":
        ArticleOpinion.objects.filter(draft=draft, state="submitted").update(state="unknown")
    module = draft_batches if act == "submit_batch" else drafts
    name = "import_draft" if act == "import_final" else act
    return getattr(module, name)(draft, **given.get(act, {}), by=chen)


def _one_more_ready(draft, people):
    """One accepted, in whatever state the draft is."""
    number = draft.opinions.count() + 1
    ArticleOpinion.objects.create(
        neighbourhood=draft.neighbourhood, draft=draft, number=number, kind="ask", text="问一问",
        raised_by=people["chen"], state="accepted", reviewed_by=people["lin"],
    )  # fmt: skip


def test_which_act_in_which_state(people, places):
    made = {state: in_state(people, places, state, f"{state} 草案") for state in State.values}
    possible = {act: set() for act in MOVES}
    for act in MOVES:
        for state, draft in made.items():
            try:
                with transaction.atomic():
                    _try(act, draft, people)
                    possible[act].add(state)
                    transaction.set_rollback(True)
            except Refused:
                pass
    assert possible == MOVES


def test_nothing_open_is_without_a_promised_day(people, places):
    for state in State.values:
        draft = in_state(people, places, state, f"{state} 草案")
        assert (draft.next_on is not None, bool(draft.next_step)) == (draft.is_live,) * 2
        waiting = draft.opinions.waiting().exists()
        assert not waiting or draft.next_on is not None


# --- the text ------------------------------------------------------------------------------------


def test_a_text_is_kept_article_by_article_as_it_was_given(people, places):
    draft = imported(people, places)
    version = latest(draft)
    assert [
        (one.position, one.label, one.chapter, one.text) for one in version.articles.all()
    ] == [
        (1, "第一条", "第一章 总则", "为了加强电梯使用安全管理，制定本规定。"),
        (2, "第二条", "第一章 总则", "老旧小区应当优先更新电梯。"),
        (3, "第三条", "第一章 总则", "故障后三十分钟内到场。"),
    ]
    assert (version.preamble, version.number, version.is_final) == ("上海市电梯使用安全若干规定", 1, False)  # fmt: skip


def test_what_cannot_be_read_is_refused_in_plain_words(people, places):
    draft = preparing(people, places)
    with pytest.raises(Refused, match="没有找到“第几条”"):
        drafts.import_draft(draft, name="稿", text="随便写写", by=people["chen"])
    assert not DraftArticle.objects.exists()


def test_plain_words_stay_with_an_article_that_stayed(people, places):
    draft = imported(people, places)
    by = {"by": people["chen"]}
    drafts.explain_article(
        article(draft, "第二条"), note="老小区先换电梯。", terms="更新＝换新的", **by
    )
    drafts.explain_article(article(draft), note="半小时内要有人来。", terms="", **by)
    drafts.import_draft(draft, name="改稿", text=PASSED, **by)
    kept = {one.label: (one.note, one.explained_terms) for one in latest(draft).articles.all()}
    assert kept == {
        "第一条": ("", []), "第二条": ("老小区先换电梯。", [("更新", "换新的")]), "第三条": ("", []),
    }  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE suggestions_draftarticle SET text = '换了'",
        "DELETE FROM suggestions_draftarticle",
        "UPDATE suggestions_articleopinion SET text = '同意'",
        "UPDATE suggestions_articleopinion SET reason = '没有理由'",
        "DELETE FROM suggestions_articleopinion",
        "UPDATE suggestions_articleopinion SET batch_id = NULL, state = 'accepted'",
        "UPDATE suggestions_opinionbatch SET content = '{}'",
        "UPDATE suggestions_opinionbatch SET submitted_on = '2020-01-01'",
        "DELETE FROM suggestions_opinionbatch",
    ],
)
def test_what_was_given_said_and_sent_in_stays(sql, people, places):
    submitted(people, places)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# --- days ----------------------------------------------------------------------------------------


def test_our_day_lies_five_working_days_before_theirs(people, places, announced):
    draft = preparing(
        people, places, received_on=dt.date(2026, 3, 2), city_due_on=dt.date(2026, 3, 31), due_on=None
    )  # fmt: skip
    assert draft.due_on == dt.date(2026, 3, 24)
    assert draft_paces.is_short(draft) is False
    draft.city_due_on = dt.date(2026, 3, 12)
    assert draft_paces.is_short(draft) is True


def test_days_that_cannot_be_are_refused(people, places):
    today = timezone.localdate()
    with pytest.raises(Refused, match="不能晚于上报截止"):
        preparing(people, places, due_on=today + 31 * DAY)
    with pytest.raises(Refused, match="还没有到"):
        preparing(people, places, received_on=today + DAY)
    preparing(people, places)
    with pytest.raises(Refused, match="已经登记过"):
        preparing(people, places)


def test_residents_are_told_that_it_is_open(people, places):
    draft = opened(people, places)
    deliver_pending()
    told = Notice.objects.filter(link=f"/drafts/{draft.pk}/")
    assert {notice.reader.name for notice in told} == {"王桂芳", "赵大勇"}
    assert not Sending.objects.filter(channel="sms").exists()


def _told(draft):
    deliver_pending()
    entries = Entry.objects.filter(act="suggestions.warn_draft", subject_id=draft.pk)
    return [entry.facts["rungs"] for entry in entries.order_by("pk")]


def test_the_day_is_told_before_and_after_each_once(people, places):
    draft = closed(opened(people, places), people)
    day = draft.city_due_on
    for today in (day - 15 * DAY, day - DAY, day - DAY, day + DAY, day + DAY, day + 15 * DAY):
        draft_batches.watch_drafts(today)
    assert _told(draft) == [[1], [2], [3]]
    to_the_street = Notice.objects.filter(reader=people["gu"])
    assert [("超期" in one.text) for one in to_the_street] == [True]
    texts = list(Notice.objects.filter(reader=people["chen"]).values_list("text", flat=True))
    assert len(texts) == 3
    assert all(len(text) <= 70 for text in texts)


def test_when_the_days_are_over_opinions_are_in(people, places):
    draft = opened(people, places)
    for today in (draft.due_on, draft.due_on + DAY, draft.due_on + DAY):
        draft_batches.watch_drafts(today)
    assert (again(draft).state, again(draft).next_on) == ("closed", draft.city_due_on)
    assert Entry.objects.filter(act="suggestions.close_due_draft").count() == 1
    assert again(draft).steps.get(state="closed").by is None


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_warn_once(people, places):
    draft = closed(opened(people, places), people)
    late = draft.city_due_on + DAY
    meeting, found = threading.Barrier(2), []

    def run():
        try:
            meeting.wait(5)
            found.append(draft_batches.warn_draft(draft, late))
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _n in "12"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert sorted(found) == [False, True]
    assert Entry.objects.filter(act="suggestions.warn_draft").count() == 1


def test_having_asked_promises_the_next_asking(people, places):
    draft = submitted(people, places)
    DraftLaw.objects.filter(pk=draft.pk).update(next_on=timezone.localdate() - DAY, rung=2)
    asked = drafts.ask_about_results(draft, words="打电话问了，还没有结果。", by=people["chen"])
    assert (asked.next_on, asked.rung) == (draft_paces.ASK.ends(timezone.localdate()), 0)
    assert asked.steps.last().text == "打电话问了，还没有结果。"


def test_it_does_not_end_while_an_opinion_has_no_answer(people, places):
    draft = submitted(people, places)
    with pytest.raises(Refused, match="还有 1 条意见没有结果"):
        drafts.end_draft(draft, outcome="passed", by=people["chen"])


def test_a_stranger_enters_nothing(people, places):
    with pytest.raises(PermissionDenied):
        preparing(people, places, by=people["fang"])


# --- reading and counting ------------------------------------------------------------------------


def test_opinions_on_an_earlier_text_stand_beside_the_article_of_that_label(people, places):
    draft = opened(people, places)
    one = accepted(draft, people)
    closed(draft, people)
    drafts.import_draft(draft, name="二审稿", text=PASSED, by=people["chen"])
    rows = rows_of(latest(draft), draft.opinions.public().select_related("article"))
    assert {row.article.label: row.opinions for row in rows} == {
        "第一条": [], "第二条": [], "第三条": [one],
    }  # fmt: skip


def test_three_counters_and_two_tables(people, places):
    draft = submitted(people, places)
    drafts.enter_activity(
        draft, kind="seminar", title="座谈会", held_on=timezone.localdate(), people=12, by=people["chen"]
    )  # fmt: skip
    numbers = {"past_activities": 3, "past_people": 40, "past_raised": 20, "past_submitted": 9, "past_adopted": 4}  # fmt: skip
    old = past(people, places, **numbers)
    second = opened(people, places, "另一部")
    said(second, people)
    said(second, people, who="zhao", text="一样的话。")
    assert figures(DraftLaw.objects.all()) == Figures(3, 4, 52, 23, 10, 4)
    assert [one.title for one in ranking(DraftLaw.objects.all())] == [
        old.title, second.title, draft.title,
    ]  # fmt: skip
    assert by_year(DraftLaw.objects.all()) == [
        (timezone.localdate().year, Figures(2, 1, 12, 3, 1, 0)),
        (2021, Figures(1, 3, 40, 20, 9, 4)),
    ]


def test_numbers_that_cannot_be_are_refused(people, places):
    with pytest.raises(Refused, match="不会比报送的多"):
        past(people, places, past_raised=9, past_submitted=3, past_adopted=4)
