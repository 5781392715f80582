"""Written powers of attorney (授权委托, Civil Code art. 165): recorded by one, approved by another."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from households.models import FileReading, Mandate, Member

from .files import note_reading
from .letters import open_account
from .locking import locked_household


@transaction.atomic
def record_mandate(
    principal: Member,
    *,
    agent_name: str,
    agent_phone: str,
    matter: Mandate.Matter,
    scope: str,
    valid_from: date,
    valid_to: date,
    document: Attachment,
    by: User,
) -> Mandate:
    """Enter a power of attorney with its document (登记委托); it counts once a colleague approved it."""
    household = locked_household(principal.household)
    principal = household.members.get(pk=principal.pk)
    require(by, "households.record_mandate", household)
    if principal.role not in (Member.Role.HOLDER, Member.Role.CO_OWNER) or principal.left_at:
        raise Refused(_("只有承租人、产权人或共有人才能委托别人签约"))
    if valid_to < valid_from:
        raise Refused(_("委托的结束日期早于开始日期"))
    if document.neighbourhood_id != household.neighbourhood_id:
        raise Refused(_("委托书不属于这个居民区"))
    mandate = Mandate.objects.create(
        neighbourhood_id=household.neighbourhood_id,
        household=household,
        principal=principal,
        agent_name=agent_name,
        agent_phone=agent_phone,
        matter=matter,
        scope=scope,
        valid_from=valid_from,
        valid_to=valid_to,
        document=document,
        recorded_by=by,
    )
    record(
        "households.record_mandate",
        mandate,
        by=by,
        principal=str(principal.pk),
        matter=str(mandate.matter),
        document=document.sha256,
        valid_to=valid_to.isoformat(),
    )
    return mandate


@transaction.atomic
def approve_mandate(mandate: Mandate, *, by: User) -> None:
    """A second member of staff has read the document (复核委托); from now on the agent may act.

    The agent's account is opened here, so that an agent with a telephone on file can sign in.
    """
    household = locked_household(mandate.household)
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    require(by, "households.approve_mandate", mandate)
    if mandate.revoked_at:
        raise Refused(_("这份委托已撤销"))
    if mandate.approved_at:
        raise Refused(_("这份委托已复核"))
    if mandate.valid_to < timezone.localdate():
        raise Refused(_("这份委托已过期"))
    if mandate.agent_phone:
        mandate.agent = open_account(mandate.agent_phone, mandate.agent_name)
        if mandate.agent == by:
            raise Refused(_("受托人不能复核自己的委托，请另一位同事办理"))
    mandate.approved_by = by
    mandate.approved_at = timezone.now()
    mandate.save(update_fields=["agent", "approved_by", "approved_at"])
    record("households.approve_mandate", mandate, by=by, household=str(household.pk))


@transaction.atomic
def revoke_mandate(mandate: Mandate, *, reason: str, by: User) -> None:
    """The principal takes the power back, or it should never have been entered (撤销委托)."""
    household = locked_household(mandate.household)
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    require(by, "households.revoke_mandate", mandate)
    if mandate.revoked_at:
        raise Refused(_("这份委托已撤销"))
    if not reason.strip():
        raise Refused(_("请写明原因"))
    mandate.revoked_at = timezone.now()
    mandate.revoking_reason = reason.strip()
    mandate.save(update_fields=["revoked_at", "revoking_reason"])
    record("households.revoke_mandate", mandate, by=by, household=str(household.pk))


@transaction.atomic
def read_mandate_document(mandate: Mandate, *, by: User) -> Attachment:
    """Open the scanned power of attorney (查看委托书)."""
    household = locked_household(mandate.household)
    require(by, "households.read_mandate_document", mandate)
    note_reading(household, FileReading.What.DOCUMENT, reader=by, reason=_("查看授权委托书"))
    record("households.read_mandate_document", mandate, by=by)
    return mandate.document
