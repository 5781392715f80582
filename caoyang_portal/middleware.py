"""What holds for every page: headers, language and large type, how long a sign-in lasts."""

from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers

CONTENT_SECURITY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    ]
)
REPORTS = "/csp-reports/"
# Newer browsers go by the first, the others by the second.
REPORTING = f"; report-to csp; report-uri {REPORTS}"


def headers(get_response):
    """Put the security headers on every answer, errors and files too; a view may be stricter."""
    policy = CONTENT_SECURITY + ("; upgrade-insecure-requests" if settings.SECURE else "")
    policy += REPORTING

    def answer(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Reporting-Endpoints", f'csp="{REPORTS}"')
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        response.headers.setdefault(
            "X-Frame-Options", "DENY"
        )  # a refused Host never meets Django's
        session = settings.SESSION_COOKIE_NAME
        if session in request.COOKIES or session in response.cookies:
            # Nothing that belongs to one person stays in a browser others may use next.
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return answer


def preferences(get_response):
    """Large type and language: the address asks first, then the cookie, then the account.

    Not Django's LocaleMiddleware: a phone set to English does not mean that its owner wants a
    Chinese agreement's portal in English, so the browser's own language is not asked.
    """

    def answer(request):
        asked = request.GET.get("elder")
        request.elder_mode = _elder_mode(request, asked)
        language = _language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        if asked in ("0", "1") and settings.ELDER_COOKIE_NAME not in response.cookies:
            response.set_cookie(
                settings.ELDER_COOKIE_NAME,
                asked,
                max_age=365 * 24 * 3600,
                samesite="Lax",
                secure=settings.SECURE,
                httponly=True,
            )
        return response

    return answer


def _elder_mode(request, asked: str | None) -> bool:
    kept = asked if asked in ("0", "1") else request.COOKIES.get(settings.ELDER_COOKIE_NAME)
    if kept in ("0", "1"):
        return kept == "1"
    return request.user.is_authenticated and request.user.elder_mode


def _language(request) -> str:
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if kept not in dict(settings.LANGUAGES) and request.user.is_authenticated:
        kept = request.user.language
    return kept if kept in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
