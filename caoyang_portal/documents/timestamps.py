"""Trusted time (时间戳): RFC 3161, from the authority in ``settings.TSA_URL``, or none at all.

A configured authority that does not answer is never skipped: the paper stays unsealed (待盖时间戳).
"""

import urllib.error
import urllib.request
from functools import cache
from pathlib import Path

from asn1crypto import tsp
from cryptography import x509
from django.conf import settings
from django.utils.module_loading import import_string
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, set_tsp_headers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .keys import demo_chain

SECONDS_TO_WAIT = 8


class TimestampUnavailable(Exception):
    """The time stamp authority gave no stamp; the paper is not sealed and should be tried again."""


class HttpTimeStamper(TimeStamper):
    """Asks the authority at ``url``."""

    def __init__(self, url: str):
        super().__init__()
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        question = urllib.request.Request(  # noqa: S310 the address is a setting
            self.url, data=req.dump(), headers=set_tsp_headers({})
        )
        try:
            with urllib.request.urlopen(question, timeout=SECONDS_TO_WAIT) as answer:  # noqa: S310
                if answer.headers.get_content_type() != "application/timestamp-reply":
                    raise TimestampRequestError(f"{self.url} answered something else")
                return tsp.TimeStampResp.load(answer.read(1_000_000))
        except (urllib.error.URLError, TimeoutError, OSError, ValueError) as problem:
            raise TimestampRequestError(str(problem)) from problem


class Careful(TimeStamper):
    """Another stamper, whose every failure is one: no stamp.

    The library checks answers only partly, and stumbles over some (a wrong nonce, broken ASN.1).
    """

    def __init__(self, inner: TimeStamper):
        super().__init__()
        self.inner = inner

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return await self.inner.async_request_tsa_response(req)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str):
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except TimestampRequestError:
            raise
        except Exception as problem:
            raise TimestampRequestError(f"no stamp: {problem}") from problem


def http_timestamper() -> TimeStamper | None:
    """The authority of the settings; ``None`` where none is configured."""
    return HttpTimeStamper(settings.TSA_URL) if settings.TSA_URL else None


def local_timestamper() -> TimeStamper:
    """A time stamp authority of our own, for demonstrations and tests."""
    folder = demo_chain()
    store = SimpleCertificateStore()
    store.register(load_cert_from_pemder(folder / "root.crt"))
    return DummyTimeStamper(
        load_cert_from_pemder(folder / "tsa.crt"),
        load_private_key_from_pemder(folder / "tsa.key", passphrase=None),
        certs_to_embed=store,
    )


@cache
def timestamper_at(factory: str, url: str) -> TimeStamper | None:
    stamper = import_string(factory)()
    return Careful(stamper) if stamper else None


def timestamper() -> TimeStamper | None:
    """The authority of this process, or ``None``."""
    return timestamper_at(settings.TIMESTAMPER, settings.TSA_URL)


def timestamp_roots() -> list[x509.Certificate]:
    """The roots a time stamp must lead back to."""
    roots = []
    if settings.TSA_ROOTS:
        roots += x509.load_pem_x509_certificates(Path(settings.TSA_ROOTS).read_bytes())
    if settings.SEAL_DEMO:
        roots += x509.load_pem_x509_certificates((demo_chain() / "root.crt").read_bytes())
    return roots


def timestamp_statement() -> str:
    """What the certificate page says about the time."""
    if timestamper() is None:
        return "本文件未加盖可信时间戳，时间以平台记录为准。"
    return "本文件加盖可信时间戳，时间由第三方证明。"
