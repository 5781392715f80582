"""Receipt numbers (回执号): short enough to read over the telephone, with a digit that checks the rest."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_SPOKEN = str.maketrans("ILO", "110", "- \t　")


def new_receipt_number() -> str:
    """Eleven random characters and their check character: ``7K3M-9QXC-2B5T``."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(11))
    return _grouped(body + _check(body))


def read_receipt_number(text: str) -> str:
    """What was typed or heard, in the form it is stored; "" if it cannot be one."""
    plain = text.upper().translate(_SPOKEN)
    well_formed = len(plain) == 12 and set(plain) <= set(ALPHABET)
    return _grouped(plain) if well_formed and _check(plain[:-1]) == plain[-1] else ""


def _grouped(plain: str) -> str:
    return "-".join(plain[i : i + 4] for i in range(0, 12, 4))


def _check(body: str) -> str:
    """Luhn's method over 32 characters: finds every wrong character and nearly every swapped pair."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]
