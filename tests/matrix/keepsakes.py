"""Rows for keepsakes, and those of a home and its place."""

from caoyang_portal.uploads.intake import keep
from suggestions.actions import keepsakes
from tests.matrix.row import Row, of, prefixed
from tests.suggestions.keepsake_builders import TOLD

SPACE = "suggestions:"
STAFF_HERE = "committee street auditor administrator"
OTHERS_HERE = "street auditor administrator"
ANY_STAFF = "any_committee any_street any_auditor any_administrator"


def keepsakes_of(household, resident, clerk, picture) -> dict:
    """One offered, one kept, one on show, one entered with its consent on paper."""
    place = household.neighbourhood
    file = lambda name: keep(picture, name, "image/png", neighbourhood_id=place.pk, by=clerk)  # noqa: E731
    pair = lambda: [(file("photo.png"), file("small.png"))]  # noqa: E731
    made = [
        keepsakes.offer_keepsake(place, pictures=pair(), by=resident, **(TOLD | {"title": title}))
        for title in ("等回复的", "收下的", "展出的")
    ]
    for one in made[1:]:
        keepsakes.accept_keepsake(one, kept_at="展柜", by=clerk)
    keepsakes.show_keepsake(made[2], by=clerk)
    entered = keepsakes.enter_keepsake(
        place, giver_name="李阿婆", consent=file("consent.png"), pictures=pair(), by=clerk, **TOLD
    )
    return {
        "offered_keepsake": made[0], "kept_keepsake": made[1], "shown_keepsake": made[2],
        "entered_keepsake": entered, "kept_photo": made[1].photos.get(),
        "shown_photo": made[2].photos.get(),
    }  # fmt: skip


def _for(names: str, methods: str, **more) -> list[Row]:
    given = {"may": "committee", "sees": OTHERS_HERE} | more
    return prefixed(SPACE, names, methods, given.pop("may"), **given)


KEEPSAKES: list[Row] = [
    Row("suggestions:keepsake_list", "GET", "everybody"),
    Row("suggestions:offer_keepsake", "GET POST", "representatives"),
    *_for("keepsake", "GET", may="everybody", thing=of("shown_keepsake"), sees=""),
    *_for("keepsake", "GET", may=f"self {STAFF_HERE}", thing=of("kept_keepsake"), sees="", passerby=404),
    *_for(
        "keepsake_photo keepsake_small_photo", "GET", may="everybody", thing=of("shown_photo"), sees=""
    ),
    *_for(
        "keepsake_photo keepsake_small_photo", "GET", may=f"self {STAFF_HERE}",
        thing=of("kept_photo"), sees="", passerby=404,
    ),
    *_for("withdraw_keepsake", "POST", may="self committee", thing=of("kept_keepsake")),
    Row("suggestions:keepsake_desk", "GET", ANY_STAFF),
    *_for("enter_keepsake", "GET POST", thing=of("neighbourhood"), sees="", shared=True),
    *_for("keepsake_labels", "GET", thing=of("neighbourhood"), sees="", shared=True),
    *_for("desk_keepsake", "GET", may=STAFF_HERE, thing=of("kept_keepsake"), sees=""),
    *_for("keepsake_consent", "GET", thing=of("entered_keepsake")),
    *_for("accept_keepsake decline_keepsake", "GET POST", thing=of("offered_keepsake")),
    *_for("show_keepsake", "POST", thing=of("kept_keepsake")),
    *_for("hide_keepsake", "POST", thing=of("shown_keepsake")),
    *_for("return_keepsake", "GET POST", thing=of("kept_keepsake")),
]  # fmt: skip
