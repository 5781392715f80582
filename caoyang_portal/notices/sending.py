"""Tell people, and get it to them (通知与发送).

``tell`` and ``send_code`` only write rows; ``send_pending`` and ``send_now`` carry them out of the
portal, each message by one worker at a time and outside of any transaction.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from caoyang_portal.community.models import User
from caoyang_portal.ids import new_id
from caoyang_portal.ledger.entries import Entry
from caoyang_portal.ledger.nudging import nudge

from . import courier
from .models import CODE_LIFE, Channel, Notice, Preference, Sending
from .senders import RefusedByGateway, TimedOut, sender_for

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
BATCH = 500
PATIENCE = 3  # time-outs in a row before a channel is left alone until the next run


def tell(
    entry: Entry,
    readers: Iterable[User],
    text: str,
    *,
    link: str = "",
    channels: Iterable[str] = ("sms",),
    key: str = "",
) -> None:
    """Put ``text`` before each reader, once per entry, and send it by the channels they take.

    Write an SMS in at most 70 characters, it is one message then. ``key`` tells apart two messages
    about one entry.
    """
    text = str(text)
    people = list({reader.pk: reader for reader in readers if reader.is_active}.values())
    Notice.objects.bulk_create(
        [
            Notice(
                entry=entry,
                reader=reader,
                neighbourhood_id=entry.neighbourhood_id,
                text=text,
                link=link,
            )
            for reader in people
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    unwanted = set(
        Preference.objects.filter(user__in=people, on=False).values_list("user_id", "channel")
    )
    sendings = [
        _sending(entry, reader, Channel(channel), text, link=link, key=key)
        for channel in channels
        for reader in people
        if (reader.pk, channel) not in unwanted and _address(reader, Channel(channel))
    ]
    Sending.objects.bulk_create(sendings, ignore_conflicts=True, batch_size=BATCH)
    if sendings and not any(wake in call for call in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Ask for the sending now; the minute beat does it all the same."""
    nudge("notices.send_pending")


def _address(reader: User, channel: Channel) -> str:
    match channel:
        case Channel.SMS:
            return reader.phone
        case Channel.EMAIL:
            return reader.email
        case Channel.WECHAT:
            return reader.wechat_openid


def _sending(
    entry: Entry, reader: User, channel: Channel, text: str, *, link: str, key: str
) -> Sending:
    to = _address(reader, channel)
    if link and channel != Channel.SMS:
        text = f"{text}\n\n{settings.SITE_URL}{link}"
    return Sending(
        key=":".join(filter(None, (str(entry.pk), str(reader.pk), channel.value, key))),
        channel=channel,
        reader=reader,
        neighbourhood_id=entry.neighbourhood_id,
        to=to,
        to_tail=to[-4:] if channel == Channel.SMS else "",
        text=text,
    )


def send_code(user: User, phone: str, code: str, text: str) -> Sending:
    """Send a one-time code by SMS, ahead of everything else, as soon as the transaction commits.

    The code stands in ``text``. It goes out from this very process, for a resident must be able to
    sign in with the broker gone; the minute beat is the second chance.
    """
    if code not in str(text):
        raise ValueError("the text does not contain the code")
    sending = Sending.objects.create(
        key=f"code:{new_id()}",
        channel=Channel.SMS,
        kind=Sending.Kind.CODE,
        urgent=True,
        reader=user,
        to=phone,
        to_tail=phone[-4:],
        text=str(text),
    )
    transaction.on_commit(lambda: courier.run(send_now, sending.pk), robust=True)
    return sending


def send_now(pk) -> bool:
    """Send one message unless another worker has it."""
    claimed = _claim(Sending.objects.filter(pk=pk))
    return claimed is not None and _attempt(*claimed)


def send_pending(limit: int = 10_000, *, seconds: float = 50) -> int:
    """Send what is due, codes first, until nothing is; workers may run this side by side."""
    sent = 0
    silent: Counter[str] = Counter()
    stop = time.monotonic() + seconds
    for _ in range(limit):
        tired = [channel for channel, times in silent.items() if times >= PATIENCE]
        claimed = None
        if time.monotonic() < stop:
            claimed = _claim(Sending.objects.exclude(channel__in=tired))
        if claimed is None:
            break
        if _attempt(*claimed):
            sent += 1
            silent[claimed[0].channel] = 0
        else:
            silent[claimed[0].channel] += claimed[0].state == Sending.State.UNKNOWN
    return sent


@transaction.atomic
def _claim(sendings) -> tuple[Sending, bool] | None:
    """Take the first message due; with it, whether it may already have been delivered.

    From here until the answer is written the result *is* unknown, so that is what the row says: a
    worker that dies now leaves a message which nobody resends within the minute.
    """
    sending = sendings.due().select_for_update(skip_locked=True).first()
    if sending is None:
        return None
    in_doubt = sending.state == Sending.State.UNKNOWN
    sending.state = Sending.State.UNKNOWN
    sending.attempts += 1
    sending.next_try_at = Now() + min(timedelta(hours=1), _backoff(60, sending.attempts))
    sending.save(update_fields=["state", "attempts", "next_try_at"])
    return sending, in_doubt


def _backoff(first: int, attempts: int) -> timedelta:
    return timedelta(seconds=first * 2 ** (attempts - 1))


def _attempt(sending: Sending, in_doubt: bool) -> bool:
    """Hand a claimed message to its gateway and write down the answer."""
    sender = sender_for(sending.channel)
    try:
        receipt = sender.look_up(sending.to, sending.key) if in_doubt else None
        receipt = receipt or sender.send(sending.to, sending.text, sending.key)
    except RefusedByGateway as refusal:
        logger.warning("sending %s refused: %s", sending.pk, refusal.code)
        sending.last_error = refusal.code[:120]
        sending.state = Sending.State.REFUSED
        if refusal.try_later:
            sending.state = Sending.State.QUEUED
            sending.next_try_at = Now() + _backoff(300, sending.attempts)
    except Exception as error:
        # An adapter may fail in any way; whatever it was, the message may be on its way.
        logger.warning("sending %s without an answer: %s", sending.pk, type(error).__name__)
        sending.last_error = "no-answer" if isinstance(error, TimedOut) else type(error).__name__
    else:
        sending.state = Sending.State.SENT
        sending.sent_at = timezone.now()
        sending.provider_id = receipt.provider_id[:80]
        sending.last_error = ""
    if sending.state in ("queued", "unknown") and sending.attempts >= MOST_ATTEMPTS:
        sending.state = Sending.State.DEAD
    _note(sending)
    return sending.state == Sending.State.SENT


def _note(sending: Sending) -> None:
    """Write the answer unless a later attempt has been made since."""
    fields = ("state", "next_try_at", "sent_at", "provider_id", "last_error")
    Sending.objects.filter(
        pk=sending.pk, attempts=sending.attempts, state=Sending.State.UNKNOWN
    ).update(**{field: getattr(sending, field) for field in fields})


def blank_old_codes() -> int:
    """Erase the texts of codes that have run out (清除验证码), and stop sending them. By the clock."""
    old = Sending.objects.filter(
        kind=Sending.Kind.CODE, created_at__lt=timezone.now() - CODE_LIFE
    ).exclude(text="")
    old.open().update(state=Sending.State.DEAD, last_error="out-of-time")
    return old.update(text="")
