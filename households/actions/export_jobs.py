"""Long lists written by a worker (后台导出), fetched within a day by whoever asked."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.exports import XLSX
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.intake import keep
from caoyang_portal.uploads.models import Attachment
from households.documents.exports import export_file
from households.models import Export, Household
from households.queries.listing import ordered, with_columns

LEASE = timedelta(minutes=10)  # longer than the longest list takes
KEPT = timedelta(hours=24)
State = Export.State


def write_exports() -> int:
    """Write what was asked for, and delete what nobody may fetch any more. By the clock and a nudge."""
    _delete_expired()
    written = 0
    while (export := _claim()) is not None:
        _finish(export, _written(export))
        written += 1
    return written


@transaction.atomic
def _claim() -> Export | None:
    now = timezone.now()
    due = Export.objects.filter(
        Q(state=State.QUEUED) | Q(state=State.WRITING, lease_until__lt=now)
    )
    export = due.select_for_update(skip_locked=True, of=("self",)).order_by("at").first()
    if export is None:
        return None
    export.move_to(State.WRITING)
    export.lease_until = now + LEASE
    export.save(update_fields=["state", "lease_until"])
    return export


def _written(export: Export) -> Attachment | None:
    """The file, with what its asker may still see; None if that office has ended meanwhile."""
    homes = Household.objects.filter(
        pk__in=export.households, neighbourhood_id=export.neighbourhood_id
    )
    rows = ordered(with_columns(homes, with_numbers=True), "")
    first = homes.first()
    if first is None or not may(export.by, "households.export_households", first):
        return None
    name = _("居民户 %(n)s 户.xlsx") % {"n": export.rows}
    content = export_file(export, rows.iterator(chunk_size=1000), export.columns)
    return keep(content, name, XLSX, neighbourhood_id=export.neighbourhood_id, by=export.by)


@transaction.atomic
def _finish(export: Export, file: Attachment | None) -> None:
    held = Export.objects.select_for_update(of=("self",)).filter(
        pk=export.pk, state=State.WRITING, lease_until=export.lease_until
    )
    export_now = held.first()
    if export_now is None:
        return  # another worker has taken it over
    export_now.move_to(State.DONE if file else State.FAILED)
    export_now.file, export_now.households = file, []
    export_now.expires_at = timezone.now() + KEPT
    export_now.save(update_fields=["state", "file", "households", "expires_at"])
    record("households.write_export", export_now, rows=export_now.rows)


@transaction.atomic
def download_export(export: Export, *, by: User) -> Attachment:
    """Fetch a written list (下载名单); every fetching is in the ledger."""
    export = (
        Export.objects.select_for_update(of=("self",)).select_related("file").get(pk=export.pk)
    )
    require(by, "households.download_export", export)
    if export.file is None or export.expires_at is None or export.expires_at <= timezone.now():
        raise Refused(_("这份名单还没有写好，或已过期。过期了请重新导出"))
    record("households.download_export", export, by=by, rows=export.rows)
    return export.file


def _delete_expired() -> None:
    old = Export.objects.filter(state=State.DONE, expires_at__lte=timezone.now())
    for export in old.select_related("file")[:100]:
        with transaction.atomic():
            file = export.file
            export.move_to(State.EXPIRED)
            export.file = None
            export.save(update_fields=["state", "file"])
            if file is not None:
                file.delete()
        if file is not None:
            default_storage.delete(file.key)
