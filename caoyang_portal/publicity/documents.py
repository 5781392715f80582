"""The notice for the board and the certificate of its end on paper; their words are Chinese, the binding text."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal import documents

from .models import Publicity
from .queries import proofs, register

NOTICE = "publicity/papers/notice.html"
CERTIFICATE = "publicity/papers/certificate.html"


def _about(publicity: Publicity) -> dict:
    return {
        "publicity": publicity,
        "place": publicity.neighbourhood,
        "files": list(publicity.files.all()),
        "paper_number": publicity.number,
        "paper_issuer": publicity.neighbourhood.name,
        "paper_fingerprint": publicity.fingerprint if publicity.text_sha256 else "",
    }


def _qr(publicity: Publicity) -> bytes:
    return documents.qr(f"{settings.SITE_URL}/publicity/{publicity.pk}/?elder=1")


def notice(publicity: Publicity) -> bytes:
    """What hangs on the board (公示), with a QR that leads to its page."""
    with translation.override(settings.LANGUAGE_CODE):
        context = _about(publicity) | {"paper_title": "公示"}
    return documents.render_pdf(NOTICE, context, images={"qr": _qr(publicity)})


def certificate(publicity: Publicity) -> bytes:
    """That the days are over (公示期满证明): what was proved, and what was not. Sealed."""
    with translation.override(settings.LANGUAGE_CODE):
        context = _about(publicity) | {
            "paper_title": "公示期满证明",
            "proofs": proofs(publicity),
            "register": register(publicity, timezone.localdate()),
            "extensions": list(publicity.extensions.all()),
            "today": timezone.localdate(),
            "is_demo_seal": documents.is_demo_seal(),
            "seal_statement": documents.seal_statement(),
        }
    pdf = documents.render_pdf(CERTIFICATE, context, images={"qr": _qr(publicity)})
    return documents.certify(pdf, [], "公示期满证明")


@documents.registers
def known(sha256: str) -> documents.Registered | None:
    """What the page of verification says of a certificate (查验)."""
    found = (
        Publicity.objects.filter(certificate_sha256=sha256).select_related("certificate").first()
    )
    if found is None or found.certificate is None or not sha256:
        return None
    sentence = _("这是公示 %(number)s 的期满证明，%(at)s盖章，之后没有改动。")
    at = date_format(timezone.localtime(found.certificate.uploaded_at), "DATETIME_FORMAT")
    return documents.Registered(
        sentence % {"number": found.number, "at": at}, found.number, found.certificate.uploaded_at
    )
