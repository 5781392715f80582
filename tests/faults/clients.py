"""Residents at their phones (居民端): they post the real form, and keep every receipt they were shown."""

import http.client
import json
import os
import random
import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

# Not the middle of an id that happens to hold no letter.
RECEIPT = re.compile(r"(?<![-\w])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}(?![-\w])")
PATIENCE = 20  # seconds until a phone gives a request up


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when nothing did."""

    status: int
    location: str = ""
    text: str = ""
    cookies: dict[str, str] = field(default_factory=dict)


def ask(port: int, method: str, path: str, body: str = "", headers=None) -> Answer:
    """One request on a connection of its own."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        link.request(method, path, body or None, headers or {})
        got = link.getresponse()
        text = got.read().decode("utf-8", "replace")
        cookies = dict(
            line.partition(";")[0].split("=", 1) for line in got.msg.get_all("Set-Cookie", [])
        )
        return Answer(got.status, got.getheader("Location") or "", text, cookies)
    except (OSError, http.client.HTTPException):
        return Answer(0)
    finally:
        link.close()


def sign(port: int, home: dict, fault: str = "") -> str | None:
    """Post the form and open the receipt: its number, "" if only the act was acknowledged, or None."""
    headers = home["headers"] | ({"X-Fault": fault} if fault else {})
    posted = ask(port, "POST", home["path"], home["body"], headers)
    if (posted.status, posted.location) != (302, home["receipt_path"]):
        return None
    return read_receipt(port, home) or ""


def sign_again(port: int, home: dict, seconds: float = 30) -> str:
    """Send the form again until a receipt is shown, as people do while a server comes back."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number = sign(port, home)
        if number:
            return number
        time.sleep(0.5)
    raise AssertionError(f"no receipt within {seconds} s")


def read_receipt(port: int, home: dict) -> str | None:
    page = ask(port, "GET", home["receipt_path"], headers=home["headers"])
    found = RECEIPT.search(page.text) if page.status == 200 else None
    return found.group() if found else None


class Acknowledged:
    """The file of what residents were told; every line is on the disk before the next request."""

    def __init__(self, file: Path):
        self.file = file
        self.lock = threading.Lock()

    def note(self, agreement: str, receipt: str) -> None:
        line = json.dumps({"agreement": agreement, "receipt": receipt}) + "\n"
        with self.lock, self.file.open("a") as out:
            out.write(line)
            out.flush()
            os.fsync(out.fileno())

    def lines(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.file.read_text().splitlines()]


class Crowd:
    """So many phones signing one home after the other until told to stop."""

    def __init__(self, port: int, homes: list[dict], acknowledged: Acknowledged, phones: int):
        self.port, self.acknowledged = port, acknowledged
        self.stopping = threading.Event()
        self.unanswered: list[dict] = []
        self.tried: list[dict] = []
        self.threads = [
            threading.Thread(target=self._phone, args=(homes[n::phones], random.Random(n)))
            for n in range(phones)
        ]

    def __enter__(self) -> "Crowd":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(3 * PATIENCE)

    def _phone(self, homes: list[dict], chance: random.Random) -> None:
        for home in homes:
            if self.stopping.is_set():
                return
            self.tried.append(home)
            receipt = sign(self.port, home)
            if receipt is None:
                self.unanswered.append(home)
            else:
                self.acknowledged.note(home["agreement"], receipt)
            time.sleep(chance.uniform(0.05, 0.4))
