"""Rows for campaigns, and those of a place."""

from suggestions.actions import campaigns
from tests.matrix.row import Row, of, prefixed
from tests.suggestions.campaign_builders import asked, draft, visiting

SPACE = "suggestions:"
STAFF_HERE = "committee street auditor administrator"
OTHERS_HERE = "street auditor administrator"
ANY_STAFF = "any_committee any_street any_auditor any_administrator"


def campaigns_of(place, clerk) -> dict:
    """One that takes answers, a draft with a question, one closed, a round of visits."""
    call, where, _why = asked(place, clerk)
    campaigns.enter_for_campaign(
        call, answers={where.pk: "门口"}, name="李阿婆", channel="counter", by=clerk
    )
    planned = draft(place, clerk, "还没定")
    question = campaigns.add_campaign_question(planned, text="几张", kind="short", by=clerk)
    closed, _where, _why = asked(place, clerk, "已截止的")
    campaigns.close_campaign(closed, by=clerk)
    rounds = visiting(place, clerk)
    return {
        "campaign": call, "draft_campaign": planned, "campaign_question": question,
        "closed_campaign": closed, "visit_campaign": rounds,
        "campaign_home": rounds.homes.first(),
    }  # fmt: skip


def _for(names: str, methods: str, **more) -> list[Row]:
    given = {"may": "committee", "sees": OTHERS_HERE, "shared": True, "thing": of("campaign")}
    given |= more
    return prefixed(SPACE, names, methods, given.pop("may"), **given)


CAMPAIGNS: list[Row] = [
    Row("suggestions:campaign_list", "GET", "everybody"),
    *_for("campaign", "GET", may="everybody", sees=""),
    *_for("campaign", "GET", may=STAFF_HERE, thing=of("draft_campaign"), sees="", passerby=404),
    *_for("take_part_in_campaign", "GET POST", may="neighbours", sees="signed_in"),
    Row("suggestions:campaign_desk", "GET", ANY_STAFF),
    *_for("draft_campaign", "GET POST", thing=of("neighbourhood"), sees=""),
    *_for("desk_campaign", "GET", may=STAFF_HERE, sees=""),
    *_for("add_campaign_question", "GET POST", thing=of("draft_campaign")),
    *_for("drop_campaign_question", "POST", thing=of("campaign_question")),
    *_for("open_campaign", "POST", thing=of("draft_campaign")),
    *_for("close_campaign", "POST"),
    *_for("cancel_campaign enter_for_campaign", "GET POST"),
    *_for("answer_campaign", "GET POST", thing=of("closed_campaign")),
    *_for("start_second_round", "POST", thing=of("visit_campaign")),
    *_for(
        "campaign_homes", "GET", may="leaders committee", thing=of("visit_campaign"), sees=""
    ),
    *_for("enter_campaign_visit", "POST", may="leaders committee", thing=of("campaign_home"), sees=""),
]  # fmt: skip
