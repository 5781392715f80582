"""The demonstration's polls: told by acts, and recounted by whoever takes the bundle."""

import json
from collections import Counter

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood, Organisation, SubDistrict, User
from caoyang_portal.ledger.models import Entry
from consultation.actions import ballots, minutes_papers
from consultation.demo import congress, story
from consultation.demo.issues import ISSUES, LAST_YEAR
from consultation.models import (
    CastMark,
    Congress,
    Minutes,
    MinutesAddendum,
    MinutesPaper,
    OpinionClock,
    PaperBallot,
    Poll,
    Resolution,
    RollEntry,
    SelfGovernanceProject,
    Topic,
    WrittenOpinion,
)
from consultation.queries.bundle import bundle
from consultation.queries.congress import figures
from households.demo import made_up, pilot
from households.demo import story as households_story
from tests.consultation.builders import the_code
from tests.consultation.test_verifying import broken

pytestmark = pytest.mark.usefixtures("announced")


@pytest.fixture
def told(db, settings):
    """The pilot building as the households' story leaves it, and a village of a hundred homes."""
    settings.DEMO = True
    street = SubDistrict.objects.create(name="曹杨新村街道", code="caoyang-xincun")
    one, two = (
        Neighbourhood.objects.create(sub_district=street, name=code, code=code)
        for code in ("caoyang-one", "caoyang-two")
    )
    households_story._offices(street, one, two)
    households_story._import(one, made_up.workbook(made_up.rows(100)), "一村.xlsx")
    households_story._import(two, pilot.workbook(), "二村.xlsx")
    assert story.tell_story(lambda step: None)


def test_one_poll_waits_for_the_visitor_one_is_published_one_has_thirty_issues(told, capsys):
    call_command("poll_result", "--list")
    listed = [line.split("\t")[:2] for line in capsys.readouterr().out.splitlines()]
    assert listed == [
        [story.RULES, "published"], [story.LIFT, "open"],
        [f"top-ten-{timezone.localdate().year}-caoyang-two", "published"], [story.TOP_TEN, "open"],
    ]  # fmt: skip
    marks = CastMark.objects.filter(poll__code=story.LIFT)
    assert sorted(marks.values_list("channel", flat=True)) == [
        "online", *["paper"] * 3, *["tablet"] * 6,
    ]  # fmt: skip
    wang = RollEntry.objects.get(poll__code=story.LIFT, name=pilot.NAMES[0])
    assert not wang.marks.exists()
    assert PaperBallot.objects.get(state="scanned").keyings.get().staff.name == "林红"
    assert len(ISSUES) == len(set(ISSUES)) == 30
    assert Poll.objects.get(code=story.TOP_TEN).questions.get().options.count() == 30
    assert not story.tell_story(lambda step: None)


def test_thirty_issues_became_ten_and_this_year_s_thirty_are_voted_on(told):
    last, this = Congress.objects.order_by("year")
    assert (last.state, this.state) == ("held", "balloting")
    found = figures(last)
    assert (found.gathered, found.merged, found.personal, found.candidates) == (33, 2, 1, 30)
    assert found.chosen >= 10
    assert last.issues.exclude(became="").filter(state="chosen").count() == 2
    candidates = this.issues.filter(state="candidate").order_by("candidate_no")
    options = Poll.objects.get(code=story.TOP_TEN).questions.get().options.order_by("number")
    assert list(candidates.values_list("text", flat=True)) == [option.text for option in options]
    assert len(LAST_YEAR) == len(set(LAST_YEAR)) == 30


def test_written_opinions_stand_in_every_state(told):
    this = Congress.objects.get(state="balloting")
    wang = User.objects.create_user("+8613800000001", name="王桂芳")
    this.representatives.filter(name="陆志强").update(user=wang, name="王桂芳")
    congress._opinions(this, Organisation.objects.get(name="城市管理科（演示）"))
    assert set(this.opinions.values_list("state", flat=True)) == set(
        WrittenOpinion.State.values
    ) - {"withdrawn"}
    assert OpinionClock.objects.running().filter(due_on__lt=timezone.localdate()).count() == 1


def test_topics_resolutions_and_projects_stand_in_every_state(told):
    states = Counter(Topic.objects.values_list("state", flat=True))
    assert states == {
        "carrying_out": 1, "merged": 1, "deliberating": 1, "declined": 1, "screened": 1,
        "evaluated": 1, "proposed": 1,
    }  # fmt: skip
    today = timezone.localdate()
    assert [topic.title for topic in Topic.objects.overdue(today)] == ["丁字路口看不清来车"]
    assert set(Resolution.objects.values_list("state", flat=True)) == set(Resolution.State.values)
    assert [one.text for one in Resolution.objects.overdue(today)] == ["通道加宽到一米五"]
    kinds = SelfGovernanceProject.objects.values_list("kind", "state")
    assert sorted(kinds) == [
        ("help_team", "planned"), ("one_key", "running"), ("shiheyuan", "finished"),
    ]  # fmt: skip


def test_the_visitor_can_vote(told):
    entry = RollEntry.objects.get(poll__code=story.LIFT, name=pilot.NAMES[0])
    households_story._link(entry.household, "resident", "+8613800000001")
    wang = households_story.person("resident")
    ballots.ask_vote_code(entry, session_key="s", ip="", by=wang)
    ballots.cast_online(
        entry, choices={"1": "yes"}, code=the_code(wang), session_key="s", form_key="f", by=wang
    )
    assert entry.marks.get().channel == "online"


def test_the_published_poll_is_recounted_and_nothing_of_a_voter_is_in_the_ledger(told):
    poll = Poll.objects.get(code=story.RULES)
    facts = json.loads(json.dumps(bundle(poll)))
    assert broken(facts, root=poll.board_root) == []
    assert facts["result"]["participating"]["heads"] == 17
    assert poll.result.notice_sha256
    assert not Entry.objects.filter(
        act="consultation.cast_ballot", payload__contains=str(poll.pk)
    ).exists()


def test_minutes_are_in_every_state_and_the_worker_seals_the_last(told):
    states = Minutes.objects.values_list("state", flat=True)
    assert sorted(states) == ["draft", "sealed", "sent", "signed", "signing"]
    minutes_papers.work_on_minutes()
    assert Minutes.objects.filter(state="sealed").count() == 2
    assert MinutesPaper.objects.exclude(state="done").count() == 0
    assert MinutesAddendum.objects.get().papers.count() == 2


def test_the_market_was_decided_at_its_round_tables(told, client):
    market = Topic.objects.get(title="菜场升级改造")
    tables = market.agenda.filter(meeting__form="round_table", meeting__state="held")
    assert tables.count() == 10
    assert market.steps.count() == 6
    assert market.merged.get().title == "买菜看不清秤"
    page = client.get(reverse("consultation:topic", args=[market.pk])).content.decode()
    for meeting in tables:
        assert reverse("consultation:meeting", args=[meeting.meeting_id]) in page
    client.force_login(households_story.person("committee"))
    assert client.get(reverse("consultation:desk_topic", args=[market.pk])).status_code == 200
