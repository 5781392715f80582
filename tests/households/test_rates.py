"""Who counts, and when it is enough (domain vectors 12.2)."""

import json

import pytest
from django.core.management import CommandError, call_command

from households.queries.rates import (
    Rate,
    needed,
    project_rates,
    rates_by_building,
    rates_by_zone,
    trend,
)
from tests.households.builders import frozen_agreement, signed_agreement


@pytest.mark.parametrize(
    ("signed", "total", "threshold", "reached"),
    [
        (1424, 1499, 95, False),
        (1425, 1499, 95, True),
        (1065, 1122, 95, False),
        (1066, 1122, 95, True),
        (1099, 1122, 98, False),
        (1100, 1122, 98, True),
        (2004, 2110, 95, False),
        (2005, 2110, 95, True),
        (834, 878, 95, False),
        (835, 878, 95, True),
        (342, 360, 95, True),
        (1, 1, 95, True),
        (0, 0, 95, False),
        (1199, 1499, 80, False),
        (1200, 1499, 80, True),
        (1498, 1499, 100, False),
    ],
)
def test_a_threshold_is_compared_in_integers(signed, total, threshold, reached):
    assert Rate(signed, total).reaches(threshold) is reached
    if total:
        assert (signed >= needed(total, threshold)) is reached
        assert (Rate(signed, total).missing(threshold) == 0) is reached


def test_a_rate_is_cut_off_never_rounded_up():
    assert [
        Rate(1424, 1499).shown,
        Rate(1425, 1499).shown,
        Rate(2, 3).shown,
        Rate(3, 3).shown,
        Rate(0, 0).shown,
    ] == [
        "94.99",
        "95.06",
        "66.66",
        "100.00",
        "0.00",
    ]


def test_tenants_owners_and_all_are_counted_apart(project, households, people):
    signed_agreement(project, households.wang, people["chen"])
    frozen_agreement(project, households.zhao, people["chen"])

    rates = project_rates(project)
    assert (rates.tenants, rates.owners, rates.total) == (Rate(1, 2), Rate(0, 1), Rate(1, 3))
    buildings = rates_by_building(project)
    assert [(b.name, b.rate) for b in buildings] == [("3号楼", Rate(1, 2)), ("9号楼", Rate(0, 1))]
    assert [(z.name, z.rate) for z in rates_by_zone(buildings)] == [("第一工区", Rate(1, 3))]
    assert [d.rate for d in trend(project, rates.total.total)] == [Rate(1, 3)]


def test_a_household_that_is_not_on_the_roster_does_not_count(project, households, people, places):
    from tests.conftest import make_household

    newcomer = make_household(places.here, places.building, "103", "新来的")
    signed_agreement(project, newcomer, people["chen"])

    assert project_rates(project).total == Rate(0, 3)


@pytest.mark.parametrize("state", ["declined", "lapsed", "void", "superseded", "signing"])
def test_only_a_complete_agreement_counts(project, households, people, state):
    signed_agreement(project, households.wang, people["chen"])
    signed_agreement(project, households.zhao, people["chen"], closing_reason="家里没谈拢")
    households.zhao.agreements.update(state=state)

    assert project_rates(project).total == Rate(1, 3)


def test_the_rates_cost_one_query_each(project, households, people, django_assert_num_queries):
    signed_agreement(project, households.wang, people["chen"])
    with django_assert_num_queries(3):
        rates = project_rates(project)
        rates_by_zone(rates_by_building(project))
        trend(project, rates.total.total)


def test_the_command_says_what_the_pages_say(project, households, people, capsys):
    signed_agreement(project, households.wang, people["chen"])
    call_command("signing_rate", project.code, "--json")
    assert json.loads(capsys.readouterr().out) == {
        "project": "caoyang-one-renewal",
        "stage": "signing",
        "signed": 1,
        "total": 3,
        "rate": "33.33",
        "threshold_pct": 95,
        "reached": False,
        "missing": 2,
        "tenants": {"signed": 1, "total": 2},
        "owners": {"signed": 0, "total": 1},
        "buildings": [
            {"building": "3号楼", "signed": 1, "total": 2},
            {"building": "9号楼", "signed": 0, "total": 1},
        ],
    }
    with pytest.raises(CommandError, match='no project "nowhere"'):
        call_command("signing_rate", "nowhere")
