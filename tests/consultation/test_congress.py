"""A congress from its preparation to the ten: representatives, hearings, issues merged without loss."""

import datetime as dt
import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from consultation.actions import ballots, congress_ballot, counting, polls, rolls
from consultation.actions import congress as acts
from consultation.actions import congress_issues as issues
from consultation.models import (
    AreaBallot,
    Congress,
    CongressIssue,
    FollowUp,
    MergedIssue,
    MergeRecord,
    Poll,
    PollResult,
    Representative,
)
from consultation.queries import congress as queries
from tests.conftest import EVERYONE
from tests.consultation.builders import kind
from tests.consultation.congress_builders import (
    DAY,
    TEXTS,
    TODAY,
    again,
    balloting,
    gathering,
    issue,
    prepared,
    seat,
    second_area,
)

OFFICE, COMMITTEE = {"gu"}, {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    (
        "prepare_congress", "edit_congress", "start_gathering", "freeze_candidates",
        "reopen_gathering", "hold_congress", "close_congress", "add_representative",
        "import_representatives", "end_representative", "sort_issue", "merge_issues", "undo_merge",
    ),
    OFFICE,
) | dict.fromkeys(("record_face_to_face", "gather_issue", "report_issue"), OFFICE | COMMITTEE) | {
    "draft_top_ten": COMMITTEE, "take_issue": COMMITTEE, "put_in_issue": {"wang", "zhao"},
}  # fmt: skip


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places):
    thing = CongressIssue(neighbourhood=places.here)
    assert {act for act in WHO_MAY if may(people[person], f"consultation.{act}", thing)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }


@pytest.mark.parametrize("start", Congress.State)
@pytest.mark.parametrize("end", Congress.State)
def test_moves_of_a_congress(start, end):
    allowed = {*itertools.pairwise(Congress.State.values), ("balloting", "gathering")}
    congress = Congress(state=start)
    if (start, end) in allowed:
        congress.move_to(end)
        assert congress.state == end
    else:
        with pytest.raises(Refused):
            congress.move_to(end)


ISSUE_MOVES = {
    "raised": {"listed", "merged", "personal"},
    "listed": {"merged", "personal", "candidate"},
    "merged": {"raised", "listed", "personal"},
    "personal": {"listed", "merged"},
    "candidate": {"chosen", "kept", "listed"},
}


@pytest.mark.parametrize("start", CongressIssue.State)
@pytest.mark.parametrize("end", CongressIssue.State)
def test_moves_of_an_issue(start, end):
    found = CongressIssue(state=start)
    if end in ISSUE_MOVES.get(start, ()):
        found.move_to(end)
        assert found.state == end
    else:
        with pytest.raises(Refused):
            found.move_to(end)


def test_representatives_sit_for_their_term_and_end_with_a_reason(people, places, households):
    gu = people["gu"]
    congress = prepared(places, gu)
    with pytest.raises(Refused, match="还没有登记社区代表"):
        acts.start_gathering(congress, by=gu)
    wang = seat(congress, people["wang"], gu, category="building_leader")
    listener = seat(congress, None, gu, category="non_voting", name="周律师")
    assert (wang.votes, wang.user, listener.votes, listener.user) == (
        True,
        people["wang"],
        False,
        None,
    )
    with pytest.raises(Refused, match="已经是这一届的代表"):
        seat(congress, people["wang"], gu)
    with pytest.raises(PermissionDenied):
        seat(congress, people["zhao"], gu, area=places.there)
    with pytest.raises(PermissionDenied):
        seat(congress, people["zhao"], people["chen"])
    with pytest.raises(Refused, match="原因"):
        acts.end_representative(wang, ended_on=TODAY(), reason=" ", by=gu)
    acts.end_representative(wang, ended_on=TODAY(), reason="搬走了", by=gu)
    assert not Representative.objects.of(people["wang"], TODAY()).exists()
    next_year = prepared(places, gu, year=congress.year + 1)
    assert set(next_year.representatives) == {wang, listener}  # of the same term
    with pytest.raises(Refused, match="已经有了"):
        prepared(places, gu)


def test_every_area_is_heard_and_those_without_come_first(people, places, households):
    congress = gathering(people, places)
    second_area(places)
    sits = list(congress.representatives)

    def hear(by, *, area=places.here, came=31, day=None, present=sits):
        return acts.record_face_to_face(
            congress, neighbourhood=area, held_on=day or TODAY() - DAY, place="居委会二楼",
            present=present, came=came, summary="谈了停车。", by=by,
        )  # fmt: skip

    hear(people["chen"])
    assert [(a.name, a.hearings, a.came) for a in queries.coverage(congress, TODAY())] == [
        ("曹杨二村", 0, 0), ("曹杨一村", 1, 31),
    ]  # fmt: skip
    assert queries.unheard(congress) == ["曹杨二村"]
    for words, wrong in {
        "已经登记过了": {},
        "不能晚于今天": {"day": TODAY() + DAY},
        "至少要有一位": {"present": [], "day": TODAY()},
    }.items():
        with pytest.raises(Refused, match=words):
            hear(people["chen"], **wrong)
    with pytest.raises(PermissionDenied):
        hear(people["chen"], area=Neighbourhood.objects.get(code="caoyang-two"))


def test_a_resident_puts_in_issues_once_and_ten_at_most(people, places, households):
    congress = gathering(people, places)

    def put(text, by="wang"):
        return issues.put_in_issue(
            congress, neighbourhood=places.here, text=text, category="safety", by=people[by]
        )

    first = put("楼道灯坏了")
    assert (first.state, first.number, first.source) == ("raised", 1, "resident")
    assert not CongressIssue.objects.public().exists()
    assert list(CongressIssue.objects.visible_to(people["wang"])) == [first]
    with pytest.raises(Refused, match="已经提过"):
        put("楼道灯坏了")
    for n in range(9):
        put(f"问题 {n}")
    with pytest.raises(Refused, match="最多提 10 个"):
        put("再一个")
    with pytest.raises(PermissionDenied):
        put("外人", by="hu")
    issues.sort_issue(
        first,
        state=CongressIssue.State.PERSONAL,
        category="safety",
        note="居委电工去换",
        by=people["gu"],
    )
    deliver_pending()
    assert Notice.objects.filter(reader=people["wang"], text__contains="第 1 号问题").count() == 1
    assert queries.figures(congress).personal == 1


def contents(*models):
    """The full contents of the tables."""
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def test_merging_and_undoing_restores_every_row(people, places, households):
    congress = gathering(people, places, TEXTS)
    issue(congress, people, "楼上漏水", state="raised")
    issue(congress, people, "要个扶手", state="personal")
    one, two, three, raw, personal = congress.issues.order_by("number")
    gu = people["gu"]
    before = contents(CongressIssue, Representative)
    merge = issues.merge_issues(
        congress, issues=[one, two, raw, personal], target=one, text="楼道灯和漏水", by=gu
    )
    assert list(
        congress.issues.values_list("state", "merged_into", "text").order_by("number")
    ) == [
        ("listed", None, "楼道灯和漏水"),
        ("merged", one.pk, two.text),
        ("listed", None, three.text),
        ("merged", one.pk, raw.text),
        ("merged", one.pk, personal.text),
    ]
    assert queries.figures(congress).candidates == 2
    with pytest.raises(PermissionDenied):
        issues.undo_merge(merge, by=people["chen"])
    issues.undo_merge(merge, by=gu)
    assert contents(CongressIssue, Representative) == before
    assert (MergeRecord.objects.count(), MergedIssue.objects.count()) == (1, 3)  # the record stays
    with pytest.raises(Refused, match="已经撤销"):
        issues.undo_merge(merge, by=gu)


def test_later_mergings_of_the_same_issues_are_undone_first(people, places, households):
    congress = gathering(people, places, [*TEXTS, "停车难"])
    one, two, three, four = congress.issues.order_by("number")
    gu, before = people["gu"], contents(CongressIssue)
    first = issues.merge_issues(congress, issues=[one, two], target=one, text="甲", by=gu)
    second = issues.merge_issues(congress, issues=[one, three], target=three, by=gu)
    issues.merge_issues(congress, issues=[four], target=three, by=gu)
    with pytest.raises(Refused, match="先撤销后面那次"):
        issues.undo_merge(first, by=gu)
    assert [free for _merge, free in queries.live_merges(congress)] == [True, False, False]
    issues.undo_merge(MergeRecord.objects.latest("made_at"), by=gu)
    issues.undo_merge(second, by=gu)
    issues.undo_merge(first, by=gu)
    assert contents(CongressIssue) == before
    with pytest.raises(Refused, match="至少勾选两个"):
        issues.merge_issues(congress, issues=[one], target=one, by=gu)


def test_nothing_of_an_issue_is_ever_deleted(people, places, households):
    gathering(people, places, TEXTS)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM consultation_congressissue")
    assert CongressIssue.objects.count() == 3


def test_the_list_is_frozen_when_all_is_sorted_and_may_be_taken_back(people, places, households):
    congress = gathering(people, places, [*TEXTS, TEXTS[0]])
    issue(congress, people, "楼上漏水", state="raised")
    gu, soon = people["gu"], timezone.now() + 8 * DAY
    assert queries.freezing(congress) == [
        "还有 1 个问题没有整理。", "“楼道灯坏了半年”列了两次，请合并。",
    ]  # fmt: skip
    with pytest.raises(Refused, match="没有整理"):
        acts.freeze_candidates(congress, opens_at=soon, closes_at=soon + DAY, by=gu)
    raw = congress.issues.get(state="raised")
    issues.sort_issue(raw, state=CongressIssue.State.LISTED, category="housing", by=gu)
    twice = list(congress.issues.filter(text=TEXTS[0]))
    issues.merge_issues(congress, issues=twice, target=twice[0], by=gu)
    acts.freeze_candidates(congress, opens_at=soon, closes_at=soon + DAY, by=gu)
    assert sorted(congress.issues.values_list("candidate_no", "state")[:], key=str) == [
        (1, "candidate"), (2, "candidate"), (3, "candidate"), (4, "candidate"), (None, "merged"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="票选"):
        issues.undo_merge(MergeRecord.objects.get(), by=gu)
    acts.reopen_gathering(congress, by=gu)
    assert again(congress).state == "gathering"
    assert not congress.issues.exclude(candidate_no=None).exists()


def _published(ballot_poll, people, *, choices):
    """The area's poll, voted on and published without waiting for its days."""
    chen = people["chen"]
    polls.announce_poll(ballot_poll, by=chen)
    rolls.build_roll(ballot_poll, by=chen)
    rolls.freeze_roll(ballot_poll, by=chen)
    now = timezone.now()
    Poll.objects.filter(pk=ballot_poll.pk).update(
        announced_at=now - 40 * DAY, opens_at=now - DAY, closes_at=now + DAY
    )
    polls.open_poll(ballot_poll)
    for n, (entry, picked) in enumerate(
        zip(ballot_poll.roll.order_by("number"), choices, strict=False)
    ):
        ballots.cast_on_tablet(
            entry,
            choices={"1": picked},
            witness=people["lin"],
            form_key=f"t{n}{entry.pk}",
            by=chen,
        )
    Poll.objects.filter(pk=ballot_poll.pk).update(closes_at=timezone.now())
    polls.close_poll(ballot_poll)
    counting.finish_count(ballot_poll, by=chen)
    counting.print_result_notices()
    PollResult.objects.update(objections_until=TODAY() - DAY)
    return counting.publish_result(ballot_poll, by=chen)


def test_the_ten_of_the_published_ballot_are_next_year_s_tasks_once(people, places, households):
    kind()
    texts = [f"问题{n}" for n in range(1, 13)]
    congress = balloting(people, places, texts)
    poll = congress_ballot.draft_top_ten(congress, neighbourhood=places.here, by=people["chen"])
    assert [o.text for o in poll.questions.get().options.order_by("number")] == texts
    assert (poll.opens_at, poll.closes_at) == (congress.opens_at, congress.closes_at)
    with pytest.raises(Refused, match="已经起草"):
        congress_ballot.draft_top_ten(congress, neighbourhood=places.here, by=people["chen"])
    with pytest.raises(Refused, match="作废那次表决"):
        acts.reopen_gathering(congress, by=people["gu"])
    acts.hold_congress(congress, held_on=TODAY(), place="会堂", by=people["gu"])
    with pytest.raises(Refused, match="还没有公布结果"):
        acts.close_congress(congress, by=people["gu"])
    assert not congress_ballot.take_up_ten(congress)
    # Two votes for 1 to 9, one each for 10 and 11: a tie at rank ten, and both are in.
    nine = [str(n) for n in range(1, 10)]
    _published(poll, people, choices=[[*nine, "10"], [*nine, "11"]])
    for _n in range(2):  # the outbox delivers at least once
        deliver_pending()
        assert congress_ballot.take_up_due() == 0
    found = list(congress.issues.order_by("number").values_list("state", "votes", "planned_for"))
    year = congress.year + 1
    assert found == [("chosen", 2, year)] * 9 + [("chosen", 1, year)] * 2 + [("kept", 0, None)]
    assert FollowUp.objects.filter(poll=poll).count() == 11
    assert not FollowUp.objects.filter(poll=poll, done_at=None).exists()
    assert Entry.objects.filter(act="consultation.take_up_ten").count() == 1
    acts.close_congress(congress, by=people["gu"])
    assert again(congress).state == "closed"
    chosen, kept = congress.issues.filter(state="chosen").first(), congress.issues.last()
    wanted = {
        "text": chosen.text,
        "responsible_name": "物业",
        "due_on": TODAY() + dt.timedelta(days=7),
    }
    task = issues.take_issue(chosen, by=people["chen"], **wanted)
    assert (again(chosen).resolution, task.text) == (task, chosen.text)
    for one, why in ((chosen, "已经列入决议"), (kept, "没有列入明年工作")):
        with pytest.raises(Refused, match=why):
            issues.take_issue(one, by=people["chen"], **wanted)
    issues.report_issue(chosen, became="灯已换好", by=people["chen"])
    assert again(chosen).became_on == TODAY()


def test_the_sum_waits_for_every_area(people, places, households):
    kind()
    congress = balloting(people, places)
    other = second_area(places)
    poll = congress_ballot.draft_top_ten(congress, neighbourhood=places.here, by=people["chen"])
    with pytest.raises(PermissionDenied):
        congress_ballot.draft_top_ten(congress, neighbourhood=other, by=people["chen"])
    waiting = polls.draft_poll(
        places.here, kind=poll.kind, code="second", title="二村票选", secrecy="separated",
        opens_at=congress.opens_at, closes_at=congress.closes_at, by=people["chen"],
    )  # fmt: skip
    AreaBallot.objects.create(neighbourhood=other, congress=congress, poll=waiting)
    assert queries.counting_ten(congress) == [
        "曹杨一村的票选还没有公布结果。", "曹杨二村的票选还没有公布结果。",
    ]  # fmt: skip
    polls.void_poll(waiting, reason="没人", by=people["adi"])
    assert queries.counting_ten(congress) == ["曹杨一村的票选还没有公布结果。"]


def test_periods_are_data_and_what_runs_is_not_moved(people, places, households):
    congress = prepared(places, people["gu"], legal_basis="社区代表会议制度")
    assert congress.result_days == 21
    acts.edit_congress(
        congress, result_days=15, live_url="https://live.example/1", by=people["gu"]
    )
    assert (again(congress).result_days, again(congress).live_url) == (
        15,
        "https://live.example/1",
    )
