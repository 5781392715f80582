"""A licensed certification authority's electronic signature (持牌机构电子签名), behind one interface.

A project in mode ``licensed`` signs with the signatory's own certificate (Electronic Signature Law
art. 16). Which authority is a matter of contract: an adapter named by ``LICENSED_SIGNER``.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from caoyang_portal.errors import Refused


@dataclass(frozen=True)
class LicensedProof:
    """What the authority answers: who it is, the certificate's serial number, its signature."""

    provider: str
    serial: str
    token: str


class AuthoritySilent(Exception):
    """The authority did not answer, or answered with a failure of its own."""


class Signer(Protocol):
    def sign(self, *, document_sha256: str, person: str, key: str) -> LicensedProof:
        """Sign the hash with ``person``'s certificate; the same ``key`` gets the same answer.

        Raises ``AuthoritySilent`` when there is no answer, ``Refused`` when the person may not sign.
        """
        ...


def licensed_proof(document_sha256: str, person: str, key: str) -> LicensedProof:
    """Ask the authority; call it outside any transaction."""
    if not settings.LICENSED_SIGNER:
        raise Refused(_("本项目的电子签名尚未开通，请到居委签字。"))
    signer: Signer = import_string(settings.LICENSED_SIGNER)()
    try:
        return signer.sign(document_sha256=document_sha256, person=person, key=key)
    except AuthoritySilent as silence:
        raise Refused(_("签名机构暂时没有回应。您填的都在，请稍后再签。")) from silence
