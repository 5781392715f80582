"""Two rounds of visits to every home (两轮上门): who was met in person, and who is to be seen again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from suggestions.models import Campaign, CampaignHome, CampaignVisit

from .campaigns import locked_campaign

Outcome = CampaignVisit.Outcome


@transaction.atomic
def enter_campaign_visit(home: CampaignHome, *, outcome: str, by: User) -> CampaignVisit:
    """Enter whether somebody was met in this round (登记上门); a later word replaces the earlier."""
    home = CampaignHome.objects.select_related("campaign", "household").get(pk=home.pk)
    campaign = locked_campaign(home.campaign)
    require(by, "suggestions.enter_campaign_visit", home)
    if campaign.state != Campaign.State.OPEN or timezone.localdate() < campaign.starts_on:
        raise Refused(_("现在不在上门的时间里"))
    if campaign.visit_round == 2 and home.visits.filter(visit_round=1, outcome="met").exists():
        raise Refused(_("这户第一轮已经见到本人"))
    visit, _new = CampaignVisit.objects.update_or_create(
        home=home, visit_round=campaign.visit_round,
        defaults={
            "neighbourhood_id": campaign.neighbourhood_id, "outcome": Outcome(outcome), "by": by,
            "at": timezone.now(),
        },
    )  # fmt: skip
    record(
        "suggestions.enter_campaign_visit", campaign, by=by, home=str(home.pk),
        visit_round=campaign.visit_round, outcome=str(outcome),
    )  # fmt: skip
    return visit


@transaction.atomic
def start_second_round(campaign: Campaign, *, by: User) -> Campaign:
    """Go again to those who were not met (第二轮)."""
    campaign = locked_campaign(campaign)
    require(by, "suggestions.start_second_round", campaign)
    if campaign.is_call or campaign.state != Campaign.State.OPEN or campaign.visit_round == 2:
        raise Refused(_("只有进行中的第一轮上门才能转第二轮"))
    if not CampaignVisit.objects.filter(home__campaign=campaign).exists():
        raise Refused(_("第一轮还没有登记"))
    campaign.visit_round = 2
    campaign.save(update_fields=["visit_round"])
    record("suggestions.start_second_round", campaign, by=by)
    return campaign
