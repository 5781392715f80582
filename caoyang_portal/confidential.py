"""Personal data at rest (敏感信息加密): encrypted, found by exact match, masked on screens.

PIPL art. 51 asks for encryption and de-identification; domain.md 2.5 names the fields. The key
ring is ``settings.CONFIDENTIAL_KEYS``, newest first, so that keys can be changed without downtime.
"""

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class Unreadable(Exception):
    """No key of ours opens it: it is damaged, or the keys are lost."""


@cache
def _ring() -> MultiFernet:
    derived = [
        hashlib.sha256(f"field:{key}".encode()).digest() for key in settings.CONFIDENTIAL_KEYS
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def blind_index(value: str, purpose: str) -> str:
    """A keyed hash by which ``value`` is found again without being stored; "" for nothing.

    ``purpose`` keeps the same number in two columns from being linkable.
    """
    if not value:
        return ""
    key = hashlib.sha256(f"index:{settings.CONFIDENTIAL_INDEX_KEY}".encode()).digest()
    return hmac.new(key, f"{purpose}\n{value}".encode(), hashlib.sha256).hexdigest()


def conceal(text: str) -> str:
    """Ciphertext that only the application can read."""
    return _ring().encrypt(text.encode()).decode()


def reveal(ciphertext: str) -> str:
    """What ``conceal`` was given."""
    return _ring().decrypt(ciphertext.encode()).decode()


def conceal_bytes(content: bytes) -> bytes:
    """A file that only the application can read."""
    return _ring().encrypt(content)


def reveal_bytes(ciphertext: bytes) -> bytes:
    """What ``conceal_bytes`` was given; ``Unreadable`` if it was something else."""
    try:
        return _ring().decrypt(ciphertext)
    except InvalidToken as problem:
        raise Unreadable from problem


class ConfidentialField(models.TextField):
    """Text that only the application can read; the database holds ciphertext."""

    def get_prep_value(self, value):
        if value in (None, ""):
            return value
        return conceal(str(value))

    def from_db_value(self, value, expression, connection):
        if value in (None, ""):
            return value
        return reveal(value)


def mask_phone(phone: str) -> str:
    """``+8613800138000`` -> ``138****8000`` (domain.md 9.2)."""
    local = phone.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}" if len(local) >= 7 else "****" if local else ""


def mask_name(name: str) -> str:
    """``王桂芳`` -> ``王*芳``, ``王芳`` -> ``王*``."""
    if len(name) <= 1:
        return name
    return name[0] + "*" * max(1, len(name) - 2) + (name[-1] if len(name) > 2 else "")


def mask_id_number(number: str) -> str:
    """Only the first three and the last two characters stay (证件号码)."""
    return (
        f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"
        if len(number) > 5
        else "*" * len(number)
    )
