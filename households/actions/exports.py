"""Lists taken out of the portal, and the searches kept by name (导出、常用筛选)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.nudging import nudge
from households.models import Export, FileReading, Household, ListLook, SavedFilter

MOST_ROWS = 5000  # while one waits; more go to a worker
MOST_EVER = 50_000
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
    if len(homes) > MOST_EVER:
        raise Refused(_("一次最多导出 %(n)s 户，请先筛选") % {"n": MOST_EVER})
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
        **_queued(homes),
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
    if export.state == Export.State.QUEUED:
        transaction.on_commit(lambda: nudge("households.write_exports"), robust=True)
    return export


def _queued(homes: list[Household]) -> dict[str, Any]:
    """A list too long to wait for is written by a worker."""
    if len(homes) <= MOST_ROWS:
        return {}
    return {"state": Export.State.QUEUED, "households": [home.pk for home in homes]}


@transaction.atomic
def save_filter(
    neighbourhood: Neighbourhood,
    *,
    name: str,
    query: str,
    is_shared: bool,
    is_default: bool = False,
    by: User,
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
    if is_default:
        _leave_defaults(by)
    saved, _new = SavedFilter.objects.update_or_create(
        owner=by,
        neighbourhood=neighbourhood,
        name=saved.name,
        defaults={"query": query, "is_shared": is_shared, "is_default": is_default},
    )
    record("households.save_filter", saved, by=by)
    return saved


@transaction.atomic
def set_default_filter(saved: SavedFilter, *, is_default: bool, by: User) -> SavedFilter:
    """Let the list open with this search, or no longer (默认筛选); one of each person's."""
    saved = SavedFilter.objects.select_for_update().get(pk=saved.pk)
    require(by, "households.set_default_filter", saved)
    _leave_defaults(by)
    saved.is_default = is_default
    saved.save(update_fields=["is_default"])
    record("households.set_default_filter", saved, by=by, is_default=is_default)
    return saved


def _leave_defaults(owner: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    SavedFilter.objects.filter(owner=owner, is_default=True).update(is_default=False)


def keep_look(
    neighbourhood: Neighbourhood, *, columns: list[str], density: ListLook.Density, owner: User
) -> ListLook:
    """Remember how somebody likes the list (列表样式); a preference, not an act: nothing is recorded."""
    look, _new = ListLook.objects.update_or_create(
        owner=owner,
        defaults={"neighbourhood": neighbourhood, "columns": columns, "density": density},
    )
    return look


@transaction.atomic
def drop_filter(saved: SavedFilter, *, by: User) -> None:
    """Forget a search (删除筛选)."""
    saved = SavedFilter.objects.select_for_update().get(pk=saved.pk)
    require(by, "households.drop_filter", saved)
    record("households.drop_filter", saved, by=by)
    saved.delete()
