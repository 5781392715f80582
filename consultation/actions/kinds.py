"""Kinds of polls are revised as new versions (表决种类)."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import PollKind

FIXED = ("id", "neighbourhood", "version", "made_at", "made_by", "valid_from", "valid_to", "why")


@transaction.atomic
def revise_kind(
    kind: PollKind,
    *,
    neighbourhood: Neighbourhood,
    changes: dict[str, Any],
    valid_from: date,
    why: str = "",
    by: User,
) -> PollKind:
    """A new version of ``kind`` for one neighbourhood (修订); polls on the old one keep it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"poll-kind:{kind.code}"])
    last = (
        PollKind.objects.filter(neighbourhood=neighbourhood, code=kind.code)
        .order_by("-version")
        .first()
    )
    values = {
        name: value for name, value in model_to_dict(kind).items() if name not in FIXED
    } | changes
    new = PollKind(
        **values,
        neighbourhood=neighbourhood,
        version=1 + max(kind.version, last.version if last else 0),
        valid_from=valid_from,
        why=why.strip(),
        made_by=by,
    )
    require(by, "consultation.revise_kind", new)
    if valid_from < timezone.localdate():
        raise Refused(_("新版本不能早于今天生效"))
    if new.silent_rule != PollKind.SilentRule.NOT_COUNTED and not new.silent_clause.strip():
        raise Refused(_("未答复的要计入，必须写明议事规则的条文"))
    new.save(force_insert=True)
    record(
        "consultation.revise_kind", new, by=by, code=new.code, version=new.version,
        changed=sorted(changes),
    )  # fmt: skip
    return new


@transaction.atomic
def end_kind(kind: PollKind, *, by: User) -> PollKind:
    """No new poll of this version after today (停用)."""
    kind = PollKind.objects.select_for_update(of=("self",)).get(pk=kind.pk)
    if kind.neighbourhood is None:
        raise Refused(_("通用的表决种类不能停用，可以修订成本居民区的版本"))
    require(by, "consultation.end_kind", kind)
    kind.valid_to = max(kind.valid_from, timezone.localdate())
    kind.save(update_fields=["valid_to"])
    record("consultation.end_kind", kind, by=by, code=kind.code, version=kind.version)
    return kind
