"""Small cells: whoever knows the rule, the sums and everything shown still cannot tell a hidden number."""

import itertools
from collections import defaultdict

import pytest

from suggestions.queries.cells import FEWEST, HIDDEN, Shown, protect


def test_a_number_below_five_is_not_shown_nor_what_it_could_be_computed_from():
    rows = {"绿化市容所": (20, 3), "房管所": (12, 9), "城管": (30, 6), "物业": (2, 1)}
    assert protect(rows) == (
        {
            "绿化市容所": Shown(None, None),  # taken from the sum it would leave 物业's
            "房管所": Shown(21, None),  # its 9 would leave 4 to the other two
            "城管": Shown(36, (30, 6)),
            "物业": Shown(None, None),
        },
        Shown(83, (64, 19)),
    )


def test_a_table_without_small_numbers_is_shown_whole():
    rows = {"房管所": (12, 9), "城管": (0, 6), "物业": (0, 0)}
    shown, overall = protect(rows)
    assert shown == {
        "房管所": Shown(21, (12, 9)),
        "城管": Shown(6, (0, 6)),
        "物业": Shown(0, (0, 0)),
    }
    assert overall == Shown(27, (12, 15))


def test_a_handful_in_all_is_not_shown_at_all():
    assert protect({"房管所": (3, 1), "城管": (0, 0)}) == (
        {"房管所": HIDDEN, "城管": Shown(0, (0, 0))},
        HIDDEN,
    )


def test_nothing_at_all_is_no_secret():
    assert protect({}) == ({}, Shown(0, ()))


@pytest.mark.parametrize(
    ("rows", "columns", "most"), [(2, 2, 12), (3, 2, 8), (4, 1, 13), (5, 1, 8)]
)
def test_every_hidden_small_number_could_be_another(rows, columns, most):
    """Every table there is, by what is published of it: no two that differ may leave one value."""
    possible = [c for c in itertools.product(range(most + 1), repeat=columns) if sum(c) <= most]
    tables = defaultdict(list)
    for cells in itertools.product(possible, repeat=rows):
        shown, overall = protect(dict(enumerate(cells)))
        tables[tuple(shown.values()), overall].append(cells)
    for (shown, overall), alike in tables.items():
        numbers = [one.total for one in (*shown, overall)]
        numbers += [cell for one in (*shown, overall) for cell in one.cells or ()]
        assert not [n for n in numbers if n is not None and 0 < n < FEWEST]
        if max(sum(row) for table in alike for row in table) > most - 4:
            continue  # what would go with it lies beyond the tables tried
        for place, one in enumerate(shown):
            values = [{sum(table[place]) for table in alike}] if one.total is None else []
            if one.cells is None:
                values += [{table[place][n] for table in alike} for n in range(columns)]
            assert [v for v in values if len(v) == 1 and 0 < min(v) < FEWEST] == []
