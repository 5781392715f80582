"""Rows for the addresses by which suggestions are found, taken away and counted."""

from suggestions.actions.saved_views import save_view
from tests.matrix.row import Row, of, prefixed

STAFF = "any_committee any_street any_auditor any_administrator any_handler"


def saved_view_of(clerk) -> dict:
    """A search the place's clerk keeps."""
    return {"saved_view": save_view("suggestions", name="超期的", query="late=1", by=clerk)}


SEARCH: list[Row] = [
    *prefixed(
        "suggestions:",
        "suggestion_list suggestion_feed open_data open_data_csv open_data_json suggestion_figures"
        " suggestion_figures_csv api_suggestions api_description",
        "GET", "everybody",
    ),
    Row("suggestions:api_suggestion", "GET", "everybody", of("known_suggestion")),
    Row("suggestions:api_suggestion", "GET", "", of("suggestion"), passerby=404),
    Row("suggestions:save_view", "POST", STAFF, lambda target: {"desk": "claims"}),
    Row("suggestions:save_view", "POST", "", lambda target: {"desk": "nonsense"}),
    Row("suggestions:drop_view", "POST", "clerk", of("saved_view")),
]  # fmt: skip
