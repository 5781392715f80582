"""Keepsakes as they stand after acts that a test is not about."""

from suggestions.actions import keepsakes
from tests.households.builders import attachment

TOLD = {
    "title": "搪瓷脸盆", "kind": "object", "story": "结婚时买的，用了三十年。", "year": 1953,
    "terms": "gift", "return_by": None, "rights": "show", "name_shown": "masked",
}  # fmt: skip


def pictures(place):
    return [tuple(attachment(place, media_type="image/jpeg") for _size in range(2))]


def offered(people, place, who="wang", **changes):
    return keepsakes.offer_keepsake(
        place, pictures=pictures(place), by=people[who], **(TOLD | changes)
    )


def accepted(people, place, **changes):
    return keepsakes.accept_keepsake(
        offered(people, place, **changes), kept_at="二楼展柜", by=people["chen"]
    )


def shown(people, place, **changes):
    return keepsakes.show_keepsake(accepted(people, place, **changes), by=people["chen"])
