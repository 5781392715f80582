"""Rows for the addresses of topics, and the topics of each home and its place."""

from types import SimpleNamespace

from caoyang_portal.uploads.intake import keep
from consultation.actions import topic_upkeep, topics
from households.models import Visit
from tests.matrix.row import Row, of, prefixed

TOPICS = "consultation:"
STAFF_HERE = "committee street auditor administrator"
OTHERS_HERE = "street auditor administrator"
ANY_STAFF = "any_committee any_street any_auditor any_administrator"


def topics_of(household, resident, clerk, picture) -> SimpleNamespace:
    """A fresh one of the home with a photo, one that everybody reads, one entered for a neighbour."""
    place = household.neighbourhood
    photo = keep(picture, "floor.png", "image/png", neighbourhood_id=place.pk, by=resident)
    fresh = topics.propose_topic(
        place, title=f"{household.room} 门口的灯坏了", text="晚上看不见。", building=household.building,
        photos=[photo], by=resident,
    )  # fmt: skip
    known = topics.propose_topic(place, title="菜场的地太滑", text="老人怕摔。", by=resident)
    topics.screen_topic(
        known, title=known.title, text=known.text, is_duplicate=False, is_ours=True,
        is_personal=False, by=clerk,
    )  # fmt: skip
    entered = topics.enter_topic(
        place, title="弄堂口太黑", text="", source="visit", proposer_name="李阿婆", by=clerk
    )
    topic_upkeep.merge_topic(entered, into=known, by=clerk)
    visit = Visit.objects.filter(household=household).first()
    return SimpleNamespace(
        topic=fresh, topic_photo=photo, known_topic=known, topic_step=entered.steps.first(),
        noted_visit=visit,
    )  # fmt: skip


def _deeds(names: str, methods: str, may: str = "committee", **more) -> list[Row]:
    more = {"sees": OTHERS_HERE, "thing": of("topic")} | more
    return prefixed(TOPICS, names, methods, may, **more)


ABOUT_TOPICS: list[Row] = [
    Row("consultation:topic_list", "GET", "everybody"),
    *prefixed(TOPICS, "propose_topic", "GET POST", "signed_in"),
    Row("consultation:my_topics", "GET", "signed_in"),
    Row("consultation:topic", "GET", f"self {STAFF_HERE}", of("topic"), passerby=404),
    Row("consultation:topic", "GET", "everybody", of("known_topic")),
    Row(
        "consultation:topic_photo", "GET", "self committee", of("topic", photo="topic_photo"),
        passerby=404,
    ),
    Row(
        "consultation:support_topic", "POST", "neighbours", of("known_topic"),
        sees="signed_in", stranger=404,
    ),
    Row("consultation:end_support", "POST", "neighbours", of("known_topic"), sees="signed_in"),
    Row("consultation:withdraw_topic", "POST", "self", of("topic"), sees=STAFF_HERE),
    Row("consultation:topic_desk", "GET", ANY_STAFF),
    Row("consultation:enter_topic", "GET POST", "any_committee"),
    *_deeds("desk_topic", "GET", STAFF_HERE, sees=""),
    *_deeds(
        "screen_topic approve_topic start_deliberation decide_topic assign_topic evaluate_topic"
        " decline_topic merge_topic reopen_topic promise_next link_poll",
        "GET POST",
    ),
    *_deeds("approve_topic", "GET POST", "colleague", thing=of("known_topic"), sees=f"clerk {OTHERS_HERE}"),
    *_deeds("unmerge_topic", "POST"),
    *_deeds("note_told", "POST", thing=of("topic_step")),
    Row("referrals:to_topics", "GET", "any_committee"),
    Row("referrals:objection_to_topic", "GET POST", "committee", of("poll_objection"), shared=True),
    Row("referrals:visit_to_topic", "GET POST", "committee", of("noted_visit")),
]  # fmt: skip
