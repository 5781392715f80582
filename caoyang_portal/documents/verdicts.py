"""What a stranger may believe about a file (验真).

A signature may be intact and yet prove little: an earlier revision of a paper is valid in itself,
and a signature added after the lock leaves the earlier ones valid. So the set is judged, never one:
every signature holds, the fields are the expected ones, the last covers the whole file, and the
file's hash is the registered one.
"""

import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from .keys import seal
from .sealing import CERTIFY
from .timestamps import timestamp_roots

MAX_BYTES = 20 * 1024 * 1024  # a sealed agreement has less than one megabyte


@dataclass(frozen=True)
class SignatureRow:
    """One signature of a file, as judged."""

    field: str
    signer: str
    signed_at: dt.datetime | None
    reason: str
    intact: bool  # what it covers has not changed by a bit
    trusted: bool  # its certificate leads to a root of ours
    timestamped: bool  # its time is proved by an authority
    covers_whole_file: bool
    ok: bool


@dataclass(frozen=True)
class Revision:
    """The file as it was when ``field`` was signed: the first ``size`` bytes of the file."""

    field: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Verdict:
    """The judgement of a file; ``ok`` only if it is sealed by us, whole, complete and registered."""

    ok: bool
    seal_ok: bool  # signatures, fields and coverage hold; the registration was not looked at
    sentence: str
    sha256: str
    rows: list[SignatureRow] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    whole_file: bool = False


def verdict(
    pdf: bytes,
    *,
    expected_fields: Sequence[str] | None = None,
    registered_sha256: str | None = None,
    at: dt.datetime | None = None,
) -> Verdict:
    """Judge ``pdf``.

    ``expected_fields`` are those signed by now; the certification is always expected before them.
    ``registered_sha256`` is the hash the ledger holds for this file; without it nothing is ``ok``.
    ``at`` is when the paper was sealed, by the ledger: certificates are judged as of then.
    """
    sha256 = hashlib.sha256(pdf).hexdigest()
    try:
        rows, revisions = _read(pdf, at)
    # Whatever a forged file makes the parser do, the answer is the same.
    except Exception:
        return Verdict(False, False, _("无法验证：文件已损坏，或不是本平台的文件。"), sha256)
    whole_file = bool(rows) and rows[-1].covers_whole_file
    problem = _problem(rows, whole_file, expected_fields)
    seal_ok = not problem
    if seal_ok and registered_sha256 != sha256:
        problem = _("印章完好，但这份文件没有在本平台登记，可能是较早的版本。")
    return Verdict(
        ok=not problem,
        seal_ok=seal_ok,
        sentence=problem or _("这份文件真实有效，盖章后没有改动。"),
        sha256=sha256,
        rows=rows,
        revisions=revisions,
        whole_file=whole_file,
    )


def _problem(rows: list[SignatureRow], whole_file: bool, expected: Sequence[str] | None) -> str:
    """The first thing wrong, in a sentence; "" when nothing is."""
    if not rows:
        return _("这份文件没有盖章。")
    if not all(row.intact for row in rows):
        return _("文件盖章后被改动过，请勿采信。")
    if not all(row.trusted for row in rows):
        return _("印章不是本平台的，请勿采信。")
    if not all(row.ok for row in rows) or not whole_file:
        return _("文件盖章后被添加过内容，请勿采信。")
    if expected is not None and [row.field for row in rows] != _with_certification(expected):
        return _("文件上的签名与登记的不一致，请勿采信。")
    return ""


def _with_certification(expected: Sequence[str]) -> list[str]:
    return [CERTIFY, *(name for name in expected if name != CERTIFY)]


def _read(pdf: bytes, at: dt.datetime | None) -> tuple[list[SignatureRow], list[Revision]]:
    if len(pdf) > MAX_BYTES:
        raise ValueError("no paper of ours is that long")
    reader = PdfFileReader(io.BytesIO(pdf))  # it bounds what packed streams may unpack to
    seal_roots = [one for one in seal().certificates if one.issuer == one.subject]
    rows, revisions = [], []
    for signature in reader.embedded_signatures:
        status = validate_pdf_signature(
            signature, _context(seal_roots, at), _context(timestamp_roots(), at)
        )
        covers = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        stamp = status.timestamp_validity
        rows.append(
            SignatureRow(
                field=signature.field_name,
                signer=str(status.signing_cert.subject.native.get("common_name", "")),
                signed_at=stamp.timestamp if stamp else status.signer_reported_dt,
                reason=str(signature.sig_object.get("/Reason", "")),
                intact=status.intact and status.valid,
                trusted=status.trusted,
                timestamped=stamp is not None and stamp.trusted,
                covers_whole_file=covers,
                ok=status.bottom_line,
            )
        )
        revisions.append(_revision(pdf, signature))
    return rows, revisions


def _context(roots: list[x509.Certificate], at: dt.datetime | None) -> ValidationContext:
    return ValidationContext(
        trust_roots=[
            asn1_x509.Certificate.load(root.public_bytes(serialization.Encoding.DER))
            for root in roots
        ],
        allow_fetching=False,
        moment=at,
    )


def _revision(pdf: bytes, signature) -> Revision:
    _start, _before, second, length = (int(number) for number in signature.byte_range)
    size = second + length
    return Revision(signature.field_name, size, hashlib.sha256(pdf[:size]).hexdigest())


def revision_hashes(pdf: bytes) -> list[Revision]:
    """The earlier files this one begins with: what each signer was shown can be cut out and hashed."""
    return [
        _revision(pdf, signature)
        for signature in PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    ]
