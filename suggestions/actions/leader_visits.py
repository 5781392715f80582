"""Leaders' visits (领导走访): recorded with what was found; each finding is answered or becomes a claim."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from suggestions.claim_paces import Code, due
from suggestions.models import Claim, LeaderVisit, VisitFinding

from .claims import enter_claim


@transaction.atomic
def record_leader_visit(
    neighbourhood: Neighbourhood,
    *,
    on: date,
    leader: str,
    place: str,
    met: int = 0,
    summary: str = "",
    building: Building | None = None,
    findings: Sequence[str] = (),
    by: User,
) -> LeaderVisit:
    """Enter a visit and what was found (登记走访); every finding is due on a day."""
    visit = LeaderVisit(
        neighbourhood=neighbourhood, on=on, leader=leader.strip(), place=place.strip(), met=met,
        summary=summary.strip(), building=building, recorded_by=by,
    )  # fmt: skip
    require(by, "suggestions.record_leader_visit", visit)
    if on > timezone.localdate():
        raise Refused(_("走访的日期不能在今天以后"))
    if not (visit.leader and visit.place):
        raise Refused(_("请写明哪位领导、去了哪里"))
    visit.save(force_insert=True)
    day = due(Code.FINDING, timezone.localdate())
    VisitFinding.objects.bulk_create(
        VisitFinding(
            neighbourhood=neighbourhood, visit=visit, number=n, text=text.strip(), due_on=day
        )
        for n, text in enumerate(filter(str.strip, findings), 1)
    )
    record("suggestions.record_leader_visit", visit, by=by, findings=visit.findings.count())
    return visit


def _open_finding(finding: VisitFinding) -> VisitFinding:
    """Held until the transaction ends, and not settled yet."""
    LeaderVisit.objects.select_for_update().get(pk=finding.visit_id)
    found = VisitFinding.objects.select_related("visit__neighbourhood").get(pk=finding.pk)
    if not found.is_open:
        raise Refused(_("这个问题已经答复或者转成诉求"))
    return found


@transaction.atomic
def answer_finding(finding: VisitFinding, *, answer: str, by: User) -> VisitFinding:
    """Say what was done about it (答复)."""
    require(by, "suggestions.answer_finding", finding)
    finding = _open_finding(finding)
    if not answer.strip():
        raise Refused(_("请写明怎么解决的"))
    finding.answer, finding.answered_at, finding.answered_by = answer.strip(), timezone.now(), by
    finding.save(update_fields=["answer", "answered_at", "answered_by"])
    record("suggestions.answer_finding", finding, by=by, finding=str(finding.pk))
    return finding


@transaction.atomic
def claim_finding(
    finding: VisitFinding,
    *,
    title: str,
    claimant_name: str,
    confirmed: Claim.Confirmed,
    claimant_phone: str = "",
    by: User,
) -> Claim:
    """Make a claim of it (转诉求): from here it goes the way of all claims."""
    require(by, "suggestions.claim_finding", finding)
    finding = _open_finding(finding)
    claim = enter_claim(
        finding.visit.neighbourhood, title=title, text=finding.text, confirmed=confirmed,
        source=Claim.Source.LEADER_VISIT, source_ref=str(finding.visit)[:80],
        claimant_name=claimant_name, claimant_phone=claimant_phone,
        building=finding.visit.building, by=by,
    )  # fmt: skip
    finding.claim = claim
    finding.save(update_fields=["claim"])
    record("suggestions.claim_finding", finding, by=by, claim=str(claim.pk))
    return claim
