"""My home: its stage, the next deed, the others of the household, its papers, its messages."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.notices.models import Notice
from households.models import Plan, Residency
from tests.households.builders import frozen_agreement
from tests.households.signing_helpers import co_owner, sign

HOME = reverse("households:home")


def page(client, user, path=HOME):
    client.force_login(user)
    return client.get(path).content.decode()


def primary(html):
    """The words of the page's one large button."""
    return re.findall(r'class="btn btn-primary primary"[^>]*>([^<]+)<', html)


def test_without_a_household_one_is_asked_for_the_letter(client, people):
    html = page(client, people["sun"])
    assert primary(html) == ["输入告知书编号"]
    assert "带身份证到居委" in html


def test_the_agreement_is_the_next_thing_to_do_and_then_it_is_done(
    client, people, project, households, django_capture_on_commit_callbacks
):
    agreement = frozen_agreement(project, households.wang, people["chen"])
    assert primary(page(client, people["wang"])) == ["去签约"]
    client.post(reverse("households:sign_identity", args=[agreement.pk]))
    assert primary(page(client, people["wang"])) == ["继续签约"]
    signature = sign(agreement, people["wang"])
    html = page(client, people["wang"])
    assert (primary(html), signature.receipt_number in html) == ([], True)
    assert "现在不用办什么" in html


def test_a_new_plan_is_to_be_looked_at(client, people, project, households):
    Plan.objects.create(
        neighbourhood=project.neighbourhood,
        project=project,
        household=households.wang,
        version=1,
        summary="独用厨卫",
        drawn_by=people["deng"],
        published_at=timezone.now(),
    )
    assert primary(page(client, people["wang"])) == ["看我家的方案"]


def test_the_stage_is_said_in_plain_words(client, people, project):
    html = page(client, people["wang"])
    assert re.search(r'aria-current="step"><b>协议签订</b><span>各家签协议</span>', html)
    assert html.count("way-here") == 2  # the near ones, and all of them
    assert "选房" not in html  # nobody chooses a flat in a renovation that keeps them


def test_only_those_who_must_sign_see_who_has_signed(client, people, project, households):
    agreement = frozen_agreement(project, households.wang, people["chen"])
    co_owner(agreement, "孙丽", people["sun"])
    assert "未签" in page(client, people["sun"])
    agreement.signatories.filter(order=2).delete()
    assert "未签" not in page(client, people["sun"])


def test_two_homes_are_chosen_between(client, people, project, households):
    Residency.objects.create(
        neighbourhood=project.neighbourhood,
        user=people["wang"],
        household=households.sun,
        way="letter",
        verified_at=timezone.now(),
    )
    html = page(client, people["wang"])
    assert (households.wang.address in html, households.sun.address in html) == (True, True)
    html = page(client, people["wang"], f"{HOME}?home={households.sun.pk}")
    assert (households.wang.address in html, households.sun.address in html) == (False, True)
    foreign = page(client, people["wang"], f"{HOME}?home={households.zhao.pk}")
    assert households.zhao.address not in foreign


def test_the_signer_gets_the_receipt_and_the_others_hear_that_they_are_missing(
    client, people, project, households
):
    agreement = frozen_agreement(project, households.wang, people["chen"])
    co_owner(agreement, "孙丽", people["sun"])
    signature = sign(agreement, people["wang"])
    deliver_pending()
    deliver_pending()
    told = set(Notice.objects.values_list("reader__name", "text", "link"))
    assert told == {
        (
            "王桂芳",
            f"您的协议已签好，回执号 {signature.receipt_number}，协议指纹 {agreement.fingerprint}。"
            "如有疑问请打电话给居委。",
            f"/sign/{agreement.pk}/receipt/",
        ),
        (
            "孙丽",
            "您家的协议，家里人已签，还差您一位。请打开曹杨社区门户签约，或到居委办理。",
            f"/sign/{agreement.pk}/",
        ),
    }
    assert "还差您一位" in page(client, people["sun"])


@pytest.mark.parametrize("others", [0, 2])
def test_a_home_costs_the_same_however_many_sign(client, people, project, households, others):
    agreement = frozen_agreement(project, households.wang, people["chen"])
    for n in range(others):
        co_owner(agreement, f"李{n}", order=2 + n)
    client.force_login(people["wang"])
    client.get(HOME)  # the first page of a session also keeps the session
    with CaptureQueriesContext(connection) as spent:
        client.get(HOME)
    assert len(spent) == 13
