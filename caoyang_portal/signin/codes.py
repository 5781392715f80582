"""A sign-in code as the session keeps it (登录验证码): nothing from which it could be read."""

import secrets

from django.utils.crypto import salted_hmac


class HiddenCode(str):
    """Salt and keyed hash of a code; the digits are in ``clear`` of the new object and nowhere else."""

    clear = ""


def hidden(code: str, salt: str = "") -> HiddenCode:
    """Hide a new code, or a typed one with the salt of what it is compared to."""
    salt = salt or secrets.token_hex(8)
    hashed = salted_hmac("caoyang_portal.signin.codes", salt + code, algorithm="sha256")
    kept = HiddenCode(f"{salt}.{hashed.hexdigest()}")
    kept.clear = code
    return kept
