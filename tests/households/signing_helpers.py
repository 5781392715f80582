"""What the tests of signing share: a hand that writes, and codes that arrive."""

import json
import re

from django.utils import timezone

from caoyang_portal.notices.models import Sending
from households.actions import signatures
from households.models import Mandate, Member, Residency, Signatory
from tests.households.builders import attachment

HAND = [
    [(20, 20), (60, 18), (100, 22)],
    [(60, 20), (58, 60), (61, 100)],
    [(22, 60), (60, 58), (98, 61)],
    [(15, 100), (60, 98), (110, 101)],
    [(130, 30), (150, 60), (140, 95), (170, 90), (185, 40)],
]


def strokes(hand=HAND):
    """Strokes as the pad sends them."""
    return json.dumps(
        [
            {
                "penColor": "black",
                "points": [
                    {"x": x, "y": y, "time": 1_700_000_000_000 + 16 * n, "pressure": 0.5}
                    for n, (x, y) in enumerate(points)
                ],
            }
            for points in hand
        ]
    )


def the_code(reader):
    """The six digits of the last SMS to ``reader``."""
    sending = Sending.objects.filter(reader=reader, kind="code").order_by("created_at").last()
    return re.search(r"验证码 (\d{6})", sending.text)[1]


def signatory_of(agreement, name):
    return Signatory.objects.select_related("member").get(agreement=agreement, member__name=name)


def ask_code(agreement, by, *, name=None, session="s"):
    signatory = signatory_of(agreement, name or by.name)
    signatures.ask_signing_code(
        agreement, signatory=signatory, session_key=session, ip="192.0.2.1", by=by
    )
    return the_code(by)


def sign(agreement, by, *, name=None, code=None, **changes):
    """Sign online, with a code asked for now unless one is given."""
    name = name or by.name
    values = {
        "signatory": signatory_of(agreement, name),
        "code": code or ask_code(agreement, by, name=name),
        "strokes": strokes(),
        "document_sha256": agreement.document_sha256,
        "idempotency_key": f"key-{agreement.number}-{name}",
        "session_key": "s",
        "device": {"ip": "192.0.2.1", "user_agent": "WeChat"},
        "by": by,
    }
    return signatures.sign_online(agreement, **values | changes)


def co_owner(agreement, name, user=None, *, order=2):
    """One more who must sign; with a login when ``user`` is given."""
    home = agreement.household
    member = Member.objects.create(
        neighbourhood=home.neighbourhood, household=home, role="co_owner", name=name, order=order
    )
    if user:
        Residency.objects.create(
            neighbourhood=home.neighbourhood,
            user=user,
            household=home,
            member=member,
            way="letter",
            verified_at=agreement.frozen_at,
        )
    return Signatory.objects.create(
        neighbourhood=home.neighbourhood, agreement=agreement, member=member, order=order
    )


def mandate_for(agreement, agent, staff, **changes):
    today = timezone.localdate()
    home = agreement.household
    values = {
        "neighbourhood": home.neighbourhood,
        "household": home,
        "principal": home.members.get(role="holder"),
        "agent_name": agent.name,
        "agent": agent,
        "matter": "sign",
        "scope": "签署调整协议",
        "valid_from": today,
        "valid_to": today,
        "document": attachment(home.neighbourhood),
        "recorded_by": staff["chen"],
        "approved_by": staff["lin"],
        "approved_at": timezone.now(),
    }
    return Mandate.objects.create(**values | changes)


def on_tablet(agreement, people, **changes):
    values = {
        "signatory": signatory_of(agreement, "王桂芳"),
        "strokes": strokes(),
        "witness": people["lin"],
        "witness_strokes": strokes(),
        "identity_seen": "id_card",
        "document_sha256": agreement.document_sha256,
        "idempotency_key": "tablet-1",
        "device": {"ip": "192.0.2.7"},
        "by": people["chen"],
    }
    return signatures.sign_on_tablet(agreement, **values | changes)


def on_paper(agreement, people, **changes):
    values = {
        "signatory": signatory_of(agreement, "王桂芳"),
        "scan": attachment(agreement.neighbourhood),
        "witness": people["lin"],
        "signed_on": timezone.localdate(),
        "shelf_mark": "A-3-101",
        "fingerprint": agreement.fingerprint.lower(),
        "idempotency_key": "paper-1",
        "device": {},
        "by": people["chen"],
    }
    return signatures.enter_paper_signature(agreement, **values | changes)
