"""Where a signature stands, what proves it, and what follows from it (签名证据).

The evidence is one canonical JSON text, kept encrypted; its hash goes into the ledger and on the
certificate page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from caoyang_portal.community.models import OneTimeCode, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.canonical import canonical_json
from caoyang_portal.ledger.entries import record
from households.models import Agreement, Project, Residency, Sealing, Signatory, Signature
from households.queries.receipts import new_receipt_number
from households.queries.signing import (
    DatabaseClock,
    signatories_with_signatures,
    signature_of,
)

from .effect import hold_signing_open, take_effect_if_reached
from .licensed import LicensedProof


@dataclass
class Place:
    """Where a signature is about to stand: the agreement as locked, its line, the moment."""

    agreement: Agreement
    signatory: Signatory
    signatories: Sequence[Signatory]
    now: datetime
    in_person: bool  # whether the actor is the signatory

    @property
    def done(self) -> Signature | None:
        return signature_of(self.signatory)


# What the act looks at; whole rows would cost it as much again.
_OF_THE_AGREEMENT = (
    *("neighbourhood", "household", "number", "state", "text_sha256", "document_sha256"),
    *(f"project__{field}" for field in ("agreement_mode", "stage", "threshold_pct")),
    *(f"project__{field}" for field in ("signing_opens_at", "signing_closes_at", "effective_at")),
    *(f"project__{field}" for field in ("paper_entry_days", "paper_entry_reason")),
    "project__snapshot__total",
)
_OF_THE_LINES = (
    *("agreement", "member", "order"),
    *(f"member__{field}" for field in ("name", "role", "capacity", "is_deceased", "left_at")),
    "member__household",
    *(f"signature__{field}" for field in ("signer", "idempotency_key", "receipt_number")),
)


def locked(agreement: Agreement, signatory: Signatory, by: User) -> Place:
    """Share the project's gate, lock the agreement, and read all of it again."""
    hold_signing_open(agreement.project_id)
    locked = (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project__snapshot")
        .only(*_OF_THE_AGREEMENT)
        .get(pk=agreement.pk)
    )
    own_line = Residency.objects.live().filter(user=by, member=OuterRef("member"))
    lines = list(
        signatories_with_signatures(locked)
        .only(*_OF_THE_LINES)
        .annotate(clock=DatabaseClock(), in_person=Exists(own_line))
    )
    own = next((line for line in lines if line.pk == signatory.pk), None)
    if own is None:
        raise Refused(_("这位签约人不在这份协议上。"))
    own.agreement = locked
    return Place(locked, own, lines, own.clock, own.in_person)


def enter(place: Place, signature: Signature, evidence: dict[str, Any], by: User) -> Signature:
    """Write the signature with its evidence and receipt, and move the agreement on."""
    agreement = place.agreement
    signature.neighbourhood_id = agreement.neighbourhood_id
    signature.agreement = agreement
    signature.signatory = place.signatory
    signature.signed_at = place.now
    signature.document_sha256 = agreement.document_sha256
    signature.receipt_number = new_receipt_number()
    signature.evidence = canonical_json(evidence | _common_facts(place, signature))
    signature.evidence_sha256 = fingerprint_of(signature.evidence)
    signature.save(force_insert=True)
    complete = all(
        line.pk == place.signatory.pk or signature_of(line) for line in place.signatories
    )
    _advance(agreement, complete, place.now)
    record(
        "households.sign_agreement",
        agreement,
        by=by,
        signatory=place.signatory.pk,
        route=signature.route,
        document_sha256=signature.document_sha256,
        evidence_sha256=signature.evidence_sha256,
        receipt=signature.receipt_number,
        mandate=signature.mandate_id,
        witness=signature.witness_id,
    )
    if complete:
        _complete(agreement, place.now, by)
    return signature


def _common_facts(place: Place, signature: Signature) -> dict[str, Any]:
    agreement = place.agreement
    return {
        "version": 1,
        "agreement": agreement.pk,
        "number": agreement.number,
        "document_sha256": agreement.document_sha256,
        "mode": agreement.project.agreement_mode,
        "route": signature.route,
        "signatory": place.signatory.pk,
        "name": place.signatory.member.name,
        "signer": signature.signer_id,
        "mandate": signature.mandate_id,
        "operator": signature.operator_id,
        "witness": signature.witness_id,
        "signed_at": place.now,
        "receipt": signature.receipt_number,
        "language": get_language(),
    }


def _advance(agreement: Agreement, complete: bool, now: datetime) -> None:
    if complete:
        agreement.move_to(Agreement.State.SIGNED)
        agreement.signed_at = now
        agreement.save(update_fields=["state", "signed_at"])
    elif agreement.state != Agreement.State.SIGNING:
        agreement.move_to(Agreement.State.SIGNING)
        agreement.save(update_fields=["state"])


def _complete(agreement: Agreement, now: datetime, by: User) -> None:
    """The last one signed: the seal is owed, and the signing rate has moved (签齐)."""
    Sealing.objects.create(
        neighbourhood_id=agreement.neighbourhood_id, agreement=agreement, queued_at=now
    )
    record("households.complete_agreement", agreement, by=by, project=agreement.project_id)
    # Only sooner: the outbox looks at the threshold all the same.
    transaction.on_commit(partial(_look_at_the_threshold, agreement.project), robust=True)


def _look_at_the_threshold(project: Project) -> None:
    """Ask for the locked count only when enough agreements are signed at all."""
    if project.stage != Project.Stage.SIGNING or project.snapshot is None:
        return
    signed = Agreement.objects.signed().filter(project=project).count()
    if signed * 100 >= project.threshold_pct * project.snapshot.total:
        take_effect_if_reached(project)


def handwriting_facts(strokes: str) -> dict[str, Any]:
    return {"strokes_sha256": fingerprint_of(strokes)}


def fingerprint_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def code_facts(code: OneTimeCode, by: User) -> dict[str, Any]:
    return {
        "phone": by.masked_phone,
        "sent_at": code.sent_at,
        "verified_at": code.used_at,
        "tries_left": code.tries_left,
        "id": code.pk,
    }


def licensed_facts(proof: LicensedProof | None) -> dict[str, str] | None:
    return (
        {"provider": proof.provider, "serial": proof.serial, "token": proof.token}
        if proof
        else None
    )
