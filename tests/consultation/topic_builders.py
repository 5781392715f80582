"""Topics as they stand after acts that a test is not about."""

from caoyang_portal.community.models import Organisation
from consultation.actions import topics
from consultation.models import Topic

SCREENING = {"is_duplicate": False, "is_ours": True, "is_personal": False}


def proposed(people, places, title="菜场的地太滑", who="wang", **fields):
    return topics.propose_topic(
        places.here, title=title, text=fields.pop("text", "老人怕摔。"), by=people[who], **fields
    )


def screened(people, places, title="菜场的地太滑", **fields):
    one = proposed(people, places, title, **fields)
    return screen(one, people)


def screen(topic, people, **changes):
    values = {"title": topic.title, "text": topic.text, **SCREENING, **changes}
    return topics.screen_topic(topic, **values, by=people["chen"])


def payer_of(places):
    return Organisation.objects.get_or_create(
        sub_district=places.street, kind="department", name="街道市政科"
    )[0]


def in_state(people, places, state, title="菜场的地太滑"):
    """A topic led by acts to ``state``."""
    topic = proposed(people, places, title)
    chen, lin, payer = people["chen"], people["lin"], payer_of(places)
    if state == "proposed":
        return topic
    if state == "withdrawn":
        return topics.withdraw_topic(topic, by=people["wang"])
    if state == "declined":
        return topics.decline_topic(topic, answer="不归居民商量。", instead="street", by=chen)
    if state == "merged":
        from consultation.actions.topic_upkeep import merge_topic

        return merge_topic(topic, into=screened(people, places, "别的"), by=chen)
    screen(topic, people)
    steps = [
        ("screened", None, {}),
        ("approved", topics.approve_topic, {"body": "党总支", "form": "round_table", "by": lin}),
        ("deliberating", topics.start_deliberation, {"by": chen}),
        ("decided", topics.decide_topic, {"how": "elsewhere", "conclusion": "铺防滑砖。", "by": chen}),
        ("carrying_out", topics.assign_topic, {"payer": payer, "by": chen}),
        ("evaluated", topics.evaluate_topic, {"satisfied": 8, "dissatisfied": 1, "words": "好走了。", "by": chen}),
    ]  # fmt: skip
    for reached, act, values in steps:
        if act:
            act(topic, **values)
        if reached == state:
            return Topic.objects.get(pk=topic.pk)
    raise ValueError(state)
