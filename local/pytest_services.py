"""The pytest plugin that brings throw-away servers, unless the environment names its own.

It is loaded by ``-p`` because pytest-django reads the settings before any conftest.py.
"""

import atexit
import contextlib
import os
from pathlib import Path

from local.services import throw_away

TEST_ENV = {
    "DEBUG": "0",
    "DEMO": "0",
    "SEAL_DEMO": "1",  # papers are sealed by the demonstration seal
    "SECRET_KEY": "for-tests-only",
    "CONFIDENTIAL_KEYS": "for-tests-only",
    "CONFIDENTIAL_INDEX_KEY": "for-tests-only",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright's sync API runs a loop in the test's thread
}


def _start() -> None:
    os.environ.update({name: os.environ.get(name, value) for name, value in TEST_ENV.items()})
    stack = contextlib.ExitStack()
    base, up = stack.enter_context(throw_away())
    atexit.register(stack.close)
    os.environ.update(up.env)
    for name in ("STATIC_ROOT", "MEDIA_ROOT"):
        folder = base / name.lower()
        folder.mkdir()
        os.environ[name] = str(folder)


def _share(worker: str) -> None:
    """Give an xdist worker its own corner of the servers its parent started."""
    number = int(worker.removeprefix("gw")) + 2
    os.environ["CACHE_URL"] = os.environ["CACHE_URL"].partition("?")[0] + f"?db={number}"
    media = Path(os.environ["MEDIA_ROOT"]) / worker
    media.mkdir(exist_ok=True)
    os.environ["MEDIA_ROOT"] = str(media)


if "PYTEST_XDIST_WORKER" in os.environ:
    _share(os.environ["PYTEST_XDIST_WORKER"])
else:
    _start()
