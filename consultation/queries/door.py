"""Who may be coming in at the door (签到台): those expected, those found by name, room or telephone."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from consultation.models import Attendance, Invitation, Meeting, PollKind, Registration, RollEntry
from consultation.models.rolls import OWNER_ROLES
from households.models import Household, Member, Residency
from households.queries.search import find_households

Role = Attendance.Role
MOST_FOUND = 20


@dataclass(frozen=True)
class Person:
    """Somebody at the door, as far as known."""

    name: str
    role: Role
    user: User | None = None
    member: Member | None = None
    household: Household | None = None
    attendance: Attendance | None = None
    key: str = ""  # how the form names them
    about: str = ""  # where from, in words


def oneself(meeting: Meeting, user: User) -> Person:
    """Whoever signs in by themselves."""
    home = (
        Residency.objects.live()
        .filter(user=user, household__neighbourhood_id=meeting.neighbourhood_id)
        .select_related("household", "member")
        .first()
    )
    household, member = (home.household, home.member) if home else (None, None)
    on_roll = (
        meeting.roll_id is not None
        and RollEntry.objects.of(user).filter(poll=meeting.roll_id).exists()
    )
    return Person(
        name=user.name or (member.name if member else user.masked_phone),
        role=_role(meeting, user, household, on_roll=on_roll),
        user=user,
        member=member,
        household=household,
    )


def _role(meeting: Meeting, user: User, household: Household | None, *, on_roll: bool) -> Role:
    """Heads of the roll take part; else as invited or signed up; a roll's meeting is open to others to listen."""
    if on_roll:
        return Role.PARTICIPANT
    invited = Invitation.objects.filter(meeting=meeting, user=user).first()
    if invited:
        return _invited_as(meeting, invited.role)
    if Registration.objects.filter(meeting=meeting, user=user, is_observer=True).exists():
        return Role.OBSERVER
    if household is None:
        return Role.GUEST  # of the staff, or somebody asked to come
    return Role.OBSERVER if meeting.roll_id else Role.PARTICIPANT


def _invited_as(meeting: Meeting, role: str) -> Role:
    as_invited = Attendance.INVITED_AS.get(Invitation.Role(role), Role.PARTICIPANT)
    if as_invited == Role.PARTICIPANT and meeting.roll_id:
        return Role.OBSERVER
    return as_invited


def entries_of(attendance: Attendance) -> QuerySet[RollEntry]:
    """The heads of the meeting's roll for which an attendee stands in person."""
    on_roll = RollEntry.objects.filter(poll=attendance.meeting.roll_id)
    if attendance.user_id:
        return on_roll.filter(pk__in=RollEntry.objects.of(attendance.user).values("pk"))
    return _of_member(on_roll, attendance.member)


def _of_member(on_roll: QuerySet[RollEntry], member: Member | None) -> QuerySet[RollEntry]:
    """The same for one without an account, by the same rules of the electorate."""
    if member is None:
        return on_roll.none()
    home = member.household_id
    by_home = Q(poll__kind__electorate=PollKind.Electorate.HOUSEHOLDS, household=home)
    by_person = Q(poll__kind__electorate=PollKind.Electorate.RESIDENTS, member=member)
    found = by_home | by_person
    if member.role in OWNER_ROLES:
        found |= Q(poll__kind__electorate=PollKind.Electorate.HOLDERS, household=home)
        found |= Q(holder=RollEntry.Holder.OWNER, units__household=home)
    return on_roll.filter(found).distinct()


def _came(meeting: Meeting) -> QuerySet[Attendance]:
    """Whoever was there; a wrong tap that was taken back leaves somebody to be found again."""
    there = meeting.presences.filter(voided=False).values("attendance_id")
    return meeting.attendances.filter(pk__in=there)


def expected(meeting: Meeting) -> list[Person]:
    """Whoever signed up or was asked, did not say no, and has not come yet; by name."""
    came = list(_came(meeting).values_list("user_id", "member_id", "name"))
    users, members, names = ({row[n] for row in came} - {None} for n in range(3))
    found: dict[object, Person] = {}
    registrations = meeting.registrations.filter(state=Registration.State.COMING)
    for row in registrations.select_related("user", "household__building"):
        role = Role.OBSERVER if row.is_observer else Role.PARTICIPANT
        found[row.user_id or row.pk] = _person(row, role, f"r:{row.pk}", _("已报名"))
    invitations = meeting.invitations.exclude(answer=Invitation.Answer.NO)
    for invited in invitations.select_related("user", "member", "household__building"):
        role = Attendance.INVITED_AS.get(Invitation.Role(invited.role), Role.PARTICIPANT)
        about = invited.get_role_display()
        found[invited.user_id or invited.member_id or invited.pk] = _person(
            invited, role, f"i:{invited.pk}", about, invited.member
        )
    return sorted(
        (
            person
            for person in found.values()
            if not (person.user and person.user.pk in users)
            and not (person.member and person.member.pk in members)
            and not (person.user is None and person.member is None and person.name in names)
        ),
        key=lambda person: person.name,
    )


def _person(
    row: Registration | Invitation,
    role: Role,
    key: str,
    about: str,
    member: Member | None = None,
) -> Person:
    return Person(
        name=row.name, role=role, user=row.user, member=member, household=row.household, key=key,
        about=about,
    )  # fmt: skip


def homes_found(meeting: Meeting, text: str) -> set[UUID]:
    """The homes that ``text`` may mean, among those of whoever came."""
    came = meeting.attendances.values("household_id")
    return set(
        find_households(Household.objects.filter(pk__in=came), text).values_list("pk", flat=True)
    )


def find(meeting: Meeting, text: str) -> list[Person]:
    """Those expected whose name fits, then the people of the homes that ``text`` may mean."""
    text = text.strip()
    known = [person for person in expected(meeting) if text in person.name]
    homes = find_households(
        Household.objects.filter(neighbourhood_id=meeting.neighbourhood_id), text
    )
    members = (
        Member.objects.filter(household__in=homes.values("pk"), left_at=None, is_deceased=False)
        .select_related("household__building")
        .order_by("household__building__number", "household__room", "order", "pk")
    )
    taken = {person.member.pk for person in known if person.member}
    taken |= set(_came(meeting).exclude(member=None).values_list("member_id", flat=True))
    found = [member for member in members[: 3 * MOST_FOUND] if member.pk not in taken]
    # Of a home found by a name, whose name it is comes first.
    found.sort(key=lambda member: text not in member.name)
    accounts = _accounts(found)
    others = [of_member(member, accounts.get(member.pk)) for member in found]
    return (known + others)[:MOST_FOUND]


def _accounts(members: Iterable[Member]) -> dict[UUID | None, User]:
    homes = Residency.objects.live().filter(member__in=list(members)).select_related("user")
    return {home.member_id: home.user for home in homes}


def of_member(member: Member, user: User | None) -> Person:
    return Person(
        name=member.name,
        role=Role.PARTICIPANT,
        user=user,
        member=member,
        household=member.household,
        key=f"m:{member.pk}",
        about=member.get_role_display(),
    )


def named(meeting: Meeting, key: str) -> Person | None:
    """The person whom a form names by ``key``, or nobody."""
    kind, _colon, pk = key.partition(":")
    try:
        pk = str(UUID(pk))
    except ValueError:
        return None
    if kind == "m":
        homes = Member.objects.filter(household__neighbourhood_id=meeting.neighbourhood_id)
        member = homes.filter(pk=pk).select_related("household").first()
        if member is None:
            return None
        user = _accounts([member]).get(member.pk)
        return _with_role(meeting, of_member(member, user))
    if kind == "a":
        row = meeting.attendances.filter(pk=pk).first()
        return Person(row.name, Role(row.role), attendance=row) if row else None
    person = next((one for one in expected(meeting) if one.key == key), None)
    return _with_role(meeting, person) if person else None


def _with_role(meeting: Meeting, person: Person) -> Person:
    """At a meeting that counts on a roll, those who are not on it listen."""
    if meeting.roll_id is None or person.role != Role.PARTICIPANT:
        return person
    probe = Attendance(meeting=meeting, user=person.user, member=person.member)
    if entries_of(probe).exists():
        return person
    return Person(**(vars(person) | {"role": Role.OBSERVER}))
