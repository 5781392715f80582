"""``python -m tests.faults.seed_votes COUNT FILE``: voters at their last page, in the drill's database."""

import json
import os
import sys
from pathlib import Path

import django


def main(count: int, file: Path) -> None:
    from tests.bench import votes

    poll = votes.made("drill", count)
    file.write_text(json.dumps([_plain(voter) for voter in votes.ready(poll, count)]))


def _plain(voter) -> dict:
    return {
        "entry": str(voter.entry.pk),
        "path": voter.request.path,
        "receipt_path": voter.receipt_path,
        "body": voter.request.body,
        "headers": voter.request.headers,
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    django.setup()
    main(int(sys.argv[1]), Path(sys.argv[2]))
