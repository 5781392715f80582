"""Groups of people who can be invited: household representatives, right holders, those affected (邀请对象)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Building, Neighbourhood, User
from consultation.models import Invitation, Meeting
from households.models import Household, Member, Residency

Role = Member.Role
HOUSEHOLDS, HOLDERS, DOORS = "households", "holders", "doors"


@dataclass(frozen=True)
class Invitee:
    """Somebody of a group, with the account they are told by, if there is one."""

    member: Member
    household: Household
    user: User | None
    stratum: str  # the building

    @property
    def key(self) -> UUID:
        return self.member.pk


@dataclass(frozen=True)
class Group:
    """A group in words, as it stands in the draw, and its people in the order of doors."""

    words: str
    people: list[Invitee]


def group(
    kind: str,
    neighbourhood: Neighbourhood,
    *,
    building: Building | None = None,
    doors: Sequence[str] = (),
) -> Group:
    """The people of one group of a neighbourhood, or of a building or some doors of it."""
    homes = Household.objects.filter(neighbourhood=neighbourhood)
    where = building.name if building else _("全居民区")
    if building:
        homes = homes.filter(building=building)
    if kind == DOORS:
        homes = homes.filter(door__in=doors)
        return Group(_("%(doors)s各户") % {"doors": "、".join(doors)}, _representatives(homes))
    if kind == HOLDERS:
        return Group(_("%(where)s权利人") % {"where": where}, _holders(homes))
    return Group(_("%(where)s户代表") % {"where": where}, _representatives(homes))


def _with_people(homes: QuerySet[Household]) -> QuerySet[Household]:
    live = Member.objects.filter(is_deceased=False, left_at=None).order_by("order", "pk")
    residents = Residency.objects.live().select_related("user")
    return (
        homes.select_related("building")
        .prefetch_related(
            Prefetch("members", live, to_attr="live_members"),
            Prefetch("residency_set", residents, to_attr="live_residents"),
        )
        .order_by("building__number", "door", "room", "part", "pk")
    )


def _representatives(homes: QuerySet[Household]) -> list[Invitee]:
    """One of each household: its right holder, or whoever comes first in the file."""
    found = []
    for home in _with_people(homes):
        members = home.live_members  # type: ignore[attr-defined]
        first = next(
            (m for m in members if m.role == Role.HOLDER), members[0] if members else None
        )
        if first is not None:
            found.append(
                Invitee(first, home, _account(home, first, alone=True), home.building.name)
            )
    return found


def _holders(homes: QuerySet[Household]) -> list[Invitee]:
    """Everybody with a right to the home."""
    return [
        Invitee(member, home, _account(home, member, alone=False), home.building.name)
        for home in _with_people(homes)
        for member in home.live_members  # type: ignore[attr-defined]
        if member.role in (Role.HOLDER, Role.CO_OWNER)
    ]


def _account(home: Household, member: Member, *, alone: bool) -> User | None:
    """The member's own account; for who stands for a household alone, anybody's of it."""
    residents = home.live_residents  # type: ignore[attr-defined]
    own = next((r.user for r in residents if r.member_id == member.pk), None)
    if own is None and alone and residents:
        return residents[0].user
    return own


def not_invited_yet(meeting: Meeting, people: Iterable[Invitee]) -> list[Invitee]:
    """Those of ``people`` who are not invited, each account and each person once."""
    rows = meeting.invitations.values_list("user_id", "member_id")
    users = {user for user, _member in rows if user}
    members = {member for _user, member in rows if member}
    found = []
    for one in people:
        if one.member.pk in members or (one.user and one.user.pk in users):
            continue
        members.add(one.member.pk)
        if one.user:
            users.add(one.user.pk)
        found.append(one)
    return found


def to_be_written_to(meeting: Meeting) -> QuerySet[Invitation]:
    """Who has no account: they get the notice on paper."""
    return meeting.invitations.filter(user=None).select_related("household__building")
