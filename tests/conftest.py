"""The people and places every test knows. Nobody else needs introducing."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone

from caoyang_portal.calendars.models import SpecialDay
from caoyang_portal.calendars.seeding import seed
from caoyang_portal.community.models import (
    Building,
    Neighbourhood,
    Posting,
    SubDistrict,
    User,
    WorkZone,
)
from caoyang_portal.confidential import blind_index
from households.models import (
    Household,
    Member,
    Project,
    Residency,
    RosterSnapshot,
    SnapshotEntry,
)

pytest_plugins = [
    "tests.browser_fixtures",
    "tests.signed_in",
    "tests.ledger.flushing",
    "tests.matrix.world",
]


@pytest.fixture(autouse=True)
def _empty_cache(request):
    """Rate limits live in the cache table; a test starts with none used up."""
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        request.getfixturevalue(
            "db" if "transactional_db" not in request.fixturenames else "transactional_db"
        )
        cache.clear()


@pytest.fixture
def places(db):
    """Caoyang One with two buildings, and Quyang next door, which must never be seen from here."""
    street = SubDistrict.objects.create(name="曹杨新村街道", code="caoyang")
    here = Neighbourhood.objects.create(
        sub_district=street, name="曹杨一村", code="caoyang-one", committee_phone="021-5555 0101"
    )
    zone = WorkZone.objects.create(neighbourhood=here, name="第一工区", order=1)
    other_street = SubDistrict.objects.create(name="曲阳路街道", code="quyang")
    there = Neighbourhood.objects.create(
        sub_district=other_street,
        name="曲阳一村",
        code="quyang-one",
        committee_phone="021-5555 0202",
    )
    return SimpleNamespace(
        street=street,
        here=here,
        zone=zone,
        building=Building.objects.create(
            neighbourhood=here, work_zone=zone, name="3号楼", number=3
        ),
        next_building=Building.objects.create(
            neighbourhood=here, work_zone=zone, name="9号楼", number=9
        ),
        there=there,
        far_building=Building.objects.create(neighbourhood=there, name="1号楼", number=1),
    )


def make_household(
    neighbourhood, building, room, holder, *, phone="", tenure="public_tenant", area="20.50"
):
    """A household with its right holder on file."""
    household = Household.objects.create(
        neighbourhood=neighbourhood,
        building=building,
        door=f"{neighbourhood.name}{building.number}号",
        room=room,
        floor=int(room[0]),
        tenure=tenure,
        living_area=area,
        certificate_number=f"普曹租{building.number:03d}{room}",
        search_text=f"{holder} {building.name} {room}",
    )
    Member.objects.create(
        neighbourhood=neighbourhood,
        household=household,
        role="holder",
        name=holder,
        phone=phone,
        phone_index=blind_index(phone, "member"),
        phone_tail_index=blind_index(phone[-4:], "tail"),
        is_registered=True,
    )
    return household


@pytest.fixture
def households(places):
    """王桂芳 in 3-101, 赵大勇 in 9-202, 孙丽 in 3-102; 胡杰 in another neighbourhood."""
    return SimpleNamespace(
        wang=make_household(places.here, places.building, "101", "王桂芳", phone="+8613800000101"),
        zhao=make_household(
            places.here, places.next_building, "202", "赵大勇", phone="+8613800000202"
        ),
        sun=make_household(places.here, places.building, "102", "孙丽", tenure="private_owner"),
        hu=make_household(
            places.there, places.far_building, "101", "胡杰", phone="+8613800000901"
        ),
    )


@pytest.fixture
def household(households):
    return households.wang


@pytest.fixture
def people(places, households):
    """wang holds 3-101, zhao holds 9-202; sun has a login and no household; chen and lin sit on the
    committee, deng designs, mei mediates, lou leads building 3, gu watches for the street, shen
    audits, adi administers; root is a superuser without office; hu and fang (committee) belong to
    the neighbourhood next door."""
    logins = {
        "wang": ("+8613800000101", "王桂芳"),
        "zhao": ("+8613800000202", "赵大勇"),
        "sun": ("+8613800000103", "孙丽"),
        "lou": ("+8613800000104", "楼建国"),
        "chen": ("+8613800000301", "陈静"),
        "lin": ("+8613800000302", "林红"),
        "deng": ("+8613800000303", "邓明"),
        "mei": ("+8613800000304", "梅芳"),
        "gu": ("+8613800000305", "顾伟"),
        "shen": ("+8613800000306", "沈青"),
        "adi": ("+8613800000307", "艾迪"),
        "root": ("+8613800000399", "根"),
        "hu": ("+8613800000901", "胡杰"),
        "fang": ("+8613800000902", "方圆"),
    }
    people = {
        who: User.objects.create_user(phone, name=name, phone_verified=True)
        for who, (phone, name) in logins.items()
    }
    people["root"].is_superuser = True
    people["root"].save(update_fields=["is_superuser"])
    since = dt.date(2020, 1, 1)
    posts = {
        "chen": "committee",
        "lin": "committee",
        "deng": "designer",
        "mei": "mediator",
        "lou": "building_leader",
    }
    for who, office in posts.items():
        Posting.objects.create(
            user=people[who],
            office=office,
            sub_district=places.street,
            neighbourhood=places.here,
            building=places.building if office == "building_leader" else None,
            since=since,
        )
    for who, office in {
        "gu": "street_official",
        "shen": "auditor",
        "adi": "administrator",
    }.items():
        Posting.objects.create(
            user=people[who], office=office, sub_district=places.street, since=since
        )
    Posting.objects.create(
        user=people["fang"],
        office="committee",
        sub_district=places.there.sub_district,
        neighbourhood=places.there,
        since=since,
    )
    for who, home in {
        "wang": households.wang,
        "zhao": households.zhao,
        "hu": households.hu,
    }.items():
        Residency.objects.create(
            neighbourhood=home.neighbourhood,
            user=people[who],
            household=home,
            member=home.members.get(role="holder"),
            way="letter",
            verified_at=timezone.now(),
        )
    people["passerby"] = AnonymousUser()
    return people


EVERYONE = (
    "passerby", "wang", "zhao", "sun", "lou", "chen", "lin", "deng", "mei", "gu", "shen", "adi", "root",
    "hu", "fang",
)  # fmt: skip


def open_signing(places, households, **fields):
    """A project in its signing period, its roster frozen over ``households``."""
    now = timezone.now()
    snapshot = RosterSnapshot.objects.create(
        neighbourhood=places.here,
        baseline_date=dt.date(2026, 1, 5),
        total=len(households),
        roll_hash="0" * 64,
    )
    SnapshotEntry.objects.bulk_create(
        SnapshotEntry(
            neighbourhood=places.here,
            snapshot=snapshot,
            household=home,
            building=home.building,
            work_zone=home.building.work_zone,
            tenure=home.tenure,
            certificate_number=home.certificate_number,
            living_area=home.living_area,
        )
        for home in households
    )
    values = {
        "neighbourhood": places.here,
        "name": "曹杨一村旧住房成套改造",
        "code": "caoyang-one-renewal",
        "kind": Project.Kind.COMPLETE_SET,
        "stage": Project.Stage.SIGNING,
        "baseline_date": snapshot.baseline_date,
        "snapshot": snapshot,
        "signing_opens_at": now - dt.timedelta(days=1),
        "signing_closes_at": now + dt.timedelta(days=30),
    }
    return Project.objects.create(**values | fields)


@pytest.fixture
def project(places, households):
    """The renovation of Caoyang One, open for signing by its three households."""
    return open_signing(places, [households.wang, households.zhao, households.sun])


@pytest.fixture
def announced(db):
    """The holidays of 2020 to 2026, as announced; emptied tables have lost them."""
    seed(SpecialDay)
