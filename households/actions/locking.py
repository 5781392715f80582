"""The household's row, locked and re-read, and what is said when two people edit it (版本冲突)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from caoyang_portal.errors import Refused
from households.models import Household
from households.queries.search import search_text_for


class Changed(Refused):
    """Someone else has changed the file meanwhile; ``differing`` holds what stands and what was given."""

    def __init__(self, version: int, differing: dict[str, tuple[Any, Any]]) -> None:
        super().__init__(_("别的同事刚改过这份档案，请核对后再保存"))
        self.version = version
        self.differing = differing


def locked_household(household: Household) -> Household:
    """The household as it stands, held until the transaction ends."""
    return (
        Household.objects.select_for_update(of=("self",))
        .select_related("building", "neighbourhood")
        .get(pk=household.pk)
    )


def refuse_if_changed(
    household: Household, version: int, row: Model, given: Mapping[str, Any]
) -> None:
    """Raise ``Changed`` if ``household`` moved on since ``version`` and ``given`` would overwrite."""
    if household.version == version:
        return
    differing = {
        name: (getattr(row, name), value)
        for name, value in given.items()
        if getattr(row, name) != value
    }
    if differing:
        raise Changed(household.version, differing)


def move_on(household: Household) -> None:
    """Save the household's next version, with what the list finds it by."""
    living = household.members.filter(left_at=None)
    household.search_text = search_text_for(household, list(living))
    household.version += 1
    household.save(update_fields=["search_text", "version"])
