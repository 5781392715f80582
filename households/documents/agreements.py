"""Papers of an agreement: the certified text, the sealed file, the certificate (协议文书).

Their words are Chinese whatever language the page was in: the Chinese text is the binding one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import mark_safe

from caoyang_portal import documents
from caoyang_portal.confidential import mask_phone
from caoyang_portal.ledger.models import Entry
from households.models import Agreement, Member, Signature
from households.queries.agreements import signatories
from households.queries.placeholders import Facts
from households.queries.templates import sha256_of

from . import handwriting
from .scans import scans_of

AGREEMENT = "households/papers/agreement.html"
CERTIFICATE = "households/papers/certificate.html"


def print_agreement(
    agreement: Agreement, signers: Sequence[Member], *, draft: bool = False
) -> bytes:
    """The text of an agreement on paper, with a box for every signer."""
    address = f"{settings.SITE_URL}/verify/?v={agreement.text_sha256[:32]}"
    context = {
        "paper_title": agreement.template.name,
        "paper_number": agreement.number,
        "paper_fingerprint": short(agreement.text_sha256),
        "paper_issuer": agreement.project.name,
        "show_qr": True,
        "text": mark_safe(agreement.text),  # noqa: S308 cleaned, and its values escaped, when made
        "draft": draft,
        "signing_heading": "签署页",
        "signing_sheets": documents.signing_sheets(
            [{"role": member.get_role_display(), "name": member.name} for member in signers]
        ),
    }
    return documents.render_pdf(AGREEMENT, context, images={"qr": documents.qr(address)})


def preview(facts: Facts, text: str) -> bytes:
    """How a filled template will look on paper (预览); nobody can sign it."""
    agreement = Agreement(
        project=facts.project,
        template=facts.template,
        number=facts.number,
        text=text,
        text_sha256=sha256_of(text),
    )
    return print_agreement(agreement, facts.signers, draft=True)


def certified_agreement(agreement: Agreement, signers: Sequence[Member]) -> bytes:
    """The agreement as frozen (定稿): certified, with a reserved field for every signer."""
    fields = documents.resident_fields(len(signers))
    return documents.certify(print_agreement(agreement, signers), fields, "协议文本定稿")


def sealed_agreement(agreement: Agreement, certified: bytes) -> bytes:
    """The agreement with every signature and the final seal; begins with ``certified`` to the byte."""
    pdf = certified
    for signatory in signatories(agreement):
        signature = signatory.signature
        pdf = documents.sign_field(
            pdf,
            signatory.field_name,
            f"签署回执 {signature.receipt_number}",
            _picture(signature),
        )
    return documents.sign_field(pdf, documents.FINAL, "全部签署完成，盖章存证")


def _picture(signature: Signature) -> bytes:
    """What stands in a signatory's box: the hand, the typed name, or where to find the paper."""
    if signature.strokes:
        return handwriting.draw(signature.strokes)
    if signature.route == Signature.Route.PAPER:
        return handwriting.paper_note()
    return handwriting.typed(json.loads(signature.evidence)["typed_name"])


def certificate(agreement: Agreement, sealed: bytes, sealed_sha256: str) -> bytes:
    """The certificate of a sealed agreement (签署证明), sealed itself.

    A paper of its own: after the certification the agreement takes signatures, and no page.
    """
    head = Entry.objects.filter(chain=agreement.ledger_chain).order_by("-seq").first()
    address = f"{settings.SITE_URL}/verify/?h={sealed_sha256}"
    board = f"{settings.SITE_URL}/open/{agreement.project.code}/check/"
    lines = [one.signature for one in signatories(agreement)]
    scans = scans_of(lines)
    context = {
        "paper_title": "签署证明",
        "paper_number": agreement.number,
        "paper_issuer": agreement.project.name,
        "show_qr": True,
        "about": _about(agreement),
        "paper_sha256": sealed_sha256,
        "signatures": [_signed(one) for one in lines],
        "scan_pages": scans.pages,
        "board_url": board,
        "revisions": _revisions(agreement, sealed),
        "seal_statement": documents.seal_statement(),
        "timestamp_statement": documents.timestamp_statement(),
        "seal_fingerprint": documents.seal_fingerprint(),
        "is_demo_seal": documents.is_demo_seal(),
        "ledger_head": bytes(head.hash).hex() if head else "",
        "verify_url": f"{settings.SITE_URL}/verify/",
    }
    codes = {
        "qr": documents.qr(address),
        "qr-board": documents.qr(f"{board}?sha256={sealed_sha256}"),
    }
    pdf = documents.render_pdf(
        CERTIFICATE, context, images=codes | scans.images, enclosures=scans.enclosures
    )
    certified = documents.certify(pdf, [documents.FINAL], "签署证明")
    return documents.sign_field(certified, documents.FINAL, "签署证明")


def _revisions(agreement: Agreement, sealed: bytes) -> list[Any]:
    """The earlier files the sealed one begins with, named as people know them."""
    names = {s.field_name: f"{s.member.name}签名后" for s in signatories(agreement)}
    names |= {documents.CERTIFY: "定稿文本", documents.FINAL: "盖章文件"}
    return [replace(one, field=names[one.field]) for one in documents.revision_hashes(sealed)]


def _about(agreement: Agreement) -> list[tuple[str, str]]:
    found = [
        ("协议名称", f"{agreement.template.name}（第 {agreement.template.version} 版）"),
        ("协议编号", agreement.number),
        ("改造项目", agreement.project.name),
        ("房屋", agreement.household.address),
        ("版本指纹", short(agreement.text_sha256)),
        ("签署时文件指纹", agreement.document_sha256),
        ("签约时间", moment(agreement.signed_at)),
        ("签名方式约定", agreement.project.get_agreement_mode_display()),
    ]
    if agreement.supersedes is not None:
        found.append(("替代协议", agreement.supersedes.number))
    return found


@dataclass(frozen=True)
class SignedLine:
    """One signature as the certificate shows it."""

    name: str
    role: str
    how: str
    facts: list[tuple[str, str]]


def _signed(signature: Signature) -> SignedLine:
    member = signature.signatory.member
    facts = [
        ("签署时间", moment(signature.signed_at)),
        ("回执号", signature.receipt_number),
        ("签署的文件", signature.document_sha256),
        ("证据指纹", signature.evidence_sha256),
    ]
    if signature.route == Signature.Route.ONLINE and signature.signer:
        facts.insert(1, ("验证手机", mask_phone(signature.signer.phone)))
    if signature.mandate:
        facts.append(("受托签署", signature.mandate.agent_name))
    if signature.operator and signature.witness:
        facts.append(("经办和见证", f"{signature.operator.name}、{signature.witness.name}"))
    if signature.scan:
        where = (
            "附在本证明后面"
            if signature.scan.is_picture
            else f"附件 scan-{signature.receipt_number}.pdf"
        )
        facts.append(("签字页扫描件", f"{where}，指纹 {signature.scan.sha256}"))
    return SignedLine(member.name, member.get_role_display(), _how(signature), facts)


def _how(signature: Signature) -> str:
    match Signature.Route(signature.route):
        case Signature.Route.ONLINE:
            written = "手写签名" if signature.strokes else "输入姓名"
            return f"线上签约：短信验证码核验本人，{written}"
        case Signature.Route.TABLET:
            return "现场平板：工作人员核验身份，第二人见证，手写签名"
        case Signature.Route.PAPER:
            return "纸质签署：两名工作人员核对原件并录入扫描件"


def moment(at: Any) -> str:
    """``2026年11月22日 09:30:05``, Shanghai time."""
    return timezone.localtime(at).strftime("%Y年%m月%d日 %H:%M:%S") if at else ""


def short(sha256: str) -> str:
    """``3F9A-21C7``."""
    return f"{sha256[:4]}-{sha256[4:8]}".upper()
