"""SMS to many households (群发短信): asked for on one page, held back a minute, then sent once."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.models import GroupMessage, Household
from households.queries.messaging import audience, text_of

HELD_BACK = timedelta(seconds=60)
MOST_HOUSEHOLDS = 5000


@transaction.atomic
def send_group_message(
    households: Iterable[Household], *, template: str, key: UUID, by: User
) -> GroupMessage:
    """Ask for an SMS to the right holders of many households (群发短信); the same ``key`` is one message."""
    homes = list(households)
    if not homes:
        raise Refused(_("请先选至少一户"))
    if len(homes) > MOST_HOUSEHOLDS:
        raise Refused(_("一次最多发给 %(n)s 户，请分几次发") % {"n": MOST_HOUSEHOLDS})
    for home in homes:
        require(by, "households.send_group_message", home)
    if len({home.neighbourhood_id for home in homes}) > 1:
        raise Refused(_("请一个居民区一个居民区地发"))
    whom = audience(homes)
    if not whom.readers:
        raise Refused(_("选中的户没有能收短信的人"))
    message, is_new = GroupMessage.objects.get_or_create(
        key=key,
        defaults={
            "neighbourhood_id": homes[0].neighbourhood_id,
            "text": text_of(template, homes[0].neighbourhood),
            "readers": [reader.pk for reader in whom.readers],
            "households": len(homes),
            "by": by,
            "send_after": timezone.now() + HELD_BACK,
        },
    )
    if message.by_id != by.pk:
        raise Refused(_("这一页已经用过了，请回到列表重新选"))
    if is_new:
        record(
            "households.send_group_message",
            message,
            by=by,
            readers=len(whom.readers),
            template=template,
        )
    return message


@transaction.atomic
def cancel_group_message(message: GroupMessage, *, by: User) -> GroupMessage:
    """Stop it while it waits (撤回短信)."""
    message = GroupMessage.objects.select_for_update().get(pk=message.pk)
    require(by, "households.cancel_group_message", message)
    message.move_to(GroupMessage.State.CANCELLED)
    message.save(update_fields=["state"])
    record("households.cancel_group_message", message, by=by)
    return message


def release_group_messages() -> int:
    """Hand over what has waited long enough (发出). By the clock; each is handed over once."""
    released = 0
    while _release_one():
        released += 1
    return released


@transaction.atomic
def _release_one() -> bool:
    due = GroupMessage.objects.filter(
        state=GroupMessage.State.WAITING, send_after__lte=timezone.now()
    )
    message = due.select_for_update(skip_locked=True).order_by("send_after").first()
    if message is None:
        return False
    message.move_to(GroupMessage.State.SENT)
    message.save(update_fields=["state"])
    record("households.release_group_message", message, readers=len(message.readers))
    return True
