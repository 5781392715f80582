"""Reading messages."""

from django.db.models import F, QuerySet
from django.db.models.lookups import IsNull

from caoyang_portal.community.models import User

from .models import Channel, Notice, Preference, Sending

OUTBOX_SIZE = 100


def unread_count(user: User) -> int:
    """How many messages wait for ``user``; one index, cheap enough for every page."""
    return Notice.objects.visible_to(user).unread().count()


def inbox(user: User) -> QuerySet[Notice]:
    """A person's messages, unread first, then newest first."""
    return Notice.objects.visible_to(user).order_by(
        IsNull(F("read_at"), False), "-created_at", "-pk"
    )


def outbox(tail: str = "") -> list[Sending]:
    """The demo's latest messages (发件箱), of one phone if ``tail`` is given."""
    sendings = Sending.objects.order_by("-created_at", "-pk")
    if tail:
        sendings = sendings.filter(to_tail=tail)
    return list(sendings[:OUTBOX_SIZE])


def preferences(user: User) -> dict[str, bool]:
    """Which channels ``user`` takes, by name."""
    said = dict(Preference.objects.filter(user=user).values_list("channel", "on"))
    return {channel.value: said.get(channel.value, True) for channel in Channel}
