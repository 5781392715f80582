"""Where a request came from (来源地址)."""

from django.conf import settings


def client_ip(request) -> str:
    """The caller's address: the last hop our own proxies wrote down, never what the caller claims."""
    hops = [
        hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()
    ]
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR", "")
