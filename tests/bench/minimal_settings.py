"""The portal's settings with nothing between the server and one view (对照)."""

from caoyang_portal.settings import *  # noqa: F403

INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.bench.minimal"
