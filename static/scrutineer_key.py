"""Make the lock of a sealed poll: python3 scrutineer_key.py NAME NAME [NAME ...]

For the scrutineers, on a computer without network. Needs nothing but Python. It prints the public key,
which the committee enters, and writes one file for each scrutineer with a share of the private key.
All the shares together open the ballots; one share less tells nothing at all. The private key itself
is written nowhere. Give each scrutineer the file on a stick of their own, then destroy the copy here.
"""

import secrets
import sys
from functools import reduce

P = 2**255 - 19


def public_of(private):
    """X25519 of the base point (RFC 7748)."""
    scalar = int.from_bytes(private, "little") & ~7 & (1 << 255) - 1 | 1 << 254
    x2, z2, x3, z3, swap = 1, 0, 9, 1, 0
    for bit in range(254, -1, -1):
        now = scalar >> bit & 1
        if swap ^ now:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = now
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, 9 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def split(private, number):
    """``number`` shares whose XOR is the key."""
    shares = [secrets.token_bytes(32) for _n in range(number - 1)]
    return [*shares, reduce(xor, shares, private)]


def main(names):
    if len(set(names)) < 2:
        print(__doc__)
        return 2
    private = secrets.token_bytes(32)
    for name, share in zip(names, split(private, len(names)), strict=True):
        path = f"scrutineer-{name}.txt"
        with open(path, "x", encoding="utf-8") as file:
            groups = [share.hex()[at : at + 8] for at in range(0, 64, 8)]
            file.write(f"{name}\n{' '.join(groups)}\n")
        print("written", path)
    print("public key", public_of(private).hex())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
