"""A list of representatives from Excel: looked through row by row, then entered whole (导入社区代表)."""

import json
from functools import partial
from itertools import chain

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_form
from caoyang_portal.errors import shown_on
from caoyang_portal.exports import XLSX
from caoyang_portal.uploads.intake import MAX_BYTES, read_capped
from consultation.actions import representatives as actions
from consultation.documents.representatives import representatives_template as empty_list
from consultation.forms import congress as forms
from consultation.queries.representative_file import HEADINGS, Line, read_lines, table_of

from .congress_desk import areas_of_staff, at, congress_here, desk_page
from .desk import GET_OR_POST


def _congress(request, pk):
    congress = congress_here(request, pk)
    require(request.user, "consultation.import_representatives", congress)
    return congress


@login_required
@require_GET
def representatives_template(request, pk):
    congress = _congress(request, pk)
    response = HttpResponse(empty_list(areas_of_staff(request, congress)), content_type=XLSX)
    name = _("社区代表名单模板.xlsx")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@login_required
@GET_OR_POST
def check_representatives(request, pk):
    """Take the file, and say of every row whether it can be entered; nothing is entered yet."""
    congress = _congress(request, pk)
    form = forms.RepresentativesFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with shown_on(form):
            table = table_of(read_capped(form.cleaned_data["file"], MAX_BYTES))
            return _checked(request, congress, table)
    page = desk_page(request, congress, "people_file", form=form, back=_people(congress))
    page.status_code = 422 if form.is_bound else 200
    return page


@login_required
@require_POST
def import_representatives(request, pk):
    """Enter the rows that were looked through: all of them, or nobody."""
    congress = _congress(request, pk)
    form = forms.RepresentativesForm(request.POST, areas=areas_of_staff(request, congress))
    return by_form(
        request,
        form,
        partial(actions.import_representatives, congress),
        said=lambda n: (
            ngettext("登记了 %(n)s 位社区代表", "登记了 %(n)s 位社区代表", n) % {"n": n}
        ),
        to=_people(congress),
        page=lambda: _checked(request, congress, form.table, chain(*form.errors.values())),
    )


def _people(congress) -> str:
    return at("desk_representatives", congress)


def _checked(request, congress, table, trouble=()):
    """The page with every row and what is wrong with it; the way on only if nothing is."""
    lines = read_lines(table, areas_of_staff(request, congress))
    lines = _tried(request, congress, lines)
    wrong = sum(bool(line.problems) for line in lines)
    return desk_page(
        request,
        congress,
        "people_file",
        form=forms.RepresentativesFileForm(),
        headings=HEADINGS.values(),
        lines=lines,
        wrong=wrong,
        trouble=list(trouble),
        table="" if wrong else json.dumps(table, ensure_ascii=False),
        back=_people(congress),
    )


def _tried(request, congress, lines: list[Line]) -> list[Line]:
    """With what the act would refuse, of those rows that could be understood."""
    whole = [line for line in lines if not line.problems]
    people = [line.values for line in whole]
    refused = actions.refusals(congress, people=people, by=request.user)
    why = {line.row: [said] for line, said in zip(whole, refused, strict=True) if said}
    return [Line(o.row, o.cells, o.values, o.problems or why.get(o.row, [])) for o in lines]
