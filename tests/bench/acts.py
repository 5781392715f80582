"""Signing acts beside a minimal view and a plain transaction that write as many rows (签约)."""

import json
import time
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.db import connection
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
from households.queries.agreements import chapters
from tests.bench import load, minimal, servers

CLIENTS = (1, 8, 32)
CODE = "135790"
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


def measure(per_level: int) -> dict:
    """Rates and p99 at 1, 8 and 32 clients for the act, the minimal view and the plain transaction."""
    sets = [_ready_to_sign(level, per_level) for level in range(len(CLIENTS) + 1)]
    rows = _rows_of_one_act(sets[-1][0])
    places = [[uuid4() for _n in range(per_level)] for _level in CLIENTS]
    minimal.prepare([pk for level in places for pk in level])
    result: dict = {
        "rows_written_by_one_act": rows,
        "act": {},
        "minimal_view": {},
        "plain_sql": {},
    }
    with servers.web() as port:
        _warm(port, sets[-1][1:9])
        for clients, requests in zip(CLIENTS, sets, strict=False):
            result["act"][clients] = load.run(
                port, requests, clients=clients, expect=302
            ).figures()
    with servers.web("tests.bench.minimal_settings") as port:
        for clients, subjects in zip(CLIENTS, places, strict=True):
            requests = [
                load.Request("GET", f"/write/{pk}/{rows['inserts']}/{rows['updates']}/", "", {})
                for pk in subjects
            ]
            result["minimal_view"][clients] = load.run(port, requests, clients=clients).figures()
    result["plain_sql"][1] = _plain(places[0], rows)
    return result


def _ready_to_sign(level: int, count: int) -> list[load.Request]:
    """``count`` homes with everything done but the last page, and the request that signs each."""
    place = Neighbourhood.objects.get(code=f"bench-{level + 1}")
    project = Project.objects.select_related("snapshot").get(neighbourhood=place)
    homes = list(Household.objects.filter(neighbourhood=place)[: count + 1])
    users = [
        User(
            phone=f"+861390{level}{n:06d}",
            phone_index=blind_index(f"+861390{level}{n:06d}", "user"),
            name="王小明",
            password="!",
        )
        for n, _home in enumerate(homes)
    ]
    User.objects.bulk_create(users)
    template = AgreementTemplate.objects.create(
        neighbourhood=place,
        project=project,
        name="协议",
        version=1,
        key_points="一",
        body="<h2>一</h2><p>文</p>",
        written_by=users[0],
        published_at=timezone.now(),
        sha256="f" * 64,
    )
    file = Attachment.objects.create(
        neighbourhood_id=place.pk,
        key=f"bench-{level}.pdf",
        shown_name="a.pdf",
        media_type="application/pdf",
        size=1,
        sha256="a" * 64,
    )
    return [
        _home_ready(project, template, file, home, user, n + level * 100_000)
        for n, (home, user) in enumerate(zip(homes, users, strict=True))
    ]


def _home_ready(project, template, file, home, user, serial) -> load.Request:
    now = timezone.now()
    place = home.neighbourhood_id
    member = Member.objects.get(household=home, role="holder")
    Residency.objects.create(
        neighbourhood_id=place,
        user=user,
        household=home,
        member=member,
        way="letter",
        verified_at=now,
    )
    agreement = Agreement.objects.create(
        neighbourhood_id=place,
        project=project,
        household=home,
        template=template,
        number=f"BENCH-{serial}",
        state=Agreement.State.FROZEN,
        text="<h2>第一条</h2><p>甲乙双方同意。</p>" * 20,
        frozen_at=now,
        document=file,
        document_sha256=f"{serial:064x}",
    )
    signatory = Signatory.objects.create(
        neighbourhood_id=place, agreement=agreement, member=member, order=1
    )
    SigningProgress.objects.create(
        neighbourhood_id=place,
        agreement=agreement,
        user=user,
        chapters_read=len(chapters(agreement)),
        amount_seen=Decimal("0.00"),
        **dict.fromkeys(
            (
                "identity_confirmed_at",
                "plan_seen_at",
                "details_seen_at",
                "signatories_seen_at",
                "checked_at",
            ),
            now,
        ),
    )
    session = _session(user, now)
    code = OneTimeCode(
        user=user,
        purpose=OneTimeCode.Purpose.SIGN,
        bound_to=f"{agreement.pk}:{agreement.document_sha256}:{signatory.pk}",
        session_key=codes._digest(session),
        expires_at=now + timedelta(hours=2),
    )
    code.code_hash = codes._code_hash(code, CODE)
    code.save(force_insert=True)
    form = {
        "code": CODE,
        "strokes": HAND,
        "consent": "on",
        "document_sha256": agreement.document_sha256,
        "signatory": signatory.pk,
        "csrfmiddlewaretoken": "x" * 32,
    }
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={'x' * 32}"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": cookies,
        "Host": "localhost",
        "X-Forwarded-Proto": "https",
        "Referer": "https://localhost/",
    }
    path = reverse("households:sign_name", args=[agreement.pk])
    return load.Request("POST", path, urlencode(form), headers)


def _session(user, now) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    store["_auth_user_hash"] = user.get_session_auth_hash()
    store["signed_in_at"] = store["seen_at"] = time.time()
    store.create()
    return store.session_key


def _rows_of_one_act(request: load.Request) -> dict[str, int]:
    """How many rows one signing inserts and changes, by PostgreSQL's own count; and its SQL time."""
    with servers.web() as port:
        before = _counts()
        ran = load.run(port, [request], clients=1, expect=302)
        if ran.wrong:
            raise RuntimeError("the measured act was refused")
        time.sleep(1.5)  # the statistics are flushed after the transaction
        after = _counts()
    return {"inserts": after[0] - before[0], "updates": after[1] - before[1]}


def _counts() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT sum(n_tup_ins)::int, sum(n_tup_upd)::int FROM pg_stat_user_tables")
        return cursor.fetchone()


def _warm(port: int, requests) -> None:
    load.run(port, requests, clients=4, expect=302)


def _plain(subjects, rows) -> dict[str, float]:
    """The same rows by psycopg alone, one client, statement by statement."""
    took = []
    raw = connection.connection
    began = time.perf_counter()
    for pk in subjects:
        at = time.perf_counter()
        with raw.transaction(), raw.cursor() as cursor:
            cursor.execute("SELECT n FROM bench_state WHERE id = %s FOR UPDATE", [pk])
            for _n in range(rows["updates"]):
                cursor.execute("UPDATE bench_state SET n = n + 1 WHERE id = %s", [pk])
            for _n in range(rows["inserts"]):
                cursor.execute(
                    "INSERT INTO bench_row (subject, text, at) VALUES (%s, %s, now())",
                    [pk, "x" * 400],
                )
        took.append(1000 * (time.perf_counter() - at))
    return load.Run(1, time.perf_counter() - began, took, 0).figures()
