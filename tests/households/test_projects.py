"""A project from its first day to the opening of signing."""

import datetime as dt
import io
import itertools
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from caoyang_portal.authority import may
from caoyang_portal.community.models import Organisation
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from households.actions import projects as actions
from households.models import AllowanceItem, Project, StageRecord
from households.queries.projects import blockers
from tests.conftest import EVERYONE
from tests.households.builders import attachment, template

WHO_MAY = {
    act: {"chen", "lin"}
    for act in (
        "start_project",
        "write_plan_parts",
        "record_stage",
        "advance_project",
        "freeze_roster",
        "set_signing_terms",
        "set_allowance_rule",
        "compute_allowances",
        "publicise_plan",
    )
}


@pytest.fixture
def new(places, households, people):
    """A project on its first day."""
    return actions.start_project(
        places.here,
        name="曹杨一村改造",
        code="one",
        kind="complete_set_renovation",
        by=people["chen"],
    )


@pytest.mark.parametrize("person", EVERYONE)
@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, person, people, project):
    assert may(people[person], f"households.{act}", project) is (person in WHO_MAY[act])


@pytest.mark.parametrize("start", Project.Stage)
@pytest.mark.parametrize("end", Project.Stage)
def test_moves(start, end):
    chain = list(Project.CHAIN)
    allowed = set(itertools.pairwise(chain)) | {
        ("signing", "lapsed"),
        ("lapsed", "signing"),
        ("acceptance", "moveback"),
    }
    project = Project(stage=start)
    if (start, end) in allowed:
        project.move_to(end)
        assert project.stage == end
    else:
        with pytest.raises(Refused):
            project.move_to(end)


def test_from_assessment_to_signing_every_gate_is_asked(new, places, households, people):
    chen = people["chen"]

    def go(to, **result):
        if result:
            actions.record_stage(new, happened_on=dt.date(2026, 1, 5), **result, by=chen)
        actions.advance_project(new, to=Project.Stage(to), by=chen)
        new.refresh_from_db()

    def blocked(to):
        with pytest.raises(Refused) as refusal:
            actions.advance_project(new, to=Project.Stage(to), by=chen)
        return str(refusal.value)

    assert blocked("first_consent") == "还没有上传评估结果"
    go("first_consent", document=attachment(places.here))
    assert blocked("plan_listed") == "还没有登记意愿征询的结果"
    actions.record_stage(new, happened_on=dt.date(2026, 1, 5), asked=1499, agreed=1199, by=chen)
    assert blocked("plan_listed") == "同意 1199 户，差 1 户到 80%"
    go("plan_listed", asked=1499, agreed=1200)
    assert blocked("survey") == "还没有登记列入计划的日期和文号"
    go("survey", document_number="沪房更新〔2026〕1号")
    go("design")
    go("plan_consult")
    assert blocked("plan_approved") == (
        "实施方案还缺：实施主体、更新范围、安置方式、协议生效条件、安置房屋类型及权属、预计工程周期"
    )
    owner = Organisation.objects.create(
        sub_district=places.street, kind="implementer", name="西部集团"
    )
    actions.write_plan_parts(
        new,
        implementer=owner,
        parts=dict.fromkeys(actions.PLAN_PARTS, "见方案"),
        withdrawal_rule="生效前可以撤回",
        by=chen,
    )
    go("plan_approved")
    assert blocked("signing") == (
        "还没有登记方案认定的日期和文号；还没有冻结基准日名册；还没有定签约期限；还没有发布协议范本"
    )
    actions.record_stage(
        new, happened_on=dt.date(2026, 1, 5), document_number="普房管〔2026〕2号", by=chen
    )
    snapshot = actions.freeze_roster(new, baseline_date=dt.date(2026, 1, 5), by=chen)
    assert snapshot.total == 3
    actions.set_signing_terms(
        new,
        opens_at=timezone.now(),
        closes_at=timezone.now() + dt.timedelta(days=60),
        threshold_pct=95,
        agreement_mode="agreed",
        by=chen,
    )
    template(new, chen)
    new.refresh_from_db()
    assert blockers(new) == []
    go("signing")
    assert new.stage == "signing"
    assert blocked("effective") == "签约达到比例时自动生效，不能手动转"
    deliver_pending()
    assert sorted(Notice.objects.values_list("reader__name", flat=True)) == ["王桂芳", "赵大勇"]


def test_a_frozen_roster_stays_frozen(project, people):
    Project.objects.update(stage="plan_approved")
    with pytest.raises(Refused, match="基准日名册已经冻结"):
        actions.freeze_roster(project, baseline_date=dt.date(2026, 1, 5), by=people["chen"])


def test_the_terms_stand_once_signing_is_open(project, people):
    with pytest.raises(Refused, match="签约已经开始"):
        actions.set_signing_terms(
            project,
            opens_at=timezone.now(),
            closes_at=timezone.now() + dt.timedelta(days=1),
            threshold_pct=95,
            agreement_mode="agreed",
            by=people["chen"],
        )


def test_allowances_are_exact_and_replaced_until_paid(new, households, people):
    chen = people["chen"]
    actions.set_allowance_rule(
        new,
        code="transition",
        name="过渡费",
        basis="living_area",
        unit_price=Decimal("33.33"),
        formula_text="每平方米每月 33.33 元",
        by=chen,
    )
    assert actions.compute_allowances(new, by=chen) == 3
    assert set(AllowanceItem.objects.values_list("quantity", "amount")) == {
        (Decimal("20.50"), Decimal("683.27"))  # 683.265 half up
    }
    AllowanceItem.objects.filter(household=households.wang).update(paid_on=dt.date(2026, 2, 1))
    actions.set_allowance_rule(
        new,
        code="transition",
        name="过渡费",
        basis="household",
        unit_price=Decimal("100"),
        formula_text="每户",
        by=chen,
    )
    assert actions.compute_allowances(new, by=chen) == 2
    assert sorted(AllowanceItem.objects.values_list("amount", flat=True)) == [
        Decimal("100.00"),
        Decimal("100.00"),
        Decimal("683.27"),
    ]


def test_a_neighbour_committee_may_not_touch_it(new, people):
    with pytest.raises(PermissionDenied):
        actions.record_stage(new, happened_on=dt.date(2026, 1, 5), by=people["fang"])
    assert list(StageRecord.objects.all()) == []


def test_a_result_is_recorded_with_its_document_on_the_page(client, new, people):
    client.force_login(people["chen"])
    url = reverse("households:record_stage", args=[new.pk])
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "PNG")
    photo = SimpleUploadedFile("评估.png", picture.getvalue(), "image/png")
    answer = client.post(
        url, {"happened_on": "2026-01-05", "document": photo, "note": "宜成套改造"}
    )
    assert answer.status_code == 302
    entry = StageRecord.objects.get()
    assert (entry.stage, entry.note, entry.document.media_type) == (
        "assessment",
        "宜成套改造",
        "image/png",
    )
    page = client.get(reverse("households:project_detail", args=[new.pk])).content.decode()
    assert "看文件" in page


def test_a_refused_result_comes_back_filled(client, new, people):
    client.force_login(people["chen"])
    answer = client.post(
        reverse("households:record_stage", args=[new.pk]),
        {"happened_on": "2026-01-05", "asked": 10, "agreed": 11, "note": "写了很多字"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "同意户数不能多于应征询户数" in page
    assert "写了很多字" in page
    assert Entry.objects.filter(act="households.record_stage").count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_s_queries_do_not_grow(
    client, places, households, people, count, django_assert_num_queries
):
    for n in range(count):
        Project.objects.create(
            neighbourhood=places.here,
            name=f"项目{n}",
            code=f"p{n}",
            kind="complete_set_renovation",
        )
    client.force_login(people["chen"])
    client.get(reverse("households:project_list"))
    with django_assert_num_queries(5):
        page = client.get(reverse("households:project_list")).content.decode()
    assert page.count("/projects/0") == count
