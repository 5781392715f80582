"""Signers and time stamp authorities that misbehave; named by dotted path in the settings."""

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from caoyang_portal.documents import keys
from caoyang_portal.documents.timestamps import local_timestamper


def impostor() -> keys.KeySigner:
    """The same names as the true chain, from a root of his own."""
    root = keys.issue_root("演示根证书")
    issuing = keys.issue_issuing("演示签发证书", root)
    seal = keys.issue_seal("演示印章", issuing)
    chain = [seal.certificate, issuing.certificate, root.certificate]
    return keys.KeySigner(seal.key, chain)


class Faulty(TimeStamper):
    """Answers as told, one word per request: works, down, refuses, stale …"""

    def __init__(self, *says: str):
        super().__init__()
        self.says = list(says)
        self.inner = local_timestamper()

    async def async_request_tsa_response(self, req):
        says = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        if says == "down":
            raise TimestampRequestError("connection refused")
        if says == "refuses":
            return tsp.TimeStampResp({"status": {"status": "rejection"}})
        if says == "stale":  # an answer to somebody else's question
            req = tsp.TimeStampReq.load(req.dump())
            req["nonce"] = 42
        if says == "of something else":
            req = tsp.TimeStampReq.load(req.dump())
            req["message_imprint"]["hashed_message"] = bytes(32)
        return await self.inner.async_request_tsa_response(req)


def works():
    return Faulty("works")


def down():
    return Faulty("down")


def refuses():
    return Faulty("refuses")


def stale():
    return Faulty("stale")


def of_something_else():
    return Faulty("of something else")


def dies_after_the_first():
    return Faulty("works", "down")
