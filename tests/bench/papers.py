"""Render and certify one agreement; read and import a roster (文书与导入)."""

import statistics
import time

from caoyang_portal.community.models import Neighbourhood, Posting, SubDistrict, User
from caoyang_portal.documents import certify, render_pdf, sign_field
from households.actions import roster, roster_writing
from households.demo import made_up
from households.queries.templates import default_body


def documents(count: int) -> dict:
    """Warm seconds per document on one core: rendering, certifying, sealing a field."""
    context = {"body": default_body()}
    took: dict[str, list[float]] = {"render": [], "certify": [], "seal_field": []}
    for _n in range(count + 1):
        at = time.perf_counter()
        pdf = render_pdf("documents/paper.html", context)
        took["render"].append(time.perf_counter() - at)
        at = time.perf_counter()
        certified = certify(pdf, ["resident_01", "final"], reason="定稿")
        took["certify"].append(time.perf_counter() - at)
        at = time.perf_counter()
        sign_field(certified, "final", reason="盖章", lock=True)
        took["seal_field"].append(time.perf_counter() - at)
    return {
        "cold_first_s": round(took["render"][0] + took["certify"][0], 3),
        **{f"{name}_s": round(statistics.median(times[1:]), 3) for name, times in took.items()},
        "render_and_certify_s": round(
            statistics.median(
                r + c for r, c in zip(took["render"][1:], took["certify"][1:], strict=True)
            ),
            3,
        ),
    }


def imports(sizes: list[int]) -> dict:
    """Seconds for the dry run and for the import of a roster of each size."""
    result = {}
    for size in sizes:
        street = SubDistrict.objects.create(name="街道", code=f"import-{size}")
        place = Neighbourhood.objects.create(
            sub_district=street, name="居民区", code=f"import-{size}"
        )
        user = User.objects.create_user(f"+86137{size:08d}", name="陈静")
        Posting.objects.create(
            user=user,
            office="committee",
            sub_district=street,
            neighbourhood=place,
            since="2020-01-01",
        )
        content = made_up.workbook(made_up.rows(size))
        at = time.perf_counter()
        batch = roster.check_roster(content, "名册.xlsx", neighbourhood=place, by=user)
        checked = time.perf_counter()
        roster_writing.import_batch(batch, only_good_rows=False, by=user)
        result[size] = {
            "dry_run_s": round(checked - at, 2),
            "import_s": round(time.perf_counter() - checked, 2),
            "good_rows": batch.good_rows,
        }
    return result
