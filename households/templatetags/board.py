"""How the boards show hashes, and the fifteen hundred cells of a grid."""

from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.html import format_html_join

from households.queries.board import GLYPHS, CellState, Floor

register = template.Library()


@register.filter
def fingerprint_groups(sha256: str) -> str:
    """64 hex characters in 8 groups of 8, as on the printed notice."""
    return " ".join(sha256[at : at + 8] for at in range(0, len(sha256), 8))


ANYBODY = UUID(int=0)
CELL = (
    '<td role="gridcell" class="cell-{}" id="c-{}"><a href="{}" data-room="{}">'
    '<b>{}</b> <i aria-hidden="true">{}</i><span>{}</span></a></td>'
)


@register.simple_tag
def grid_rows(floors: list[Floor]):
    """The rows of one building's grid; in Python, as a template takes ten times as long."""
    before, after = reverse("households:household_detail", args=[ANYBODY]).split(str(ANYBODY))
    words = {state: (GLYPHS[state], str(state.label)) for state in CellState}
    row = '<tr role="row"><th scope="row" role="rowheader">{}</th>{}</tr>'
    return format_html_join(
        "",
        row,
        (
            (
                floor.number,
                format_html_join(
                    "",
                    CELL,
                    (
                        (
                            cell.state.value,
                            cell.pk,
                            f"{before}{cell.pk}{after}",
                            cell.room,
                            cell.room,
                        )
                        + words[cell.state]
                        for cell in floor.cells
                    ),
                ),
            )
            for floor in floors
        ),
    )
