"""Notes by two at once: whatever was sent is kept, what fits is put together, what collides is shown."""

import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from caoyang_portal.errors import Refused
from caoyang_portal.ledger.models import Entry
from consultation.actions.notes import save_note
from consultation.merging import compare, lines_of, merge, together
from consultation.models import MeetingNote, NoteVersion
from consultation.queries.notes import sheets
from tests.consultation.hall_builders import meeting_on
from tests.households.test_signing_races import together as at_once

LINES = st.lists(st.sampled_from("甲乙丙丁戊己庚"), max_size=7)
TEXTS = LINES.map("\n".join)


@given(TEXTS, TEXTS)
def test_where_only_one_wrote_that_text_stands(base, mine):
    assert merge(base, mine, base) == mine
    assert merge(base, base, mine) == mine
    assert merge(base, mine, mine) == mine


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_anybody_added_is_missing(base, mine, theirs):
    merged = merge(base, mine, theirs)
    if merged is None:
        return
    before, lines = lines_of(base), lines_of(merged)
    for side in (mine, theirs):
        for line in set(lines_of(side)) - set(before):
            assert line in lines


@given(TEXTS, TEXTS, TEXTS)
def test_both_sides_collide_or_neither(base, mine, theirs):
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert (one is None) == (other is None)
    if one is not None:
        assert set(lines_of(one)) == set(lines_of(other))


@given(TEXTS, TEXTS)
def test_a_comparison_holds_both_texts(theirs, mine):
    found = compare(theirs, mine)
    assert [line.text for line in found if line.side != "mine"] == lines_of(theirs)
    assert [line.text for line in found if line.side != "theirs"] == lines_of(mine)
    for line in lines_of(mine) + lines_of(theirs):
        assert line in lines_of(together(theirs, mine))


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("", "王：挡光", "赵：赞成", "赵：赞成\n王：挡光"),  # both began on the empty sheet
        ("一", "一\n二", "一\n三", "一\n三\n二"),  # both wrote on at the end
        ("一", "一\n二\n", "一\n三", "一\n三\n二\n"),  # and one had begun a new line
        ("一\n二", "一改\n二", "一\n二\n三", "一改\n二\n三"),
        ("一\n二", "一", "一\n二\n三", "一\n三"),
        (
            "一",
            "一\n二\n三",
            "一\n二",
            "一\n二\n三",
        ),  # the same, sent once more after a lost answer
        ("居民说", "居民说停车难", "居民说电梯好", None),
        ("一\n二\n三", "一\n三", "一\n二改\n三", None),
    ],
)
def test_merging(base, mine, theirs, merged):
    assert merge(base, mine, theirs) == merged


def save(meeting, who, text, base, people, **more):
    item = meeting.agenda.first()
    return save_note(meeting, item=item, text=text, base=base, by=people[who], **more)


def test_two_write_on_one_sheet(people, places):
    meeting = meeting_on(people, places)
    first = save(meeting, "lin", "主任：请大家说", 0, people)
    save(meeting, "chen", "主任：请大家说\n王：停车难", first.yours, people)
    sent = save(meeting, "lin", "主任：请大家说\n赵：电梯吵", first.yours, people)
    note = MeetingNote.objects.get()
    assert note.text == "主任：请大家说\n王：停车难\n赵：电梯吵"
    assert (sent.yours, note.version, sent.conflict) == (3, 4, None)
    # Meanwhile lin typed on; her text goes on from what she sent.
    save(meeting, "lin", "主任：请大家说\n赵：电梯吵得睡不着", sent.yours, people)
    note.refresh_from_db()
    assert note.text == "主任：请大家说\n王：停车难\n赵：电梯吵得睡不着"
    assert [v.outcome for v in note.versions.all()] == [
        "saved", "saved", "sent", "merged", "sent", "merged",
    ]  # fmt: skip
    assert Entry.objects.filter(act="consultation.save_note").count() == 0


def test_both_changed_the_same_line(people, places):
    meeting = meeting_on(people, places)
    base = save(meeting, "lin", "王：好", 0, people).yours
    save(meeting, "chen", "王：好是好，要有人管", base, people)
    clash = save(meeting, "lin", "王：好，我报名", base, people)
    note = MeetingNote.objects.get()
    assert (note.text, clash.conflict.text) == ("王：好是好，要有人管", "王：好，我报名")
    (shown,) = sheets(meeting)[0].clashes
    assert [(line.side, line.text) for line in shown.lines] == [
        ("theirs", "王：好是好，要有人管"), ("mine", "王：好，我报名"),
    ]  # fmt: skip
    # She types on before she looks: the newer text takes the place of the older one.
    later = save(meeting, "lin", "王：好，我报名当楼长", clash.yours, people)
    assert [c.version.number for c in sheets(meeting)[0].clashes] == [later.yours]
    save(
        meeting, "lin", "王：好是好，要有人管，我报名当楼长", note.version, people,
        settles=later.yours,
    )  # fmt: skip
    assert sheets(meeting)[0].clashes == []
    assert NoteVersion.objects.filter(outcome="conflict").count() == 2  # both are still there
    facts = [e.facts for e in Entry.objects.filter(act="consultation.save_note").order_by("seq")]
    assert [set(f) for f in facts] == [{"conflict"}, {"settled"}, {"conflict"}, {"settled"}]
    assert "楼长" not in str(facts)


def test_sent_twice_is_saved_once(people, places):
    meeting = meeting_on(people, places)
    one = save(meeting, "lin", "一", 0, people)
    assert save(meeting, "lin", "一", 0, people).yours == one.yours
    assert NoteVersion.objects.count() == 1


def test_no_text_is_changed_or_thrown_away(people, places):
    meeting = meeting_on(people, places)
    save(meeting, "lin", "一", 0, people)
    for change in (
        lambda: NoteVersion.objects.update(text="二"),
        lambda: NoteVersion.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_others_do_not_write(people, places, households):
    meeting = meeting_on(people, places)
    for who in ("wang", "gu", "adi", "fang"):
        with pytest.raises(PermissionDenied):
            save(meeting, who, "一", 0, people)
    elsewhere = meeting_on(people, places).agenda.first()
    with pytest.raises(Refused, match="不在这次会议的议程里"):
        save_note(meeting, item=elsewhere, text="一", base=0, by=people["lin"])
    with pytest.raises(Refused, match="这一页太旧了"):
        save(meeting, "lin", "一", 77, people)
    with pytest.raises(Refused, match="太长"):
        save(meeting, "lin", "长" * 60_001, 0, people)


def test_two_recorders_at_the_same_moment_lose_no_line(transactional_db, people, places):
    """Each writes ten lines, every one on what stood when the one before was saved."""
    meeting = meeting_on(people, places)

    def write(who):
        text, base = "", 0
        for n in range(10):
            text = f"{text}\n{who}{n}" if text else f"{who}{n}"
            saved = save(meeting, who, text, base, people)
            base = saved.yours
            assert saved.conflict is None

    results = at_once(lambda: write("lin"), lambda: write("chen"))
    assert results == [None, None]
    note = MeetingNote.objects.get()
    lines = note.text.split("\n")
    assert sorted(lines) == sorted(
        f"{who}{n}" for who, n in itertools.product(("lin", "chen"), range(10))
    )
    for who in ("lin", "chen"):  # each in the order it was written
        assert [line for line in lines if line.startswith(who)] == [f"{who}{n}" for n in range(10)]
