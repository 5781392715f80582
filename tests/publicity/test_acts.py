"""A publicity from its draft to its taking down: who may, which days, what is proved."""

import datetime as dt
import hashlib

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.community.models import Posting
from caoyang_portal.documents import registered, verdict
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from caoyang_portal.publicity import actions, hearing
from caoyang_portal.publicity.actions.clock import end_notice, end_publicity
from caoyang_portal.publicity.models import PostingPlace, Publicity, PublicityObjection
from caoyang_portal.publicity.queries import unproved
from caoyang_portal.uploads.intake import read
from tests.conftest import EVERYONE
from tests.publicity.builders import after, again, draft, photo, posted

COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    (
        "draft_publicity", "edit_publicity", "add_publicity_file", "remove_publicity_file",
        "post_publicity", "extend_publicity", "publish_again", "withdraw_publicity",
        "take_down_publicity", "add_posting_place", "remove_posting_place", "enter_objection",
        "hide_objection", "order_certificate",
    ),
    COMMITTEE,
) | {
    "object_to_publicity": set(EVERYONE) - {"passerby"},
    "see_objectors": {*COMMITTEE, "adi"},
}  # fmt: skip
WHO_MAY_HERE = {
    "put_up_notice": {*COMMITTEE, "lou"},
    "take_off_notice": {*COMMITTEE, "lou"},
    "answer_objection": {"lin"},  # chen raised it
}
MONDAY = dt.datetime(2026, 9, 21, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
State = Publicity.State


@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, people, places):
    subject = Publicity(neighbourhood=places.here)
    allowed = {who for who in EVERYONE if may(people[who], f"publicity.{act}", subject)}
    assert allowed == WHO_MAY[act]


@pytest.mark.parametrize("act", WHO_MAY_HERE)
def test_who_may_of_a_place_and_an_objection(act, people, places):
    subject = (
        PublicityObjection(neighbourhood=places.here, raised_by=people["chen"])
        if act == "answer_objection"
        else PostingPlace(neighbourhood=places.here, building=places.building)
    )
    allowed = {who for who in EVERYONE if may(people[who], f"publicity.{act}", subject)}
    assert allowed == WHO_MAY_HERE[act]


# --- days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "opinions", "counted_in", "ends_on", "opinions_until"),
    [
        # 21 September + 10 is National Day: the first working day after the holiday, then 7 more.
        (10, 7, "calendar", dt.date(2026, 10, 8), dt.date(2026, 10, 15)),
        (9, 0, "calendar", dt.date(2026, 9, 30), dt.date(2026, 9, 30)),
        # Mid-Autumn (25 September) and 1 to 7 October are off, Saturday 10 October is worked.
        (10, 0, "working", dt.date(2026, 10, 12), dt.date(2026, 10, 12)),
    ],
)
def test_days_over_the_national_holiday(
    days, opinions, counted_in, ends_on, opinions_until, announced, people, places
):
    with time_machine.travel(MONDAY, tick=False):
        publicity = posted(people, places, days=days, opinion_days=opinions, counted_in=counted_in)
    assert (publicity.starts_on, publicity.ends_on, publicity.opinions_until) == (
        dt.date(2026, 9, 21), ends_on, opinions_until,
    )  # fmt: skip


def test_a_publicity_walks_through_its_days_by_the_clock(announced, people, places):
    said = []
    for day in (
        "2026-09-21", "2026-10-08", "2026-10-09", "2026-10-15", "2026-10-16", "2026-10-30",
        "2026-10-31",
    ):  # fmt: skip
        with time_machine.travel(f"{day}T01:00:00Z", tick=False):
            if not said:
                publicity = posted(people, places)
            actions.follow_clock()
            actions.follow_clock()  # asked twice, done once
            now = again(publicity)
            said.append((now.state, now.takes_objections(timezone.localdate())))
    assert said == [
        ("posted", True), ("posted", True), ("opinions", True), ("opinions", True),
        ("ended", False), ("ended", False), ("taken_down", False),
    ]  # fmt: skip
    assert list(Entry.objects.filter(actor=None).order_by("seq").values_list("act", flat=True)) == [
        "publicity.end_notice", "publicity.end_publicity", "publicity.take_down_publicity",
    ]  # fmt: skip


def test_one_that_cannot_end_does_not_keep_the_others(monkeypatch, people, places):
    publicities = [posted(people, places, opinion_days=0) for _n in "12"]
    with after(publicities[0]):
        plain = Publicity.move_to

        def stuck(self, state):
            if self.pk == publicities[0].pk:
                raise ValueError
            plain(self, state)

        monkeypatch.setattr(Publicity, "move_to", stuck)
        actions.follow_clock()
    assert [again(one).state for one in publicities] == ["posted", "ended"]


# --- moves ---------------------------------------------------------------------------------------

MOVES = {
    "edit_publicity": {"draft"},
    "post_publicity": {"draft"},
    "extend_publicity": {"posted", "opinions"},
    "publish_again": {"ended", "taken_down", "withdrawn"},
    "withdraw_publicity": {"draft", "posted", "opinions"},
    "take_down_publicity": {"ended"},
    "order_certificate": {"ended", "taken_down"},
    "add_posting_place": {"draft", "posted", "opinions"},
    "object_to_publicity": {"posted", "opinions"},
    "enter_objection": {"posted", "opinions", "ended", "taken_down"},
}


@pytest.mark.parametrize("act", MOVES)
def test_which_act_in_which_state(act, people, places):
    values = {
        "edit_publicity": {"changes": {"title": "改"}},
        "extend_publicity": {"days": 5, "reason": "下雨，公示被淋坏"},
        "publish_again": {"days": 10, "reason": "方案改了"},
        "withdraw_publicity": {"reason": "写错了"},
        "add_posting_place": {"place": "门厅"},
        "object_to_publicity": {"text": "不同意"},
        "enter_objection": {
            "channel": "phone", "name": "钱多", "home": "", "text": "不同意",
            "raised_on": timezone.localdate(),
        },
    }.get(act, {})  # fmt: skip
    possible = set()
    for state in State:
        publicity = _in_state(state, people, places)
        try:
            with transaction.atomic():
                getattr(actions, act)(publicity, **values, by=people["chen"])
                possible.add(state.value)
                transaction.set_rollback(True)
        except Refused:
            pass
    assert possible == MOVES[act]


def _in_state(state, people, places) -> Publicity:
    publicity = draft(people, places)
    if state == State.DRAFT:
        return publicity
    publicity = actions.post_publicity(publicity, by=people["chen"])
    ended = {"ended_at": timezone.now()} if state in (State.ENDED, State.TAKEN_DOWN) else {}
    why = {"withdraw_reason": "写错了"} if state == State.WITHDRAWN else {}
    Publicity.objects.filter(pk=publicity.pk).update(state=state, **ended, **why)
    return again(publicity)


def test_an_extension_says_how_far_and_why(announced, people, places):
    with time_machine.travel(MONDAY, tick=False):
        publicity = posted(people, places)
        actions.extend_publicity(publicity, days=10, reason="公示栏被淋坏", by=people["chen"])
    now = again(publicity)
    assert (now.ends_on, now.opinions_until) == (dt.date(2026, 10, 19), dt.date(2026, 10, 26))
    one = now.extensions.get()
    assert (one.days, one.reason, one.ended_on) == (10, "公示栏被淋坏", dt.date(2026, 10, 8))


def test_published_again_it_is_a_draft_that_follows(people, places):
    first = _in_state(State.ENDED, people, places)
    second = actions.publish_again(first, days=10, reason="方案改了", by=people["chen"])
    assert (second.state, second.follows, second.body, second.why_again) == (
        "draft", first, first.body, "方案改了",
    )  # fmt: skip
    with pytest.raises(Refused, match="已经有一份"):
        actions.publish_again(first, days=10, reason="又改了", by=people["chen"])


def test_numbers_run_in_a_neighbourhood(people, places):
    here = [posted(people, places).number for _n in "12"]
    there = actions.draft_publicity(
        places.there, title="公示", body="文", legal_basis="约定", days=5, by=people["fang"]
    )
    year = timezone.localdate().year
    assert here == [f"{year}-001", f"{year}-002"]
    assert actions.post_publicity(there, by=people["fang"]).number == f"{year}-001"


def test_an_empty_one_is_not_posted(people, places):
    with pytest.raises(Refused, match="还没有正文"):
        posted(people, places, body=" ")


# --- what only the database promises -------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE publicity_publicity SET body = '换了'",
        "UPDATE publicity_publicity SET ends_on = ends_on - 1",
        "UPDATE publicity_publicityobjection SET text = '同意'",
        "UPDATE publicity_publicityobjection SET outcome = 'declined', answer = '换了'",
        "DELETE FROM publicity_publicityobjection",
        "DELETE FROM publicity_publicity",
    ],
)
def test_what_was_posted_and_what_was_said_stays(sql, people, places):
    publicity = posted(people, places)
    objection = actions.object_to_publicity(publicity, text="太吵", by=people["wang"])
    actions.answer_objection(objection, outcome="adopted", answer="改到白天", by=people["chen"])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# --- objections ----------------------------------------------------------------------------------


def test_an_objection_is_numbered_promised_and_answered(announced, people, places):
    with time_machine.travel(MONDAY, tick=False):
        publicity = posted(people, places)
        first = actions.object_to_publicity(
            publicity, text="挡光。", is_unnamed=True, home="3号楼 101", by=people["wang"]
        )
        twice = actions.object_to_publicity(publicity, text="挡光。", by=people["wang"])
        second = actions.object_to_publicity(publicity, text="太吵。", by=people["sun"])
        actions.answer_objection(second, outcome="declined", answer="按国标", by=people["chen"])
    assert (twice, first.number, second.number) == (first, 1, 2)
    assert first.answer_by == dt.date(
        2026, 10, 8
    )  # the seventh working day: both holidays left out
    assert (first.shown_name, second.shown_name) == ("不公开姓名", "孙*")
    deliver_pending()
    assert Notice.objects.get(reader=people["sun"]).text == (
        "您对《三号楼加装电梯方案公示》的异议，居委已经答复，请登录门户看。"
    )


def test_an_objection_is_not_answered_by_its_author_nor_twice(people, places):
    publicity = posted(people, places)
    objection = actions.object_to_publicity(publicity, text="挡光", by=people["chen"])
    with pytest.raises(PermissionDenied):
        actions.answer_objection(objection, outcome="adopted", answer="好", by=people["chen"])
    actions.answer_objection(objection, outcome="adopted", answer="好", by=people["lin"])
    with pytest.raises(Refused, match="已经答复"):
        actions.answer_objection(objection, outcome="declined", answer="不", by=people["lin"])


def test_what_was_said_in_time_may_be_entered_later(people, places):
    publicity = posted(people, places)
    in_time, late = publicity.ends_on, publicity.opinions_until + dt.timedelta(days=1)
    said = {"channel": "letter", "name": "钱多", "home": "", "text": "不同意", "by": people["lin"]}
    with after(publicity):
        actions.follow_clock()
        with pytest.raises(Refused, match="期限"):
            actions.object_to_publicity(publicity, text="晚了", by=people["wang"])
        with pytest.raises(Refused, match="期限"):
            actions.enter_objection(publicity, raised_on=late, **said)
        entered = actions.enter_objection(publicity, raised_on=in_time, **said)
    assert (entered.number, entered.shown_name, entered.entered_by) == (1, "钱*", people["lin"])


def test_the_committee_is_reminded_once_of_an_answer(announced, people, places):
    with time_machine.travel(MONDAY, tick=False):
        publicity = posted(people, places)
        actions.object_to_publicity(publicity, text="挡光", by=people["wang"])
    told = []
    for day in (6, 7, 8):
        with time_machine.travel(MONDAY.replace(month=10, day=day), tick=False):
            actions.follow_clock()
            told.append(Entry.objects.filter(act="publicity.remind_of_answer").count())
    assert told == [0, 1, 1]


# --- places and the certificate ------------------------------------------------------------------


def test_a_certificate_says_what_was_proved_and_what_was_not(people, places):
    publicity = draft(people, places)
    by = {"by": people["chen"]}
    hall, gate = (
        actions.add_posting_place(publicity, place="门厅", building=places.building, **by),
        actions.add_posting_place(publicity, place="小区大门", **by),
    )
    publicity = actions.post_publicity(publicity, **by)
    actions.put_up_notice(
        hall, put_up_on=publicity.starts_on, photo=photo(people, places), by=people["lou"]
    )
    with pytest.raises(PermissionDenied):
        actions.put_up_notice(gate, put_up_on=publicity.starts_on, by=people["lou"])
    objection = actions.object_to_publicity(publicity, text="挡光", by=people["wang"])
    with after(publicity):
        actions.follow_clock()
        publicity = again(publicity)
        assert unproved(publicity) == ["小区大门：没有登记贴出", "还有 1 条异议没有答复"]
        assert (
            actions.print_certificates() == 0
        )  # it waits, unless it is asked for as things stand
        actions.answer_objection(objection, outcome="considered", answer="改窗", by=people["lin"])
        actions.order_certificate(publicity, by=people["chen"])
        assert (actions.print_certificates(), actions.print_certificates()) == (1, 0)
        publicity = again(publicity)
        sealed = read(publicity.certificate)
        assert verdict(sealed).seal_ok
        assert registered(publicity.certificate_sha256).number == publicity.number
    assert hashlib.sha256(sealed).hexdigest() == publicity.certificate_sha256
    text = _text_of(sealed)
    for words in (
        "门厅",
        "全程张贴，有照片",
        "小区大门",
        "没有登记贴出",
        "收到 1 条，已答复 1 条",
        "充分考虑 1 条",
    ):
        assert words.replace(" ", "") in text
    assert "王" not in text  # who objected


def _text_of(pdf) -> str:
    import pypdfium2

    pages = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_bounded() for page in pages).replace(" ", "")


def test_a_whole_proof_is_certified_without_being_asked_for(people, places):
    publicity = draft(people, places, opinion_days=0)
    hall = actions.add_posting_place(publicity, place="门厅", by=people["chen"])
    publicity = actions.post_publicity(publicity, by=people["chen"])
    picture = photo(people, places)
    actions.put_up_notice(hall, put_up_on=publicity.starts_on, photo=picture, by=people["chen"])
    with pytest.raises(Refused, match="不能换"):
        actions.put_up_notice(hall, put_up_on=publicity.starts_on, by=people["chen"])
    with after(publicity):
        actions.follow_clock()
        assert actions.print_certificates() == 1


@pytest.mark.parametrize(
    ("days_late", "days_early", "words"),
    [
        (0, 0, "全程张贴，有照片"),
        (2, 0, "晚贴 2 天"),
        (0, 3, "早撤 3 天"),
        (1, 1, "晚贴 1 天，早撤 1 天"),
    ],
)
def test_what_a_place_proves(days_late, days_early, words, people, places):
    from caoyang_portal.publicity.queries import proof_of

    publicity = posted(people, places)
    hall = actions.add_posting_place(publicity, place="门厅", by=people["chen"])
    hall.put_up_on = publicity.starts_on + dt.timedelta(days=days_late)
    hall.taken_down_on = publicity.ends_on - dt.timedelta(days=days_early)
    hall.photo = photo(people, places)
    publicity.state = State.ENDED
    assert proof_of(hall, publicity).words == words


# --- hearing -------------------------------------------------------------------------------------


def test_an_app_hears_of_its_own_and_of_no_other(monkeypatch, people, places):
    from caoyang_portal.ledger import entries

    heard = []
    monkeypatch.setattr(entries, "_subscribers", entries._subscribers.copy())
    monkeypatch.setitem(entries._subscribers, "publicity.end_publicity", {})

    @hearing.when_over("tests.thing")
    def note(entry, publicity):
        heard.append((publicity.about_id, publicity.state))

    own = posted(people, places, about="tests.thing", about_id="7", opinion_days=0)
    posted(people, places, about="tests.other", about_id="8", opinion_days=0)
    with after(own):
        actions.follow_clock()
        deliver_pending()
    assert heard == [("7", "ended")]
    assert Publicity.objects.of("tests.thing", 7).get() == own


def test_too_early_the_clock_leaves_it(people, places):
    publicity = posted(people, places)
    assert (end_notice(publicity).state, end_publicity(publicity).state) == ("posted", "posted")
    assert Posting.objects.filter(office="committee").exists()
