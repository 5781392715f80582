"""Make, render and certify one agreement; read and import a roster (文书与导入)."""

import io
import resource
import statistics
import time
from decimal import Decimal

from pypdf import PdfReader

from caoyang_portal.community.models import Neighbourhood, Organisation, Posting, SubDistrict, User
from caoyang_portal.documents import certify, resident_fields, sign_field
from consultation.documents.minutes import print_version
from households.actions import roster, roster_writing
from households.demo import made_up
from households.documents.agreements import print_agreement
from households.models import (
    Agreement,
    AgreementTemplate,
    AllowanceItem,
    Household,
    Member,
    Plan,
    Project,
)
from households.queries.placeholders import Facts
from households.queries.templates import default_body, fill, sha256_of
from tests.consultation.minutes_builders import six_pages


def documents(count: int) -> dict:
    """Warm seconds per agreement on one core: rendering, certifying, sealing a field."""
    agreement, signers = _agreement()
    took: dict[str, list[float]] = {"render": [], "certify": [], "seal_field": []}
    for _n in range(count + 1):
        at = time.perf_counter()
        pdf = print_agreement(agreement, signers)
        took["render"].append(time.perf_counter() - at)
        at = time.perf_counter()
        certified = certify(pdf, resident_fields(len(signers)), "定稿")
        took["certify"].append(time.perf_counter() - at)
        at = time.perf_counter()
        sign_field(certified, "final", "盖章")
        took["seal_field"].append(time.perf_counter() - at)
    pairs = [r + c for r, c in zip(took["render"], took["certify"], strict=True)]
    return {
        "cold_first_s": round(pairs[0], 3),
        **{f"{name}_s": round(statistics.median(times[1:]), 3) for name, times in took.items()},
        "render_and_certify_s": round(statistics.median(pairs[1:]), 3),
        "kilobytes": len(certified) // 1024,
    }


def _agreement() -> tuple[Agreement, list[Member]]:
    """The agreement we offer, filled for one household; only household and holder are saved."""
    project = Project.objects.get(neighbourhood__code="bench-1")
    for field in _PARTS_OF_THE_PLAN:
        setattr(project, field, "每户增设独用厨房、独用卫生间，改造后搬回原址，居住面积不减少。")
    project.implementer = Organisation(name="曹杨改造建设有限公司")
    household = Household.objects.filter(neighbourhood=project.neighbourhood).first()
    household.certificate_number, household.usable_area = "普曹租0001", Decimal("31.20")
    holder = Member.objects.get(household=household)
    template = AgreementTemplate(project=project, name="调整协议", version=1, body=default_body())
    areas = {"area_before": Decimal("20.50"), "area_after": Decimal("26.00")}
    plan = Plan(summary="厨房、卫生间改为独用，阳台外扩。", version=1, **areas)
    sums = [AllowanceItem(name=name, amount=Decimal("12000.00")) for name in ("搬迁费", "过渡费")]
    facts = Facts(household, project, template, "曹-0001", [holder], [holder], plan, sums)
    text = fill(template.body, facts)
    agreement = Agreement(
        project=project,
        household=household,
        template=template,
        number=facts.number,
        text=text,
        text_sha256=sha256_of(text),
    )
    return agreement, [holder]


_PARTS_OF_THE_PLAN = (
    "legal_basis", "scope", "resettlement", "effect_condition", "housing_kind", "works_duration",
    "withdrawal_rule",
)  # fmt: skip


def minutes(count: int) -> dict:
    """Warm seconds per minutes of six pages with pictures: rendered, certified and sealed."""
    place = Neighbourhood.objects.get(code="bench-1")
    host = User.objects.create_user("+8613700000077", name="陈静")
    found, version = six_pages(place, host)
    took, on_core = [], []
    for _n in range(count + 1):
        at, core = time.perf_counter(), time.process_time()
        pdf = print_version(version, "internal", found)
        sign_field(certify(pdf, ["final"], "会议纪要定稿"), "final", "会议纪要存档")
        took.append(time.perf_counter() - at)
        on_core.append(time.process_time() - core)
    return {
        "pages": len(PdfReader(io.BytesIO(pdf)).pages),
        "cold_first_s": round(took[0], 3),
        "rendered_and_sealed_s": round(statistics.median(took[1:]), 3),
        "of_it_processor_s": round(statistics.median(on_core[1:]), 3),
        "kilobytes": len(pdf) // 1024,
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
        roster_writing.import_batch(batch, only_good_rows=True, by=user)
        result[size] = {
            "dry_run_s": round(checked - at, 2),
            "import_s": round(time.perf_counter() - checked, 2),
            "good_rows": batch.good_rows,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
    return result
