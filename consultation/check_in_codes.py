"""The code on the wall of the hall (签到码): changes every minute, is good for three, says nothing.

A poster cannot change: its code is good as long as the meeting is on. Neither can be guessed, and both
lead to a page on which one still signs in to the portal.
"""

from datetime import datetime
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

SECONDS = 60
GOOD_FOR = 3  # of these minutes
POSTER = 0
LETTERS = 20  # 80 bits


def code_now(meeting: UUID, now: datetime) -> str:
    """The code for the screen."""
    return _code(meeting, int(now.timestamp()) // SECONDS)


def code_on_the_poster(meeting: UUID) -> str:
    return _code(meeting, POSTER)


def is_good(meeting: UUID, code: str, now: datetime) -> bool:
    minute, _dash, _proof = code.partition("-")
    try:
        number = int(minute, 16)
    except ValueError:
        return False
    age = int(now.timestamp()) // SECONDS - number
    fresh = number == POSTER or 0 <= age < GOOD_FOR
    return fresh and constant_time_compare(code, _code(meeting, number))


def _code(meeting: UUID, minute: int) -> str:
    proof = salted_hmac(
        "consultation.check_in_codes", f"{meeting}:{minute}", algorithm="sha256"
    ).hexdigest()
    return f"{minute:x}-{proof[:LETTERS]}"
