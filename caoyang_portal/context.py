"""What every page's shell shows: whose neighbourhood, which telephone, which rooms of the portal."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, Posting
from caoyang_portal.signin.middleware import span_of, time_left
from households.models import Residency

# The side navigation: label, URL name, offices that have business there. An app not installed
# yet has no such URL and no item.
ROOMS: list[tuple[Any, str, set[str]]] = [
    (_("居民户"), "households:household_list", set(Posting.Office)),
    (_("改造项目"), "households:project_list", {"committee", "designer", "auditor"}),
    (_("导入名册"), "households:import_list", {"committee"}),
    (_("协议"), "households:agreement_list", {"committee", "administrator"}),
    (_("部分已签"), "households:partly_signed", {"committee"}),
    (_("签约进度"), "households:board_list", {"committee", "street_official", "auditor"}),
    (_("表决"), "consultation:desk", {"committee", "administrator", "street_official", "auditor"}),
    (_("表决种类"), "consultation:kind_list", {"administrator"}),
    (_("寄信和二维码"), "households:letter_jobs", {"committee"}),
    (_("等待核验"), "households:residency_queue", {"committee"}),
    (_("更正申请"), "households:correction_list", {"committee"}),
    (_("等待盖章"), "households:sealing_queue", {"committee", "administrator"}),
    (_("谁看过"), "households:reading_list", {"auditor", "administrator"}),
    (_("街道总览"), "overview:overview", {"street_official"}),
    (_("消息"), "notices:notice_list", set(Posting.Office)),
    (_("没寄到的通知"), "notices:sending_list", {"committee", "administrator"}),
    (_("人员和岗位"), "community:person_list", {"administrator"}),
    (_("未登记的号码"), "community:unknown_callers", {"committee", "administrator"}),
    (_("台账"), "ledger:entry_list", {"auditor", "administrator"}),
    (_("没送到的记录"), "ledger:dead_letters", {"auditor", "administrator"}),
    (_("工作日"), "calendars:year", {"administrator", "committee"}),
]


# What else a resident finds on the page of the home: label, words, URL name.
DOORS: list[tuple[Any, Any, str]] = [
    (_("表决"), _("要您投票的事，和结果"), "consultation:poll_list"),
]


@dataclass(frozen=True)
class Room:
    label: str
    url: str
    here: bool


def portal(request):
    """The shell's variables, each fetched only by a page that shows it."""
    neighbourhood = SimpleLazyObject(lambda: _neighbourhood(request))
    return {
        "elder_mode": getattr(request, "elder_mode", False),  # a request refused early has none
        "neighbourhood": neighbourhood,
        "committee_phone": SimpleLazyObject(lambda: getattr(neighbourhood, "committee_phone", "")),
        "here": _here(request),
        "side": SimpleLazyObject(lambda: _rooms(request)),
        "home_doors": SimpleLazyObject(_home_doors),
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


def _home_doors() -> list[dict[str, Any]]:
    """Doors to apps that stand above the households': these know nothing of them."""
    doors = []
    for label, words, name in DOORS:
        try:
            doors.append({"label": label, "words": words, "url": reverse(name)})
        except NoReverseMatch:  # an app that is not installed has no door
            continue
    return doors


def _rooms(request) -> list[Room]:
    doors = []
    for label, name, offices in ROOMS:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if request.user.is_authenticated and request.user.holds(*offices):
            doors.append((label, url))
    # /agreements/sealing/ is the room of that name, not the agreements' too.
    here = max((url for _label, url in doors if request.path.startswith(url)), key=len, default="")
    return [Room(gettext(label), url, url == here) for label, url in doors]
