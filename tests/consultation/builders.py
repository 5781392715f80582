"""Polls as they stand after acts that a test is not about."""

import datetime as dt
import itertools
import re

from django.utils import timezone

from caoyang_portal.community.models import OneTimeCode, User
from caoyang_portal.confidential import blind_index
from caoyang_portal.notices.models import Sending
from consultation import seeding
from consultation.actions import ballots, counting, polls, rolls
from consultation.models import Poll, PollKind
from households.models import Member, Residency
from tests.conftest import make_household

_serial = itertools.count(1)
HOUR = dt.timedelta(hours=1)
YES = {"1": "yes"}


def kind(code="lift-compound", **changes):
    """A kind of the stock, or a version of it that differs by ``changes``."""
    if not PollKind.objects.filter(neighbourhood=None).exists():  # a test that commits has none
        seeding.seed(PollKind)
    found = PollKind.objects.get(code=code, version=1, neighbourhood=None)
    if changes:
        found.pk, found._state.adding = None, True
        found.id = PollKind().id
        found.version = 100 + next(_serial)
        for name, value in changes.items():
            setattr(found, name, value)
        found.save()
    return found


def draft(people, places, *, of=None, secrecy="open", questions=(("装不装电梯？", ()),), **fields):
    of = of or kind()
    now = timezone.now()
    poll = polls.draft_poll(
        places.here,
        kind=of,
        code=f"p-{next(_serial)}",
        title="三号楼加装电梯",
        secrecy=secrecy,
        opens_at=now + dt.timedelta(days=20),
        closes_at=now + dt.timedelta(days=30),
        by=people["chen"],
        **fields,
    )
    polls.set_questions(poll, questions=questions, by=people["chen"])
    if secrecy == "sealed":
        polls.set_scrutineers(
            poll, names=["甲", "乙"], public_key=SEALED_KEY[0], by=people["chen"]
        )
    return again(poll)


def frozen(people, places, **fields):
    return freeze(draft(people, places, **fields), people)


def freeze(poll, people):
    polls.announce_poll(poll, by=people["chen"])
    rolls.build_roll(poll, by=people["chen"])
    for unit in poll.units.filter(area_cent=0):
        rolls.correct_roll_unit(
            unit, area_cent=5000, basis="register", is_unsold=False, reason="补", by=people["chen"]
        )
    return rolls.freeze_roll(poll, by=people["chen"])


def opened(people, places, **fields):
    """An open poll: announced long enough ago, an hour old, open for another hour."""
    return start(frozen(people, places, **fields))


def start(poll):
    now = timezone.now()
    Poll.objects.filter(pk=poll.pk).update(
        announced_at=now - dt.timedelta(days=40), opens_at=now - HOUR, closes_at=now + HOUR
    )
    return polls.open_poll(poll)


def closed(poll):
    """The same after its time, waiting to be counted."""
    Poll.objects.filter(pk=poll.pk).update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    return polls.close_poll(poll)


def counted(poll, *, by=None, **fields):
    if again(poll).state == Poll.State.OPEN:
        closed(poll)
    counting.finish_count(poll, by=by, **fields)
    return again(poll)


def again(poll):
    return Poll.objects.select_related("kind", "neighbourhood").get(pk=poll.pk)


def entry_of(poll, name):
    return poll.roll.get(name=name)


def the_code(reader):
    sending = Sending.objects.filter(reader=reader, kind="code").order_by("created_at").last()
    return re.search(r"验证码 (\d{6})", sending.text)[1]


def ask_code(entry, by):
    OneTimeCode.objects.filter(user=by).delete()  # a minute has passed
    ballots.ask_vote_code(entry, session_key="s", ip="192.0.2.1", by=by)
    return the_code(by)


def cast(poll, by, choices=None, *, name=None, form_key=None, code=None):
    """Vote online, with a code asked for now unless one is given."""
    entry = entry_of(poll, name or by.name)
    return ballots.cast_online(
        entry,
        choices=choices or YES,
        code=code or ask_code(entry, by),
        session_key="s",
        form_key=form_key or f"form-{next(_serial)}",
        by=by,
    )


def neighbours(places, number, *, tenure="private_owner", area="50.00"):
    """So many more homes in building 3, each with an owner who may sign in."""
    found = []
    for _n in range(number):
        serial = next(_serial)
        phone = f"+86139{serial:08d}"
        home = make_household(
            places.here, places.building, f"{200 + serial}", f"邻居{serial}", phone=phone,
            tenure=tenure, area=area,
        )  # fmt: skip
        Member.objects.filter(household=home).update(
            id_index=blind_index(f"id-{serial}", "id_number")
        )
        user = User.objects.create_user(phone, name=f"邻居{serial}", phone_verified=True)
        Residency.objects.create(
            neighbourhood=places.here,
            user=user,
            household=home,
            member=home.members.get(),
            way="letter",
            verified_at=timezone.now(),
        )
        found.append(user)
    return found


def private_key():
    from nacl.public import PrivateKey

    return PrivateKey(b"\x11" * 32)


SEALED_KEY = (bytes(private_key().public_key).hex(), bytes(private_key()).hex())
SHARES = ["aa" * 32, bytes(a ^ 0xAA for a in b"\x11" * 32).hex()]
