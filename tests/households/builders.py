"""Papers as they stand after acts that a test is not about."""

import itertools

from django.utils import timezone

from caoyang_portal.uploads.models import Attachment
from households.models import Agreement, AgreementTemplate, Signatory

_serial = itertools.count(1)


def attachment(neighbourhood, *, sha256="a" * 64, media_type="application/pdf"):
    n = next(_serial)
    return Attachment.objects.create(
        neighbourhood_id=neighbourhood.pk,
        key=f"{neighbourhood.pk}/test-{n}.pdf",
        shown_name=f"{n}.pdf",
        media_type=media_type,
        size=1,
        sha256=sha256,
    )


def template(project, by, *, version=1):
    found = AgreementTemplate.objects.filter(project=project, version=version).first()
    return found or AgreementTemplate.objects.create(
        neighbourhood=project.neighbourhood,
        project=project,
        name="调整协议",
        version=version,
        key_points="搬出去，再搬回来。\n厨房和卫生间归自家用。\n面积不减少。",
        body="<h2>第一条</h2><p>甲乙双方</p><h2>第二条</h2><p>签约时间</p>",
        written_by=by,
        published_at=timezone.now(),
        sha256="f" * 64,
    )


def frozen_agreement(project, household, by, **fields):
    """An agreement ready to be signed by the household's holder."""
    n = next(_serial)
    values = {
        "neighbourhood": household.neighbourhood,
        "project": project,
        "household": household,
        "template": template(project, by),
        "number": f"CY-{n:05d}",
        "state": Agreement.State.FROZEN,
        "text": "<h2>第一条</h2><p>甲乙双方</p>",
        "made_by": by,
        "frozen_at": timezone.now(),
        "document": attachment(household.neighbourhood, sha256=f"{n:064x}"),
        "document_sha256": f"{n:064x}",
    }
    agreement = Agreement.objects.create(**values | fields)
    Signatory.objects.create(
        neighbourhood=household.neighbourhood,
        agreement=agreement,
        member=household.members.get(role="holder"),
        order=1,
    )
    return agreement


def signed_agreement(project, household, by, *, signed_at=None, **fields):
    """An agreement signed by all who must, as the signing act leaves it."""
    return frozen_agreement(
        project,
        household,
        by,
        state=Agreement.State.SIGNED,
        signed_at=signed_at or timezone.now(),
        **fields,
    )
