"""Who may give an office, and the first administrator, whom nobody can appoint."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from caoyang_portal.authority import may
from caoyang_portal.community.actions import appoint
from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.models import Entry
from tests.conftest import EVERYONE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may_appoint(person, people, places):
    posting = Posting(
        user=people["sun"],
        office="mediator",
        sub_district=places.street,
        neighbourhood=places.here,
    )
    assert may(people[person], "community.appoint", posting) == (person == "adi")


def test_an_administrator_appoints_neither_himself_nor_in_another_sub_district(people, places):
    own = Posting(user=people["adi"], office="auditor", sub_district=places.street)
    there = places.there
    far = Posting(
        user=people["sun"],
        office="committee",
        sub_district=there.sub_district,
        neighbourhood=there,
    )
    assert not may(people["adi"], "community.appoint", own)
    assert not may(people["adi"], "community.appoint", far)


def test_an_appointment_stands_in_the_ledger(people, places):
    posting = appoint(
        people["sun"],
        "mediator",
        sub_district=places.street,
        neighbourhood=places.here,
        by=people["adi"],
    )
    assert User.objects.get(pk=people["sun"].pk).holds("mediator")
    entry = Entry.objects.get(act="community.appoint")
    assert (entry.actor_id, entry.subject_id, entry.neighbourhood_id, entry.facts) == (
        people["adi"].pk,
        str(posting.pk),
        places.here.pk,
        {"user": str(people["sun"].pk), "office": "mediator"},
    )


def test_who_may_not_leaves_nothing_behind(people, places):
    before = Posting.objects.count()
    with pytest.raises(PermissionDenied):
        appoint(
            people["sun"],
            "mediator",
            sub_district=places.street,
            neighbourhood=places.here,
            by=people["chen"],
        )
    assert (Posting.objects.count(), Entry.objects.count()) == (before, 0)


def run(monkeypatch, password: str, *args: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    call_command("appoint", *args)


def test_the_first_administrator_is_appointed_on_the_machine(places, monkeypatch, capsys):
    run(
        monkeypatch,
        "黄浦江边的第一盏灯1865",
        "138 0000 0777",
        "administrator",
        "--street",
        "caoyang",
        "--name",
        "何平",
    )
    user = User.objects.by_phone("+8613800000777")
    assert user.holds("administrator")
    assert user.check_password("黄浦江边的第一盏灯1865")
    assert "138****0777" in capsys.readouterr().out
    assert Entry.objects.get().actor_id is None


@pytest.mark.parametrize(
    ("password", "args"),
    [
        ("short", ("13800000777", "administrator", "--street", "caoyang")),
        ("黄浦江边的第一盏灯1865", ("12345", "administrator", "--street", "caoyang")),
        ("黄浦江边的第一盏灯1865", ("13800000777", "administrator", "--street", "nowhere")),
        ("黄浦江边的第一盏灯1865", ("13800000777", "committee", "--neighbourhood", "nowhere")),
    ],
)
def test_a_slip_on_the_command_line_changes_nothing(places, monkeypatch, password, args):
    with pytest.raises(CommandError):
        run(monkeypatch, password, *args)
    assert (User.objects.count(), Posting.objects.count()) == (0, 0)
