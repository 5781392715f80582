"""Polls with as many voters as one likes, and voters who have done everything but the last page (待投的票)."""

import datetime as dt
import hashlib
import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.community import codes
from caoyang_portal.community.models import Neighbourhood, OneTimeCode, User
from caoyang_portal.confidential import blind_index, conceal
from consultation.actions import board
from consultation.actions.ballots import VOTE, bound_to
from consultation.commitments import roll_hash
from consultation.models import Poll, PollKind, Question, RollEntry
from consultation.queries.receipts import receipt_key
from consultation.queries.rolls import roll_lines
from households.models import Member, Residency
from tests.bench import generated, homes, load

FIRST = 100  # neighbourhoods from here on have their homes on our rolls
AREA = 5000

_ROLL = """
WITH listed AS (
    SELECT x.id, x.building_id, b.number || '-' || x.door || '-' || x.room || '-' || x.id AS label,
           row_number() OVER (ORDER BY x.neighbourhood_id, x.id) AS n
    FROM households_household x JOIN community_building b ON b.id = x.building_id
    JOIN community_neighbourhood h ON h.id = x.neighbourhood_id
    WHERE h.code = ANY(%(codes)s) ORDER BY n LIMIT %(count)s
), entries AS (
    INSERT INTO consultation_rollentry
        (id, neighbourhood_id, poll_id, number, holder, name, identity, household_id, building_id)
    SELECT gen_random_uuid(), %(place)s, %(poll)s, lpad(n::text, 5, '0'), 'owner', '王小明', '', id,
           building_id
    FROM listed RETURNING id, household_id
)
INSERT INTO consultation_rollunit
    (id, neighbourhood_id, poll_id, entry_id, household_id, label, area_cent, basis, is_unsold)
SELECT gen_random_uuid(), %(place)s, %(poll)s, entries.id, listed.id, listed.label, %(area)s, 'register', false
FROM listed JOIN entries ON entries.household_id = listed.id
"""


def made(code: str, voters: int, *, secrecy: str = "open", kind: str = "lift-compound") -> Poll:
    """An open poll with ``voters`` owners of one home each on its frozen roll."""
    last = FIRST + -(-voters // generated.HOMES)
    have = set(Neighbourhood.objects.values_list("code", flat=True))
    for n in range(FIRST, last + 1):
        if f"bench-{n}" not in have:
            generated.neighbourhoods(n, n)
    place = Neighbourhood.objects.get(code=f"bench-{FIRST}")
    now, author = timezone.now(), _author()
    poll = Poll.objects.create(
        neighbourhood=place, code=code, title="加装电梯", secrecy=secrecy, drafted_by=author,
        kind=PollKind.objects.get(code=kind, version=1, neighbourhood=None),
        opens_at=now - dt.timedelta(hours=1), closes_at=now + dt.timedelta(days=9),
        announced_at=now - dt.timedelta(days=20),
    )  # fmt: skip
    Question.objects.create(neighbourhood=place, poll=poll, number=1, text="装不装电梯？")
    with connection.cursor() as cursor:
        places = [f"bench-{n}" for n in range(FIRST, last + 1)]
        facts = {"codes": places, "count": voters, "poll": poll.pk, "place": place.pk}
        cursor.execute(_ROLL, facts | {"area": AREA})
        cursor.execute("ANALYZE consultation_rollentry, consultation_rollunit")
    poll.heads, poll.area_cent = voters, voters * AREA
    poll.roll_hash = roll_hash(code, roll_lines(poll))
    poll.state, poll.opened_at, poll.receipt_key = Poll.State.OPEN, now, receipt_key(poll)
    poll.save()
    board.setup(poll)
    return poll


def _author() -> User:
    phone = "+8613922222222"
    return User.objects.by_phone(phone) or User.objects.create(
        phone=phone, phone_index=blind_index(phone, "user"), name="陈静", password="!"
    )


@dataclass(frozen=True)
class Voter:
    """One voter before the vote, and the request that casts it."""

    user: User
    entry: RollEntry
    code: OneTimeCode
    session: str
    request: load.Request

    @property
    def receipt_path(self) -> str:
        return reverse("consultation:vote_receipt", args=[self.entry.poll.code, self.entry.number])


def ready(poll: Poll, count: int, start: int = 0) -> list[Voter]:
    """``count`` voters of ``poll``, from ``start`` on in the order of the roll, each with a code we know."""
    entries = list(poll.roll.select_related("poll").order_by("number")[start : start + count])
    if len(entries) < count:
        raise RuntimeError(f"the roll of {poll.code} has no {start + count} voters")
    users = [_user(poll, entry) for entry in entries]
    User.objects.bulk_create(users)
    holders = Member.objects.filter(household__in=[entry.household_id for entry in entries])
    of = {member.household_id: member for member in holders}
    now = timezone.now()
    Residency.objects.bulk_create(
        Residency(
            neighbourhood_id=of[entry.household_id].neighbourhood_id, user=user,
            household_id=entry.household_id, member=of[entry.household_id], way="letter",
            verified_at=now,
        )
        for user, entry in zip(users, entries, strict=True)
    )  # fmt: skip
    sessions = [homes.session_of(user) for user in users]
    given = [_code(entry, session) for entry, session in zip(entries, sessions, strict=True)]
    Session.objects.bulk_create(sessions)
    OneTimeCode.objects.bulk_create(given)
    return [
        Voter(session.user, entry, code, session.session_key, _request(entry, session))
        for entry, session, code in zip(entries, sessions, given, strict=True)
    ]


def _user(poll: Poll, entry: RollEntry) -> User:
    digits = int(hashlib.sha256(f"{poll.pk}{entry.number}".encode()).hexdigest()[:12], 16)
    phone = f"+86140{digits % 10**12:012d}"
    return User(phone=phone, phone_index=blind_index(phone, "user"), name="王小明", password="!")


def _code(entry: RollEntry, session: Session) -> OneTimeCode:
    code = OneTimeCode(
        user=session.user,
        purpose=VOTE,
        bound_to=bound_to(entry),
        session_key=codes._digest(session.session_key),
        expires_at=timezone.now() + dt.timedelta(hours=2),
    )
    code.code_hash = codes._code_hash(code, homes.CODE)
    return code


def _request(entry: RollEntry, session: Session) -> load.Request:
    """The last page's form, with the filled ballot in its cookie."""
    headers = homes.headers_of(session.session_key)
    slip = {"form_key": secrets.token_hex(32), "answers": {"1": "yes"}}
    whose = f"slip:{session.user.pk}:{entry.pk}"
    cookie = conceal(json.dumps({"whose": whose, "content": slip}))
    headers["Cookie"] += f"; slip-{entry.number}={cookie}"
    path = reverse("consultation:vote_confirm", args=[entry.poll.code, entry.number])
    form = {"code": homes.CODE, "csrfmiddlewaretoken": "x" * 32}
    return load.Request("POST", path, urlencode(form), headers)
