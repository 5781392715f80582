"""The agenda of a meeting and its papers, point by point (议程)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads import intake
from consultation.actions import agenda as actions
from consultation.forms import meetings as forms
from consultation.models import AgendaItem, Meeting
from consultation.queries import meetings as queries

from .meeting_rooms import (
    GET_OR_POST,
    allowed_at,
    meeting_at,
    meeting_form,
    meeting_here,
    meeting_home,
)

ACTS = ("add_agenda_item", "edit_agenda_item", "attach_paper")


@login_required
@GET_OR_POST
def add_agenda_item(request, pk):
    """The agenda with its times, and the form for another point below it."""
    meeting = meeting_here(request, pk)
    require(request.user, "consultation.add_agenda_item", meeting)
    form = forms.AgendaItemForm(request.POST or None, meeting=meeting)

    def page():
        agenda = queries.timed_agenda(meeting)
        context = {
            "meeting": meeting,
            "agenda": agenda,
            "over": queries.minutes_over(meeting, agenda),
            "form": form,
            "can": allowed_at(request.user, meeting, *ACTS),
            "back": meeting_home(meeting),
        }
        return render(request, "consultation/meetings/desk/agenda.html", context)

    act, to = partial(actions.add_agenda_item, meeting), meeting_at("add_agenda_item", meeting)
    return by_form(request, form, act, said=_("已加上"), to=to, page=page)


def item_here(request, pk) -> AgendaItem:
    """A point of a meeting that the reader prepares."""
    meetings = Meeting.objects.run_by(request.user)
    return get_object_or_404(
        AgendaItem.objects.select_related("meeting__neighbourhood"),
        pk=pk,
        meeting_id__in=meetings.values("pk"),
    )


def _agenda(item) -> str:
    return meeting_at("add_agenda_item", item.meeting)


@login_required
@GET_OR_POST
def edit_agenda_item(request, pk):
    item = item_here(request, pk)
    require(request.user, "consultation.edit_agenda_item", item.meeting)
    first = {name: getattr(item, name) for name in actions.FIELDS}
    form = forms.AgendaItemForm(request.POST or None, initial=first, meeting=item.meeting)
    page = partial(
        meeting_form, request, item.meeting, form, _("修改议程"), _("保存"), back=_agenda(item)
    )
    act = partial(actions.edit_agenda_item, item)
    return by_form(request, form, act, said=_("已保存"), to=_agenda(item), page=page)


@login_required
@require_POST
def move_agenda_item(request, pk):
    item = item_here(request, pk)
    act = partial(actions.move_agenda_item, item, up=request.POST.get("way") != "down")
    return by_button(request, act, said=_("顺序已调整"), to=_agenda(item))


@login_required
@require_POST
def remove_agenda_item(request, pk):
    item = item_here(request, pk)
    act = partial(actions.remove_agenda_item, item)
    return by_button(request, act, said=_("已去掉"), to=_agenda(item))


@login_required
@GET_OR_POST
def attach_paper(request, pk):
    item = item_here(request, pk)
    require(request.user, "consultation.attach_paper", item.meeting)
    form = forms.PaperForm(request.POST or None, request.FILES or None)

    def attach(paper, by):
        place = {"neighbourhood_id": item.neighbourhood_id, "by": by}
        return actions.attach_paper(item, paper=intake.take_in(paper, **place), by=by)

    notes = [item.title, _("能看到这次会议的人都能看这份材料。")]
    page = partial(
        meeting_form, request, item.meeting, form, _("附材料"), _("附上"), notes=notes,
        back=_agenda(item),
    )  # fmt: skip
    return by_form(request, form, attach, said=_("已附上"), to=_agenda(item), page=page)


@login_required
@require_POST
def remove_paper(request, pk, paper):
    item = item_here(request, pk)
    found = get_object_or_404(item.papers, pk=paper)
    act = partial(actions.remove_paper, item, paper=found)
    return by_button(request, act, said=_("已去掉"), to=_agenda(item))
