"""``./dev screenshots``: pictures of the running demo, for the README."""

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from local.chromium import launch_options
from local.demo import free_port, portal, stop_on_sigterm
from local.instance import running_url, state_folder
from local.programs import Unavailable
from local.progress import say

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PHONE, DESK = 390, 1280


@dataclass(frozen=True)
class Shot:
    """One picture: its file's name, the page, who looks at it, how wide their screen is."""

    name: str
    path: str
    account: str = ""  # key of a demo account; "" is a passer-by
    width: int = PHONE
    follow: tuple[str, ...] = ()  # links to click first, by their text
    whole: bool = False  # the whole page instead of one screen


SHOTS = [
    Shot("start", "/"),
    Shot("demo-accounts", "/demo/"),
    Shot("resident-home", "/home/", "resident"),
    Shot("sign-start", "/home/", "resident", follow=("去签约",)),
    Shot("public-board", "/open/caoyang-two/"),
    Shot("household-list", "/households/", "committee", DESK),
    Shot("project", "/projects/", "committee", DESK, ("曹杨一村旧住房成套改造",)),
    Shot("board", "/board/", "committee", DESK, ("曹杨二村先行楼成套改造",)),
    Shot("grid", "/board/", "committee", DESK, ("曹杨一村旧住房成套改造", "查看签约图")),
    Shot("street", "/board/", "street", DESK),
    Shot("screen", "/open/caoyang-one/?screen=1", width=1920),
]


def take(browser: Browser, url: str, shots: list[Shot]) -> list[str]:
    """Take each picture as its viewer; returns what could not be taken."""
    failed = []
    for shot in shots:
        height = 844 if shot.width == PHONE else 800
        context = browser.new_context(
            base_url=url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": shot.width, "height": height},
            device_scale_factor=2 if shot.width == PHONE else 1,
            reduced_motion="reduce",
        )
        with contextlib.closing(context):
            page = context.new_page()
            page.set_default_timeout(15_000)
            try:
                _visit(page, shot)
            except Exception as problem:
                failed.append(f"{shot.name}: {str(problem).splitlines()[0]}")
                continue
            page.screenshot(path=FOLDER / f"{shot.name}.png", full_page=shot.whole)
            say(f"{shot.name}.png")
    return failed


def _visit(page: Page, shot: Shot) -> None:
    if shot.account:
        page.goto("/demo/")
        page.locator(f'form[action$="/demo/{shot.account}/"] button').click()
        page.wait_for_url(lambda address: "/demo/" not in address)
    answer = page.goto(shot.path, wait_until="networkidle")
    for words in shot.follow:
        page.get_by_role("link", name=words).first.click()
        page.wait_for_load_state("networkidle")
    if not shot.follow and answer is not None and answer.status != 200:
        raise Unavailable(f"{shot.path} answered {answer.status}")


@contextlib.contextmanager
def _demo() -> Iterator[str]:
    """The demo that runs here, or one of our own for as long as it takes."""
    base = state_folder()
    url = running_url(base)
    if url:
        yield url
        return
    with portal(base, "127.0.0.1", free_port("127.0.0.1", None)) as (url, _):
        yield url


def main(arguments: list[str]) -> int:
    wanted = [shot for shot in SHOTS if not arguments or shot.name in arguments]
    FOLDER.mkdir(parents=True, exist_ok=True)
    stop_on_sigterm()
    began = time.monotonic()
    try:
        with _demo() as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(**launch_options())
            failed = take(browser, url, wanted)
            browser.close()
    except BlockingIOError:
        say("The demo is just starting; try again when it is up.")
        return 1
    except Unavailable as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130
    for fault in failed:
        say(f"FAILED  {fault}")
    taken = len(wanted) - len(failed)
    say(f"{taken} pictures in {FOLDER} ({time.monotonic() - began:.0f} s)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
