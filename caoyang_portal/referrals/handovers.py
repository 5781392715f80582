"""What becomes a topic (转为议题): an objection, what a visit brought back, a suggestion; or a claim (转为诉求)."""

from django.db import transaction
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from consultation.actions import rolls, topics
from consultation.models import PollObjection, Topic
from households.models import Household, Visit
from suggestions.actions import claims, suggestion_intake
from suggestions.models import Claim, NameShown, Suggestion

CONFIRMED: dict[str, Claim.Confirmed] = {
    Suggestion.Confirmed.READ_OUT: Claim.Confirmed.READ_OUT,
    Suggestion.Confirmed.SIGNED: Claim.Confirmed.SIGNED,
    Suggestion.Confirmed.CALLED_BACK: Claim.Confirmed.CALLED,
}


@transaction.atomic
def objection_to_topic(
    objection: PollObjection, *, title: str, text: str, answer: str, by: User
) -> Topic:
    """Answer an objection that is really a matter to talk over, and make it a topic (异议转议题)."""
    objection = PollObjection.objects.select_for_update().get(pk=objection.pk)
    if Topic.objects.filter(objection=objection).exists():
        raise Refused(_("这条异议已经转为议题"))
    if objection.upheld is None:
        rolls.answer_objection(objection, answer=answer, upheld=False, by=by)
    return topics.enter_topic(
        objection.neighbourhood,
        title=title,
        text=text,
        source=Topic.Source.OBJECTION,
        proposed_by=objection.raised_by,
        household=objection.household,
        objection=objection,
        by=by,
    )


@transaction.atomic
def visit_to_topic(
    visit: Visit, *, title: str, text: str, proposer_name: str, is_unnamed: bool, by: User
) -> Topic:
    """What somebody said at the door becomes a topic (走访转议题)."""
    # Whoever hands the same visit over twice waits here for the first.
    household = Household.objects.select_for_update(no_key=True).get(pk=visit.household_id)
    if Topic.objects.filter(visit=visit).exists():
        raise Refused(_("这次走访已经转为议题"))
    return topics.enter_topic(
        household.neighbourhood,
        title=title,
        text=text,
        source=Topic.Source.VISIT,
        proposer_name=proposer_name,
        household=household,
        building=household.building,
        is_unnamed=is_unnamed,
        visit=visit,
        by=by,
    )


@transaction.atomic
def suggestion_to_topic(
    suggestion: Suggestion, *, title: str, text: str, answer: str, by: User
) -> Topic:
    """A suggestion is to be talked over by those it concerns (建议转议题); both or neither."""
    topic = topics.enter_topic(
        suggestion.neighbourhood,
        title=title,
        text=text,
        source=Topic.Source.SUGGESTION,
        source_ref=suggestion.number,
        proposer_name=suggestion.proposer_name,
        proposed_by=suggestion.proposed_by,
        building=suggestion.building,
        is_unnamed=suggestion.name_shown == NameShown.HIDDEN,
        by=by,
    )
    suggestion_intake.refer_suggestion(
        suggestion,
        elsewhere=Suggestion.Elsewhere.TOPIC,
        elsewhere_id=topic.pk,
        answer=answer,
        by=by,
    )
    return topic


@transaction.atomic
def suggestion_to_claim(
    suggestion: Suggestion, *, title: str, text: str, answer: str, by: User
) -> Claim:
    """What is one person's own need is handled as a claim (建议转诉求); both or neither."""
    claim = claims.enter_claim(
        suggestion.neighbourhood,
        title=title,
        text=text,
        source=Claim.Source.SUGGESTION,
        source_ref=str(suggestion.pk),
        claimant=suggestion.proposed_by,
        claimant_name=suggestion.proposer_name,
        claimant_phone=suggestion.proposer_phone or "",
        confirmed=CONFIRMED.get(suggestion.confirmed, Claim.Confirmed.WROTE),
        building=suggestion.building,
        photos=[photo.original for photo in suggestion.photos.select_related("original")],
        by=by,
    )
    suggestion_intake.refer_suggestion(
        suggestion,
        elsewhere=Suggestion.Elsewhere.CLAIM,
        elsewhere_id=claim.pk,
        answer=answer,
        by=by,
    )
    return claim
