"""Which browser to drive and how: Debian's Chromium, headless, quiet."""

import os
import shutil

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # a container's /dev/shm is small
    "--lang=zh-CN",
]


def launch_options() -> dict:
    """For Playwright's ``launch``; without a system browser it takes its own, if it has one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    options: dict = {"args": [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]}
    if found:
        options["executable_path"] = found
    return options
