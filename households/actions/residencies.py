"""How a login becomes a household's (居住关系): by letter and telephone, or at the counter."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.models import CorrectionRequest, Household, LetterCode, Member, Residency
from households.queries.residencies import live_letter, members_with_phone_of

from .letters import open_account
from .locking import locked_household, move_on

SEEN = ("id_card", "booklet", "certificate")  # 身份证, 户口簿, 房本或租用凭证


def _letter(code: str) -> LetterCode:
    letter = live_letter(code, timezone.now())
    if letter is None:
        raise Refused(_("这个码不对，或已用过、已换新。请看最新一封告知书"))
    return letter


def _refuse_if_taken(household: Household, member: Member | None, user: User) -> None:
    living = Residency.objects.live().filter(household=household)
    if living.filter(user=user).exists():
        raise Refused(_("您已经关联了这一户"))
    if member is not None and living.filter(member=member).exists():
        raise Refused(_("这位家人已有别的账号，请到居委会柜台核验"))


def _verify(
    household: Household, user: User, member: Member, way: Residency.Way, by: User | None
) -> Residency:
    """A live residency; one that waited for the counter becomes it."""
    residency = Residency.objects.waiting().filter(household=household, user=user).first()
    verified = {
        "member": member,
        "way": way,
        "verified_at": timezone.now(),
        "verified_by": by,
    }
    if residency is None:
        return Residency.objects.create(
            neighbourhood_id=household.neighbourhood_id,
            household=household,
            user=user,
            **verified,
        )
    for name, value in verified.items():
        setattr(residency, name, value)
    residency.save(update_fields=list(verified))
    return residency


@transaction.atomic
def link_by_letter(code: str, *, member: Member | None = None, by: User) -> Residency:
    """Join one's household with the letter's code (凭码关联).

    The code alone is not enough: the telephone one signed in with must be on file for a member.
    """
    letter = _letter(code)
    household = locked_household(letter.household)
    letter = LetterCode.objects.select_for_update().get(pk=letter.pk)
    require(by, "households.link_by_letter", letter)
    if letter.used_at or letter.voided_at:
        raise Refused(_("这个码不对，或已用过、已换新。请看最新一封告知书"))
    candidates = list(members_with_phone_of(by, household))
    if not candidates:
        raise Refused(_("您的手机号与档案里的不一样，请到居委会柜台核验"))
    if member is None:
        member = candidates[0]
    elif member not in candidates:
        raise Refused(_("您的手机号与档案里的不一样，请到居委会柜台核验"))
    _refuse_if_taken(household, member, by)
    residency = _verify(household, by, member, Residency.Way.LETTER, None)
    letter.used_at = timezone.now()
    letter.save(update_fields=["used_at"])
    record("households.link_by_letter", residency, by=by, member=str(member.pk))
    return residency


@transaction.atomic
def ask_for_counter_check(code: str, *, by: User) -> Residency:
    """Holding the letter with a telephone that is not on file, ask to be checked in person (申请柜台核验)."""
    letter = _letter(code)
    household = locked_household(letter.household)
    require(by, "households.ask_for_counter_check", letter)
    _refuse_if_taken(household, None, by)
    waiting = Residency.objects.waiting().filter(household=household, user=by).first()
    if waiting is not None:
        return waiting
    waiting = Residency.objects.create(
        neighbourhood_id=household.neighbourhood_id,
        household=household,
        user=by,
        way=Residency.Way.LETTER,
    )
    record("households.ask_for_counter_check", waiting, by=by)
    return waiting


@transaction.atomic
def disown_letter(code: str, *, text: str, by: User) -> CorrectionRequest:
    """ "This is not my home" (不是我家): the letter reached the wrong person; its code dies."""
    letter = _letter(code)
    household = locked_household(letter.household)
    letter = LetterCode.objects.select_for_update().get(pk=letter.pk)
    require(by, "households.disown_letter", letter)
    letter.voided_at = timezone.now()
    letter.save(update_fields=["voided_at"])
    words = text.strip() or _("收到告知书的人说：这不是我家")
    request = CorrectionRequest.objects.create(
        neighbourhood_id=household.neighbourhood_id, household=household, asked_by=by, text=words
    )
    record("households.disown_letter", request, by=by, letter=str(letter.pk))
    return request


@transaction.atomic
def link_at_counter(member: Member, *, phone: str, seen: list[str], by: User) -> Residency:
    """Tie a telephone to a household member who stands before one with papers (柜台核验).

    Opens the account if the number has none. The number goes on file if the member had none.
    """
    household = locked_household(member.household)
    member = household.members.get(pk=member.pk)
    require(by, "households.link_at_counter", household)
    if not seen or not set(seen) <= set(SEEN):
        raise Refused(_("请勾选您核对过的证件"))
    if member.left_at or member.is_deceased:
        raise Refused(_("这位成员已迁出或已故，不能关联"))
    user = open_account(phone, member.name)
    if user == by:
        raise Refused(_("不能给自己核验，请另一位同事办理"))
    if not user.is_active:
        raise Refused(_("这个号码的账号已停用，请联系管理员"))
    _refuse_if_taken(household, member, user)
    if not member.phone:
        member.phone = phone
        member.index_numbers()
        member.save(update_fields=["phone", "phone_index", "phone_tail_index", "id_index"])
        move_on(household)
    residency = _verify(household, user, member, Residency.Way.COUNTER, by)
    record(
        "households.link_at_counter",
        residency,
        by=by,
        member=str(member.pk),
        seen=sorted(seen),
    )
    return residency


@transaction.atomic
def decline_residency(residency: Residency, *, by: User) -> None:
    """The person who asked does not belong to the household (不予关联)."""
    household = locked_household(residency.household)
    residency = Residency.objects.select_for_update().get(pk=residency.pk)
    require(by, "households.decline_residency", household)
    if residency.verified_at or residency.ended_at:
        raise Refused(_("这件申请已经办过了"))
    residency.ended_at = timezone.now()
    residency.save(update_fields=["ended_at"])
    record("households.decline_residency", residency, by=by)


@transaction.atomic
def end_residency(residency: Residency, *, reason: str, by: User) -> None:
    """The login is no longer this household's (解除关联)."""
    household = locked_household(residency.household)
    residency = Residency.objects.select_for_update().get(pk=residency.pk)
    require(by, "households.end_residency", household)
    if residency.ended_at:
        raise Refused(_("这个账号已经解除关联"))
    if not reason.strip():
        raise Refused(_("请写明原因"))
    residency.ended_at = timezone.now()
    residency.save(update_fields=["ended_at"])
    household.remark = "\n".join(
        filter(None, [household.remark, _("解除账号关联：%(why)s") % {"why": reason.strip()}])
    )
    household.save(update_fields=["remark"])
    record("households.end_residency", residency, by=by)
