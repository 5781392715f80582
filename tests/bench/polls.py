"""Everything about polls: casting, counting, recounting, looking (表决)."""

from tests.bench import casting, counting


def measure(*, quick: bool) -> dict:
    looks = 100 if quick else 300
    return {
        "casting": casting.measure(150 if quick else 600),
        "tally": counting.tallies((30_000, 300_000)),
        "recount": counting.recounts((280, 5_000) if quick else (280, 5_000, 30_000)),
        "pages": counting.looks((200, 30_000), looks),
    }
