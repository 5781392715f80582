"""The way to the signature, screen by screen, as a phone without JavaScript walks it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.community.models import OneTimeCode
from households.models import (
    Agreement,
    AllowanceItem,
    Member,
    Plan,
    PlanRemark,
    Residency,
    Signatory,
    Signature,
    SigningProgress,
)
from tests.households.builders import frozen_agreement
from tests.households.signing_helpers import co_owner, signatory_of, strokes, the_code

TEXT = "<h2>第一条 房屋</h2><p>厨房归自家用。</p><h2>第二条 搬迁</h2><p>搬出去，再搬回来。</p>"


@pytest.fixture
def agreement(project, households, people):
    made = frozen_agreement(
        project,
        households.wang,
        people["chen"],
        text=TEXT,
        key_points="搬出去，再搬回来。\n面积不减少。",
    )
    AllowanceItem.objects.create(
        neighbourhood=made.neighbourhood,
        project=project,
        household=made.household,
        code="move",
        name="搬家补助费",
        quantity=1,
        unit_price=1200,
        amount=1200,
    )
    return made


@pytest.fixture
def wang(client, people):
    client.force_login(people["wang"])
    return client


def at(name, agreement, *more):
    return reverse(f"households:{name}", args=[agreement.pk, *more])


def walk(client, agreement, *names):
    for name in names:
        client.post(at(name, agreement))


PREPARED = ("sign_identity", "sign_plan", "sign_details", "sign_people")
CHECKED = (*PREPARED, "sign_read", "sign_check")


def test_from_the_start_page_to_the_receipt_without_javascript(wang, people, agreement):
    page = wang.get(at("sign", agreement)).content.decode()
    assert at("sign_identity", agreement) in page
    page = wang.get(at("sign_identity", agreement)).content.decode()
    assert "王*芳" in page
    assert "王桂芳" not in page
    assert wang.post(at("sign_identity", agreement)).url == at("sign_tasks", agreement)
    page = wang.get(at("sign_tasks", agreement)).content.decode()
    assert "请先完成：① 看改造方案、② 看本户明细、③ 确认谁来签" in page
    for name in ("sign_plan", "sign_details", "sign_people", "sign_materials"):
        assert wang.get(at(name, agreement)).status_code == 200
        assert wang.post(at(name, agreement)).url == at("sign_tasks", agreement)
    assert "1,200.00" in wang.get(at("sign_details", agreement)).content.decode()
    page = wang.get(at("sign_read", agreement)).content.decode()
    assert "搬出去，再搬回来。" in page
    assert agreement.fingerprint in page
    assert "厨房归自家用" in wang.get(at("sign_chapter", agreement, 1)).content.decode()
    assert wang.post(at("sign_chapter", agreement, 1)).url == at("sign_chapter", agreement, 2)
    assert wang.post(at("sign_chapter", agreement, 2)).url == at("sign_check", agreement)
    assert "厨房归自家用" in wang.get(at("sign_full_text", agreement)).content.decode()
    assert wang.get(at("sign_check", agreement)).status_code == 200
    assert wang.post(at("sign_check", agreement)).url == at("sign_name", agreement)
    assert 'name="code"' not in wang.get(at("sign_name", agreement)).content.decode()
    assert wang.post(at("sign_code", agreement)).url == at("sign_name", agreement)
    answer = wang.post(at("sign_name", agreement), written(agreement, people["wang"]))
    assert answer.url == at("sign_receipt", agreement)
    page = wang.get(answer.url).content.decode()
    assert Signature.objects.get().receipt_number in page


def written(agreement, user, **changes):
    return {
        "code": the_code(user),
        "strokes": "",
        "typed_name": user.name,
        "consent": "on",
        "document_sha256": agreement.document_sha256,
        "signatory": signatory_of(agreement, user.name).pk,
    } | changes


def ready(client, agreement):
    walk(client, agreement, *CHECKED)
    client.post(at("sign_code", agreement))


@pytest.mark.parametrize("tries", [2])
def test_back_refresh_and_a_second_submit_show_the_receipt(wang, people, agreement, tries):
    ready(wang, agreement)
    form = written(agreement, people["wang"])
    for _again in range(tries):
        assert wang.post(at("sign_name", agreement), form).url == at("sign_receipt", agreement)
    for name in ("sign_check", "sign_name"):
        assert wang.get(at(name, agreement)).url == at("sign_receipt", agreement)
    assert wang.post(at("sign_code", agreement)).url == at("sign_receipt", agreement)
    assert Signature.objects.count() == 1


def test_handwriting_is_kept_as_strokes(wang, people, agreement):
    ready(wang, agreement)
    wang.post(
        at("sign_name", agreement),
        written(agreement, people["wang"], strokes=strokes(), typed_name=""),
    )
    assert Signature.objects.get().strokes.startswith('[{"points":[{"x":20.0,"y":20.0')


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"consent": ""}, "请先勾选"),
        ({"code": ""}, "请输入短信里的 6 位数字"),
        ({"code": "000000x"}, "验证码不对"),
        ({"typed_name": ""}, "请手写签名，或输入您的姓名"),
        ({"strokes": "{"}, "签名没有传完整"),
        ({"document_sha256": "0" * 64}, "协议已更新，请重新核对"),
    ],
)
def test_what_is_wrong_is_said_on_the_page_and_nothing_is_signed(
    wang, people, agreement, change, said
):
    ready(wang, agreement)
    answer = wang.post(at("sign_name", agreement), written(agreement, people["wang"], **change))
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("step", ["sign_check", "sign_name", "sign_notice"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_step_is_skipped(wang, agreement, step, method):
    assert getattr(wang, method)(at(step, agreement)).url == at("sign_identity", agreement)
    walk(wang, agreement, *PREPARED)
    assert getattr(wang, method)(at(step, agreement)).url == at("sign_read", agreement)
    assert wang.post(at("sign_code", agreement)).url == at("sign_read", agreement)
    assert OneTimeCode.objects.count() == 0


def test_a_lost_session_goes_on_where_it_stopped(client, people, agreement):
    client.force_login(people["wang"])
    walk(client, agreement, *PREPARED)
    client.post(at("sign_chapter", agreement, 1))
    client.session.flush()
    assert client.get(at("sign_tasks", agreement)).status_code == 302  # to signing in
    client.force_login(people["wang"])
    page = client.get(at("sign_tasks", agreement)).content.decode()
    assert page.count("已完成") == 3
    assert (
        at("sign_chapter", agreement, 2) in client.get(at("sign_read", agreement)).content.decode()
    )


def test_a_new_version_takes_over(wang, people, agreement, project):
    ready(wang, agreement)
    Agreement.objects.filter(pk=agreement.pk).update(state="superseded")
    newer = frozen_agreement(project, agreement.household, people["chen"], supersedes=agreement)
    answer = wang.post(at("sign_name", agreement), written(agreement, people["wang"]))
    assert answer.url == at("sign_tasks", newer)
    walk(wang, newer, *CHECKED[:-1])
    assert wang.post(at("sign_check", newer)).url == at("sign_notice", newer)
    assert "协议换了新版本" in wang.get(at("sign_notice", newer)).content.decode()
    assert wang.post(at("sign_notice", newer)).url == at("sign_name", newer)


def test_a_changed_sum_and_an_objection_at_home_stop_the_hurry_once(
    wang, people, agreement, project
):
    plan = Plan.objects.create(
        neighbourhood=agreement.neighbourhood,
        project=project,
        household=agreement.household,
        version=1,
        summary="独用厨卫",
        drawn_by=people["deng"],
        published_at=timezone.now(),
    )
    walk(wang, agreement, *CHECKED[:-1])
    AllowanceItem.objects.update(amount=900)
    PlanRemark.objects.create(
        neighbourhood=agreement.neighbourhood,
        plan=plan,
        kind="objection",
        text="朝向不对",
        raised_by=people["sun"],
    )
    assert wang.post(at("sign_check", agreement)).url == at("sign_notice", agreement)
    page = wang.get(at("sign_notice", agreement)).content.decode()
    assert "上次看到 1,200.00 元，现在是 900.00 元" in page
    assert "提了异议" in page
    assert wang.post(at("sign_notice", agreement)).url == at("sign_name", agreement)
    assert wang.get(at("sign_name", agreement)).status_code == 200


def test_co_owners_see_who_has_signed_and_a_lodger_does_not(client, people, agreement):
    co_owner(agreement, "孙丽", people["sun"])
    client.force_login(people["sun"])
    walk(client, agreement, "sign_identity")
    assert "未签" in client.get(at("sign_people", agreement)).content.decode()
    agreement.signatories.filter(order=2).delete()
    assert "未签" not in client.get(at("sign_people", agreement)).content.decode()


@pytest.mark.parametrize("who", ["zhao", "chen", "root", "hu", "gu"])
def test_nobody_else_opens_a_home_s_journey(client, people, agreement, who):
    client.force_login(people[who])
    for name in ("sign_identity", "sign_tasks", "sign_name", "sign_receipt", "sign_full_text"):
        assert client.get(at(name, agreement)).status_code == 404
        assert client.post(at("sign_name", agreement), {}).status_code == 404


def test_a_lodger_with_a_forged_form_signs_nothing(client, people, agreement):
    Residency.objects.create(
        neighbourhood=agreement.neighbourhood,
        user=people["sun"],
        household=agreement.household,
        way="letter",
        verified_at=timezone.now(),
    )
    client.force_login(people["sun"])
    walk(client, agreement, *CHECKED)
    forged = {
        "code": "123456",
        "typed_name": "王桂芳",
        "consent": "on",
        "document_sha256": agreement.document_sha256,
        "signatory": signatory_of(agreement, "王桂芳").pk,
    }
    client.post(at("sign_code", agreement))
    assert "不由您签" in client.get(at("sign_name", agreement)).content.decode()
    assert client.post(at("sign_name", agreement), forged).status_code == 403
    assert (Signature.objects.count(), OneTimeCode.objects.count()) == (0, 0)


def test_a_co_owner_s_form_for_the_other_owner_is_forbidden(client, people, agreement):
    co_owner(agreement, "孙丽", people["sun"])
    client.force_login(people["sun"])
    ready(client, agreement)
    forged = written(agreement, people["sun"]) | {
        "signatory": signatory_of(agreement, "王桂芳").pk,
        "typed_name": "王桂芳",
    }
    assert client.post(at("sign_name", agreement), forged).status_code == 403
    assert Signature.objects.count() == 0


def test_a_project_on_paper_says_how_to_sign_on_paper(wang, agreement, project):
    project.agreement_mode = "paper"
    project.save(update_fields=["agreement_mode"])
    walk(wang, agreement, *CHECKED)
    page = wang.get(at("sign_name", agreement)).content.decode()
    assert "这份协议在纸上签" in page
    assert 'name="code"' not in page


def test_looking_changes_nothing(wang, agreement):
    for name in ("sign", "sign_identity", "sign_tasks", "sign_plan", "sign_full_text"):
        wang.get(at(name, agreement))
    assert SigningProgress.objects.count() == 0


def test_the_pages_cost_the_same_for_one_owner_and_three(wang, people, agreement):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    walk(wang, agreement, *CHECKED)

    def cost(name):
        with CaptureQueriesContext(connection) as spent:
            wang.get(at(name, agreement))
        return len(spent)

    names = ("sign_tasks", "sign_people", "sign_details", "sign_check", "sign_name")
    alone = {name: cost(name) for name in names}
    for order, name in enumerate(("李一", "李二"), start=2):
        member = Member.objects.create(
            neighbourhood=agreement.neighbourhood,
            household=agreement.household,
            role="co_owner",
            name=name,
        )
        Signatory.objects.create(
            neighbourhood=agreement.neighbourhood, agreement=agreement, member=member, order=order
        )
    assert {name: cost(name) for name in names} == alone


def test_the_last_request_costs_a_fixed_number_of_statements(
    wang, people, agreement, django_capture_on_commit_callbacks
):
    """Session, account and posts; agreement with progress, signatory; the act; whether it is enough."""
    ready(wang, agreement)
    form = written(agreement, people["wang"])
    with (
        CaptureQueriesContext(connection) as spent,
        django_capture_on_commit_callbacks(execute=True),
    ):
        wang.post(at("sign_name", agreement), form)
    statements = [q["sql"] for q in spent if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == 3 + 2 + 11 + 1


def test_the_page_of_the_signature_has_no_script_or_style_of_its_own(wang, agreement):
    ready(wang, agreement)
    page = wang.get(at("sign_name", agreement)).content.decode()
    assert not re.search(r"\son\w+=|style=|<script>|<style", page)
