"""One household, one plan: drawn, shown, questioned, confirmed."""

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from households.actions import plans as actions
from households.models import Mandate, Member, PlanConfirmation, PlanRemark, Residency
from tests.conftest import EVERYONE, make_household, open_signing
from tests.households.builders import attachment

WHO_MAY = {
    "draw_plan": {"chen", "lin", "deng"},
    "add_drawing": {"chen", "lin", "deng"},
    "publish_plan": {"chen", "lin"},
    "confirm_plan": {"wang"},
    "enter_plan_confirmation": {"chen", "lin"},
    "raise_remark": {"wang"},
    "withdraw_remark": {"wang"},
    "answer_remark": {"chen", "lin", "deng"},
}


@pytest.fixture
def plan(project, household, people):
    """Wang's plan, first version, published."""
    plan = actions.draw_plan(
        household,
        project=project,
        summary="北面加一间厨卫",
        area_after="28.50",
        kitchen_after="own",
        toilet_after="own",
        by=people["deng"],
    )
    actions.publish_plan(plan, by=people["chen"])
    plan.refresh_from_db()
    return plan


def holder(household):
    return household.members.get(role="holder")


@pytest.mark.parametrize("person", EVERYONE)
@pytest.mark.parametrize("act", WHO_MAY)
def test_who_may(act, person, people, plan, household):
    subject = {
        "confirm_plan": PlanConfirmation(
            plan=plan, member=holder(household), neighbourhood=plan.neighbourhood
        ),
        "raise_remark": PlanRemark(plan=plan),
        "withdraw_remark": PlanRemark(plan=plan, raised_by=people["wang"]),
    }.get(act, plan)
    assert may(people[person], f"households.{act}", subject) is (person in WHO_MAY[act])


def test_wang_confirms_once_however_often_she_presses(plan, household, people):
    first = actions.confirm_plan(plan, member=holder(household), by=people["wang"])
    assert actions.confirm_plan(plan, member=holder(household), by=people["wang"]) == first
    assert list(
        Entry.objects.filter(act="households.confirm_plan").values_list("chain", flat=True)
    ) == [f"household:{household.pk}"]


def test_an_old_version_cannot_be_confirmed(plan, project, household, people):
    newer = actions.draw_plan(
        household,
        project=project,
        summary="改到南面",
        area_after="29",
        kitchen_after="own",
        toilet_after="own",
        changes="厨房移到南面",
        by=people["deng"],
    )
    actions.publish_plan(newer, by=people["chen"])
    with pytest.raises(Refused, match="方案已有新的一版"):
        actions.confirm_plan(plan, member=holder(household), by=people["wang"])
    assert list(PlanConfirmation.objects.all()) == []


def test_a_new_version_says_what_changed(plan, project, household, people):
    with pytest.raises(Refused, match="请写明较上一版的变化"):
        actions.draw_plan(
            household,
            project=project,
            summary="改",
            area_after=None,
            kitchen_after="own",
            toilet_after="own",
            by=people["deng"],
        )


def test_a_published_plan_takes_no_more_drawings(plan, people):
    with pytest.raises(Refused, match="方案已经发布"):
        actions.add_drawing(
            plan,
            title="平面图",
            alt_text="厨房在北",
            file=attachment(plan.neighbourhood),
            by=people["deng"],
        )


def test_a_co_resident_may_ask_but_not_confirm(plan, household, people):
    son = household.members.create(
        neighbourhood=household.neighbourhood, role="co_resident", name="王小明", order=1
    )
    Residency.objects.create(
        neighbourhood=household.neighbourhood,
        user=people["sun"],
        household=household,
        member=son,
        way="letter",
        verified_at=plan.published_at,
    )
    with pytest.raises(PermissionDenied):
        actions.confirm_plan(plan, member=son, by=people["sun"])
    remark = actions.raise_remark(plan, kind="question", text="厨房能朝南吗", by=people["sun"])
    assert remark.state == "open"


def test_an_objection_reaches_the_committee_and_its_answer_comes_back(plan, people):
    remark = actions.raise_remark(plan, kind="objection", text="挡了我家窗", by=people["wang"])
    with pytest.raises(Refused, match="请写明答复"):
        actions.answer_remark(remark, state=PlanRemark.State.ADOPTED, reply=" ", by=people["chen"])
    actions.answer_remark(
        remark, state=PlanRemark.State.ADOPTED, reply="窗移开半米", by=people["chen"]
    )
    with pytest.raises(Refused):
        actions.answer_remark(
            remark, state=PlanRemark.State.DECLINED, reply="不行", by=people["chen"]
        )
    deliver_pending()
    assert sorted(Notice.objects.values_list("reader__name", "text")) == sorted(
        [
            ("王桂芳", "您家的改造方案第 1 版出来了，请看图并确认。"),
            ("陈静", "3号楼 101室对方案提了异议，请答复。"),
            ("林红", "3号楼 101室对方案提了异议，请答复。"),
            ("王桂芳", "您对方案的意见有答复了：采纳。"),
        ]
    )


def test_the_ledger_does_not_say_what_was_objected(plan, people):
    actions.raise_remark(plan, kind="objection", text="邻居老李打呼噜", by=people["wang"])
    assert Entry.objects.get(act="households.raise_remark").facts == {"kind": "objection"}


def test_an_entered_confirmation_needs_its_evidence(plan, household, people):
    with (
        pytest.raises(IntegrityError, match="a_confirmation_at_the_counter_has_evidence"),
        transaction.atomic(),
    ):
        PlanConfirmation.objects.create(
            neighbourhood=plan.neighbourhood,
            plan=plan,
            member=holder(household),
            route="counter",
            entered_by=people["chen"],
        )


def test_a_drawing_is_uploaded_and_shown_to_its_household_only(client, project, household, people):
    plan = actions.draw_plan(
        household,
        project=project,
        summary="北面加厨卫",
        area_after="28",
        kitchen_after="own",
        toilet_after="own",
        by=people["deng"],
    )
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "PNG")
    client.force_login(people["deng"])
    answer = client.post(
        reverse("households:add_drawing", args=[plan.pk]),
        {
            "title": "平面图",
            "alt_text": "厨房在北，卫生间在东",
            "file": SimpleUploadedFile("图.png", picture.getvalue(), "image/png"),
        },
    )
    assert answer.status_code == 302
    actions.publish_plan(plan, by=people["chen"])
    file = reverse("households:drawing_file", args=[plan.pk, plan.drawings.get().pk])
    seen = {}
    for person in ("wang", "zhao", "chen", "gu", "fang"):
        client.force_login(people[person])
        seen[person] = client.get(file).status_code
    assert seen == {"wang": 200, "zhao": 404, "chen": 200, "gu": 404, "fang": 404}


def test_wang_reads_and_confirms_on_her_phone(client, plan, people):
    client.force_login(people["wang"])
    page = client.get(reverse("households:plan_detail", args=[plan.pk])).content.decode()
    assert ("确认方案和图纸" in page, "发布给住户" in page) == (True, False)
    client.post(reverse("households:confirm_plan", args=[plan.pk]))
    page = client.get(reverse("households:plan_detail", args=[plan.pk])).content.decode()
    assert ("本人线上" in page, "确认方案和图纸" in page) == (True, False)


def test_a_draft_is_invisible_to_its_household(client, project, household, people):
    draft = actions.draw_plan(
        household,
        project=project,
        summary="草图",
        area_after=None,
        kitchen_after="own",
        toilet_after="own",
        by=people["deng"],
    )
    client.force_login(people["wang"])
    assert client.get(reverse("households:plan_detail", args=[draft.pk])).status_code == 404


def entrusted(household, people, matter, **changes):
    """Sun holds Wang's mandate for ``matter``."""
    today = timezone.localdate()
    values = {
        "neighbourhood": household.neighbourhood,
        "household": household,
        "principal": holder(household),
        "agent_name": "孙丽",
        "agent": people["sun"],
        "matter": matter,
        "scope": "看方案，确认方案",
        "valid_from": today,
        "valid_to": today,
        "document": attachment(household.neighbourhood),
        "recorded_by": people["chen"],
        "approved_by": people["lin"],
        "approved_at": timezone.now(),
    }
    return Mandate.objects.create(**values | changes)


@pytest.mark.parametrize(
    ("matter", "changes", "sees", "speaks"),
    [
        ("plan", {}, True, True),
        ("all", {}, True, True),
        ("sign", {}, True, False),  # one reads what one signs under; the plan is not for her to settle
        ("all", {"approved_by": None, "approved_at": None}, False, False),
        ("all", {"revoked_at": timezone.now()}, False, False),
        ("all", {"valid_from": dt.date(2020, 1, 1), "valid_to": dt.date(2020, 2, 1)}, False, False),
    ],
)  # fmt: skip
def test_an_agent_sees_and_settles_the_plan_as_far_as_the_mandate_goes(
    client, plan, household, people, matter, changes, sees, speaks
):
    mandate = entrusted(household, people, matter, **changes)
    client.force_login(people["sun"])
    url = reverse("households:plan_detail", args=[plan.pk])
    answer = client.get(url)
    page = answer.content.decode()
    assert (answer.status_code == 200, "确认方案和图纸" in page) == (sees, speaks)
    assert ("王*芳 委托来确认。委托权限：看方案，确认方案" in page) is speaks
    confirmation = PlanConfirmation(
        plan=plan, member=holder(household), mandate=mandate, neighbourhood=plan.neighbourhood
    )
    assert may(people["sun"], "households.confirm_plan", confirmation) is speaks
    assert may(people["sun"], "households.raise_remark", PlanRemark(plan=plan)) is speaks
    told = {"kind": "objection", "text": "厨房太小"}
    client.post(reverse("households:raise_remark", args=[plan.pk]), told)
    client.post(reverse("households:confirm_plan", args=[plan.pk]))
    made = (PlanRemark.objects.count(), PlanConfirmation.objects.filter(mandate=mandate).count())
    assert made == ((1, 1) if speaks else (0, 0))


def test_an_agent_never_sees_a_draft_nor_another_home_s_plan(
    client, plan, project, household, households, people
):
    entrusted(households.zhao, people, "all")
    client.force_login(people["sun"])
    assert client.get(reverse("households:plan_detail", args=[plan.pk])).status_code == 404
    draft = actions.draw_plan(
        households.zhao,
        project=project,
        summary="草图",
        area_after=None,
        kitchen_after="own",
        toilet_after="own",
        by=people["deng"],
    )
    assert client.get(reverse("households:plan_detail", args=[draft.pk])).status_code == 404


def test_nobody_confirms_for_the_dead(plan, household, people):
    mandate = entrusted(household, people, "plan")
    Member.objects.filter(household=household).update(is_deceased=True)
    with pytest.raises(Refused, match="已故或已迁出"):
        actions.confirm_plan(plan, member=holder(household), mandate=mandate, by=people["sun"])
    assert PlanConfirmation.objects.count() == 0


def test_an_agent_for_plans_hears_of_a_new_one(household, people, project):
    entrusted(household, people, "plan")
    drawn = actions.draw_plan(
        household,
        project=project,
        summary="北面加厨卫",
        area_after=None,
        kitchen_after="own",
        toilet_after="own",
        by=people["deng"],
    )
    actions.publish_plan(drawn, by=people["chen"])
    deliver_pending()
    assert set(Notice.objects.values_list("reader__name", flat=True)) == {"王桂芳", "孙丽"}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_s_queries_do_not_grow(
    client, places, households, people, count, django_assert_num_queries
):
    homes = [make_household(places.here, places.building, f"20{n}", "某") for n in range(count)]
    project = open_signing(places, homes, code="plans")
    for home in homes:
        actions.draw_plan(
            home,
            project=project,
            summary="方案",
            area_after=None,
            kitchen_after="own",
            toilet_after="own",
            by=people["deng"],
        )
    client.force_login(people["chen"])
    url = reverse("households:plan_list", args=[project.pk])
    client.get(url)
    with django_assert_num_queries(6):
        page = client.get(url).content.decode()
    assert page.count("第 1 版") == count
