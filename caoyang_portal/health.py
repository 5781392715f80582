"""Is the portal alive, is it ready (健康检查): for the proxy and for whoever is called at night."""

import time

import structlog
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpResponse, JsonResponse  # noqa: TID251 a view, though not of an app
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caoyang_portal import documents
from caoyang_portal.ledger.models import Delivery

log = structlog.get_logger(__name__)

SEAL_KEPT = 300  # seconds an outcome of the seal's self-test holds: it seals a page each time
OUTBOX_AGE = 900  # seconds a delivery may wait: the beat comes every minute


class _Seal:
    """The last outcome of the seal's self-test in this process."""

    at = 0.0
    problems: list[str] = []


@require_safe
def livez(request):
    """This process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """200 with every part "ok", or 503 naming what is not; the details are in the log only."""
    parts = {"database": _database()}
    if not parts["database"]:
        parts |= {"migrations": _migrations(), "outbox": _outbox()}
    parts |= {"fonts": _fonts(), "seal": _sealing()}
    ready = not any(parts.values())
    for part, problems in parts.items():
        if problems:
            log.error("not_ready", part=part, problems=problems)
    body = {part: "fails" if problems else "ok" for part, problems in parts.items()}
    return JsonResponse({"ready": ready} | body, status=200 if ready else 503)


def _database() -> list[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as problem:
        return [type(problem).__name__]
    return []


def _migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _outbox() -> list[str]:
    oldest = Delivery.objects.due().aggregate(at=Min("next_try_at"))["at"]
    age = (timezone.now() - oldest).total_seconds() if oldest else 0
    return [f"oldest delivery waits {age:.0f} s"] if age > OUTBOX_AGE else []


def _fonts() -> list[str]:
    state = documents.font_state()
    return [] if state.complete and state.fast else [str(state.sentence)]


def _sealing() -> list[str]:
    if not _Seal.at or time.monotonic() - _Seal.at > SEAL_KEPT:
        _Seal.problems, _Seal.at = documents.self_test(), time.monotonic()
    return _Seal.problems
