"""What must hold where real people sign (部署检查); ``manage.py check --deploy`` asks."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

LOCAL = "local-only"


@register(Tags.security, deploy=True)
def no_demo(app_configs, **kwargs):
    """The demonstration's one-click sign-in and its fixed code open everything to anyone."""
    if not settings.DEMO:
        return []
    return [Error("DEMO is on: anyone can sign in as anyone.", id="portal.E001")]


@register(Tags.security, deploy=True)
def own_keys(app_configs, **kwargs):
    """Keys that everybody can read in the source protect nothing."""
    keys = {
        "SECRET_KEY": [settings.SECRET_KEY],
        "CONFIDENTIAL_KEYS": settings.CONFIDENTIAL_KEYS,
        "CONFIDENTIAL_INDEX_KEY": [settings.CONFIDENTIAL_INDEX_KEY],
    }
    return [
        Error(
            f"{name} is not set to a secret of your own (32 characters or more).", id="portal.E002"
        )
        for name, values in keys.items()
        if not values or any(value == LOCAL or len(value) < 32 for value in values)
    ]


@register(Tags.security, deploy=True)
def https_site(app_configs, **kwargs):
    """Secure cookies, HSTS and the addresses in letters all follow from SITE_URL."""
    if urlsplit(settings.SITE_URL).scheme == "https":
        return []
    return [Error("SITE_URL does not begin with https://", id="portal.E003")]


@register(Tags.security, deploy=True)
def named_hosts(app_configs, **kwargs):
    """``*`` lets a stranger choose the host in our links."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [Error("ALLOWED_HOSTS holds *.", id="portal.E004")]


@register(Tags.security, deploy=True)
def behind_a_proxy(app_configs, **kwargs):
    """Without it every caller has the proxy's address, and all share one rate limit."""
    if settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "TRUSTED_PROXIES is 0: right only if the server faces the network itself.",
            id="portal.W001",
        )
    ]
