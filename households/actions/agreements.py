"""An agreement's life before and beside its signatures (协议): made, frozen, declined, replaced, void."""

import hashlib
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal import documents
from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads import intake
from households.documents.agreements import certified_agreement
from households.models import (
    Agreement,
    AgreementTemplate,
    FileReading,
    Household,
    Member,
    Project,
    Signatory,
)
from households.queries.agreements import (
    facts_of,
    is_counted,
    next_number,
    text_and_points,
)
from households.queries.placeholders import Facts
from households.queries.templates import plain, sha256_of

from .effect import hold_signing_open


@transaction.atomic
def make_agreement(household: Household, template: AgreementTemplate, *, by: User) -> Agreement:
    """Fill the template for one household (生成协议). A draft that stands is filled anew."""
    household, project = _parents(household, template.project_id)
    agreement = _live(project, household)
    if agreement is None:
        agreement = Agreement(
            neighbourhood=household.neighbourhood, project=project, household=household
        )
    require(by, "households.make_agreement", agreement)
    if agreement.state != Agreement.State.DRAFT:
        raise Refused(_("本户已有协议 %(number)s，要改请出新版。") % {"number": agreement.number})
    _write(agreement, template, by)
    record(
        "households.make_agreement",
        agreement,
        by=by,
        number=agreement.number,
        template=str(template.pk),
        text_sha256=agreement.text_sha256,
    )
    return agreement


def freeze_agreement(agreement: Agreement, *, by: User) -> Agreement:
    """Print the text, certify it, and let nobody change it any more (协议定稿).

    The file is made and kept before the transaction; the transaction takes it only if the text is
    still the one that was printed, and still what the household's file says.
    """
    require(by, "households.freeze_agreement", agreement)
    agreement = Agreement.objects.select_related(
        "template", "project", "household__building", "neighbourhood"
    ).get(pk=agreement.pk)
    if agreement.state != Agreement.State.DRAFT:
        raise Refused(_("协议已经定稿，不用再做一次。"))
    members = [s.member for s in agreement.signatories.select_related("member")]
    pdf = certified_agreement(agreement, members)
    document = intake.keep(
        pdf,
        f"{agreement.template.name} {agreement.number}.pdf",
        "application/pdf",
        neighbourhood_id=agreement.neighbourhood_id,
        by=by,
    )
    printed = agreement.text_sha256
    with transaction.atomic():
        household = _locked_household(agreement.household)
        agreement = _locked(agreement)
        require(by, "households.freeze_agreement", agreement)
        if agreement.state != Agreement.State.DRAFT:
            raise Refused(_("协议已经定稿，不用再做一次。"))
        agreement.move_to(Agreement.State.FROZEN)
        _refuse_if_changed(agreement, household, printed, members)
        agreement.document = document
        agreement.document_sha256 = hashlib.sha256(pdf).hexdigest()
        agreement.frozen_at = timezone.now()
        agreement.save(update_fields=["state", "document", "document_sha256", "frozen_at"])
        record(
            "households.freeze_agreement",
            agreement,
            by=by,
            number=agreement.number,
            text_sha256=printed,
            document_sha256=agreement.document_sha256,
        )
    return agreement


@transaction.atomic
def supersede_agreement(
    agreement: Agreement, template: AgreementTemplate, *, reason: str, by: User
) -> Agreement:
    """Replace an agreement by a new draft (出新版); the old one and its signatures are kept."""
    hold_signing_open(agreement.project_id)
    household, project = _parents(agreement.household, agreement.project_id)
    old = _locked(agreement)
    require(by, "households.supersede_agreement", old)
    if old.state == Agreement.State.DRAFT:
        raise Refused(_("协议还没有定稿，请直接重新生成。"))
    if template.project_id != old.project_id:
        raise Refused(_("范本不是这个项目的，请换一份。"))
    _close(old, Agreement.State.SUPERSEDED, reason)
    new = Agreement(
        neighbourhood=household.neighbourhood,
        project=project,
        household=household,
        supersedes=old,
    )
    _write(new, template, by)
    record(
        "households.supersede_agreement",
        old,
        by=by,
        number=old.number,
        new_number=new.number,
        text_sha256=new.text_sha256,
    )
    return new


@transaction.atomic
def decline_agreement(agreement: Agreement, *, reason: str, by: User) -> Agreement:
    """Note that the household does not agree for now (暂不同意), in its own words."""
    hold_signing_open(agreement.project_id)
    agreement = _locked(agreement)
    require(by, "households.decline_agreement", agreement)
    _close(agreement, Agreement.State.DECLINED, reason)
    record("households.decline_agreement", agreement, by=by, number=agreement.number)
    return agreement


@transaction.atomic
def reconsider_agreement(agreement: Agreement, *, by: User) -> Agreement:
    """Take the agreement up again (重新考虑); signatures already given still stand."""
    hold_signing_open(agreement.project_id)
    agreement = _locked(agreement)
    require(by, "households.reconsider_agreement", agreement)
    has_signatures = agreement.signatures.exists()
    agreement.move_to(Agreement.State.SIGNING if has_signatures else Agreement.State.FROZEN)
    agreement.closing_reason = ""
    agreement.save(update_fields=["state", "closing_reason"])
    record("households.reconsider_agreement", agreement, by=by, number=agreement.number)
    return agreement


@transaction.atomic
def void_agreement(agreement: Agreement, *, reason: str, by: User) -> Agreement:
    """Declare an agreement void (作废), with the reason; nothing is deleted."""
    hold_signing_open(agreement.project_id)
    agreement = _locked(agreement)
    require(by, "households.void_agreement", agreement)
    _close(agreement, Agreement.State.VOID, reason)
    record("households.void_agreement", agreement, by=by, number=agreement.number)
    return agreement


def note_reading(agreement: Agreement, *, reader: User) -> None:
    """Write down that a paper of the household was taken out (查阅记录); not an act, no ledger entry."""
    FileReading.objects.create(
        neighbourhood_id=agreement.neighbourhood_id,
        household_id=agreement.household_id,
        reader=reader,
        what=FileReading.What.DOCUMENT,
        reason=agreement.number,
    )


def _parents(household: Household, project_id: UUID) -> tuple[Household, Project]:
    """Both rows locked, in this order; the project's lock hands out the numbers."""
    household = _locked_household(household)
    project = (
        Project.objects.select_for_update(no_key=True, of=("self",))
        .select_related("implementer", "snapshot")
        .get(pk=project_id)
    )
    return household, project


def _locked_household(household: Household) -> Household:
    return (
        Household.objects.select_for_update(no_key=True, of=("self",))
        .select_related("building", "neighbourhood")
        .get(pk=household.pk)
    )


def _locked(agreement: Agreement) -> Agreement:
    return (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("project", "template", "neighbourhood", "household__building")
        .get(pk=agreement.pk)
    )


def _live(project: Project, household: Household) -> Agreement | None:
    return (
        Agreement.objects.live()
        .select_for_update(of=("self",))
        .select_related("neighbourhood", "household", "project")
        .filter(project=project, household=household)
        .first()
    )


def _write(agreement: Agreement, template: AgreementTemplate, by: User) -> None:
    """Fill a draft and name its signatories."""
    template = AgreementTemplate.objects.get(pk=template.pk)
    if template.published_at is None:
        raise Refused(_("范本还没有发布，请先发布。"))
    template.project = agreement.project
    if not is_counted(agreement.project, agreement.household):
        raise Refused(_("本户不在基准日名册上，不能生成协议。"))
    number = agreement.number or next_number(agreement.project)
    facts = facts_of(agreement.household, template, number)
    text, points = text_and_points(facts)
    _refuse_unprintable(facts, text)
    is_new = agreement._state.adding
    agreement.template, agreement.plan, agreement.number = template, facts.plan, number
    agreement.text, agreement.text_sha256, agreement.key_points = text, sha256_of(text), points
    agreement.made_at, agreement.made_by = timezone.now(), by
    agreement.save(force_insert=is_new)
    agreement.signatories.all().delete()  # of a draft; nobody can have signed it
    Signatory.objects.bulk_create(
        Signatory(
            neighbourhood_id=agreement.neighbourhood_id,
            agreement=agreement,
            member=member,
            order=order,
        )
        for order, member in enumerate(facts.signers, start=1)
    )


def _refuse_unprintable(facts: Facts, text: str) -> None:
    """A name printed as a hollow box is a reason not to sign: found out before, not after."""
    for member in facts.signers:
        if missing := documents.missing_glyphs(member.name):
            raise Refused(
                _("姓名“%(name)s”里的“%(missing)s”字印不出，请联系管理员补字体。")
                % {"name": member.name, "missing": missing}
            )
    if missing := documents.missing_glyphs(plain(text)):
        raise Refused(_("正文里的“%(missing)s”字印不出，请改写。") % {"missing": missing})


def _refuse_if_changed(
    agreement: Agreement, household: Household, printed: str, members: list[Member]
) -> None:
    """What was printed is still the draft's text, and still what the household's file says."""
    facts = facts_of(household, agreement.template, agreement.number)
    text, _points = text_and_points(facts)
    if sha256_of(text) != printed or agreement.text_sha256 != printed:
        raise Refused(_("户档案刚有变化，请重新生成协议。"))
    if [member.pk for member in facts.signers] != [member.pk for member in members]:
        raise Refused(_("签约人刚有变化，请重新生成协议。"))


def _close(agreement: Agreement, state: Agreement.State, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("请写明事由。"))
    agreement.move_to(state)
    agreement.closing_reason = reason.strip()
    agreement.save(update_fields=["state", "closing_reason"])
