"""Rows for the addresses by which suggestions are found, taken away and counted."""

from tests.matrix.row import Row, of, prefixed

SEARCH: list[Row] = [
    *prefixed(
        "suggestions:",
        "suggestion_list suggestion_feed open_data open_data_csv open_data_json suggestion_figures"
        " suggestion_figures_csv api_suggestions api_description",
        "GET", "everybody",
    ),
    Row("suggestions:api_suggestion", "GET", "everybody", of("known_suggestion")),
    Row("suggestions:api_suggestion", "GET", "", of("suggestion"), passerby=404),
]  # fmt: skip
