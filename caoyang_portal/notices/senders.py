"""The ways out of the portal (发送通道): one interface, one class per gateway.

Which class serves a channel is a setting (``SMS_SENDER``, ``EMAIL_SENDER``, ``WECHAT_SENDER``).
"""

import smtplib
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Receipt:
    """The gateway took the message (回执)."""

    provider_id: str


class TimedOut(Exception):
    """No answer in time: the message may be on its way or not."""


class RefusedByGateway(Exception):
    """The gateway said no. ``try_later`` when waiting can help; a business limit is not that."""

    def __init__(self, code: str, *, try_later: bool = False):
        super().__init__(code)
        self.code = code
        self.try_later = try_later


class Sender(Protocol):
    """What a gateway's adapter does; both calls have a time limit of seconds."""

    def send(self, to: str, text: str, key: str) -> Receipt:
        """Hand the message over. ``key`` is stable over retries, for gateways that count by it."""

    def look_up(self, to: str, key: str) -> Receipt | None:
        """The receipt of an earlier ``send`` that got no answer; None if the gateway has none."""


class Console:
    """For the demo: the message stays in its row, which the outbox page shows (发件箱)."""

    def send(self, to: str, text: str, key: str) -> Receipt:
        return Receipt(f"demo-{key[-12:]}")

    def look_up(self, to: str, key: str) -> Receipt | None:
        return None


class NotConnected:
    """A channel without a gateway: refuses, so that the message waits on the staff page (未送达)."""

    def send(self, to: str, text: str, key: str) -> Receipt:
        raise RefusedByGateway("not-connected")

    def look_up(self, to: str, key: str) -> Receipt | None:
        return None


class DjangoMail:
    """E-mail through ``EMAIL_BACKEND``; the key makes a stable Message-ID."""

    def send(self, to: str, text: str, key: str) -> Receipt:
        message_id = f"<{key.replace(':', '.')}@{settings.DEFAULT_FROM_EMAIL.partition('@')[2]}>"
        mail = EmailMessage(
            subject=_("居民区通知：%(start)s") % {"start": text.partition("\n")[0][:30]},
            body=text,
            to=[to],
            headers={"Message-ID": message_id},
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refusal:
            raise RefusedByGateway("recipient-refused") from refusal
        except ConnectionRefusedError as refusal:
            raise RefusedByGateway("connection-refused", try_later=True) from refusal
        except (smtplib.SMTPException, OSError) as error:
            raise TimedOut(type(error).__name__) from error
        return Receipt(message_id[:80])

    def look_up(self, to: str, key: str) -> Receipt | None:
        return None


@cache
def _made(path: str) -> Sender:
    return import_string(path)()


def sender_for(channel: str) -> Sender:
    """The one instance per process that serves ``channel``."""
    return _made(getattr(settings, f"{channel.upper()}_SENDER"))
