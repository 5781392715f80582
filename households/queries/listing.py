"""The household list (户列表): filters, order, counts. Every filter is a word in the address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import User
from households.models import (
    Agreement,
    CareTag,
    Household,
    Member,
    PlanRemark,
    SavedFilter,
    Visit,
)
from households.queries.search import find_households

ORDERS = {  # what the list may be sorted by; nothing else ever reaches the database
    "address": ("building__number", "building__name", "door", "floor", "room", "part"),
    "area": ("living_area",),
    "contact": ("last_contact",),
    "next": ("next_contact_on",),
    "stage": ("stage",),
}
NO_AGREEMENT = "none"
SYSTEM_FILTERS = (
    ("silent", _("七天未联系"), "silent=7"),
    ("due", _("今天要联系"), "due=1"),
    ("missing", _("差一位共有人"), "missing=1"),
    ("objection", _("有异议"), "objection=1"),
    ("mine", _("我负责的"), "responsible=me"),
)


@dataclass(frozen=True)
class Counted:
    """A search by name with how many households it finds now."""

    pk: Any
    name: str
    query: str
    count: int
    is_own: bool = False
    is_shared: bool = False
    is_default: bool = False


@dataclass
class Search:
    """What somebody looks for, as cleaned by the form; empty values do not filter."""

    user: User
    values: Mapping[str, Any] = field(default_factory=dict)
    by_name: bool = True  # False: only by address, for offices that see no names

    def apply(self, households: QuerySet[Household]) -> QuerySet[Household]:
        """``households`` narrowed by every value that is set."""
        for name, narrow in _NARROW.items():
            value = self.values.get(name)
            if value not in (None, "", False, []):
                households = narrow(households, value, self.user)
        if text := self.values.get("q"):
            households = (
                find_households(households, text)
                if self.by_name
                else _by_address(households, text)
            )
        return households


def _by_address(households: QuerySet, text: str) -> QuerySet:
    for word in text.replace("\x00", "").split()[:4]:
        households = households.filter(
            Q(room__istartswith=word) | Q(door__icontains=word) | Q(building__name__icontains=word)
        )
    return households


def _silent(households: QuerySet, days: int, user: User) -> QuerySet:
    since = timezone.now() - timedelta(days=int(days))
    return households.filter(
        ~Exists(Visit.objects.filter(household=OuterRef("pk"), at__gte=since))
    )


def _contacted(households: QuerySet, days: int, user: User) -> QuerySet:
    since = timezone.now() - timedelta(days=int(days))
    return households.filter(Exists(Visit.objects.filter(household=OuterRef("pk"), at__gte=since)))


def _missing(households: QuerySet, value: bool, user: User) -> QuerySet:
    """One signature short: everyone of several has signed but one."""
    begun = (
        Agreement.objects.filter(household=OuterRef("pk"), state=Agreement.State.SIGNING)
        .annotate(owed=Count("signatories", filter=Q(signatories__signature=None)))
        .filter(owed=1)
    )
    return households.filter(Exists(begun))


def _objection(households: QuerySet, value: bool, user: User) -> QuerySet:
    open_remark = PlanRemark.objects.filter(
        plan__household=OuterRef("pk"),
        kind=PlanRemark.Kind.OBJECTION,
        state=PlanRemark.State.OPEN,
    )
    declined = Agreement.objects.filter(household=OuterRef("pk"), state=Agreement.State.DECLINED)
    return households.filter(Exists(open_remark) | Exists(declined))


def _stage(households: QuerySet, state: str, user: User) -> QuerySet:
    live = Agreement.objects.filter(household=OuterRef("pk"), state__in=Agreement.LIVE)
    if state == NO_AGREEMENT:
        return households.filter(~Exists(live))
    return households.filter(Exists(live.filter(state=state)))


def _care(households: QuerySet, kind: str, user: User) -> QuerySet:
    """By difficulty: only where the asker is on the committee, whatever else is visible."""
    tags = CareTag.objects.standing(timezone.localdate()).filter(
        household=OuterRef("pk"), kind=kind
    )
    return households.filter(Exists(tags), neighbourhood_id__in=user.places("committee"))


def _responsible(households: QuerySet, who: str, user: User) -> QuerySet:
    if who == "me":
        return households.filter(responsible=user)
    if who == "nobody":
        return households.filter(responsible=None)
    return households.filter(responsible_id=UUID(who))


def _special(households: QuerySet, special: str, user: User) -> QuerySet:
    if special == "any":
        return households.exclude(special="")
    return households.filter(special=special)


_NARROW: dict[str, Callable[[QuerySet, Any, User], QuerySet]] = {
    "zone": lambda rows, zone, user: rows.filter(building__work_zone=zone),
    "building": lambda rows, building, user: rows.filter(building=building),
    "tenure": lambda rows, tenure, user: rows.filter(tenure=tenure),
    "occupancy": lambda rows, occupancy, user: rows.filter(occupancy=occupancy),
    "stage": _stage,
    "special": _special,
    "silent": _silent,
    "contacted": _contacted,
    "due": lambda rows, value, user: rows.filter(next_contact_on__lte=timezone.localdate()),
    "missing": _missing,
    "objection": _objection,
    "responsible": _responsible,
    "care": _care,
}


def with_columns(
    households: QuerySet[Household], *, with_numbers: bool = False
) -> QuerySet[Household]:
    """What a row of the list shows: the stage of its agreement, its last contact, its right holders.

    ``with_numbers`` also decrypts the right holders' telephones, which only an export shows.
    """
    live = Agreement.objects.filter(household=OuterRef("pk"), state__in=Agreement.LIVE).order_by(
        "-made_at"
    )
    must_sign = Member.objects.filter(
        left_at=None, role__in=[Member.Role.HOLDER, Member.Role.CO_OWNER]
    )
    if not with_numbers:
        must_sign = must_sign.defer("phone", "id_number")
    return (
        households.select_related("building__work_zone", "neighbourhood", "responsible")
        .defer("responsible__phone", "strategy", "remark", "search_text")
        .annotate(
            stage=Subquery(live.values("state")[:1], output_field=CharField()),
            last_contact=Subquery(
                Visit.objects.filter(household=OuterRef("pk"))
                .order_by()
                .values("household")
                .annotate(last=Max("at"))
                .values("last")
            ),
        )
        .prefetch_related(Prefetch("members", must_sign, to_attr="right_holders"))
    )


def ordered(households: QuerySet[Household], order: str) -> QuerySet[Household]:
    """Sorted by at most two keys of ``ORDERS``, each ``-`` for descending; then by address."""
    keys: list = []
    for word in order.split(",")[:2]:
        name = word.removeprefix("-")
        for column in ORDERS.get(name, ()):
            key = F(column)
            keys.append(
                key.desc(nulls_last=True) if word.startswith("-") else key.asc(nulls_last=True)
            )
    keys += [F(column).asc() for column in ORDERS["address"]]
    return households.order_by(*keys, "pk")


def stage_label(state: str | None) -> str:
    return str(Agreement.State(state).label) if state else str(_("未出协议"))


def counted_filters(
    households: QuerySet[Household], searches: list[tuple[Any, str, str, Search, bool, bool, bool]]
) -> list[Counted]:
    """Each named search with its number of households: one query, however many searches."""
    found = households.order_by().aggregate(
        **{
            f"n{place}": Count("pk", filter=Q(pk__in=search.apply(households).values("pk")))
            for place, (_pk, _name, _query, search, *_flags) in enumerate(searches)
        }
    )
    return [
        Counted(pk, name, query, found[f"n{place}"], *flags)
        for place, (pk, name, query, _search, *flags) in enumerate(searches)
    ]


def saved_filters(user: User) -> QuerySet[SavedFilter]:
    """One's own searches and the team's, by name."""
    return SavedFilter.objects.visible_to(user).order_by("name", "pk")[:24]
