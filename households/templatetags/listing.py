"""The cells of the household list: in Python, as a template takes several times as long for 50 rows."""

from django import template
from django.utils.dateformat import format as formatted
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

register = template.Library()

BLANK = SafeString(' class="blank"')  # on a telephone it takes no line
MARKS = {  # stage: class and glyph
    "signed": (" mark-good", "●"),
    "effective": (" mark-good", "●"),
    "declined": (" mark-warn", "▲"),
    "signing": (" mark-next", "◕"),
    "frozen": (" mark-next", "○"),
}


@register.simple_tag
def cells(row: dict, columns: list[dict]):
    """One household's cells for the columns shown, each empty where its reader may not see it."""
    home, shows, blank = row["home"], row["shows"], row["blank"]
    return format_html_join(
        "",
        '<td data-label="{}"{}>{}</td>',
        (
            (
                column["label"],
                BLANK if column["name"] in blank else "",
                CELLS[column["name"]](home, row) if shows[column["name"]] else "",
            )
            for column in columns
            if column["shown"]
        ),
    )


def _holders(home, row):
    return "、".join(member.masked_name for member in home.right_holders)


def _tenure(home, row):
    return home.get_tenure_display()


def _area(home, row):
    return (
        format_html('<span class="number">{}</span> ㎡', home.living_area)
        if home.living_area
        else ""
    )


def _stage(home, row):
    tone, glyph = MARKS.get(home.stage, ("", "○"))
    mark = format_html('<span class="mark{}">{} {}</span>', tone, glyph, row["stage"])
    if not home.special:
        return mark
    special = home.get_special_display()
    return mark + format_html(' <span class="mark mark-warn">◆ {}</span>', special)


def _contact(home, row):
    if home.last_contact:
        return formatted(localtime(home.last_contact), "m-d")
    return format_html('<span class="soft">{}</span>', _("还没联系"))


def _next(home, row):
    return formatted(home.next_contact_on, "m-d") if home.next_contact_on else ""


def _responsible(home, row):
    return home.responsible.name if home.responsible else ""


CELLS = {
    "holders": _holders,
    "tenure": _tenure,
    "area": _area,
    "stage": _stage,
    "contact": _contact,
    "next": _next,
    "responsible": _responsible,
}
