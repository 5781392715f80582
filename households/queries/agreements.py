"""What is read of agreements: their words, who must sign, what is still owed (协议)."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from caoyang_portal.confidential import mask_id_number
from caoyang_portal.errors import Refused
from households.models import (
    Agreement,
    AgreementTemplate,
    AllowanceItem,
    Household,
    Material,
    Member,
    Plan,
    Project,
    Sealing,
    Signatory,
)
from households.models.agreements import AgreementQuerySet

from .placeholders import Facts
from .templates import Chapter, chapters_of, fill, paragraphs

OVERTAKEN = "overtaken"  # beside the states: a signatory died or left before signing
MATERIALS = "materials"  # handed in, and nobody looked at them yet
SEALED_WITHIN = timedelta(minutes=15)  # older than this, and people are told


def facts_of(household: Household, template: AgreementTemplate, number: str) -> Facts:
    """Everything the text may speak of, read now; refused when nobody can be said to sign."""
    project = template.project
    members = list(household.members.filter(left_at=None, is_deceased=False))
    return Facts(
        household=household,
        project=project,
        template=template,
        number=number,
        members=members,
        signers=signers(household, members),
        plan=current_plan(project, household),
        allowances=list(
            AllowanceItem.objects.filter(project=project, household=household).order_by(
                "rule__order", "code"
            )
        ),
    )


def current_plan(project: Project, household: Household) -> Plan | None:
    """The household's latest published plan."""
    plans = Plan.objects.filter(project=project, household=household, published_at__isnull=False)
    return plans.order_by("-version").first()


def signers(household: Household, members: Sequence[Member]) -> list[Member]:
    """Who must sign (签约人): the holder, then every co-owner, alive and present.

    Refused where the law says that the signatory is undetermined (签约人未定).
    """
    special = Household.Special(household.special)
    if special in (Household.Special.INHERITANCE, Household.Special.UNDETERMINED):
        raise Refused(_("签约人未定：本户标记为“%(special)s”。") % {"special": special.label})
    found = [m for m in members if m.role == Member.Role.HOLDER]
    if not found:
        raise Refused(_("签约人未定：没有在世的承租人或产权人。"))
    found += [m for m in members if m.role == Member.Role.CO_OWNER]
    for member in found:
        if member.capacity != Member.Capacity.FULL and not member.guardian:
            raise Refused(
                _("签约人未定：%(name)s需由监护人代签，请先登记监护人。") % {"name": member.name}
            )
    return found


def text_and_points(facts: Facts) -> tuple[str, str]:
    """The filled text and the filled key points."""
    return fill(facts.template.body, facts), fill(facts.template.key_points, facts)


def next_number(project: Project) -> str:
    """The number after the highest; call it with the project locked."""
    prefix = f"{project.code.upper()}-"
    numbers = Agreement.objects.filter(project=project, number__startswith=prefix)
    last = numbers.aggregate(last=Max("number"))["last"]
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:06d}"


def chapters(agreement: Agreement) -> list[Chapter]:
    """The frozen text, chapter by chapter, for the signing journey."""
    return chapters_of(agreement.text)


def key_points(agreement: Agreement) -> list[str]:
    """At most three sentences that say what the agreement means for this household (三句话要点)."""
    return [line for line in agreement.key_points.splitlines() if line.strip()]


@dataclass(frozen=True)
class Difference:
    """One paragraph that is not as it was."""

    before: str  # "" when it is new
    after: str  # "" when it is gone


def differences(agreement: Agreement) -> list[Difference]:
    """What changed against the agreement this one replaces, paragraph by paragraph."""
    if agreement.supersedes is None:
        return []
    old, new = paragraphs(agreement.supersedes.text), paragraphs(agreement.text)
    found = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        before, after = old[a:b], new[c:d]
        longer = max(len(before), len(after))
        before += [""] * (longer - len(before))
        after += [""] * (longer - len(after))
        found += [Difference(x, y) for x, y in zip(before, after, strict=True)]
    return found


def agreement_list(
    seen: AgreementQuerySet, *, state: str = "", building: Any = None, text: str = ""
) -> QuerySet[Any, Any]:
    """The staff's list, filtered; each with whether only a new version can be signed."""
    if state == OVERTAKEN:
        seen = seen.overtaken()
    elif state == MATERIALS:
        waiting = Material.objects.waiting().filter(
            household=OuterRef("household"), item__project=OuterRef("project")
        )
        seen = seen.live().filter(Exists(waiting))
    elif state:
        seen = seen.filter(state=state)
    if building:
        seen = seen.filter(household__building=building)
    if text:
        seen = seen.filter(Q(number__icontains=text) | Q(household__search_text__icontains=text))
    overtaken = Agreement.objects.overtaken().filter(pk=OuterRef("pk"))
    rows: QuerySet[Any, Any] = seen.annotate(is_overtaken=Exists(overtaken))
    return rows.select_related("household__building", "template", "project", "sealing").order_by(
        "household__building__number",
        "household__door",
        "household__room",
        "household__part",
        "pk",
    )


def signatories(agreement: Agreement) -> QuerySet[Signatory]:
    """Who must sign, in order, with what they have signed."""
    return agreement.signatories.select_related("member", "signature").order_by("order")


def versions(agreement: Agreement) -> QuerySet[Agreement]:
    """Every agreement the household has had in the project, newest first."""
    return (
        Agreement.objects.filter(project=agreement.project_id, household=agreement.household_id)
        .select_related("template")
        .prefetch_related(Prefetch("signatures"))
        .order_by("-made_at")
    )


def oldest_unsealed_age() -> timedelta | None:
    """How long the oldest signed agreement has been waiting for its seal; None when none waits."""
    since = Sealing.objects.owed().aggregate(since=Min("queued_at"))["since"]
    return timezone.now() - since if since else None


def is_counted(project: Project, household: Household) -> bool:
    """Whether the household stands on the project's frozen roster."""
    snapshot = project.snapshot
    return snapshot is not None and snapshot.entries.filter(household=household).exists()


def masked(facts: Facts) -> Facts:
    """The same household for a preview: nobody's full name, no certificate number."""
    for member in facts.members:
        member.name = member.masked_name
    facts.household.certificate_number = mask_id_number(facts.household.certificate_number)
    return facts


def masked_text(agreement: Agreement) -> str:
    """The frozen text for the family's look: names and the certificate's number masked."""
    household = agreement.household
    hidden = {member.name: member.masked_name for member in household.members.all()}
    hidden[household.certificate_number] = mask_id_number(household.certificate_number)
    text = agreement.text
    for words in sorted((escape(w) for w in hidden if w), key=len, reverse=True):
        text = text.replace(words, escape(hidden[unescape(words)]))
    return text
