"""Signing an agreement by its three routes (签约): online, at the committee's tablet, on paper.

One transaction each: the agreement is locked and read again, everything is asked of what was read,
and signature, evidence, receipt, state, ledger and outbox are written together or not at all. The
sealed file, the messages and the signing rate follow from the outbox.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import may, require
from caoyang_portal.community.codes import issue_code, spend_code
from caoyang_portal.community.models import OneTimeCode, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.notices.sending import send_code
from caoyang_portal.uploads.models import Attachment
from households.models import Agreement, Mandate, Member, Project, Signatory, Signature
from households.queries.handwriting import weakness
from households.queries.papers import misdated_because, paper_closed_because, papers_may_come
from households.queries.signing import (
    bound_to,
    closed_because,
    consent_sentence,
    overtaken_because,
    presence_sentence,
    signatories_with_signatures,
)

from .evidence import (
    Place,
    code_facts,
    enter,
    fingerprint_of,
    handwriting_facts,
    licensed_facts,
    locked,
)
from .licensed import LicensedProof, licensed_proof

log = structlog.get_logger(__name__)

Mode = Project.AgreementMode
Route = Signature.Route


def ask_signing_code(
    agreement: Agreement, *, signatory: Signatory, session_key: str, ip: str, by: User
) -> None:
    """Send the code that signs this very text (签约验证码) to the phone on file."""
    require(by, "households.ask_signing_code", signatory)
    closed = closed_because(agreement, timezone.now()) or overtaken_because(
        signatories_with_signatures(agreement)
    )
    if closed:
        raise Refused(closed)
    code = issue_code(
        by, OneTimeCode.Purpose.SIGN, bound_to(agreement, signatory), session_key, ip=ip
    )
    text = _("您将签署的协议指纹 %(print)s，验证码 %(code)s，5 分钟内有效，请勿告诉他人。")
    with transaction.atomic():
        send_code(
            by, by.phone, code.clear, text % {"print": agreement.fingerprint, "code": code.clear}
        )
        record("households.ask_signing_code", agreement, by=by, signatory=signatory.pk)


def sign_online(
    agreement: Agreement,
    *,
    signatory: Signatory,
    code: str,
    strokes: str,
    typed_name: str = "",
    document_sha256: str,
    idempotency_key: str,
    session_key: str,
    device: Mapping[str, str],
    by: User,
) -> Signature:
    """Sign as oneself, or for the principal of one's mandate (线上签约).

    Sent again, it answers with the receipt there is. A wrong code is counted and commits; everything
    else that is refused leaves nothing behind.
    """
    licensed = _licensed(agreement, signatory, document_sha256, idempotency_key, by)
    with transaction.atomic():
        place = locked(agreement, signatory, by)
        require(by, "households.sign_online", place.signatory)
        if place.done:
            return _same_again(place.done, place.done.signer_id == by.pk)
        _refuse_unless_open(place, document_sha256, {Mode.AGREED, Mode.LICENSED})
        mandate = _own_or_mandate(place, by)
        named = _named(place.signatory, mandate, strokes, typed_name)
        try:
            proof = spend_code(
                by,
                OneTimeCode.Purpose.SIGN,
                bound_to(place.agreement, place.signatory),
                code,
                session_key,
            )
        except Refused as wrong:
            refusal = wrong
        else:
            evidence = named | {
                "consent": consent_sentence(place.agreement.project),
                "code": code_facts(proof, by),
                "device": dict(device),
                "licensed": licensed_facts(licensed),
            }
            signature = Signature(
                route=Route.ONLINE,
                signer=by,
                mandate=mandate,
                strokes=strokes,
                idempotency_key=idempotency_key,
            )
            return enter(place, signature, evidence, by)
    raise refusal


@transaction.atomic
def sign_on_tablet(
    agreement: Agreement,
    *,
    signatory: Signatory,
    mandate: Mandate | None = None,
    strokes: str,
    witness: User,
    witness_strokes: str,
    identity_seen: str,
    document_sha256: str,
    idempotency_key: str,
    device: Mapping[str, str],
    by: User,
) -> Signature:
    """The resident signs at the committee's tablet before two staff (现场平板签约).

    ``witness`` has just proved their presence by their own password.
    """
    place = locked(agreement, signatory, by)
    require(by, "households.sign_on_tablet", place.agreement)
    if place.done:
        return _same_again(place.done, place.done.idempotency_key == idempotency_key)
    _refuse_unless_open(place, document_sha256, {Mode.AGREED, Mode.LICENSED})
    mandate = _live_mandate(place, mandate)
    _refuse_unless_apart(place, mandate, witness, by)
    for problem in (weakness(strokes), weakness(witness_strokes)):
        if problem:
            raise Refused(problem)
    signature = Signature(
        route=Route.TABLET,
        mandate=mandate,
        operator=by,
        witness=witness,
        strokes=strokes,
        idempotency_key=idempotency_key,
    )
    evidence = handwriting_facts(strokes) | {
        "consent": presence_sentence(),
        "identity_seen": identity_seen,
        "device": dict(device),
        "witness_strokes": witness_strokes,
        "witness_strokes_sha256": fingerprint_of(witness_strokes),
    }
    return enter(place, signature, evidence, by)


@transaction.atomic
def enter_paper_signature(
    agreement: Agreement,
    *,
    signatory: Signatory,
    mandate: Mandate | None = None,
    scan: Attachment,
    witness: User,
    signed_on: date,
    shelf_mark: str,
    fingerprint: str = "",
    idempotency_key: str,
    device: Mapping[str, str],
    by: User,
) -> Signature:
    """Two staff enter a signature given on paper, with its scan (录入纸质签署).

    ``fingerprint`` is what the signed sheet carries; where it was typed it must be this text's.
    """
    place = locked(agreement, signatory, by)
    require(by, "households.enter_paper_signature", place.agreement)
    if place.done:
        return _same_again(place.done, place.done.idempotency_key == idempotency_key)
    late = papers_may_come(place.agreement.project, place.now)
    _refuse(place, paper_closed_because(place.agreement, place.now))
    mandate = _live_mandate(place, mandate)
    _refuse_unless_apart(place, mandate, witness, by)
    _refuse_another_paper(place, signed_on, fingerprint, scan)
    signature = Signature(
        route=Route.PAPER,
        mandate=mandate,
        operator=by,
        witness=witness,
        scan=scan,
        idempotency_key=idempotency_key,
    )
    evidence = {
        "scan_sha256": scan.sha256,
        "signed_on": signed_on.isoformat(),
        "shelf_mark": shelf_mark,
        "fingerprint_typed": fingerprint,
        "entered_late": place.agreement.project.paper_entry_reason if late else None,
        "device": dict(device),
    }
    return enter(place, signature, evidence, by)


def _same_again(done: Signature, is_the_same: bool) -> Signature:
    if not is_the_same:
        raise Refused(_("这位签约人已经签过了，不用再签。"))
    return done


def _refuse_unless_open(place: Place, document_sha256: str, modes: set[Mode]) -> None:
    agreement = place.agreement
    closed = closed_because(agreement, place.now)
    if not closed and document_sha256 != agreement.document_sha256:
        closed = _("协议已更新，请重新核对新的版本。")
    if not closed and agreement.project.agreement_mode not in modes:
        closed = _("本项目在纸上签署，请到居委签字。")
    _refuse(place, closed)


def _refuse(place: Place, closed: str) -> None:
    """Say why not: the period, the text, or somebody who is gone."""
    closed = closed or overtaken_because(place.signatories)
    if closed:
        agreement = place.agreement
        log.warning("signing_refused", agreement=str(agreement.pk), state=agreement.state)
        raise Refused(closed)


def _own_or_mandate(place: Place, by: User) -> Mandate | None:
    """None when ``by`` signs as themselves; else the mandate they sign by."""
    member = place.signatory.member
    if place.in_person:
        if member.capacity != Member.Capacity.FULL:
            raise Refused(_("这位签约人由监护人代签，请一起到居委办理。"))
        return None
    mandates = Mandate.objects.to_sign(timezone.localdate(place.now))
    return mandates.filter(agent=by, principal=member).order_by("-approved_at").first()


def _live_mandate(place: Place, mandate: Mandate | None) -> Mandate | None:
    """The mandate the agent at the counter signs by, as it stands now."""
    if mandate is None:
        return None
    live = Mandate.objects.to_sign(timezone.localdate(place.now)).filter(
        pk=mandate.pk, principal=place.signatory.member_id
    )
    found = live.first()
    if found is None:
        raise Refused(_("委托书不在有效期内，或不是签约的委托。"))
    return found


def _named(
    signatory: Signatory, mandate: Mandate | None, strokes: str, typed_name: str
) -> dict[str, Any]:
    """How the name was given: written by hand, or typed by those who cannot."""
    if strokes:
        problem = weakness(strokes)
        if problem:
            raise Refused(problem)
        return handwriting_facts(strokes)
    wanted = mandate.agent_name if mandate else signatory.member.name
    if not typed_name:
        raise Refused(_("请手写签名，或输入您的姓名。"))
    if _plain(typed_name) != _plain(wanted):
        raise Refused(_("姓名和登记的不一样，请输入您的全名。"))
    return {"typed_name": wanted}


def _plain(name: str) -> str:
    return "".join(name.replace("•", "·").replace("・", "·").split())


def _licensed(
    agreement: Agreement, signatory: Signatory, document_sha256: str, key: str, by: User
) -> LicensedProof | None:
    """What the licensed authority says, asked before anything is locked."""
    if agreement.project.agreement_mode != Mode.LICENSED:
        return None
    require(by, "households.sign_online", signatory)
    return licensed_proof(document_sha256, str(signatory.member_id), key)


def _refuse_unless_apart(
    place: Place, mandate: Mandate | None, witness: User, operator: User
) -> None:
    """Signer, operator and witness are three people, and no worker serves their own household."""
    if witness.pk == operator.pk:
        raise Refused(_("见证人要是另一位工作人员。"))
    if mandate and mandate.agent_id in (witness.pk, operator.pk):
        raise Refused(_("受托人不能同时经办或见证。"))
    if not may(witness, "households.witness_signature", place.agreement):
        log.warning("witness_refused", agreement=str(place.agreement.pk), user_id=str(witness.pk))
        raise Refused(_("见证人要是本居委的工作人员，且不是本户的人。"))


def _refuse_another_paper(
    place: Place, signed_on: date, fingerprint: str, scan: Attachment
) -> None:
    misdated = misdated_because(place.agreement.project, signed_on, place.now)
    if misdated:
        raise Refused(misdated)
    typed = fingerprint.replace("-", "").replace(" ", "").upper()
    prints = (place.agreement.fingerprint, place.agreement.text_sha256[:8])
    if typed and typed not in {p.replace("-", "").upper() for p in prints}:
        raise Refused(_("纸上的指纹和这份协议不一样，请核对版本。"))
    if scan.neighbourhood_id != place.agreement.neighbourhood_id:
        raise Refused(_("这份扫描件不属于本居委，请重新上传。"))
