"""Sending opinions in (报送): frozen in the act, printed afterwards, and the clock that reminds of the day."""

import hashlib
from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.apart import apart
from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.canonical import canonical_json
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.nudging import nudge
from caoyang_portal.uploads.intake import keep
from suggestions import draft_paces
from suggestions.documents import drafts as papers
from suggestions.models import ArticleOpinion, DraftLaw, OpinionBatch
from suggestions.queries.drafts import batch_content

from .drafts import go_on, locked_draft, stay

log = structlog.get_logger(__name__)
State = DraftLaw.State
TASK = "suggestions.print_batches"


@transaction.atomic
def submit_batch(draft: DraftLaw, *, to_body: str, by: User) -> OpinionBatch:
    """Send in all that is accepted (报送), with what was merged into it; from here it stays as it is."""
    draft = locked_draft(draft)
    require(by, "suggestions.submit_batch", draft)
    if draft.state not in (State.CLOSED, State.SUBMITTED):
        raise Refused(_("意见还没有收完，不能报送"))
    ready = draft.opinions.filter(state="accepted").select_for_update(of=("self",))
    taken = list(ready.select_related("article").order_by("article__position", "number"))
    if not taken:
        raise Refused(_("还没有列入报送的意见，请先审核"))
    content = batch_content(taken)
    batch = OpinionBatch.objects.create(
        neighbourhood_id=draft.neighbourhood_id, draft=draft, to_body=to_body.strip(),
        city_due_on=draft.city_due_on, submitted_on=timezone.localdate(), submitted_by=by,
        content=content, sha256=_hash_of(content), **_number(draft),
    )  # fmt: skip
    for opinion in taken:
        opinion.move_to(ArticleOpinion.State.SUBMITTED)
        opinion.batch = batch
        opinion.save(update_fields=["state", "batch"])
    draft.opinions.filter(merged_into__in=taken, batch=None).update(batch=batch)
    if draft.state == State.CLOSED:
        go_on(draft, State.SUBMITTED, by=by, words=batch.number)
    else:
        stay(draft, by=by, words=batch.number)
    record("suggestions.submit_batch", draft, by=by, batch=batch.pk, sha256=batch.sha256)
    transaction.on_commit(lambda: nudge(TASK), robust=True)
    return batch


def _hash_of(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def _number(draft: DraftLaw) -> dict[str, int]:
    """The next of the year; numbers are given one after the other."""
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=draft.neighbourhood_id)
    year = timezone.localdate().year
    here = OpinionBatch.objects.filter(neighbourhood_id=draft.neighbourhood_id, year=year)
    return {"year": year, "serial": (here.aggregate(last=Max("serial"))["last"] or 0) + 1}


def print_batches() -> int:
    """Print the papers that are owed (印报送件); workers may run this side by side. By the clock."""
    owed = OpinionBatch.objects.filter(Q(pdf=None) | Q(docx=None)).order_by("submitted_at")
    return sum(bool(apart(print_batch, batch)) for batch in owed)


def print_batch(batch: OpinionBatch) -> bool:
    """Both papers from the frozen content; of two workers the first one's stay."""
    pdf, docx = papers.batch_pdf(batch), papers.batch_docx(batch)
    with transaction.atomic():
        batch = OpinionBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        if batch.is_printed:
            return False
        place = batch.neighbourhood_id
        batch.pdf = keep(
            pdf, f"{batch.number}.pdf", "application/pdf", neighbourhood_id=place, by=None
        )
        batch.docx = keep(
            docx, f"{batch.number}.docx", papers.DOCX, neighbourhood_id=place, by=None
        )
        batch.save(update_fields=["pdf", "docx"])
    return True


# --- the clock -----------------------------------------------------------------------------------


def watch_drafts(today: date | None = None) -> None:
    """Close what is over, remind of what is due (草案到期). By the clock; one draft's trouble is not another's."""
    today = today or timezone.localdate()
    for draft in DraftLaw.objects.live().order_by("pk"):
        for act in (close_due_draft, warn_draft):
            apart(act, draft, today)


@transaction.atomic
def close_due_draft(draft: DraftLaw, today: date) -> bool:
    """The days for opinions are over (意见收完). By the clock."""
    draft = locked_draft(draft)
    if draft.state != State.OPEN or today <= draft.due_on:
        return False
    go_on(draft, State.CLOSED, by=None)
    record("suggestions.close_due_draft", draft)
    return True


@transaction.atomic
def warn_draft(draft: DraftLaw, today: date) -> bool:
    """One rung further, if the day has come; whoever stands on it is told by the ledger's entry."""
    draft = locked_draft(draft)
    reached = draft_paces.rung_reached(draft, today)
    if reached <= draft.rung:
        return False
    rungs = list(range(draft.rung + 1, reached + 1))
    draft.rung = reached
    draft.save(update_fields=["rung"])
    record("suggestions.warn_draft", draft, rungs=rungs, next_on=draft.next_on.isoformat())
    return True
