"""Campaigns (征集令): from the draft of a theme to the answer everybody reads."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.models import Household
from suggestions.models import (
    Campaign,
    CampaignAnswer,
    CampaignEntry,
    CampaignHome,
    CampaignQuestion,
)

State, Kind = Campaign.State, Campaign.Kind
Answers = Mapping[UUID, str]  # question -> words


def locked_campaign(campaign: Campaign) -> Campaign:
    return (
        Campaign.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood")
        .get(pk=campaign.pk)
    )


@transaction.atomic
def draft_campaign(
    neighbourhood: Neighbourhood,
    *,
    kind: str,
    theme: str,
    explanation: str,
    channels: str,
    starts_on: date,
    ends_on: date,
    answer_by: date,
    by: User,
) -> Campaign:
    """Write down theme, explanation, period and channels (起草)."""
    campaign = Campaign(
        neighbourhood=neighbourhood, kind=kind, theme=theme.strip(), channels=channels.strip(),
        explanation=explanation.strip(), starts_on=starts_on, ends_on=ends_on,
        answer_by=answer_by, drafted_by=by,
    )  # fmt: skip
    require(by, "suggestions.draft_campaign", campaign)
    if not (campaign.theme and campaign.explanation and campaign.channels):
        raise Refused(_("请写主题、说明和怎么提"))
    if not timezone.localdate() <= ends_on or not starts_on <= ends_on <= answer_by:
        raise Refused(_("开始、截止、答复的日期要有先后，截止不能早于今天"))
    if Campaign.objects.filter(neighbourhood=neighbourhood, theme=campaign.theme).exists():
        raise Refused(_("已有同名的征集，请换一个主题"))
    campaign.save(force_insert=True)
    record("suggestions.draft_campaign", campaign, by=by, kind=str(kind))
    return campaign


def _refuse_unless_draft(campaign: Campaign) -> None:
    if campaign.state != State.DRAFT:
        raise Refused(_("发布以后不能再改题目"))


@transaction.atomic
def add_campaign_question(
    campaign: Campaign,
    *,
    text: str,
    kind: str,
    options: str = "",
    is_needed: bool = True,
    by: User,
) -> CampaignQuestion:
    """One more question on the form (加题目)."""
    campaign = locked_campaign(campaign)
    require(by, "suggestions.add_campaign_question", campaign)
    _refuse_unless_draft(campaign)
    last = campaign.questions.aggregate(last=Max("number"))["last"] or 0
    is_choice = kind == CampaignQuestion.Kind.CHOICE
    question = CampaignQuestion(
        neighbourhood_id=campaign.neighbourhood_id, campaign=campaign, number=last + 1,
        text=text.strip(), kind=kind, options=options.strip() if is_choice else "",
        is_needed=is_needed,
    )  # fmt: skip
    if not question.text or not campaign.is_call:
        raise Refused(_("请写题目；上门走访没有题目"))
    if is_choice and len(set(question.option_list)) < max(2, len(question.option_list)):
        raise Refused(_("至少写两个选项，一行一个，不能重复"))
    question.save(force_insert=True)
    record("suggestions.add_campaign_question", campaign, by=by, question=str(question.pk))
    return question


@transaction.atomic
def drop_campaign_question(question: CampaignQuestion, *, by: User) -> None:
    """Take a question off the form before it is opened (删题目)."""
    campaign = locked_campaign(question.campaign)
    require(by, "suggestions.drop_campaign_question", campaign)
    _refuse_unless_draft(campaign)
    campaign.questions.filter(pk=question.pk).delete()
    record("suggestions.drop_campaign_question", campaign, by=by, question=str(question.pk))


@transaction.atomic
def open_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """Publish it (发布): a call with its form, a round of visits with its list of homes."""
    campaign = locked_campaign(campaign)
    require(by, "suggestions.open_campaign", campaign)
    campaign.move_to(State.OPEN)
    if campaign.ends_on < timezone.localdate():
        raise Refused(_("截止日期已经过了"))
    if campaign.is_call:
        if not campaign.questions.exists():
            raise Refused(_("还没有题目"))
    else:
        _list_homes(campaign)
    campaign.opened_at = timezone.now()
    campaign.save(update_fields=["state", "opened_at"])
    record("suggestions.open_campaign", campaign, by=by)
    return campaign


def _list_homes(campaign: Campaign) -> None:
    here = Household.objects.filter(neighbourhood=campaign.neighbourhood_id)
    homes = [
        CampaignHome(
            neighbourhood_id=campaign.neighbourhood_id, campaign=campaign, household_id=pk,
            building_id=building,
        )
        for pk, building in here.values_list("pk", "building_id")
    ]  # fmt: skip
    if not homes:
        raise Refused(_("本居民区还没有户"))
    CampaignHome.objects.bulk_create(homes)


@transaction.atomic
def close_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """No more is taken in (截止), before its day."""
    campaign = locked_campaign(campaign)
    require(by, "suggestions.close_campaign", campaign)
    _close(campaign, timezone.now())
    record("suggestions.close_campaign", campaign, by=by)
    return campaign


def _close(campaign: Campaign, now: datetime) -> None:
    campaign.move_to(State.CLOSED)
    campaign.closed_at = now
    campaign.save(update_fields=["state", "closed_at"])


def end_campaigns(now: datetime | None = None) -> int:
    """Close those whose last day is over (到期截止), each once; for the clock."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    ended = 0
    for campaign in Campaign.objects.filter(state=State.OPEN, ends_on__lt=today):
        with transaction.atomic():
            again = locked_campaign(campaign)
            if again.state == State.OPEN:
                _close(again, now)
                record("suggestions.end_campaign", again)
                ended += 1
    return ended


@transaction.atomic
def cancel_campaign(campaign: Campaign, *, reason: str, by: User) -> Campaign:
    """It does not take place (取消), and why; who has answered is told."""
    campaign = locked_campaign(campaign)
    require(by, "suggestions.cancel_campaign", campaign)
    campaign.move_to(State.CANCELLED)
    if not reason.strip():
        raise Refused(_("请写为什么取消"))
    campaign.cancel_reason = reason.strip()
    campaign.save(update_fields=["state", "cancel_reason"])
    record("suggestions.cancel_campaign", campaign, by=by)
    return campaign


@transaction.atomic
def answer_campaign(campaign: Campaign, *, answer: str, by: User) -> Campaign:
    """Say to everybody what came of it (公开答复)."""
    campaign = locked_campaign(campaign)
    require(by, "suggestions.answer_campaign", campaign)
    campaign.move_to(State.ANSWERED)
    if not answer.strip():
        raise Refused(_("请写答复"))
    campaign.answer, campaign.answered_at = answer.strip(), timezone.now()
    campaign.save(update_fields=["state", "answer", "answered_at"])
    record("suggestions.answer_campaign", campaign, by=by)
    return campaign


@transaction.atomic
def take_part_in_campaign(campaign: Campaign, *, answers: Answers, by: User) -> CampaignEntry:
    """Answer a call oneself (应征); until it ends one may answer anew."""
    campaign = locked_campaign(campaign)
    require(by, "suggestions.take_part_in_campaign", campaign)
    _refuse_unless_taking(campaign)
    entry, _new = CampaignEntry.objects.update_or_create(
        campaign=campaign, user=by,
        defaults={
            "neighbourhood_id": campaign.neighbourhood_id, "at": timezone.now(),
            "channel": CampaignEntry.Channel.ONLINE,
        },
    )  # fmt: skip
    _put_answers(entry, answers)
    record("suggestions.take_part_in_campaign", campaign, by=by, entry=str(entry.pk))
    return entry


@transaction.atomic
def enter_for_campaign(
    campaign: Campaign, *, answers: Answers, name: str, channel: str, by: User
) -> CampaignEntry:
    """Write down what somebody said at the counter, on paper or at the door (代录)."""
    campaign = locked_campaign(campaign)
    require(by, "suggestions.enter_for_campaign", campaign)
    _refuse_unless_taking(campaign)
    entry = CampaignEntry.objects.create(
        neighbourhood_id=campaign.neighbourhood_id, campaign=campaign, name=name.strip(),
        channel=channel, entered_by=by,
    )  # fmt: skip
    _put_answers(entry, answers)
    record("suggestions.enter_for_campaign", campaign, by=by, entry=str(entry.pk))
    return entry


def _refuse_unless_taking(campaign: Campaign) -> None:
    if not campaign.takes_entries(timezone.localdate()):
        raise Refused(_("现在不在征集的时间里"))


def _put_answers(entry: CampaignEntry, answers: Answers) -> None:
    """Every question that must be answered is; a choice is one of its options."""
    entry.answers.all().delete()
    kept = []
    for question in entry.campaign.questions.all():
        text = answers.get(question.pk, "").strip()
        if question.is_needed and not text:
            raise Refused(_("请回答：%(question)s") % {"question": question.text})
        if text and question.options and text not in question.option_list:
            raise Refused(_("请从选项里选：%(question)s") % {"question": question.text})
        if text:
            kept.append(
                CampaignAnswer(
                    neighbourhood_id=entry.neighbourhood_id, entry=entry, question=question,
                    text=text,
                )
            )  # fmt: skip
    if not kept:
        raise Refused(_("请至少回答一题"))
    CampaignAnswer.objects.bulk_create(kept)
