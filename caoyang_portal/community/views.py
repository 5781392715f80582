"""The front door: start page, large type, language, my account (首页与账号)."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.community import actions

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
    return render(request, "community/start.html")


def _rooms_of(user) -> list[str]:
    if user.holds("street_official"):
        return ["overview:overview", "households:board_list", "households:household_list"]
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
    """My account (我的账号)."""
    return render(request, "community/me.html")
