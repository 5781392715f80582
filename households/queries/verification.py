"""What the portal knows about a file somebody holds (查验), without naming anybody."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal import documents
from caoyang_portal.uploads import intake
from households.models import Agreement

MOST_REVISIONS = 20  # of a file that we look into


class Kind(StrEnum):
    """What a file turned out to be."""

    SEALED = "sealed"  # the final file of an agreement, to the byte
    CERTIFICATE = "certificate"  # its certificate
    REGISTERED = "registered"  # another app's paper, to the byte
    SHOWN = "shown"  # the certified text as shown before the signatures
    EARLIER = "earlier"  # another earlier state of a sealed file
    ALTERED = "altered"
    SEALED_BY_US = "sealed_by_us"  # our seal holds, but it is no registered agreement
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """The answer to "is this real?"; ``good`` only for what is exactly as registered."""

    kind: Kind
    sha256: str
    sentence: str
    number: str = ""
    sealed_at: datetime | None = None
    warning: str = ""  # real, but replaced or void by now

    @property
    def good(self) -> bool:
        return self.kind in (Kind.SEALED, Kind.CERTIFICATE, Kind.REGISTERED)

    @property
    def tone(self) -> str:
        if self.kind == Kind.ALTERED:
            return "bad"
        return "good" if self.good and not self.warning else "warn"


def by_hash(sha256: str) -> Finding:
    """What the ledger holds under a file's hash."""
    sha256 = sha256.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        return _unknown(sha256)
    found = Agreement.objects.filter(
        Q(sealed_sha256=sha256) | Q(certificate_sha256=sha256) | Q(document_sha256=sha256)
    ).first()
    if found is None:
        return _of_another_app(sha256)
    if found.sealed_sha256 == sha256:
        words = _("就是这份文件：%(at)s盖章存证，之后没有改动。")
        return _finding(Kind.SEALED, sha256, found, words % {"at": _moment(found.sealed_at)})
    if found.certificate_sha256 == sha256:
        words = _("这是签署证明，%(at)s盖章存证，之后没有改动。")
        return _finding(Kind.CERTIFICATE, sha256, found, words % {"at": _moment(found.sealed_at)})
    words = _("这是签名以前的协议文本，%(at)s定稿，之后没有改动。")
    return _finding(Kind.SHOWN, sha256, found, words % {"at": _moment(found.frozen_at)})


def _of_another_app(sha256: str) -> Finding:
    other = documents.registered(sha256)
    if other is None:
        return _unknown(sha256)
    return Finding(
        Kind.REGISTERED, sha256, other.sentence, other.number, other.sealed_at, other.warning
    )


def _unknown(sha256: str) -> Finding:
    return Finding(Kind.UNKNOWN, sha256, _("没有登记过这份文件。请上传整份文件再查一次。"))


def by_file(pdf: bytes) -> Finding:
    """What a whole file proves: its registration, else its seals, else its beginning."""
    finding = by_hash(hashlib.sha256(pdf).hexdigest())
    if finding.kind != Kind.UNKNOWN:
        return finding
    judged = documents.verdict(pdf)
    for agreement in _that_begin_it(pdf):
        sealed = intake.read(agreement.sealed) if agreement.sealed else b""
        if judged.seal_ok and sealed.startswith(pdf):
            return _finding(
                Kind.EARLIER,
                judged.sha256,
                agreement,
                _("这是较早的版本，后来还有签名。请以盖章的最终文件为准。"),
            )
        return _finding(
            Kind.ALTERED,
            judged.sha256,
            agreement,
            _("文件和登记的不一样，可能被改动过，请勿采信。"),
        )
    if judged.seal_ok:
        return Finding(Kind.SEALED_BY_US, judged.sha256, judged.sentence)
    kind = Kind.ALTERED if judged.rows else Kind.UNKNOWN
    return Finding(kind, judged.sha256, judged.sentence)


def by_page(version: str) -> Finding:
    """What the code on a printed page stands for: the first half of the text's hash."""
    found = None
    if re.fullmatch(r"[0-9a-f]{32}", version):
        found = Agreement.objects.filter(
            text_sha256__startswith=version, frozen_at__isnull=False
        ).first()
    if found is None:
        return Finding(Kind.UNKNOWN, "", _("没有登记过这个版本，请核对纸上的编号。"))
    words = _("纸上印的是 %(number)s 的定稿文本，版本指纹 %(short)s。请核对每页都一样。")
    short = f"{found.text_sha256[:4]}-{found.text_sha256[4:8]}".upper()
    return _finding(Kind.SHOWN, "", found, words % {"number": found.number, "short": short})


def _that_begin_it(pdf: bytes) -> list[Agreement]:
    """The agreements whose certified file ``pdf`` begins with, however broken the rest of it is."""
    ends = (end.end() for end in islice(re.finditer(rb"%%EOF\n?", pdf), MOST_REVISIONS))
    hashes = [hashlib.sha256(pdf[:end]).hexdigest() for end in ends]
    return list(Agreement.objects.filter(document_sha256__in=hashes).select_related("sealed"))


def _finding(kind: Kind, sha256: str, agreement: Agreement, sentence: str) -> Finding:
    return Finding(
        kind,
        sha256,
        sentence,
        number=agreement.number,
        sealed_at=agreement.sealed_at,
        warning=_warning(agreement),
    )


def _warning(agreement: Agreement) -> str:
    match Agreement.State(agreement.state):
        case Agreement.State.SUPERSEDED:
            return _("注意：这份协议已被新版替代。")
        case Agreement.State.VOID:
            return _("注意：这份协议已作废。")
        case Agreement.State.LAPSED:
            return _("注意：签约未达比例，这份协议没有生效。")
    return ""


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S ") if at else ""
