"""A claim comes in and is sorted (诉求收集): made or entered, accepted, referred, taken back."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Building, Neighbourhood, User, normalise_phone
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from households.models import Household, Visit
from suggestions.claim_paces import Code, due
from suggestions.models import Claim, ClaimStep

from .claim_steps import State, add_step, go_on, locked_claim, next_number, promise

MOST_WAITING = 10  # of one person, not looked at yet
Class = Claim.Class


@transaction.atomic
def make_claim(
    neighbourhood: Neighbourhood,
    *,
    title: str,
    text: str = "",
    building: Building | None = None,
    photos: Sequence[Attachment] = (),
    by: User,
) -> Claim:
    """Say what one needs (提诉求): a resident for the home they live in."""
    claim = Claim(
        neighbourhood=neighbourhood, title=title.strip(), text=text.strip(), building=building,
        source=Claim.Source.ONLINE, claimant=by,
    )  # fmt: skip
    require(by, "suggestions.make_claim", claim)
    claim.household = Household.objects.of(by).filter(neighbourhood=neighbourhood).first()
    waiting = Claim.objects.filter(claimant=by, state=State.MADE)
    if waiting.filter(title=claim.title).exists():
        raise Refused(_("您已经提过这件事，居委正在看"))
    if waiting.count() >= MOST_WAITING:
        raise Refused(_("您有 %(n)s 件事居委还没看完，请等一等再提") % {"n": MOST_WAITING})
    step = _put_up(claim, photos, by)
    record("suggestions.make_claim", claim, by=by, step=str(step.pk))
    return claim


@transaction.atomic
def enter_claim(
    neighbourhood: Neighbourhood,
    *,
    title: str,
    source: Claim.Source,
    confirmed: Claim.Confirmed,
    text: str = "",
    claimant: User | None = None,
    claimant_name: str = "",
    claimant_phone: str = "",
    source_ref: str = "",
    hotline_number: str = "",
    household: Household | None = None,
    building: Building | None = None,
    visit: Visit | None = None,
    photos: Sequence[Attachment] = (),
    by: User,
) -> Claim:
    """Write down what somebody said (代录): who, how it came, and how they confirmed it."""
    claim = Claim(
        neighbourhood=neighbourhood, title=title.strip(), text=text.strip(), source=source,
        source_ref=source_ref.strip(), hotline_number=hotline_number.strip(), claimant=claimant,
        claimant_name=claimant_name.strip(), confirmed=confirmed, household=household,
        building=building or (household.building if household else None), visit=visit,
        entered_by=by, minder=by,
    )  # fmt: skip
    require(by, "suggestions.enter_claim", claim)
    if not (claim.claimant or claim.claimant_name):
        raise Refused(_("请写明是谁说的"))
    if not confirmed:
        raise Refused(_("请写明怎么和本人确认的"))
    claim.claimant_phone = normalise_phone(claimant_phone) or claimant_phone.strip()
    if household and household.neighbourhood_id != neighbourhood.pk:
        raise Refused(_("这一户不属于本居民区"))
    step = _put_up(claim, photos, by)
    record("suggestions.enter_claim", claim, by=by, step=str(step.pk), source=str(source))
    return claim


def _put_up(claim: Claim, photos: Sequence[Attachment], by: User) -> ClaimStep:
    """The number, the row, its photos and its first promise."""
    if not claim.title:
        raise Refused(_("请写一句话：是什么事"))
    if claim.building and claim.building.neighbourhood_id != claim.neighbourhood_id:
        raise Refused(_("这一幢不属于本居民区"))
    if any(photo.neighbourhood_id != claim.neighbourhood_id for photo in photos):
        raise Refused(_("这张照片不属于本居民区"))
    claim.number = next_number(claim.neighbourhood_id, timezone.localdate())
    promise(claim)
    claim.save(force_insert=True)
    claim.photos.set(photos)
    return add_step(claim, "", by)


@transaction.atomic
def accept_claim(claim: Claim, *, claim_class: Claim.Class, words: str = "", by: User) -> Claim:
    """Take it on (受理) in its class: from here the limit of the reply runs."""
    claim = locked_claim(claim)
    require(by, "suggestions.accept_claim", claim)
    if claim_class == Class.COMPLEX:
        raise Refused(_("疑难复杂的先按别的类别受理，再申请延期，由别人批准"))
    today = timezone.localdate()
    changes: dict[str, Any] = {
        "claim_class": claim_class, "accepted_on": today, "minder": claim.minder or by,
        "contact_due": due(Code.CONTACT, today), "reply_due": due(claim_class, today),
    }  # fmt: skip
    step = go_on(claim, State.ACCEPTED, words=words, by=by, **changes)
    record("suggestions.accept_claim", claim, by=by, step=str(step.pk), claim_class=claim_class)
    return claim


@transaction.atomic
def refer_claim(claim: Claim, *, elsewhere: Claim.Elsewhere, answer: str, by: User) -> Claim:
    """Say where it belongs instead (转出), and how to go there; nobody is sent away without words."""
    claim = locked_claim(claim)
    require(by, "suggestions.refer_claim", claim)
    if not answer.strip():
        raise Refused(_("请写明为什么转、怎么去找，本人会看到"))
    refuse_what_hangs_on(claim)
    words = f"{_('可以找：')}{Claim.Elsewhere(elsewhere).label}\n{answer.strip()}"
    step = go_on(
        claim, State.REFERRED, words=words, by=by, elsewhere=elsewhere, answer=answer.strip()
    )
    record("suggestions.refer_claim", claim, by=by, step=str(step.pk), elsewhere=str(elsewhere))
    return claim


@transaction.atomic
def withdraw_claim(claim: Claim, *, by: User) -> Claim:
    """Take it back (撤回), before a unit has it."""
    claim = locked_claim(claim)
    require(by, "suggestions.withdraw_claim", claim)
    refuse_what_hangs_on(claim)
    step = go_on(claim, State.WITHDRAWN, words="", by=by)
    record("suggestions.withdraw_claim", claim, by=by, step=str(step.pk))
    return claim


def refuse_what_hangs_on(claim: Claim) -> None:
    """Others that are handled together with it would be left alone."""
    if claim.merged.exists():
        raise Refused(_("还有别的诉求和这件一起办，请先分开"))
