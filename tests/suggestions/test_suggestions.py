"""A suggestion from its making to its end: who may, what may follow what, what is promised, who is told."""

import datetime as dt
import threading
from contextlib import suppress

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from suggestions.actions import suggestion_answers as answers
from suggestions.actions import suggestion_intake as intake
from suggestions.actions import suggestion_upkeep as upkeep
from suggestions.actions import suggestions as acts
from suggestions.models import (
    Endorsement,
    Satisfaction,
    Suggestion,
    SuggestionMerge,
    SuggestionStep,
)
from suggestions.queries import suggestions as queries
from tests.conftest import EVERYONE
from tests.suggestions.suggestion_builders import (
    DAY,
    TITLE,
    entered,
    finish,
    in_state,
    made,
    photo,
    publish,
    published,
    rate,
    reply,
    unit,
)

State = Suggestion.State
CLERKS = {"chen", "lin"}
INTAKE = CLERKS | {"gu"}
UNIT = {"deng", "mei"}
EVERYBODY = set(EVERYONE) - {"passerby"}
WHO_MAY = (
    dict.fromkeys(
        (
            "acknowledge_suggestion", "publish_suggestion", "hide_suggestion",
            "assign_suggestion", "refer_suggestion", "merge_suggestion", "unmerge_suggestion",
            "show_suggestion_photo", "commend_suggestion", "write_reply_template",
            "retire_reply_template",
        ),
        INTAKE,
    )
    | dict.fromkeys(("enter_suggestion", "note_suggestion_told"), CLERKS)
    | dict.fromkeys(
        ("return_suggestion", "reply_suggestion", "report_work", "finish_work"), UNIT
    )
    | dict.fromkeys(
        ("pause_suggestion", "resume_suggestion", "add_suggestion_note"), INTAKE | UNIT
    )
    | dict.fromkeys(("see_suggester", "read_suggester_phone"), CLERKS | UNIT)
    | {
        "make_suggestion": EVERYBODY,
        "endorse_suggestion": EVERYBODY - {"wang"},
        "end_endorsement": EVERYBODY - {"wang"},
        "withdraw_suggestion": {"wang"},
        "rate_suggestion": {"wang"},
        "see_suggestion_desk": INTAKE | UNIT | {"shen", "adi"},
    }
)  # fmt: skip


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places, households):
    one = in_state(people, places, "assigned")
    assert {act for act in WHO_MAY if may(people[person], f"suggestions.{act}", one)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }


def test_nobody_rates_their_own_answer(people, places, households):
    """For somebody without account another than the unit asks and writes down; a committee's own answer, the street."""
    one = entered(people, places)
    intake.acknowledge_suggestion(one, by=people["chen"])
    own = unit(people, places, "曹杨一村居委会")
    type(own).objects.filter(pk=own.pk).update(kind="committee", neighbourhood=places.here)
    own.refresh_from_db()
    one = intake.assign_suggestion(one, unit=own, by=people["chen"])
    assert may(people["lin"], "suggestions.reply_suggestion", one)
    assert [w for w in EVERYONE if may(people[w], "suggestions.rate_suggestion", one)] == ["gu"]


ACTS = {
    "acknowledge_suggestion": lambda s, p, x: intake.acknowledge_suggestion(s, by=p["chen"]),
    "assign_suggestion": lambda s, p, x: intake.assign_suggestion(
        s, unit=unit(p, x), by=p["chen"]
    ),
    "refer_suggestion": lambda s, p, x: intake.refer_suggestion(
        s, elsewhere="court", answer="归法院。", by=p["chen"]
    ),
    "return_suggestion": lambda s, p, x: answers.return_suggestion(
        s, reason="归绿化所。", by=p["deng"]
    ),
    "reply_suggestion": lambda s, p, x: reply(s, p),
    "reply_with_work": lambda s, p, x: reply(s, p, timezone.localdate() + 30 * DAY),
    "report_work": lambda s, p, x: answers.report_work(s, text="挖好了沟。", by=p["deng"]),
    "finish_work": lambda s, p, x: finish(s, p),
    "rate_suggestion": lambda s, p, x: rate(s, p),
    "rate_poorly": lambda s, p, x: rate(s, p, "unsatisfied"),
    "pause_suggestion": lambda s, p, x: intake.pause_suggestion(
        s, reason="等图纸", until=timezone.localdate() + 10 * DAY, by=p["chen"]
    ),
    "merge_suggestion": lambda s, p, x: upkeep.merge_suggestion(
        s, into=Suggestion.objects.get(title="另一条"), by=p["chen"]
    ),
    "unmerge_suggestion": lambda s, p, x: upkeep.unmerge_suggestion(s, by=p["chen"]),
    "withdraw_suggestion": lambda s, p, x: acts.withdraw_suggestion(s, by=p["wang"]),
}
EARLY = {
    "refer_suggestion": "referred", "merge_suggestion": "merged", "withdraw_suggestion": "withdrawn"
}  # fmt: skip
LEADS_TO = {
    "submitted": {
        "acknowledge_suggestion": "acknowledged", "pause_suggestion": "submitted", **EARLY
    },
    "acknowledged": {
        "assign_suggestion": "assigned", "pause_suggestion": "acknowledged", **EARLY
    },
    "assigned": {
        "return_suggestion": "acknowledged", "reply_suggestion": "replied",
        "reply_with_work": "carrying_out", "refer_suggestion": "referred",
        "merge_suggestion": "merged", "pause_suggestion": "assigned",
    },
    "replied": {"rate_suggestion": "closed", "rate_poorly": "assigned"},
    "carrying_out": {
        "report_work": "carrying_out", "finish_work": "done", "pause_suggestion": "carrying_out"
    },
    "done": {"rate_suggestion": "closed", "rate_poorly": "assigned"},
    "closed": {},
    "referred": {},
    "merged": {"unmerge_suggestion": "submitted"},
    "withdrawn": {},
}  # fmt: skip


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("act", ACTS)
def test_what_may_follow_what(state, act, people, places, households):
    """Each state with each act: it leads where it should, or a sentence says why not and nothing is changed."""
    unit(people, places)
    one = in_state(people, places, state)
    published(people, places, "另一条", who="zhao")
    before = (one.state, one.next_on, one.steps.count())
    leads = LEADS_TO[state].get(act)
    if leads:
        ACTS[act](one, people, places)
        one.refresh_from_db()
        assert one.state == leads
        assert one.is_live == (one.next_on is not None)
        last = one.steps.last()
        assert (last.state, last.next_on or one.next_on, last.next_step or one.next_step) == (
            leads, one.next_on, one.next_step,
        )  # fmt: skip
    else:
        with pytest.raises((Refused, PermissionDenied)), transaction.atomic():
            ACTS[act](one, people, places)
        one.refresh_from_db()
        assert (one.state, one.next_on, one.steps.count()) == before


@pytest.mark.usefixtures("announced")
@pytest.mark.parametrize(
    ("day", "acknowledge", "assign", "answer"),
    [
        # over the National Day; the 15th and the 60th day of the calendar
        (dt.date(2026, 9, 29), dt.date(2026, 10, 9), dt.date(2026, 10, 14), dt.date(2026, 11, 30)),
        (dt.date(2026, 11, 20), dt.date(2026, 11, 25), dt.date(2026, 12, 7), dt.date(2027, 1, 19)),
    ],
)
def test_three_working_days_fifteen_days_sixty_days(
    day, acknowledge, assign, answer, people, places, households
):
    with time_machine.travel(dt.datetime.combine(day, dt.time(2)), tick=False):
        one = made(people, places)
        promised = [one.next_on]
        one = intake.acknowledge_suggestion(one, by=people["chen"])
        promised.append(one.next_on)
        one = intake.assign_suggestion(one, unit=unit(people, places), by=people["chen"])
        promised.append(one.next_on)
    assert promised == [acknowledge, assign, answer]
    assert one.reply_by == answer


def test_every_step_is_told_to_whoever_made_it_and_what_came_of_it_to_those_who_want_it_too(
    people, places, households
):
    one = published(people, places)
    upkeep.endorse_suggestion(one, by=people["zhao"])
    intake.acknowledge_suggestion(one, by=people["chen"])
    intake.assign_suggestion(one, unit=unit(people, places), by=people["chen"])
    reply(one, people, timezone.localdate() + 30 * DAY)
    answers.report_work(one, text="挖好了沟。", by=people["deng"])
    finish(one, people)
    rate(one, people)
    answers.commend_suggestion(one, words="谢谢您的金点子。", by=people["chen"])
    deliver_pending()
    told = list(
        Notice.objects.filter(reader=people["wang"])
        .order_by("entry__at")
        .values_list("text", flat=True)
    )
    assert len(told) == one.steps.count() + 1 == 8
    assert told[0].startswith(
        "您的建议《花坛边上装充电桩》已收到。下一步：受理，或者说明去哪里办，"
    )
    assert told[-1] == "您的建议《花坛边上装充电桩》受到表扬，谢谢您！"
    wants_it_too = Notice.objects.filter(reader=people["zhao"]).order_by("entry__at")
    assert [n.text for n in wants_it_too] == [
        f"您也提了的《花坛边上装充电桩》{state}，详情请登录门户看。"
        for state in ("落实中", "落实中", "已办成")
    ]
    assert "请在" in Notice.objects.get(reader=people["deng"]).text


def test_a_poor_result_is_handled_once_more_and_then_the_street_hears_of_it(
    people, places, households
):
    one = in_state(people, places, "replied")
    rate(one, people, "unsatisfied")
    one.refresh_from_db()
    assert (one.state, one.round, one.replied_at) == ("assigned", 2, None)
    assert [held.round for held in one.handlings.all()] == [1, 2]
    with pytest.raises(Refused, match="已经答复过一次"):
        answers.return_suggestion(one, reason="不归我们", by=people["deng"])
    reply(one, people, verdict="partly", text="先装五个。", why="电容量不够。")
    rate(one, people, "unsatisfied")
    one.refresh_from_db()
    assert (one.state, one.replies.count(), Satisfaction.objects.count()) == ("closed", 2, 2)
    deliver_pending()
    street = Notice.objects.get(reader=people["gu"])
    assert street.text == "建议《花坛边上装充电桩》办了两次，提出人还是不满意，请过问。"


def test_no_account_no_notice_but_somebody_to_tell(people, places, households):
    one = entered(people, places)
    step = one.steps.get()
    assert list(queries.untold(SuggestionStep.objects.all())) == [step]
    upkeep.note_suggestion_told(step, by=people["chen"])
    assert not queries.untold(SuggestionStep.objects.all()).exists()
    into = published(people, places)
    upkeep.merge_suggestion(one, into=into, by=people["chen"])
    intake.acknowledge_suggestion(into, by=people["chen"])
    assert [s.state for s in queries.untold(SuggestionStep.objects.all()).order_by("at")] == [
        "merged", "acknowledged",
    ]  # fmt: skip


def test_the_words_as_they_were_said_are_kept(people, places, households):
    one = made(people, places, "3号楼101王桂芳要充电桩")
    with pytest.raises(Refused, match="请写明为什么改"):
        publish(one, people, title="花坛边装充电桩")
    publish(one, people, title="花坛边装充电桩", change_reason="去掉了姓名和门牌")
    publish(
        one, people, title="花坛边上装充电桩", reasons="飞线不安全。", change_reason="改了错字"
    )
    one.refresh_from_db()
    assert (one.title, one.original_title, one.original_reasons, one.change_reason) == (
        "花坛边上装充电桩", "3号楼101王桂芳要充电桩", "飞线充电不安全。", "改了错字",
    )  # fmt: skip
    assert "王桂芳" not in one.search_text
    title = queries.wording(one)[0][1]
    assert "".join(text for kind, text in title if kind != "new") == one.original_title
    assert "".join(text for kind, text in title if kind != "gone") == one.title


def _rows(*models):
    return {m.__name__: sorted(map(str, m.objects.values_list())) for m in models}


@pytest.mark.parametrize("state", ["submitted", "acknowledged", "assigned", "paused"])
def test_merging_and_undoing_leaves_it_as_it_was(state, people, places, households):
    one = in_state(people, places, "assigned" if state == "paused" else state)
    publish(one, people)
    if state == "paused":
        ACTS["pause_suggestion"](one, people, places)
    upkeep.endorse_suggestion(one, by=people["zhao"])
    into = published(people, places, "另一条", who="sun")
    one.refresh_from_db()
    before = (Suggestion.objects.filter(pk=one.pk).values().get(), _rows(Endorsement))
    assert (queries.supporters(one), queries.supporters(into)) == (2, 1)
    upkeep.merge_suggestion(one, into=into, reason="同一件事", by=people["chen"])
    assert queries.supporters(into) == 3
    upkeep.unmerge_suggestion(one, by=people["chen"])
    assert (Suggestion.objects.filter(pk=one.pk).values().get(), _rows(Endorsement)) == before
    assert (queries.supporters(one), queries.supporters(into)) == (2, 1)
    assert SuggestionMerge.objects.get().undone_by == people["chen"]


def test_a_pause_moves_what_was_promised_by_as_many_days_as_it_lasted(people, places, households):
    one = in_state(people, places, "assigned")
    due, today = one.next_on, timezone.localdate()
    with pytest.raises(Refused, match="请写明为什么暂停"):
        intake.pause_suggestion(one, reason=" ", until=today + DAY, by=people["chen"])
    one = intake.pause_suggestion(one, reason="等图纸", until=today + 10 * DAY, by=people["deng"])
    assert (one.next_on, one.steps.last().text) == (today + 10 * DAY, "暂停办理：等图纸")
    with time_machine.travel(timezone.now() + 9 * DAY):
        assert upkeep.watch_suggestions() == 0
    with time_machine.travel(timezone.now() + 10 * DAY):
        assert (upkeep.watch_suggestions(), upkeep.watch_suggestions()) == (1, 0)
    one.refresh_from_db()
    assert (one.next_on, one.reply_by) == (due + 10 * DAY, due + 10 * DAY)
    assert Entry.objects.get(act="suggestions.end_pause").actor is None


def test_what_is_late_climbs_the_ladder_each_rung_once(people, places, households):
    one = in_state(people, places, "assigned")
    day = one.next_on
    told = {}
    for after in (0, 1, 1, 4, 5, 15, 15, 60):
        upkeep.watch_suggestions(day + after * DAY)
    deliver_pending()
    for notice in Notice.objects.filter(text__contains="现在超期了"):
        told.setdefault(notice.reader.name, []).append(notice.text)
    assert {name: len(texts) for name, texts in told.items()} == {
        "邓明": 1, "梅芳": 1, "陈静": 1, "林红": 1, "顾伟": 1,
    }  # fmt: skip
    warned = Entry.objects.filter(act="suggestions.warn_suggestion").order_by("at")
    assert [rung for entry in warned for rung in entry.facts["rungs"]] == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_tell_it_once(people, places, households, monkeypatch):
    """Both read before either writes, if nothing holds the row: the second cannot arrive."""
    one = in_state(people, places, "assigned")
    day = one.next_on + DAY
    meeting = threading.Barrier(2, timeout=2)
    reached = upkeep.rung_reached

    def slow(*args):
        with suppress(threading.BrokenBarrierError):
            meeting.wait()
        return reached(*args)

    monkeypatch.setattr(upkeep, "rung_reached", slow)

    def run():
        try:
            upkeep.watch_suggestions(day)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Entry.objects.filter(act="suggestions.warn_suggestion").count() == 1


def test_what_nobody_rates_is_closed_after_its_day(people, places, households):
    one = in_state(people, places, "replied")
    assert one.next_on >= timezone.localdate() + 28 * DAY
    assert upkeep.watch_suggestions(one.next_on) == 0
    with time_machine.travel(timezone.now() + 45 * DAY):
        assert (upkeep.watch_suggestions(), upkeep.watch_suggestions()) == (1, 0)
    one.refresh_from_db()
    assert (one.state, one.next_on) == ("closed", None)


def test_one_me_too_of_each_person(people, places, households):
    one = published(people, places)
    for _ in range(2):
        upkeep.endorse_suggestion(one, by=people["zhao"])
    assert queries.supporters(one) == 2
    with pytest.raises(PermissionDenied):
        upkeep.endorse_suggestion(one, by=people["wang"])
    with pytest.raises(Refused, match="不能撤回"):
        acts.withdraw_suggestion(one, by=people["wang"])
    upkeep.end_endorsement(one, by=people["zhao"])
    assert queries.supporters(one) == 1
    with pytest.raises(Refused, match="我也是"):
        upkeep.endorse_suggestion(made(people, places, "没公开的", who="sun"), by=people["zhao"])


def test_what_is_promised_and_done_is_written_in_full(people, places, households):
    one = in_state(people, places, "assigned")
    for wrong, words in (
        ({"verdict": "not_adopted"}, "请写明理由"),
        ({"promise": "装桩"}, "请写全"),
        ({"verdict": "not_adopted", "why": "没地方", "promise": "装"}, "没有要办的事"),
        (
            {"promise": "装", "conversion": "benefit", "due_on": timezone.localdate() - DAY},
            "不能早于",
        ),
        ({"text": " "}, "请写答复"),
    ):
        with pytest.raises(Refused, match=words):
            reply(one, people, **wrong)
    reply(one, people, timezone.localdate() + DAY)
    with pytest.raises(Refused, match="照片"):
        answers.finish_work(
            one,
            name="桩",
            text="好了",
            photo=photo(places.there, people["deng"]),
            by=people["deng"],
        )
    with pytest.raises(Refused, match="办成了才能表扬"):
        answers.commend_suggestion(one, words="谢谢", by=people["chen"])


def test_who_takes_in_also_learns_who_looked_at_a_phone(people, places, households):
    one = entered(people, places)
    assert answers.read_suggester_phone(one, by=people["chen"]) == "+8613900001111"
    with pytest.raises(PermissionDenied):
        answers.read_suggester_phone(one, by=people["gu"])
    entry = Entry.objects.get(act="suggestions.read_suggester_phone")
    assert (entry.actor, "1390000" in str(entry.facts)) == (people["chen"], False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT proposer_phone FROM suggestions_suggestion")
        assert "1390000" not in cursor.fetchone()[0]


def test_numbers_follow_one_another_and_the_tenth_waiting_is_the_last(people, places, households):
    numbers = [made(people, places, f"第{n}条").number for n in range(10)]
    year = timezone.localdate().year
    assert numbers == [f"{year}-{n:06d}" for n in range(1, 11)]
    with pytest.raises(Refused, match="请等一等"):
        made(people, places, "第十一条")
    with pytest.raises(Refused, match="已经提过"):
        made(people, places, "第1条")
    assert made(people, places, TITLE, who="zhao").number == f"{year}-000011"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"next_on": None}, "a_live_suggestion_promises_its_next_step"),
        ({"state": "merged", "next_on": None}, "a_merged_suggestion_says_into_which"),
        ({"state": "referred"}, "a_referred_suggestion_says_where_and_why"),
        ({"state": "assigned"}, "a_suggestion_is_answered_by_a_unit"),
        ({"state": "closed"}, "a_suggestion_is_answered"),
        ({"proposed_by": None}, "a_suggestion_has_somebody_who_made_it"),
        ({"round": 3}, "a_suggestion_is_handled_again_once"),
    ],
)
def test_the_database_holds_the_rules_too(changes, name, people, places, households):
    one = made(people, places)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Suggestion.objects.filter(pk=one.pk).update(**changes)
