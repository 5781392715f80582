"""``python -m tests.faults.seed PARTLY WHOLE FILE``: homes ready to sign, in the drill's database.

PARTLY homes have a co-owner who never signs, so that their signatures ask for no seal; WHOLE ones are
complete after one, over a certified file that can really be sealed.
"""

import json
import os
import sys
import time
from pathlib import Path

import django


def main(partly: int, whole: int, file: Path) -> None:
    from caoyang_portal import documents
    from caoyang_portal.community.models import Neighbourhood
    from caoyang_portal.uploads.intake import keep
    from households.models import Project
    from tests.bench import generated, homes, pages

    generated.neighbourhoods(1, 1)
    place = Neighbourhood.objects.get(code="bench-1")
    paper = documents.render_pdf(
        "households/papers/agreement.html",
        {
            "text": "甲乙双方同意。",
            "signing_sheets": documents.signing_sheets([{"role": "承租人", "name": "王小明"}]),
        },
    )
    certified = documents.certify(paper, documents.resident_fields(1), "协议文本定稿")
    kept = keep(certified, "协议.pdf", "application/pdf", neighbourhood_id=place.pk, by=None)
    made = {
        "partly": homes.ready(place, partly, document=kept, cosigners=1),
        "whole": homes.ready(place, whole, document=kept, start=partly),
    }
    project = Project.objects.get(neighbourhood=place)
    seeded = {kind: [_plain(home) for home in ready] for kind, ready in made.items()}
    seeded |= {
        "project": str(project.pk),
        "code": project.code,
        "committee": homes.headers_of(pages.committee(place)),
        "made_at": time.time(),
    }
    file.write_text(json.dumps(seeded))


def _plain(home) -> dict:
    return {
        "agreement": str(home.agreement.pk),
        "signatory": str(home.signatory.pk),
        "phone": home.user.phone,
        "path": home.request.path,
        "receipt_path": home.receipt.path,
        "body": home.request.body,
        "headers": home.request.headers,
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
