"""What browsers report against the content policy (违规报告): a line in the log, and no row."""

import json
from urllib.parse import urlsplit

import structlog
from django.http import HttpResponse  # noqa: TID251 a view, though not of an app
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from caoyang_portal.community.limits import allow
from caoyang_portal.network import client_ip

log = structlog.get_logger(__name__)

MOST_BYTES = 8_000
MOST_REPORTS = 10  # in one body; browsers gather them
PER_ADDRESS, IN_ALL = (20, 600), (600, 3600)
KINDS = ("application/csp-report", "application/reports+json", "application/json")


@csrf_exempt  # a browser sends it by itself, without a page's token; it changes nothing
@require_POST
def csp_report(request):
    """Which directive was breached on which page; addresses and samples may hold names and are left out."""
    # A body of unstated length is empty to Django.
    length = request.headers.get("Content-Length") or "0"
    if request.content_type not in KINDS or not length.isdecimal():
        return HttpResponse(status=415)
    if int(length) > MOST_BYTES:
        return HttpResponse(status=413)
    if not (allow(f"csp:ip:{client_ip(request)}", *PER_ADDRESS) and allow("csp:all", *IN_ALL)):
        return HttpResponse(status=429)
    for report in _reports(request.body):
        log.warning("policy_breached", **_told(report))
    return HttpResponse(status=204)


def _reports(body: bytes) -> list[dict]:
    """The reports of either form; what is neither is none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return []
    found = said if isinstance(said, list) else [said]
    bodies = [
        one.get("body") or one.get("csp-report")
        for one in found[:MOST_REPORTS]
        if isinstance(one, dict)
    ]
    return [one for one in bodies if isinstance(one, dict)]


def _told(report: dict) -> dict[str, str]:
    def of(*names: str) -> str:
        return next((str(report[name]) for name in names if report.get(name)), "")

    return {
        "directive": of("effectiveDirective", "effective-directive", "violated-directive")[:40],
        "blocked": _origin(of("blockedURL", "blocked-uri")),
        "page": _page(of("documentURL", "document-uri")),
        "script": _origin(of("sourceFile", "source-file")),
    }


def _origin(address: str) -> str:
    """``https://evil.example`` of an address; a word such as ``inline`` as it is."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "?"
    return f"{parts.scheme}://{host}"[:80] if host else (parts.scheme or parts.path)[:20]


def _page(address: str) -> str:
    """The name of our page, as the request log calls it; never its address."""
    try:
        return resolve(urlsplit(address).path).view_name
    except (Resolver404, ValueError):
        return "?"
