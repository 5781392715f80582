"""What every page of the desk asks first: which poll, who may see it, where it leads back to."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from caoyang_portal.authority import may, require
from consultation.models import Poll, RollEntry

READERS = ("committee", "administrator", "street_official", "auditor")
GET_OR_POST = require_http_methods(["GET", "POST"])
FORM = "consultation/desk/form.html"
PER_PAGE = 50


def staff_only(request) -> None:
    if not request.user.holds(*READERS):
        raise Http404


def poll_here(request, pk) -> Poll:
    """The poll, for those who work in its place; residents have pages of their own."""
    polls = Poll.objects.visible_to(request.user).filter(
        neighbourhood_id__in=request.user.reach(*READERS)
    )
    return get_object_or_404(
        polls.select_related("kind", "neighbourhood__sub_district", "building"), pk=pk
    )


def poll_of_voters(request, pk) -> Poll:
    """The same, where names are shown."""
    poll = poll_here(request, pk)
    require(request.user, "consultation.see_voters", poll)
    return poll


def allowed(user, subject, *acts: str) -> dict[str, bool]:
    """Which acts get a button: each by its own rule."""
    return {act: may(user, f"consultation.{act}", subject) for act in acts}


def not_by_me(user, poll) -> set:
    """Voters of ``poll`` whom ``user`` answers for: at the tablet a colleague has to help them."""
    return set(RollEntry.objects.of(user).filter(poll=poll).values_list("pk", flat=True))


def home(poll) -> str:
    return reverse("consultation:desk_poll", args=[poll.pk])


def at(name: str, poll) -> str:
    return reverse(f"consultation:{name}", args=[poll.pk])


def form_page(request, poll, form, heading: str, button: str, **context):
    """A page of one form; with its files, notes and the way back."""
    context |= {
        "poll": poll,
        "form": form,
        "heading": heading,
        "button": button,
        "has_file": form.is_multipart(),
    }
    context.setdefault("back", home(poll) if poll else reverse("consultation:desk"))
    return render(request, FORM, context)
