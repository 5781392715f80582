"""How long a sign-in lasts, and what it takes of an office holder (登录时长、双因素)."""

import time
from dataclasses import dataclass

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.signals import authenticator_added
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Span:
    idle: int
    whole: int


RESIDENT = Span(idle=24 * HOUR, whole=30 * DAY)  # what binds asks for a fresh code anyway
STAFF = Span(idle=30 * MINUTE, whole=12 * HOUR)
SHARED = Span(idle=15 * MINUTE, whole=12 * HOUR)


def lasting(get_response):
    """End a sign-in that idled or lived too long; the session remembers when it was last seen."""

    def answer(request):
        if request.user.is_authenticated and _is_over(request, time.time()):
            where = request.get_full_path()
            posted = request.method not in ("GET", "HEAD")
            logout(request)
            messages.info(request, _("您离开了一段时间，为了安全请重新登录。"))
            if posted:  # its page, not its target: that one answers no GET
                return redirect_to_login(_page_of(request) or where)
        return get_response(request)

    return answer


def _is_over(request, now: float) -> bool:
    session, span = request.session, span_of(request)
    began = session.get("signed_in_at")
    if began is None:
        session["signed_in_at"] = session["seen_at"] = now
        session.set_expiry(span.whole)
        return False
    if now - session["seen_at"] > span.idle or now - began > span.whole:
        return True
    if now - session["seen_at"] > MINUTE:  # not a write for every page
        session["seen_at"] = now
    return False


def span_of(request) -> Span:
    """The span that holds for this sign-in: the shortest that applies."""
    if request.session.get("shared"):
        return SHARED
    return STAFF if request.user.needs_second_factor else RESIDENT


def time_left(request) -> int:
    """Seconds until this sign-in ends if nothing more is heard from it."""
    session, span = request.session, span_of(request)
    ends = min(session["seen_at"] + span.idle, session["signed_in_at"] + span.whole)
    return max(0, round(ends - time.time()))


def _page_of(request) -> str:
    referer = request.headers.get("Referer", "")
    origin = f"{request.scheme}://{request.get_host()}"
    return referer.removeprefix(origin) if referer.startswith(origin + "/") else ""


# What an office holder may open before the second factor was shown.
ALWAYS = {
    "account_logout",
    "account_reauthenticate",
    "community:elder",
    "community:language",
    "signin:password_first",
    "demo:accounts",
    "demo:enter",
    "livez",
    "readyz",
    "csp_report",
}


def second_factor(get_response):
    """Send office holders to enrolment until they have shown a second factor in this session."""

    def answer(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        name = request.resolver_match.view_name
        user = request.user
        if not user.is_authenticated or name in ALWAYS:
            return None
        enrolling = name.startswith("mfa_")
        if not user.needs_second_factor:
            if enrolling:  # a resident's phone code is enough; a lost key would lock an elder out
                raise Http404
            return None
        methods = shown(request)
        if "mfa" in methods:
            return None
        if "password" not in methods:  # an SMS alone opens no office
            return redirect("signin:password_first")
        return None if enrolling else redirect("mfa_index")

    answer.process_view = process_view
    return answer


def shown(request) -> set[str]:
    """By what the user of this session proved who they are: code, password, mfa."""
    return {record["method"] for record in get_authentication_records(request, request.user)}


def _enrolment_shows_it(request, authenticator, **kwargs):
    """Whoever just set a factor up has shown it: no need to type the next number at once."""
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        record_authentication(request, authenticator.user, "mfa", type=authenticator.type)


authenticator_added.connect(_enrolment_shows_it, dispatch_uid="enrolment_shows_it")
