"""Check a published signing rate by yourself: python3 verify_board.py PROOF.json [SEALED.pdf ...]

Needs nothing but Python. It adds up the buildings, recomputes the root over all fingerprints, and, for
each sealed agreement given, says whether it is among them. Compare the printed root with the one on the
notice board.
"""

import hashlib
import json
import sys


def root(leaves):
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [
            hashlib.sha256(b"\x01" + b"".join(p)).digest() if len(p) == 2 else p[0] for p in pairs
        ]
    return level[0].hex()


def main(proof_path, *papers):
    with open(proof_path, encoding="utf-8") as file:
        proof = json.load(file)
    leaves = proof["leaves"]
    checks = {
        "buildings add up to the signed households": sum(b["signed"] for b in proof["buildings"])
        == proof["signed"],
        "buildings add up to all households": sum(b["total"] for b in proof["buildings"])
        == proof["total"],
        "no fingerprint stands twice": len(set(leaves)) == len(leaves),
        "as many fingerprints as sealed agreements": len(leaves) == proof["sealed"],
        "no more sealed than signed": proof["sealed"] <= proof["signed"],
        "the root is right": root(leaves) == proof["root"],
    }
    for path in papers:
        with open(path, "rb") as file:
            checks[f"{path} is counted"] = hashlib.sha256(file.read()).hexdigest() in leaves
    for sentence, holds in checks.items():
        print("ok  " if holds else "BAD ", sentence)
    print(f"{proof['signed']} of {proof['total']} households at {proof['as_of']}")
    print("root", proof["root"])
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
