"""The front door: start page, large type, language, my account (首页与账号)."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.community import actions, devices
from caoyang_portal.community.models import UnknownCaller

YEAR = 365 * 24 * 3600


@require_GET
def start(request):
    """The public start page; whoever is signed in goes on to their own room."""
    if request.user.is_authenticated:
        for name in _rooms_of(request.user):
            try:
                return redirect(reverse(name))
            except NoReverseMatch:  # an app that is not installed has no room
                continue
    return render(request, "community/start.html", {"doors": _open_doors()})


def _open_doors() -> list[dict]:
    """What anybody may see, of the apps that are there."""
    doors = []
    for name, label, words in [
        ("households:verify", _("验真"), _("查一份协议是不是真的")),
        ("households:public_list", _("阳光公示"), _("各幢楼的签约进度")),
    ]:
        try:
            doors.append({"url": reverse(name), "label": label, "words": words})
        except NoReverseMatch:  # an app that is not installed has no door
            continue
    return doors


def _rooms_of(user) -> list[str]:
    if user.holds("street_official"):
        return [
            "overview:overview",
            "households:board_list",
            "households:household_list",
            "community:me",
        ]
    if user.holds("committee", "mediator", "designer", "auditor", "administrator"):
        return ["households:household_list", "community:me"]
    return ["households:home", "community:me"]


@require_POST
def elder(request):
    """Switch large type (大字版) on or off, here and with the account."""
    elder_mode = request.POST.get("elder") == "1"
    if request.user.is_authenticated:
        actions.keep_elder_mode(request.user, elder_mode)
    return _remembering(request, settings.ELDER_COOKIE_NAME, "1" if elder_mode else "0")


@require_POST
def language(request):
    """Switch the language, here and with the account; the page stays."""
    code = request.POST.get("language")
    if code not in dict(settings.LANGUAGES):
        code = settings.LANGUAGE_CODE
    if request.user.is_authenticated:
        actions.keep_language(request.user, code)
    return _remembering(request, settings.LANGUAGE_COOKIE_NAME, code)


def _remembering(request, cookie: str, value: str):
    response = redirect(_page_before(request))
    response.set_cookie(
        cookie, value, max_age=YEAR, samesite="Lax", secure=settings.SECURE, httponly=True
    )
    return response


def _page_before(request) -> str:
    page = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if safe else "/"


@login_required
@require_GET
def me(request):
    """My account (我的账号): who I am here, how pages look, where I am signed in."""
    sessions = UserSession.objects.filter(user=request.user).order_by("-last_seen_at")
    page = {
        "sessions": [
            {
                "pk": session.pk,
                "device": devices.words_for(session.user_agent),
                "since": session.created_at,
                "here": session.session_key == request.session.session_key,
            }
            for session in sessions[:20]
        ],
        "offices": [
            (p.get_office_display(), p.building or p.neighbourhood or p.sub_district)
            for p in request.user.live_postings
        ],
    }
    return render(request, "community/me.html", page)


@login_required
@require_POST
def end_session(request, pk):
    """Sign one of my other devices out (退出其他设备)."""
    session = get_object_or_404(UserSession.objects.filter(user=request.user), pk=pk)
    session.end()
    messages.success(request, _("那台设备已退出登录。"))
    return redirect("community:me")


@login_required
@require_GET
def unknown_callers(request):
    """Numbers that asked for a code without having an account (未登记的号码)."""
    if not request.user.holds("committee", "administrator"):
        raise PermissionDenied
    page = Paginator(UnknownCaller.objects.order_by("-at"), 50).get_page(request.GET.get("page"))
    return render(request, "community/unknown_callers.html", {"page": page})
