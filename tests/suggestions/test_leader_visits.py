"""Leaders' visits: no finding is left without a day, an answer or a claim."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.notices.models import Notice
from suggestions.actions import claim_clock
from suggestions.actions import leader_visits as acts
from suggestions.claim_paces import due
from suggestions.models import Claim, LeaderVisit, VisitFinding
from tests.suggestions.claim_builders import stocked

DAY = dt.timedelta(days=1)


def visited(people, places, who="gu", findings=("楼道灯不亮", "水压不够"), **fields):
    stocked()
    values = {"on": timezone.localdate(), "leader": "张书记", "place": "3号楼", **fields}
    return acts.record_leader_visit(places.here, **values, findings=findings, by=people[who])


def test_each_finding_is_answered_or_becomes_a_claim(people, places, households):
    visit = visited(people, places, building=places.building)
    first, second = visit.findings.all()
    assert {first.due_on, second.due_on} == {due("finding", timezone.localdate())}
    acts.answer_finding(first, answer="当场换了灯泡。", by=people["chen"])
    claim = acts.claim_finding(
        second,
        title="三楼水压不够",
        claimant_name="李阿婆",
        confirmed="read_out",
        by=people["chen"],
    )
    assert (claim.source, claim.text, claim.building, claim.finding) == (
        "leader_visit", "水压不够", places.building, second,
    )  # fmt: skip
    assert list(VisitFinding.objects.open()) == []
    for finding in (first, second):
        with pytest.raises(Refused, match="已经答复"):
            acts.answer_finding(finding, answer="再答", by=people["chen"])
    with pytest.raises(IntegrityError, match="answered_or_a_claim"), transaction.atomic():
        VisitFinding.objects.filter(pk=first.pk).update(claim=claim)


def test_only_those_over_the_place_record_and_settle(people, places, households):
    with pytest.raises(PermissionDenied):
        visited(people, places, who="fang")
    with pytest.raises(Refused, match="今天以后"):
        visited(people, places, on=timezone.localdate() + DAY)
    visit = visited(people, places)
    seen = {who for who in people if visit in LeaderVisit.objects.visible_to(people[who])}
    assert seen == {"chen", "lin", "gu", "shen"}


def test_a_late_finding_is_told_once(people, places, households):
    visit = visited(people, places, findings=["水压不够"])
    late = visit.findings.get().due_on + DAY
    assert [claim_clock.watch_claims(late) for _ in range(2)] == [1, 0]
    deliver_pending()
    told = Notice.objects.filter(text__contains="走访问题")
    assert set(told.values_list("reader__name", flat=True)) == {"陈静", "林红"}


def test_pages_of_visits(client, people, places, households, django_assert_max_num_queries):
    stocked()
    client.force_login(people["chen"])
    answer = client.post(
        reverse("suggestions:record_leader_visit"),
        {
            "neighbourhood": places.here.pk, "on": timezone.localdate(), "leader": "张书记",
            "place": "3号楼", "met": "4", "findings": "楼道灯不亮\n\n水压不够\n",
        },
    )  # fmt: skip
    visit = LeaderVisit.objects.get()
    assert answer.headers["Location"] == reverse("suggestions:leader_visit", args=[visit.pk])
    assert list(visit.findings.values_list("number", "text")) == [
        (1, "楼道灯不亮"),
        (2, "水压不够"),
    ]
    page = client.get(reverse("suggestions:leader_visits")).content.decode()
    assert "张书记" in page
    first = visit.findings.first()
    client.post(
        reverse("suggestions:claim_finding", args=[first.pk]),
        {"title": "灯不亮", "claimant_name": "李阿婆", "confirmed": "read_out"},
    )
    assert Claim.objects.get().finding == first
    assert (
        "2026" in client.get(reverse("suggestions:leader_visit", args=[visit.pk])).content.decode()
    )
    costs = []
    for more in (0, 2):
        for _ in range(more):
            visited(people, places)
        with django_assert_max_num_queries(30) as asked:
            client.get(reverse("suggestions:leader_visits"))
        costs.append(len(asked))
    assert costs[0] == costs[1]
