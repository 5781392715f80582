"""Homes that have done everything but the last page, written by the thousand (待签的户)."""

import json
import time
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.community import codes
from caoyang_portal.community.models import Neighbourhood, OneTimeCode, User
from caoyang_portal.confidential import blind_index
from caoyang_portal.uploads.models import Attachment
from households.models import (
    Agreement,
    AgreementTemplate,
    Household,
    Member,
    Project,
    Residency,
    Signatory,
    SigningProgress,
)
from tests.bench import load

CODE = "135790"
TEXT = "<h2>第一条</h2><p>甲乙双方同意。</p>" * 20
HAND = json.dumps(
    [
        {
            "penColor": "black",
            "points": [
                {"x": x, "y": y, "time": 1_700_000_000_000 + 16 * n, "pressure": 0.5}
                for n, (x, y) in enumerate(line)
            ],
        }
        for line in (
            [(20, 20), (60, 18), (100, 22)],
            [(60, 20), (58, 60), (61, 100)],
            [(22, 60), (60, 58), (98, 61)],
            [(15, 100), (60, 98), (110, 101)],
            [(130, 30), (150, 60), (140, 95), (170, 90), (185, 40)],
        )
    ]
)


@dataclass(frozen=True)
class Home:
    """One home before its signature, and the request that gives it."""

    user: User
    agreement: Agreement
    signatory: Signatory
    code: OneTimeCode
    session: str
    request: load.Request

    @property
    def receipt(self) -> load.Request:
        path = reverse("households:sign_receipt", args=[self.agreement.pk])
        return load.Request("GET", path, "", self.request.headers)


def ready(
    place: Neighbourhood,
    count: int,
    *,
    document: Attachment | None = None,
    cosigners: int = 0,
    start: int = 0,
) -> list[Home]:
    """``count`` homes of ``place``, from number ``start`` on, each with a code known to us.

    ``document`` is the certified file they sign; without one their seals cannot be made. With
    ``cosigners`` their one signature does not complete them.
    """
    project = Project.objects.select_related("snapshot").get(neighbourhood=place)
    rooms = Household.objects.filter(neighbourhood=place).order_by("pk")[start : start + count]
    holders = {m.household_id: m for m in Member.objects.filter(household__in=list(rooms))}
    users = [_user(place, start + n) for n in range(len(rooms))]
    User.objects.bulk_create(users)
    template = _template(place, project, users[0])
    file = document or _no_file(place)
    made = [
        _home(project, template, file, holders[room.pk], room, user, start + n)
        for n, (room, user) in enumerate(zip(rooms, users, strict=True))
    ]
    for model in (Residency, Agreement, Signatory, SigningProgress, OneTimeCode, Session):
        model.objects.bulk_create([row for rows in made for row in rows if type(row) is model])
    _add_cosigners(made, cosigners)
    return [_ready(rows) for rows in made]


def _user(place, number) -> User:
    serial = 1_000_000 * int(place.code.rpartition("-")[2]) + number
    phone = f"+86139{serial:08d}"
    return User(phone=phone, phone_index=blind_index(phone, "user"), name="王小明", password="!")


def _template(place, project, by) -> AgreementTemplate:
    return AgreementTemplate.objects.get_or_create(
        neighbourhood=place,
        project=project,
        version=1,
        defaults={
            "name": "协议",
            "key_points": "一",
            "body": "<h2>一</h2><p>文</p>",
            "written_by": by,
            "published_at": timezone.now(),
            "sha256": "f" * 64,
        },
    )[0]


def _no_file(place) -> Attachment:
    return Attachment.objects.get_or_create(
        key=f"{place.code}.pdf",
        defaults={
            "neighbourhood_id": place.pk,
            "shown_name": "a.pdf",
            "media_type": "application/pdf",
            "size": 1,
            "sha256": "a" * 64,
        },
    )[0]


def _home(project, template, file, holder, room, user, number) -> list:
    """The rows of one home; the last is its session."""
    now, place = timezone.now(), room.neighbourhood_id
    agreement = Agreement(
        neighbourhood_id=place,
        project=project,
        household=room,
        template=template,
        number=f"{project.code}-{number}",
        state=Agreement.State.FROZEN,
        text=TEXT,
        text_sha256=f"{number:064x}",
        frozen_at=now,
        document=file,
        document_sha256=file.sha256,
    )
    signatory = Signatory(neighbourhood_id=place, agreement=agreement, member=holder, order=1)
    seen = ("identity_confirmed", "plan_seen", "details_seen", "signatories_seen", "checked")
    progress = SigningProgress(
        neighbourhood_id=place,
        agreement=agreement,
        user=user,
        chapters_read=20,
        amount_seen=Decimal("0.00"),
        **{f"{step}_at": now for step in seen},
    )
    session = session_of(user)
    residency = Residency(
        neighbourhood_id=place,
        user=user,
        household=room,
        member=holder,
        way="letter",
        verified_at=now,
    )
    return [residency, agreement, signatory, progress, _code(signatory, session), session]


def _code(signatory, session) -> OneTimeCode:
    agreement = signatory.agreement
    code = OneTimeCode(
        user=session.user,
        purpose=OneTimeCode.Purpose.SIGN,
        bound_to=f"{agreement.pk}:{agreement.document_sha256}:{signatory.pk}",
        session_key=codes._digest(session.session_key),
        expires_at=timezone.now() + timedelta(hours=2),
    )
    code.code_hash = codes._code_hash(code, CODE)
    return code


def session_of(user, **more) -> Session:
    """A session of somebody who signed in just now, not saved yet."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    now = time.time()
    session = Session(
        session_key=store._get_new_session_key(),
        session_data=store.encode(
            {
                "_auth_user_id": str(user.pk),
                "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
                "_auth_user_hash": user.get_session_auth_hash(),
                "signed_in_at": now,
                "seen_at": now,
            }
            | more
        ),
        expire_date=timezone.now() + timedelta(days=1),
    )
    session.user = user
    return session


def headers_of(session: str) -> dict[str, str]:
    token = "x" * 32
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": cookies,
        "Host": "localhost",
        "X-Forwarded-Proto": "https",
        "Referer": "https://localhost/",
    }


def _add_cosigners(made, cosigners) -> None:
    for order in range(2, 2 + cosigners):
        members = [
            Member(
                neighbourhood_id=residency.neighbourhood_id,
                household=residency.household,
                role="co_owner",
                name="孙丽",
                order=order,
            )
            for residency, *_rest in made
        ]
        Member.objects.bulk_create(members)
        Signatory.objects.bulk_create(
            Signatory(
                neighbourhood_id=member.neighbourhood_id,
                agreement=rows[1],
                member=member,
                order=order,
            )
            for member, rows in zip(members, made, strict=True)
        )


def _ready(rows) -> Home:
    _residency, agreement, signatory, _progress, code, session = rows
    form = {
        "code": CODE,
        "strokes": HAND,
        "consent": "on",
        "document_sha256": agreement.document_sha256,
        "signatory": signatory.pk,
        "csrfmiddlewaretoken": "x" * 32,
    }
    path = reverse("households:sign_name", args=[agreement.pk])
    key = session.session_key
    request = load.Request("POST", path, urlencode(form), headers_of(key))
    return Home(session.user, agreement, signatory, code, key, request)
