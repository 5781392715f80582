"""What people do with messages: read them, choose channels, try an unsent one again."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record

from .models import Channel, Notice, Preference, Sending
from .sending import wake


@transaction.atomic
def read_notices(notices: list[Notice], *, by: User) -> int:
    """Mark messages read (已读); that a notice was read is itself worth knowing later."""
    fresh = list(
        Notice.objects.select_for_update()
        .filter(pk__in=[notice.pk for notice in notices], read_at=None)
        .order_by("pk")
    )
    for notice in fresh:
        require(by, "notices.read_notices", notice)
    if not fresh:
        return 0
    Notice.objects.filter(pk__in=[notice.pk for notice in fresh]).update(read_at=timezone.now())
    record(
        "notices.read_notices",
        fresh[0],
        by=by,
        notices=[notice.pk for notice in fresh],
        entries=[notice.entry_id for notice in fresh],
    )
    return len(fresh)


@transaction.atomic
def set_preference(user: User, channel: Channel, on: bool, *, by: User) -> Preference:
    """Take or leave a channel (接收方式). Codes come by SMS all the same."""
    preference = Preference(user=user, channel=channel)
    require(by, "notices.set_preference", preference)
    preference, _made = Preference.objects.update_or_create(
        user=user, channel=channel, defaults={"on": on}
    )
    record("notices.set_preference", preference, by=by, channel=channel.value, on=on)
    return preference


@transaction.atomic
def retry_sending(sending: Sending, *, by: User) -> Sending:
    """Queue an unsent message again from the start (重发)."""
    sending = Sending.objects.select_for_update().get(pk=sending.pk)
    require(by, "notices.retry_sending", sending)
    if sending.state not in (Sending.State.REFUSED, Sending.State.DEAD):
        raise Refused(_("这条正在发送，不用重发。"))
    if sending.kind == Sending.Kind.CODE:
        raise Refused(_("验证码已过期，请对方重新获取。"))
    # What died without an answer may have arrived: the gateway is asked before it rings again.
    in_doubt = sending.state == Sending.State.DEAD
    sending.state = Sending.State.UNKNOWN if in_doubt else Sending.State.QUEUED
    sending.attempts = 0
    sending.next_try_at = Now()
    sending.save(update_fields=["state", "attempts", "next_try_at"])
    record("notices.retry_sending", sending, by=by, channel=sending.channel)
    transaction.on_commit(wake, robust=True)
    return sending
