"""Collection points as they stand after acts that a test is not about."""

from suggestions.actions import points
from suggestions.models import CollectionPoint


def where(x=50, y=50, **more):
    return {
        "address": "8号楼底层", "x": x, "y": y, "duty_name": "王老师",
        "duty_phone": "021-5555 0101", "belongs_to": None, "building": None, "mailbox_days": None,
    } | more  # fmt: skip


def centre(people, place, who="chen", **more):
    found = CollectionPoint.objects.filter(neighbourhood=place, kind="centre").first()
    return found or points.add_point(
        place, kind="centre", name="一心", hours="周一到周五 9:00–16:30", by=people[who],
        **where(**more),
    )  # fmt: skip


def area(people, place, who="chen", name="东片", x=20, y=20, **more):
    return points.add_point(
        place, kind="area", name=name, hours="周二 14:00–16:00", by=people[who],
        **where(x, y, belongs_to=centre(people, place, who), **more),
    )  # fmt: skip


def spot(people, place, above, who="chen", name="8号楼门厅", x=10, y=30, **more):
    return points.add_point(
        place, kind="point", name=name, hours="全天", by=people[who],
        **where(x, y, belongs_to=above, **more),
    )  # fmt: skip
