"""The publicity's row, locked and re-read."""

from django.utils.translation import gettext as _

from caoyang_portal.errors import Refused
from caoyang_portal.publicity.models import Publicity


def locked(publicity: Publicity) -> Publicity:
    """The publicity as it stands, held until the transaction ends."""
    return (
        Publicity.objects.select_for_update(of=("self",))
        .select_related("neighbourhood")
        .get(pk=publicity.pk)
    )


def refuse_unless(publicity: Publicity, *states: str) -> None:
    if publicity.state not in states:
        raise Refused(
            _("这份公示%(state)s，现在不能这样做。") % {"state": publicity.get_state_display()}
        )


def reason_of(text: str) -> str:
    if not text.strip():
        raise Refused(_("请写明原因"))
    return text.strip()
