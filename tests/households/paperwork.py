"""Agreements made by the acts themselves, for tests that look into the papers."""

import json
import uuid

from django.utils import timezone

from households.actions import agreements, templates
from households.models import Agreement, Sealing, Signature

BODY = """
<p>甲方：{{ project_name }}实施单位。乙方：{{ signatory_names }}。</p>
<h2>第一条 权利义务</h2><p>房屋坐落于{{ household_address }}，凭证号{{ certificate_number }}。</p>
<h2>第二条 回搬方案</h2><p>改造后乙方回搬原址，居住面积不少于{{ living_area }}。</p>
<h2>第三条 违约责任</h2><p>任何一方违约的，依法承担责任。</p>
<h2>第四条 签约时间</h2><p>本协议于{{ signing_closes_on }}前签订。</p>
"""
POINTS = "您家改造后搬回原址。\n面积不减少。\n您不用出钱。"
STROKES = json.dumps(
    [
        {"points": [{"x": 10 + 8 * n, "y": 40 + 20 * (n % 5), "time": n, "pressure": 0.6} for n in range(30)]},
        {"points": [{"x": 60, "y": 5 + 6 * n, "time": 50 + n, "pressure": 0.3} for n in range(20)]},
    ]
)  # fmt: skip


def published(project, by, *, body=BODY, changes=""):
    template = templates.draft_template(
        project, name="调整协议", body=body, key_points=POINTS, changes=changes, by=by
    )
    return templates.publish_template(template, by=by)


def frozen(household, template, by):
    return agreements.freeze_agreement(
        agreements.make_agreement(household, template, by=by), by=by
    )


def sign(agreement, signatory, *, strokes=STROKES, **fields):
    """One signature as the signing act leaves it; the last one completes the agreement."""
    signature = Signature.objects.create(
        **{
            "neighbourhood": agreement.neighbourhood,
            "agreement": agreement,
            "signatory": signatory,
            "route": Signature.Route.ONLINE,
            "signed_at": timezone.now(),
            "document_sha256": agreement.document_sha256,
            "strokes": strokes,
            "evidence": "{}",
            "evidence_sha256": "e" * 64,
            "receipt_number": f"R{uuid.uuid4().hex[:10].upper()}",
            "idempotency_key": uuid.uuid4().hex,
        }
        | fields
    )
    missing = agreement.signatories.filter(signature=None).exists()
    agreement.state = Agreement.State.SIGNING if missing else Agreement.State.SIGNED
    agreement.signed_at = None if missing else signature.signed_at
    agreement.save(update_fields=["state", "signed_at"])
    return signature


def signed(household, template, by, signer):
    """Frozen and signed online by its only signatory; its seal is owed."""
    agreement = frozen(household, template, by)
    sign(agreement, agreement.signatories.get(), signer=signer)
    Sealing.objects.create(neighbourhood=agreement.neighbourhood, agreement=agreement)
    return agreement
