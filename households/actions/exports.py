"""Lists taken out of the portal, and the searches kept by name (导出、常用筛选)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.models import Export, FileReading, Household, SavedFilter

MOST_ROWS = 5000
MOST_FILTERS = 12


@transaction.atomic
def export_households(
    households: Iterable[Household],
    *,
    columns: list[str],
    is_unmasked: bool,
    reason: str,
    by: User,
) -> Export:
    """Take a list of households out (导出): every one of them can read by whom and what for."""
    homes = list(households)
    if not homes:
        raise Refused(_("请先选至少一户"))
    if len(homes) > MOST_ROWS:
        raise Refused(_("一次最多导出 %(n)s 户，请先筛选") % {"n": MOST_ROWS})
    for home in homes:
        require(by, "households.export_households", home)
    if len({home.neighbourhood_id for home in homes}) > 1:
        raise Refused(_("请一个居民区一个居民区地导出"))
    if not reason.strip():
        raise Refused(_("请写明用途，住户会看到这条记录"))
    export = Export.objects.create(
        neighbourhood_id=homes[0].neighbourhood_id,
        by=by,
        reason=reason.strip(),
        columns=columns,
        is_unmasked=is_unmasked,
        rows=len(homes),
    )
    FileReading.objects.bulk_create(
        [
            FileReading(
                neighbourhood_id=home.neighbourhood_id,
                household=home,
                reader=by,
                what=FileReading.What.EXPORT,
                reason=export.reason,
                office="committee",
            )
            for home in homes
        ],
        batch_size=1000,
    )
    record(
        "households.export_households",
        export,
        by=by,
        rows=export.rows,
        columns=columns,
        is_unmasked=is_unmasked,
    )
    return export


@transaction.atomic
def save_filter(
    neighbourhood: Neighbourhood, *, name: str, query: str, is_shared: bool, by: User
) -> SavedFilter:
    """Keep a search under a name (保存筛选); the same name again replaces it."""
    saved = SavedFilter(
        neighbourhood=neighbourhood, owner=by, name=name.strip(), query=query, is_shared=is_shared
    )
    require(by, "households.save_filter", saved)
    if not saved.name:
        raise Refused(_("请给筛选起个名字"))
    mine = SavedFilter.objects.select_for_update().filter(owner=by, neighbourhood=neighbourhood)
    if mine.exclude(name=saved.name).count() >= MOST_FILTERS:
        raise Refused(_("最多保存 %(n)s 个，请先删掉几个") % {"n": MOST_FILTERS})
    saved, _new = SavedFilter.objects.update_or_create(
        owner=by,
        neighbourhood=neighbourhood,
        name=saved.name,
        defaults={"query": query, "is_shared": is_shared},
    )
    record("households.save_filter", saved, by=by)
    return saved


@transaction.atomic
def drop_filter(saved: SavedFilter, *, by: User) -> None:
    """Forget a search (删除筛选)."""
    saved = SavedFilter.objects.select_for_update().get(pk=saved.pk)
    require(by, "households.drop_filter", saved)
    record("households.drop_filter", saved, by=by)
    saved.delete()
