"""Rows for collection points, and those of a place."""

from suggestions.actions import points
from tests.matrix.row import Row, of, prefixed
from tests.suggestions.point_builders import where

SPACE = "suggestions:"
STAFF_HERE = "committee street auditor administrator"
OTHERS_HERE = "street auditor administrator"
ANY_STAFF = "any_committee any_street any_auditor any_administrator"


def points_of(place, clerk) -> dict:
    """The centre and an area, a closed one beside them."""
    centre = points.add_point(
        place, kind="centre", name="一心", hours="全天", by=clerk, **where(50, 50, mailbox_days=7)
    )
    area = points.add_point(
        place, kind="area", name="东片", hours="全天", by=clerk,
        **where(20, 20, belongs_to=centre),
    )  # fmt: skip
    closed = points.add_point(
        place, kind="area", name="西片", hours="全天", by=clerk,
        **where(80, 20, belongs_to=centre),
    )  # fmt: skip
    points.close_point(closed, reason="装修", by=clerk)
    return {"point": area, "mailbox_point": centre, "closed_point": closed}


def _for(names: str, methods: str, **more) -> list[Row]:
    given = {"may": "committee", "sees": OTHERS_HERE, "shared": True, "thing": of("point")} | more
    return prefixed(SPACE, names, methods, given.pop("may"), **given)


POINTS: list[Row] = [
    Row("suggestions:point_list", "GET", "everybody"),
    *_for("point", "GET", may="everybody", sees=""),
    *_for("point", "GET", may=STAFF_HERE, thing=of("closed_point"), sees="", passerby=404),
    Row("suggestions:point_desk", "GET", ANY_STAFF),
    *_for("add_point", "GET POST", thing=of("neighbourhood"), sees=""),
    *_for("desk_point point_poster", "GET", may=STAFF_HERE, sees=""),
    *_for("edit_point set_point_hours close_point", "GET POST"),
    *_for("reopen_point", "POST", thing=of("closed_point")),
]
