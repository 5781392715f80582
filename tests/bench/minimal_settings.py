"""The portal's models, and nothing between the server and one view (对照)."""

from caoyang_portal.settings import *  # noqa: F403
from caoyang_portal.settings import INSTALLED_APPS

INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("allauth")]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.bench.minimal_urls"
