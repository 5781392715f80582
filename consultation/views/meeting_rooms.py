"""What every page about meetings asks first: which meeting, who may see it, where it leads back to."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from caoyang_portal.authority import may
from caoyang_portal.community.models import Neighbourhood
from consultation.models import Meeting

GET_OR_POST = require_http_methods(["GET", "POST"])
READERS = ("committee", "administrator", "street_official", "auditor")
FORM = "consultation/meetings/desk/form.html"
PER_PAGE = 20
WITH = ("neighbourhood__sub_district", "series", "venue", "booking", "host", "building")
# Pages of nouns to the right of this one: a meeting leads to them, and knows nothing of them but
# whom they are for.
AFTER = [
    (_("签到和法定人数"), "consultation:desk_attendance", "consultation.see_attendance"),
    (_("现场记录"), "consultation:meeting_notes", "consultation.see_record"),
    (_("纪要"), "consultation:desk_minutes", ""),
]


def meeting_here(request, pk) -> Meeting:
    """The meeting, for those who prepare and run it; residents have pages of their own."""
    return get_object_or_404(Meeting.objects.run_by(request.user).select_related(*WITH), pk=pk)


def meeting_seen(request, pk) -> Meeting:
    """The meeting as everybody may see it: announced, and public or one's own."""
    seen = Meeting.objects.visible_to(request.user).exclude(state=Meeting.State.DRAFT)
    return get_object_or_404(seen.select_related(*WITH), pk=pk)


def places_of(request):
    """Where the reader sits on the committee."""
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    if not places:
        raise Http404
    return places


def staff_of_meetings(request) -> None:
    """The desk is for offices, and for whoever hosts or records a meeting."""
    if not (request.user.holds(*READERS) or Meeting.objects.run_by(request.user).exists()):
        raise Http404


def allowed_at(user, meeting, *acts: str) -> dict[str, bool]:
    """Which acts get a button: each by its own rule."""
    return {act: may(user, f"consultation.{act}", meeting) for act in acts}


def meeting_at(name: str, thing) -> str:
    return reverse(f"consultation:{name}", args=[thing.pk])


def meeting_home(meeting) -> str:
    return meeting_at("desk_meeting", meeting)


def ways_on(user, meeting) -> list[tuple[str, str]]:
    """Those of the pages after this one that ``user`` may open."""
    return [
        (str(label), reverse(name, args=[meeting.pk]))
        for label, name, act in AFTER
        if not act or may(user, act, meeting)
    ]


def meeting_form(request, meeting, form, heading: str, button: str, **context):
    """A page of one form about a meeting."""
    context |= {
        "meeting": meeting,
        "form": form,
        "heading": heading,
        "button": button,
        "has_file": form.is_multipart(),
    }
    context.setdefault(
        "back", meeting_home(meeting) if meeting else reverse("consultation:meeting_desk")
    )
    return render(request, FORM, context)
