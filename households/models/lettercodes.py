"""The form of a letter's code (告知书码): ``8F3K-2Q7M-C``, forty random bits and a check character.

Crockford's base 32 has no I, L, O and U, so that nothing read off paper can be mistaken; the check
character (Luhn's rule in base 32) tells a slip of the finger from a wrong letter.
"""

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
DIGITS = 8  # five bits each


def new_code() -> str:
    """A fresh code without its hyphens."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(DIGITS))
    return body + _check(body)


def tidy_code(text: str) -> str:
    """The code somebody typed or scanned, in its bare form; "" if it cannot be one."""
    bare = unicodedata.normalize("NFKC", text[:40]).upper().translate(_MISREAD)
    bare = "".join(c for c in bare if c.isascii() and c.isalnum())
    if len(bare) != DIGITS + 1 or not set(bare) <= set(ALPHABET):
        return ""
    return bare if _check(bare[:-1]) == bare[-1] else ""


def shown_code(code: str) -> str:
    """As it is printed: ``8F3K-2Q7M-C``."""
    return "-".join((code[:4], code[4:8], code[8:]))


def _check(body: str) -> str:
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 - place % 2)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]
