"""A signatory dies or leaves after the agreement was frozen: nobody signs for nothing, and people know."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.notices.models import Notice
from households.actions import agreements, members
from households.models import Agreement, Household, Signature
from households.queries import board
from tests.households.builders import frozen_agreement, template
from tests.households.signing_helpers import (
    ask_code,
    co_owner,
    mandate_for,
    on_paper,
    on_tablet,
    sign,
    signatory_of,
)

DIED, LEFT = "王*芳已故，这份协议不能再签", "王*芳已迁出，这份协议不能再签"


@pytest.fixture
def agreement(project, households, people):
    """Of 王桂芳 and her co-owner 孙丽."""
    made = frozen_agreement(project, households.wang, people["chen"])
    co_owner(made, "孙丽", people["sun"])
    return made


def dies(agreement, people, name="王桂芳"):
    members.record_death(agreement.household.members.get(name=name), by=people["chen"])


def leaves(agreement, people, name="王桂芳"):
    member = agreement.household.members.get(name=name)
    members.end_membership(member, reason="产权变更", by=people["chen"])


GOING = pytest.mark.parametrize(("goes", "said"), [(dies, DIED), (leaves, LEFT)])


@GOING
def test_nobody_signs_what_must_be_replaced(agreement, people, goes, said):
    mandate_for(agreement, people["lou"], people)
    agents, owners = (
        ask_code(agreement, people["lou"], name="王桂芳"),
        ask_code(agreement, people["sun"]),
    )
    goes(agreement, people)
    for attempt in (
        lambda: on_tablet(agreement, people),
        lambda: on_paper(agreement, people),
        lambda: ask_code(agreement, people["sun"]),
        lambda: sign(agreement, people["sun"], code=owners),
        lambda: sign(
            agreement, people["lou"], name="王桂芳", code=agents
        ),  # a power ends with life
    ):
        with pytest.raises(Refused, match=said.replace("*", r"\*")):
            attempt()
    with pytest.raises(PermissionDenied):  # the login's tie to the home has ended
        sign(agreement, people["wang"], code="000000")
    assert Signature.objects.count() == 0


@GOING
def test_everyone_sees_that_a_new_version_is_owed(client, agreement, people, goes, said):
    goes(agreement, people)
    client.force_login(people["sun"])
    for name in ("sign_identity", "sign_plan", "sign_details", "sign_people"):
        client.post(reverse(f"households:{name}", args=[agreement.pk]))
    for name in ("sign_tasks", "agreement_detail"):
        page = client.get(reverse(f"households:{name}", args=[agreement.pk])).content.decode()
        assert said in page, name
    assert said in client.get(reverse("households:home")).content.decode()
    client.force_login(people["chen"])
    desk = client.get(reverse("households:agreement_detail", args=[agreement.pk])).content.decode()
    assert (said in desk, "要出新版协议" in desk, "现场平板签约" in desk) == (True, True, False)
    assert reverse("households:supersede_agreement", args=[agreement.pk]) in desk
    found = client.get(reverse("households:agreement_list"), {"state": "overtaken"})
    assert (agreement.number in found.content.decode(), "要出新版" in found.content.decode()) == (
        True,
        True,
    )
    file = client.get(reverse("households:household_detail", args=[agreement.household_id]))
    assert "要出新版协议" in file.content.decode()
    assert "录入纸质签署" not in file.content.decode()


@GOING
def test_the_grid_shows_it(agreement, project, people, goes, said):
    sign(agreement, people["sun"])
    homes = Household.objects.filter(pk=agreement.household_id)
    states = lambda: [f.cells[0].state for f in board.grid(project, homes)[0].floors]  # noqa: E731
    assert states() == ["partly"]
    goes(agreement, people)
    assert states() == ["special"]


@GOING
def test_the_desk_is_told_and_led_there(agreement, people, goes, said):
    goes(agreement, people)
    deliver_pending()
    told = Notice.objects.filter(link=reverse("households:agreement_detail", args=[agreement.pk]))
    assert set(told.values_list("reader__name", flat=True)) == {"陈静", "林红"}
    assert "不能再签，请出新版" in told[0].text
    assert "王桂芳" not in told[0].text


def test_what_was_signed_stands_and_is_shown(client, agreement, people):
    sign(agreement, people["wang"])
    dies(agreement, people)
    deliver_pending()
    desk = reverse("households:agreement_detail", args=[agreement.pk])
    assert "签名不变" in Notice.objects.filter(link=desk, reader=people["chen"]).get().text
    client.force_login(people["chen"])
    page = client.get(desk).content.decode()
    assert ("原来的签名不变" in page, "要出新版协议" in page) == (True, False)
    assert sign(agreement, people["sun"]).signatory == signatory_of(agreement, "孙丽")
    agreement.refresh_from_db()
    assert (agreement.state, agreement.signatures.count()) == ("signed", 2)
    assert list(Agreement.objects.overtaken()) == []


def test_a_new_version_asks_those_who_are_left(agreement, people, project):
    leaves(agreement, people)
    heir = agreement.household.members.get(name="孙丽")
    heir.role = "holder"
    heir.save(update_fields=["role"])
    new = agreements.supersede_agreement(
        agreement, template(project, people["chen"]), reason="签约人变更", by=people["chen"]
    )
    assert [line.member for line in new.signatories.all()] == [heir]
    assert list(Agreement.objects.overtaken()) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_no_more_for_more_of_them(
    client, project, households, people, count, django_assert_num_queries
):
    for home in (households.wang, households.zhao, households.sun)[:count]:
        frozen_agreement(project, home, people["chen"])
        home.members.update(left_at=timezone.now())
    client.force_login(people["chen"])
    client.get(reverse("households:agreement_list"))
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(reverse("households:agreement_list")).content.decode()
    assert page.count("◆") == count


LIST_QUERIES = 6
