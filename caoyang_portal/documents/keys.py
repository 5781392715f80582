"""Whose seal it is (印章): the key, its certificates, and who holds them.

A ``Signer`` is the seam to a licensed certification authority or a seal held in hardware: name its
factory in ``settings.SEAL_SIGNER``. The portal's own signer reads a key file. A seal by SM2 (国密)
needs such an outside signer: the library under us does not speak it.
"""

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class Signer(Protocol):
    """What seals papers; ``certificates`` begins with the seal's own and ends with its root."""

    certificates: list[x509.Certificate]
    is_demo: bool

    def __hash__(self) -> int: ...

    def sign(self, data: bytes) -> bytes:
        """An ECDSA-SHA256 or RSA-PKCS1-SHA256 signature over ``data``, by the certificate's key."""


@dataclass(eq=False)
class KeySigner:
    """A private key in memory, loaded once per process."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificates: list[x509.Certificate]
    is_demo: bool = False

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415 rare

            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def file_signer() -> KeySigner:
    """The signer of the key file in the settings, or the demonstration seal where that is allowed."""
    if settings.SEAL_KEY:
        return _signer_of(
            Path(settings.SEAL_KEY),
            [Path(settings.SEAL_CERT), Path(settings.SEAL_CHAIN)],
            settings.SEAL_PASSPHRASE,
        )
    if settings.SEAL_DEMO:
        folder = demo_chain()
        paths = [folder / "seal.crt", folder / "issuing.crt", folder / "root.crt"]
        return _signer_of(folder / "seal.key", paths, "", is_demo=True)
    raise ImproperlyConfigured("SEAL_KEY, SEAL_CERT and SEAL_CHAIN name no seal (make_seal_chain)")


def _signer_of(
    key: Path, certificates: list[Path], passphrase: str, *, is_demo=False
) -> KeySigner:
    try:
        loaded = serialization.load_pem_private_key(key.read_bytes(), passphrase.encode() or None)
        chain = [
            one
            for path in certificates
            for one in x509.load_pem_x509_certificates(path.read_bytes())
        ]
    except (OSError, ValueError, TypeError) as problem:
        raise ImproperlyConfigured(f"the seal cannot be read: {problem}") from problem
    if not isinstance(loaded, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ImproperlyConfigured("the seal's key is neither EC nor RSA")
    if loaded.public_key() != chain[0].public_key():
        raise ImproperlyConfigured("SEAL_KEY does not belong to SEAL_CERT")
    return KeySigner(loaded, chain, is_demo)


@cache
def seal() -> Signer:
    """The seal of this process."""
    return import_string(settings.SEAL_SIGNER)()


def seal_fingerprint() -> str:
    """SHA-256 of the seal's certificate, to be compared with the one on the notice board."""
    return seal().certificates[0].fingerprint(hashes.SHA256()).hex()


def seal_holder() -> str:
    """The name in the seal's certificate."""
    [name, *_rest] = seal().certificates[0].subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(name.value)


def seal_expires_at() -> dt.datetime:
    return seal().certificates[0].not_valid_after_utc


def is_demo_seal() -> bool:
    return seal().is_demo


def seal_statement() -> str:
    """What the seal means, for the certificate page (电子签名法 arts. 13-14); papers are Chinese."""
    if is_demo_seal():
        return "演示印章：仅供试用，没有法律效力。"
    return (
        f"本印章由{seal_holder()}持有，证明文件与签署当时一致；它不是居民本人的证书。"
        "居民本人的意愿由签署证据记录证明。"
    )


# --- Certificates of our own -------------------------------------------------------------------

YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Issued:
    """A key and the certificate made for it."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    def key_pem(self, passphrase: str = "") -> bytes:
        lock = (
            serialization.BestAvailableEncryption(passphrase.encode())
            if passphrase
            else serialization.NoEncryption()
        )
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock
        )

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def issue_root(name: str) -> Issued:
    key = ec.generate_private_key(ec.SECP384R1())
    return _issue(name, key, None, years=30, path_length=1)


def issue_issuing(name: str, root: Issued) -> Issued:
    key = ec.generate_private_key(ec.SECP384R1())
    return _issue(name, key, root, years=20, path_length=0)


def issue_seal(name: str, issuer: Issued) -> Issued:
    """A P-256 key: ten times faster than RSA. Ten years, as sealed papers are asked about later."""
    return _issue(name, ec.generate_private_key(ec.SECP256R1()), issuer, years=10)


def issue_tsa(name: str, root: Issued) -> Issued:
    """A time stamp authority for demonstrations; its protocol library wants an RSA key."""
    key = rsa.generate_private_key(65537, 2048)
    return _issue(name, key, root, years=10, time_stamping=True)


def _issue(
    name, key, issuer: Issued | None, *, years, path_length=None, time_stamping=False
) -> Issued:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    is_ca = path_length is not None
    now = dt.datetime.now(dt.UTC)
    issuer_key = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + years * YEAR)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=path_length), critical=True)
        .add_extension(_usage(is_ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if time_stamping:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return Issued(key, builder.sign(issuer_key, hashes.SHA256()))


def _usage(is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=not is_ca,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def demo_chain() -> Path:
    """The folder of the demonstration seal, made once per machine; two processes may race for it."""
    folder = Path(settings.SEAL_DEMO_DIR)
    if (folder / "seal.key").exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent))  # mode 0700
    root = issue_root("演示根证书")
    issuing = issue_issuing("演示签发证书", root)
    made = {
        "root": root,
        "issuing": issuing,
        "seal": issue_seal("演示印章", issuing),
        "tsa": issue_tsa("演示时间戳", root),
    }
    for name, issued in made.items():
        (draft / f"{name}.crt").write_bytes(issued.pem)
        if name in (
            "seal",
            "tsa",
        ):  # the demonstration CA issues nothing more: its keys are not kept
            (draft / f"{name}.key").write_bytes(issued.key_pem())
    try:
        os.rename(draft, folder)
    except OSError:  # the other process was first
        shutil.rmtree(draft)
    return folder
