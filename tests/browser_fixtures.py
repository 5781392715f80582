"""Chromium for the browser journeys, on the phone most residents have."""

import os

import pytest
from playwright.sync_api import expect

from local.chromium import launch_options

# Playwright's synchronous API runs an event loop in the test's thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, **launch_options()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN", "viewport": {"width": 390, "height": 844}}


def pytest_collection_modifyitems(items):
    """Files that drive a browser go last: its event loop stays in the thread, and sealing needs none there."""
    driven = {item.path for item in items if "browser" in item.fixturenames}
    items.sort(key=lambda item: item.path in driven)
