"""The portal (曹杨门户): wiring above the apps, shared ground below them."""

from .celery import app as celery_app  # every process that nudges must know our broker

__all__ = ["celery_app"]
