"""What becomes a claim, and what a claim becomes (诉求转办): both sides, or neither."""

from django.db import transaction
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from consultation.actions import rolls, topics
from consultation.models import PollObjection, Topic
from households.models import Household, Visit
from suggestions.actions import claims, suggestions
from suggestions.models import Category, Claim, NameShown, Suggestion

# How a claim came, in the words of suggestions; what has no word there came by phone.
CAME = {
    "online": "online", "visit": "visit", "counter": "counter", "letter": "letter",
    "wechat": "wechat", "leader_visit": "leader_visit",
}  # fmt: skip


@transaction.atomic
def visit_to_claim(
    visit: Visit,
    *,
    title: str,
    text: str,
    claimant_name: str,
    confirmed: Claim.Confirmed,
    by: User,
) -> Claim:
    """What somebody said at the door is to be done (走访转诉求)."""
    # Whoever hands the same visit over twice waits here for the first.
    household = Household.objects.select_for_update(no_key=True).get(pk=visit.household_id)
    if Claim.objects.filter(visit=visit).exists():
        raise Refused(_("这次走访已经转为诉求"))
    return claims.enter_claim(
        household.neighbourhood, title=title, text=text, source=Claim.Source.VISIT,
        claimant_name=claimant_name, confirmed=confirmed, household=household, visit=visit, by=by,
    )  # fmt: skip


@transaction.atomic
def objection_to_claim(
    objection: PollObjection, *, title: str, text: str, answer: str, by: User
) -> Claim:
    """Answer an objection that is really somebody's own need, and make it a claim (异议转诉求)."""
    objection = PollObjection.objects.select_for_update().get(pk=objection.pk)
    ref = str(objection.pk)
    if Claim.objects.filter(source=Claim.Source.OBJECTION, source_ref=ref).exists():
        raise Refused(_("这条异议已经转为诉求"))
    if objection.upheld is None:
        rolls.answer_objection(objection, answer=answer, upheld=False, by=by)
    return claims.enter_claim(
        objection.neighbourhood, title=title, text=text, source=Claim.Source.OBJECTION,
        source_ref=ref, claimant=objection.raised_by, household=objection.household,
        confirmed=Claim.Confirmed.WROTE, by=by,
    )  # fmt: skip


@transaction.atomic
def claim_to_suggestion(
    claim: Claim, *, category: Category, title: str, reasons: str, answer: str, by: User
) -> Suggestion:
    """What is good for everybody goes on as a suggestion (诉求转建议); its name is not shown."""
    suggestion = suggestions.enter_suggestion(
        claim.neighbourhood, category=category, title=title, reasons=reasons,
        source=Suggestion.Source(CAME.get(claim.source, "phone")),
        source_note=f"{_('诉求')} {claim.number}", confirmed=Suggestion.Confirmed.OWN_HAND,
        proposed_by=claim.claimant, proposer_name=claim.claimant_name,
        proposer_phone=claim.claimant_phone, building=claim.building,
        name_shown=NameShown.HIDDEN, by=by,
    )  # fmt: skip
    claims.refer_claim(claim, elsewhere=Claim.Elsewhere.SUGGESTION, answer=answer, by=by)
    return suggestion


@transaction.atomic
def claim_to_topic(claim: Claim, *, title: str, text: str, answer: str, by: User) -> Topic:
    """What neighbours have to talk over goes on as a topic (诉求转议题), unnamed."""
    topic = topics.enter_topic(
        claim.neighbourhood, title=title, text=text, source=Topic.Source.CLAIM,
        source_ref=claim.number, proposed_by=claim.claimant, proposer_name=claim.claimant_name,
        household=claim.household, building=claim.building, is_unnamed=True, by=by,
    )  # fmt: skip
    claims.refer_claim(claim, elsewhere=Claim.Elsewhere.TOPIC, answer=answer, by=by)
    return topic
