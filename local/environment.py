"""What the settings read from the environment, for the demo and for the tests."""

import json
import os
import secrets
from pathlib import Path

TEST_ENV = {
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "for-tests-only",
    "CONFIDENTIAL_KEYS": "for-tests-only",
    "CONFIDENTIAL_INDEX_KEY": "for-tests-only",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "SEAL_DEMO": "1",
    "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
}


def for_tests(base: Path) -> dict[str, str]:
    """A portal like in production, but with its files in ``base``; what is set already stays."""
    wanted = TEST_ENV | _folders(base, "STATIC_ROOT", "MEDIA_ROOT", "SEAL_DEMO_DIR")
    return {name: os.environ.get(name, value) for name, value in wanted.items()}


def for_demo(base: Path) -> dict[str, str]:
    """A demo with secrets of its own, made once and kept beside its data."""
    kept = base / "secrets.json"
    if not kept.exists():
        names = ("SECRET_KEY", "CONFIDENTIAL_KEYS", "CONFIDENTIAL_INDEX_KEY")
        kept.touch(0o600)
        kept.write_text(json.dumps({name: secrets.token_urlsafe(40) for name in names}))
    wanted = {"DEMO": "1", "DEBUG": "0", "C_FORCE_ROOT": "1", "PYTHONUNBUFFERED": "1"}
    wanted |= json.loads(kept.read_text())
    wanted |= _folders(base, "STATIC_ROOT", "MEDIA_ROOT", "SEAL_DEMO_DIR", "FONT_DIR")
    return {name: os.environ.get(name, value) for name, value in wanted.items()}


def _folders(base: Path, *names: str) -> dict[str, str]:
    folders = {name: base / name.lower().removesuffix("_root") for name in names}
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    return {name: str(folder) for name, folder in folders.items()}
