"""The register of resolutions: what may follow what, days and the ladder, found by those concerned."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from consultation.actions import resolutions
from consultation.models import (
    FollowUp,
    Meeting,
    MeetingDecision,
    Resolution,
    ResolutionNote,
    ResolutionScore,
)
from tests.conftest import EVERYONE
from tests.consultation.builders import counted, opened
from tests.consultation.resolution_builders import (
    DAY,
    claimed,
    entered,
    held_review,
    in_state,
)
from tests.consultation.test_topic_pages import photo
from tests.consultation.topic_builders import in_state as topic_in_state
from tests.households.builders import attachment

COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    (
        "enter_resolution", "take_decision", "take_follow_up", "postpone_resolution",
        "reopen_resolution", "drop_resolution", "export_resolutions", "see_responsible",
        "evaluate_resolution",
    ),
    COMMITTEE,
) | dict.fromkeys(("note_progress", "add_evidence", "claim_done"), COMMITTEE | {"deng"}) | {
    "see_resolution_desk": COMMITTEE | {"gu", "shen", "adi"},
}  # fmt: skip
WHO_MAY_SCORE = {"score_resolution": {"wang", "zhao"}}


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places, households):
    one = claimed(people, places)
    assert {act for act in WHO_MAY if may(people[person], f"consultation.{act}", one)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }
    score = ResolutionScore(resolution=one, meeting=held_review(people, places))
    scores = may(people[person], "consultation.score_resolution", score)
    assert scores == (person in WHO_MAY_SCORE["score_resolution"])


def day(n):
    return timezone.localdate() + n * DAY


ACTS = {
    "note_progress": lambda r, p, x: resolutions.note_progress(r, text="买了砖。", by=p["deng"]),
    "postpone_resolution": lambda r, p, x: resolutions.postpone_resolution(
        r, due_on=day(60), reason="下雨", by=p["chen"]
    ),
    "claim_done": lambda r, p, x: resolutions.claim_done(
        _with_proof(r, p, x), text="铺好了。", by=p["deng"]
    ),
    "evaluate_resolution": lambda r, p, x: resolutions.evaluate_resolution(
        r, meeting=held_review(p, x), hall_satisfied=2, text="好。", by=p["chen"]
    ),
    "find_it_wanting": lambda r, p, x: resolutions.evaluate_resolution(
        r,
        meeting=held_review(p, x),
        hall_dissatisfied=2,
        text="不平。",
        due_on=day(9),
        by=p["chen"],
    ),
    "reopen_resolution": lambda r, p, x: resolutions.reopen_resolution(
        r, reason="又坏了", due_on=day(9), by=p["chen"]
    ),
    "drop_resolution": lambda r, p, x: resolutions.drop_resolution(r, reason="要拆", by=p["chen"]),
}
GOES_ON = {
    "note_progress": None, "postpone_resolution": None, "claim_done": "claimed",
    "drop_resolution": "dropped",
}  # fmt: skip
LEADS_TO = {
    "open": GOES_ON,
    "reopened": GOES_ON,
    "claimed": {"evaluate_resolution": "evaluated", "find_it_wanting": "reopened"},
    "evaluated": {"reopen_resolution": "reopened"},
    "dropped": {"reopen_resolution": "reopened"},
}


def _with_proof(one, people, places):
    if not one.evidence.filter(when="after").exists():
        resolutions.add_evidence(
            one, files=[attachment(places.here)], when="after", caption="好了", by=people["chen"]
        )
    return one


@pytest.mark.parametrize("state", Resolution.State.values)
@pytest.mark.parametrize("act", ACTS)
def test_what_may_follow_what(state, act, people, places, households):
    one = in_state(people, places, state)
    before = (one.state, one.due_on, one.notes.count())
    if act in LEADS_TO[state]:
        ACTS[act](one, people, places)
        one.refresh_from_db()
        assert one.state == (LEADS_TO[state][act] or state)
        assert one.notes.count() == before[2] + 1
    else:
        with pytest.raises(Refused), transaction.atomic():
            ACTS[act](one, people, places)
        one.refresh_from_db()
        assert (one.state, one.due_on, one.notes.count()) == before


def test_every_day_it_ever_had_stays(people, places, households):
    one = entered(people, places, in_days=10)
    resolutions.postpone_resolution(one, due_on=day(20), reason="下雨", by=people["chen"])
    resolutions.postpone_resolution(one, due_on=day(30), reason="缺砖", by=people["chen"])
    one.refresh_from_db()
    assert (one.first_due_on, one.due_on) == (day(10), day(30))
    assert list(one.notes.values_list("due_before", "due_after", "text")) == [
        (day(10), day(20), "下雨"), (day(20), day(30), "缺砖"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="原来的日期以后"):
        resolutions.postpone_resolution(one, due_on=day(25), reason="提前", by=people["chen"])


def test_done_is_claimed_with_proof_only(people, places, households):
    one = entered(people, places)
    with pytest.raises(Refused, match="办好后的照片"):
        resolutions.claim_done(one, text="好了", by=people["deng"])
    resolutions.add_evidence(
        one, files=[attachment(places.here)], when="before", caption="原来", by=people["deng"]
    )
    with pytest.raises(Refused, match="办好后的照片"):
        resolutions.claim_done(one, text="好了", by=people["deng"])
    assert Resolution.objects.get().state == "open"


def test_those_who_sat_there_score_and_the_majority_finds(people, places, households):
    one, meeting = claimed(people, places), held_review(people, places)
    resolutions.score_resolution(one, meeting=meeting, is_satisfied=True, by=people["wang"])
    resolutions.score_resolution(one, meeting=meeting, is_satisfied=False, by=people["wang"])
    resolutions.score_resolution(one, meeting=meeting, is_satisfied=True, by=people["zhao"])
    with pytest.raises(PermissionDenied, match="score_resolution"):
        resolutions.score_resolution(one, meeting=meeting, is_satisfied=True, by=people["sun"])
    assert ResolutionScore.objects.count() == 2
    # One to one is no majority.
    with pytest.raises(Refused, match="新的办好日期"), transaction.atomic():
        resolutions.evaluate_resolution(one, meeting=meeting, text="一半一半", by=people["chen"])
    resolutions.evaluate_resolution(
        one, meeting=meeting, text="一半一半", due_on=day(15), by=people["chen"]
    )
    one.refresh_from_db()
    assert (one.state, one.satisfied, one.dissatisfied, one.due_on) == ("reopened", 1, 1, day(15))
    assert not Entry.objects.filter(act="consultation.score_resolution", payload__contains="true")


@pytest.mark.parametrize(
    ("form", "state", "words"),
    [("hearing", "held", "评议会上"), ("review", "announced", "还没有开")],
)
def test_only_a_review_in_session_finds(form, state, words, people, places, households):
    one = claimed(people, places)
    meeting = held_review(people, places, form=form, state=state)
    with pytest.raises(Refused, match=words):
        resolutions.evaluate_resolution(
            one, meeting=meeting, hall_satisfied=1, text="好", by=people["chen"]
        )


def test_nobody_finds_what_they_carried_out_themselves(people, places, households):
    one = claimed(people, places, who="chen")
    meeting = held_review(people, places, present=("chen",))
    for act, values in (
        (resolutions.evaluate_resolution, {"hall_satisfied": 1, "text": "好"}),
        (resolutions.score_resolution, {"is_satisfied": True}),
    ):
        with pytest.raises(PermissionDenied):
            act(one, meeting=meeting, **values, by=people["chen"])


@pytest.mark.usefixtures("announced")
def test_lateness_climbs_the_ladder_each_rung_once(people, places, households):
    with time_machine.travel(dt.datetime(2026, 9, 1, 2), tick=False):
        one = entered(people, places, in_days=27)
    assert one.due_on == dt.date(2026, 9, 28)
    deliver_pending()
    Notice.objects.all().delete()
    told = []
    for today in (dt.date(2026, 9, 28), dt.date(2026, 9, 29), dt.date(2026, 10, 8), dt.date(2026, 10, 9), dt.date(2026, 10, 20)):  # fmt: skip
        resolutions.watch_resolutions(today)
        resolutions.watch_resolutions(today)
        deliver_pending()
        told.append(sorted(Notice.objects.values_list("reader__name", flat=True)))
        Notice.objects.all().delete()
    assert told == [[], ["邓明", "陈静"], [], ["林红", "陈静"], ["顾伟"]]


def test_a_decision_of_a_meeting_is_taken_once(client, people, places, households):
    meeting = held_review(people, places)
    decision = MeetingDecision.objects.create(
        neighbourhood=places.here, meeting=meeting, number=1, text="铺防滑砖", responsible="王师傅",
        due="国庆前", noted_by=people["chen"],
    )  # fmt: skip
    client.force_login(people["chen"])
    desk = client.get(reverse("consultation:resolution_desk")).content.decode()
    url = reverse("consultation:take_decision", args=[decision.pk])
    assert url in desk
    page = client.get(url).content.decode()
    assert "国庆前" in page
    given = {"text": "铺防滑砖", "responsible_name": "王师傅", "due_on": day(9).isoformat()}
    assert client.post(url, given).status_code == 302
    one = Resolution.objects.get()
    assert (one.decision, one.meeting, one.is_public) == (decision, meeting, False)
    again = client.post(url, given)
    assert (again.status_code, Resolution.objects.count()) == (422, 1)
    assert "已经列入决议" in again.content.decode()


def test_what_a_poll_obliges_to_is_taken_and_settled_by_it(people, places, households):
    poll = counted(opened(people, places))
    task = FollowUp.objects.create(neighbourhood=places.here, poll=poll, number=1, text="装电梯")
    one = resolutions.take_follow_up(
        task, text="装电梯", due_on=day(90), responsible_name="施工队", by=people["chen"]
    )
    task.refresh_from_db()
    assert (one.poll, one.follow_up, task.done_by) == (poll, task, people["chen"])
    assert one.number in task.note
    with pytest.raises(Refused, match="已经列入"):
        resolutions.take_follow_up(
            task, text="装电梯", due_on=day(90), responsible_name="施工队", by=people["chen"]
        )


def test_a_resolution_names_things_of_its_own_place(people, places, households):
    there = Meeting.objects.create(
        neighbourhood=places.there, form="review", title="别处", convenor="居委会",
        host=people["fang"], place="别处", starts_at=timezone.now(),
        ends_at=timezone.now() + DAY, drafted_by=people["fang"],
    )  # fmt: skip
    for changes, words in (
        ({"meeting": there}, "本居民区"),
        ({"who": None}, "谁来办"),
        ({"in_days": -1}, "今天以后"),
        ({"text": " "}, "写明"),
    ):
        with pytest.raises(Refused, match=words):
            entered(people, places, **changes)


def test_who_brought_the_topic_up_hears_of_it(people, places, households):
    topic = topic_in_state(people, places, "decided")
    deliver_pending()
    Notice.objects.all().delete()
    entered(people, places, topic=topic)
    deliver_pending()
    assert set(Notice.objects.values_list("reader__name", flat=True)) == {"王桂芳", "邓明"}


def test_everybody_reads_the_register_and_no_whole_name(client, people, places, households):
    entered(people, places, "铺砖")
    late = entered(people, places, "修灯", dissent="有人嫌太亮")
    private = entered(people, places, "某户漏水", is_public=False)
    before = client.get(reverse("consultation:resolution_list")).content.decode()
    Resolution.objects.filter(pk=late.pk).update(due_on=day(-1))
    page = client.get(reverse("consultation:resolution_list")).content.decode()
    assert page.count("已超期") == before.count("已超期") + 1  # the late one alone
    assert "铺砖" in page
    assert "某户漏水" not in page
    assert "邓明" not in page
    found = client.get(reverse("consultation:resolution_list"), {"state": "late"}).context["page"]
    assert [one.text for one in found] == ["修灯"]
    one = client.get(reverse("consultation:resolution", args=[late.pk])).content.decode()
    assert "有人嫌太亮" in one
    assert "已经催办" in one
    assert client.get(reverse("consultation:resolution", args=[private.pk])).status_code == 404
    client.force_login(people["deng"])
    assert "邓明" not in one
    assert client.get(reverse("consultation:resolution", args=[private.pk])).status_code == 200


def test_who_carries_it_out_reports_from_the_phone(client, people, places, households):
    one = entered(people, places)
    client.force_login(people["deng"])
    at = lambda name: reverse(f"consultation:{name}", args=[one.pk])  # noqa: E731
    assert client.post(at("note_progress"), {"text": "买了砖"}).status_code == 302
    given = {
        "photos": [photo(), photo("b.jpg")],
        "when": "after",
        "caption": "铺好了",
        "is_public": "on",
    }
    assert client.post(at("add_evidence"), given).status_code == 302
    assert client.post(at("claim_done"), {"text": "铺好了"}).status_code == 302
    assert client.post(at("evaluate_resolution"), {}).status_code == 403
    client.logout()
    page = client.get(at("resolution"))
    proof = one.evidence.first()
    assert reverse("consultation:evidence_file", args=[proof.pk]) in page.content.decode()
    assert client.get(reverse("consultation:evidence_file", args=[proof.pk])).status_code == 200
    one.evidence.update(is_public=False)
    assert client.get(reverse("consultation:evidence_file", args=[proof.pk])).status_code == 404


def test_a_resident_scores_on_the_page(client, people, places, households):
    one, meeting = claimed(people, places), held_review(people, places)
    client.force_login(people["wang"])
    assert (
        "我来评议"
        in client.get(reverse("consultation:resolution", args=[one.pk])).content.decode()
    )
    url = reverse("consultation:score_resolution", args=[one.pk])
    assert client.post(url, {"meeting": str(meeting.pk)}).status_code == 422
    client.post(url, {"meeting": str(meeting.pk), "is_satisfied": "no", "remark": "不平"})
    assert ResolutionScore.objects.get().is_satisfied is False
    client.force_login(people["sun"])
    assert client.get(url).status_code == 404


def test_the_register_is_taken_away_as_a_table(client, people, places, households):
    entered(people, places, "=1+1")
    client.force_login(people["lin"])
    url = reverse("consultation:export_resolutions", args=[places.here.pk])
    rows = list(
        csv.reader(io.StringIO(client.post(url, {"table": "csv"}).content.decode("utf-8-sig")))
    )
    assert rows[1][1:3] == ["'=1+1", "邓*"]
    book = openpyxl.load_workbook(io.BytesIO(client.post(url, {"table": "xlsx"}).content))
    assert [cell.value for cell in list(book.active.rows)[2]][1:3] == ["=1+1", "邓*"]
    assert (
        Entry.objects.filter(act="consultation.export_resolutions", actor=people["lin"]).count()
        == 2
    )
    client.force_login(people["fang"])
    assert client.post(url, {"table": "csv"}).status_code == 404


@pytest.mark.parametrize("name", ["resolution_list", "resolution_desk", "resolution"])
def test_pages_ask_as_much_of_three_as_of_one(name, client, people, places, households):
    client.force_login(people["chen"])
    first = entered(people, places)

    def cost():
        args = [first.pk] if name == "resolution" else []
        client.get(reverse(f"consultation:{name}", args=args))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(f"consultation:{name}", args=args))
        return len(asked)

    alone = cost()
    for n in range(3):
        entered(people, places, f"第{n}件", who="lin")
        resolutions.note_progress(first, text="又一步", by=people["chen"])
    assert cost() == alone


@pytest.mark.parametrize(
    "changes",
    [
        {"responsible_user": None},
        {"state": "claimed"},
        {"state": "dropped"},
        {"state": "evaluated", "claimed_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
    ],
)
def test_the_database_keeps_a_resolution_whole(changes, people, places, households):
    one = entered(people, places)
    with pytest.raises(IntegrityError), transaction.atomic():
        Resolution.objects.filter(pk=one.pk).update(**changes)
    assert ResolutionNote.objects.count() == 0
