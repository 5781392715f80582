"""Who is who to a thing: its household, the offices over its place, everybody else (domain 9.2)."""

from tests.conftest import EVERYONE

# For a thing of 王桂芳 in building 3, of 赵大勇 in building 9, of 胡杰 in the neighbourhood next door.
TARGETS = ("own", "other", "next")
SIGNED_IN = tuple(who for who in EVERYONE if who != "passerby")
STAFF = ("lou", "chen", "lin", "deng", "mei", "gu", "shen", "adi", "fang")

KINDS = {
    "self": ({"wang"}, {"zhao"}, {"hu"}),
    "neighbours": ({"wang", "zhao"}, {"wang", "zhao"}, {"hu"}),
    "leader": ({"lou"}, set(), set()),
    "leaders": ({"lou"}, {"lou"}, set()),
    "committee": ({"chen", "lin"}, {"chen", "lin"}, {"fang"}),
    "colleague": ({"lin"}, {"lin"}, set()),  # of the clerk who entered it
    "clerk": ({"chen"}, {"chen"}, {"fang"}),
    "designer": ({"deng"}, {"deng"}, set()),
    "mediator": ({"mei"}, {"mei"}, set()),
    "street": ({"gu"}, {"gu"}, set()),
    "auditor": ({"shen"}, {"shen"}, set()),
    "administrator": ({"adi"}, {"adi"}, set()),
    # whatever the place of the thing
    "passerby": ({"passerby"},) * 3,
    "everybody": (set(EVERYONE),) * 3,
    "signed_in": (set(SIGNED_IN),) * 3,
    "any_committee": ({"chen", "lin", "fang"},) * 3,
    "any_administrator": ({"adi"},) * 3,
    "any_auditor": ({"shen"},) * 3,
    "any_leader": ({"lou"},) * 3,
    "any_designer": ({"deng"},) * 3,
    "any_street": ({"gu"},) * 3,
    "any_mediator": ({"mei"},) * 3,
    # 邓明 also works for a department of the street, the three residents sit in the congress
    "handler": ({"deng"}, {"deng"}, set()),
    "any_handler": ({"deng"},) * 3,
    "representatives": ({"wang", "zhao", "hu"},) * 3,
    # with an office that asks for a second factor
    "second_factor": (set(STAFF) - {"lou"},) * 3,
}


def people(kinds: str, target: str) -> set[str]:
    """The people whom ``kinds`` names, as seen from a thing of ``target``; ``-kind`` takes away."""
    found: set[str] = set()
    at = TARGETS.index(target)
    for kind in kinds.split():
        if kind.startswith("-"):
            found -= KINDS[kind[1:]][at]
        else:
            found |= KINDS[kind][at]
    return found
