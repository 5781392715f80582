"""A whole list of representatives at once (导入社区代表), and the same without leaving anything behind."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from structlog.contextvars import bound_contextvars

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import Congress

from .congress import add_representative, locked_congress

People = Sequence[Mapping[str, Any]]


@transaction.atomic
def import_representatives(congress: Congress, *, people: People, by: User) -> int:
    """Enter everybody on a list (导入社区代表): all of them, or nobody."""
    congress = locked_congress(congress)
    require(by, "consultation.import_representatives", congress)
    if not people or any(_entered(congress, people, by)):
        raise Refused(_("名单有错误，一个也没有登记。请看每一行的说明"))
    record("consultation.import_representatives", congress, by=by, entered=len(people))
    return len(people)


def refusals(congress: Congress, *, people: People, by: User) -> list[str]:
    """Why each of them would be refused, "" for the others: entered for a try, and taken back."""
    # The log of the request would name the last act that was tried as done.
    with transaction.atomic(), bound_contextvars(act=""):
        found = _entered(congress, people, by)
        transaction.set_rollback(True)
    return found


def _entered(congress: Congress, people: People, by: User) -> list[str]:
    """Enter each who can be; why the others cannot."""
    return [_refusal(congress, person, by) for person in people]


def _refusal(congress: Congress, person: Mapping[str, Any], by: User) -> str:
    try:
        with transaction.atomic():
            add_representative(congress, **person, by=by)
    except Refused as refusal:
        return str(refusal)
    return ""
