"""Arriving signed in, writing by hand, and looking a page over."""

import re
import threading
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client

AXE = Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js"
LOOK = Path(__file__).with_name("look.js").read_text()


def come_in(context, live_server, user, *, elder=False, language="zh-hans"):
    """Arrive signed in, as after the code from the SMS."""
    cookies = {
        settings.ELDER_COOKIE_NAME: "1" if elder else "0",
        settings.LANGUAGE_COOKIE_NAME: language,
    }
    if user is not None and user.is_authenticated:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookies[name] = client.cookies[name].value
    context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )


def look_over(page, *, elder: bool, barriers: bool = True) -> list[str]:
    """What is wrong with the page as it stands: to axe, to a narrow screen, to an old hand."""
    found = _barriers(page) if barriers else []  # axe takes longer than all the rest
    found += page.evaluate(LOOK, {"elder": elder})
    page.set_viewport_size({"width": 320, "height": 640})
    found += sideways(page, "at 320 px")
    page.set_viewport_size({"width": 640, "height": 640})
    page.evaluate(
        "document.documentElement.style.fontSize = "
        "2 * parseFloat(getComputedStyle(document.documentElement).fontSize) + 'px'"
    )
    found += sideways(page, "at 200 %")
    page.set_viewport_size({"width": 390, "height": 844})
    return found


def _barriers(page) -> list[str]:
    return [
        f"{violation['id']}: {violation['nodes'][0]['target']}"
        for violation in page.evaluate(
            "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
        )
        if violation["impact"] in ("serious", "critical")
    ]


def sideways(page, when) -> list[str]:
    wide = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return '';
            const out = [...document.querySelectorAll('body *')].find((el) =>
                el.getBoundingClientRect().right > width + 1 && !el.closest('.across, .visually-hidden'));
            return out ? out.tagName + '.' + out.className + ' ' + out.textContent.slice(0, 20) : 'something';
        }"""
    )
    return [f"scrolls sideways {when}: {' '.join(wide.split())}"] if wide else []


def aside(work, *args, **kwargs):
    """Do what a worker does, in a thread: sealing needs an event loop, and Playwright has one here."""
    outcome = []

    def run():
        try:
            outcome.append((work(*args, **kwargs), None))
        except BaseException as trouble:
            outcome.append((None, trouble))
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(120)
    answer, trouble = outcome[0]
    if trouble:
        raise trouble
    return answer


def open_door(page, label):
    """From home through one of its tiles, whose name goes on with what it is for."""
    tile = page.get_by_role("link", name=re.compile(f"^{label} "), include_hidden=True)
    if not tile.is_visible():
        page.get_by_text("还有别的", exact=True).click()
    tile.click()


def press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def write_name(page, canvas):
    """Four strokes, with the mouse."""
    box = canvas.bounding_box()
    x, y, w, h = box["x"], box["y"], box["width"], box["height"]
    for line in (
        [(0.2, 0.3), (0.4, 0.3), (0.6, 0.3)],
        [(0.4, 0.3), (0.4, 0.5), (0.4, 0.7)],
        [(0.25, 0.5), (0.4, 0.5), (0.55, 0.5)],
        [(0.2, 0.7), (0.4, 0.7), (0.65, 0.7)],
    ):
        page.mouse.move(x + w * line[0][0], y + h * line[0][1])
        page.mouse.down()
        for fx, fy in line[1:]:
            page.mouse.move(x + w * fx, y + h * fy, steps=6)
        page.mouse.up()
