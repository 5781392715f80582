"""A missing or dying seal is found at the start, not at the first signature (印章检查)."""

import datetime as dt

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from .keys import seal, seal_expires_at

SOON = dt.timedelta(days=90)


@register("seal")
def seal_is_there(app_configs, **kwargs):
    """Where people really sign, the key can be read, fits its certificate and is in force."""
    if settings.SEAL_DEMO and not settings.SEAL_KEY:
        return []
    try:
        seal()
        left = seal_expires_at() - dt.datetime.now(dt.UTC)
    except (ImproperlyConfigured, ImportError) as problem:
        hint = "manage.py make_seal_chain makes one; deploy/seal/README.md tells the rest."
        return [Error(f"No paper can be sealed: {problem}", hint=hint, id="seal.E001")]
    if left < dt.timedelta(0):
        return [Error("The seal's certificate has expired.", id="seal.E002")]
    if left < SOON:
        message = f"The seal's certificate expires in {left.days} days."
        return [Warning(message, id="seal.W001")]
    return []


@register(Tags.security, deploy=True)
def seal_is_real(app_configs, **kwargs):
    """A demonstration seal proves nothing."""
    if settings.SEAL_KEY or not settings.SEAL_DEMO:
        return []
    return [Error("Papers are sealed by the demonstration seal.", id="seal.E003")]
