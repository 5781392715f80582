"""Campaigns as they stand after acts that a test is not about."""

import datetime as dt

from django.utils import timezone

from suggestions.actions import campaigns

DAY = dt.timedelta(days=1)


def period(first=0, last=20, answer=40):
    today = timezone.localdate()
    return {
        "starts_on": today + first * DAY, "ends_on": today + last * DAY,
        "answer_by": today + answer * DAY,
    }  # fmt: skip


def draft(place, by, theme="哪里要一张长椅", kind="call"):
    return campaigns.draft_campaign(
        place, kind=kind, theme=theme, explanation="老人走累了没处坐。", channels="手机、征集点",
        **period(), by=by,
    )  # fmt: skip


def asked(place, by, theme="哪里要一张长椅"):
    """Open, with a question of choice and one of words."""
    campaign = draft(place, by, theme)
    where = campaigns.add_campaign_question(
        campaign, text="放在哪里", kind="choice", options="门口\n花园\n菜场", by=by
    )
    why = campaigns.add_campaign_question(
        campaign, text="为什么", kind="long", is_needed=False, by=by
    )
    return campaigns.open_campaign(campaign, by=by), where, why


def visiting(place, by, kind="anti_fraud"):
    return campaigns.open_campaign(draft(place, by, "反诈敲门", kind), by=by)
