"""What every page's shell shows: whose neighbourhood, which telephone, which rooms of the portal."""

from django.utils.functional import SimpleLazyObject

from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.doors import HOME, doors_of, rooms_of
from caoyang_portal.signin.middleware import span_of, time_left
from households.models import Residency


def portal(request):
    """The shell's variables, each fetched only by a page that shows it."""
    neighbourhood = SimpleLazyObject(lambda: _neighbourhood(request))
    return {
        "elder_mode": getattr(request, "elder_mode", False),  # a request refused early has none
        "neighbourhood": neighbourhood,
        "committee_phone": SimpleLazyObject(lambda: getattr(neighbourhood, "committee_phone", "")),
        "here": _here(request),
        "side": SimpleLazyObject(lambda: rooms_of(request.user, request.path)),
        "home_doors": SimpleLazyObject(lambda: doors_of(HOME)),
        "idle": SimpleLazyObject(lambda: _idle(request)),
        "shell": SimpleLazyObject(lambda: _shell(request)),
    }


def _idle(request) -> dict[str, int]:
    """For the warning before a sign-in ends: the seconds left, and how many one has when idle."""
    if not request.user.is_authenticated:
        return {}
    return {"left": time_left(request), "span": span_of(request).idle}


def _here(request) -> str:
    """Where the switches lead back to: this page, or the one whose form was just refused."""
    if request.method == "GET":
        asked = request.GET.copy()
        asked.pop("elder", None)  # the letter's ?elder=1 must not undo the switch
        return f"{request.path}?{asked.urlencode()}" if asked else request.path
    referer = request.headers.get("Referer", "")
    origin = f"{request.scheme}://{request.get_host()}"
    return referer.removeprefix(origin) if referer.startswith(f"{origin}/") else "/"


def _shell(request) -> str:
    """The layout of a page that staff and residents both open."""
    works_here = request.user.is_authenticated and request.user.live_postings
    return "layouts/staff.html" if works_here else "layouts/base.html"


def _neighbourhood(request) -> Neighbourhood | None:
    """The neighbourhood whose name and telephone the page carries."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        for posting in user.live_postings:
            if posting.neighbourhood_id:
                return posting.neighbourhood
        home = Residency.objects.live().filter(user=user).select_related("neighbourhood").first()
        if home:
            return home.neighbourhood
    only = list(Neighbourhood.objects.all()[:2])
    return only[0] if len(only) == 1 else None
