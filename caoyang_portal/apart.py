"""What the clock does to many things: one's trouble is not another's (到点办理)."""

from collections.abc import Callable
from typing import Any

import structlog

from caoyang_portal.errors import Refused

log = structlog.get_logger(__name__)


def apart(act: Callable[..., Any], subject: Any, *more: Any) -> Any:
    """What ``act`` gives for ``subject``; None where it is refused or fails, which is logged."""
    told = {"chain": subject.ledger_chain, "act": act.__name__}
    try:
        return act(subject, *more)
    except Refused as refusal:
        log.info("waits", **told, because=str(refusal))
    except Exception:
        log.exception("stuck", **told)
    return None
