"""Claims as they stand after acts that a test is not about. 邓明 works for the unit, 梅芳 leads it."""

import datetime as dt

from django.utils import timezone

from caoyang_portal.community.models import Organisation, Posting
from suggestions import claim_limits
from suggestions.actions import callbacks, claim_upkeep, claims, dispatches
from suggestions.models import Claim, ClaimLimit, Dispatch

TITLE = "楼顶漏水"
NOT_DONE = {"is_done": False, "attitude": "satisfied", "result": "unsatisfied", "words": "还漏"}
DONE = {"is_done": True, "attitude": "satisfied", "result": "satisfied"}


def stocked():
    """A test that commits has no limits."""
    claim_limits.seed(ClaimLimit)


def unit_of(places, people, name="房管所", who="deng", head="mei"):
    """A department of the street with a clerk and a head."""
    found, is_new = Organisation.objects.get_or_create(
        sub_district=places.street, kind="department", name=name
    )
    for office, user in (("department", who), ("department_head", head)) if is_new else ():
        if user:
            Posting.objects.create(
                user=people[user], office=office, sub_district=places.street, organisation=found,
                since=dt.date(2020, 1, 1),
            )  # fmt: skip
            vars(people[user]).pop("_live_postings", None)
    return found


def made(people, places, title=TITLE, who="wang", **fields):
    stocked()
    return claims.make_claim(places.here, title=title, text="下雨就漏。", by=people[who], **fields)


def entered(people, places, title=TITLE, who="chen", **fields):
    stocked()
    values = {"source": "phone", "confirmed": "read_out", "claimant_name": "李阿婆", **fields}
    return claims.enter_claim(places.here, title=title, by=people[who], **values)


def accepted(claim, people, claim_class="help"):
    return claims.accept_claim(claim, claim_class=claim_class, by=people["chen"])


def whistled(claim, people, places, claim_class="help", helping=()):
    accepted(claim, people, claim_class)
    dispatches.note_contact(claim, way="phone", words="明天去看", by=people["chen"])
    return dispatches.whistle_claim(
        claim, lead=unit_of(places, people), helping=helping, by=people["chen"]
    )


def lead_of(claim) -> Dispatch:
    claim = again(claim)
    return claim.live_dispatches().select_related("unit").get(role="lead")


def replied(claim, people, by="deng", **fields):
    values = {
        "outcome": "solved",
        "text": "补好了。",
        "work_record": "李师傅上屋顶补了。",
        **fields,
    }
    return dispatches.reply_claim(lead_of(claim), **values, by=people[by])


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def in_state(people, places, state, title=TITLE, who="wang"):
    """A claim led by acts to ``state``."""
    claim = made(people, places, title, who)
    chen, lin = people["chen"], people["lin"]
    if state == "withdrawn":
        claims.withdraw_claim(claim, by=people[who])
    elif state == "referred":
        claims.refer_claim(claim, elsewhere="mediation", answer="到调解室谈。", by=chen)
    elif state == "merged":
        claim_upkeep.merge_claim(claim, into=made(people, places, "另外一件"), by=chen)
    steps = {
        "made": lambda: None,
        "accepted": lambda: accepted(claim, people),
        "contacted": lambda: dispatches.note_contact(claim, way="phone", words="看", by=chen),
        "in_progress": lambda: dispatches.whistle_claim(
            claim, lead=unit_of(places, people), by=chen
        ),
        "replied": lambda: replied(claim, people),
        "closed": lambda: callbacks.call_back_claim(claim, way="phone", **DONE, by=lin),
    }
    if state == "supervised":
        for step in list(steps.values())[:-1]:
            step()
        callbacks.call_back_claim(claim, way="phone", **NOT_DONE, by=lin)
        replied(claim, people)
        callbacks.call_back_claim(claim, way="phone", **NOT_DONE, by=lin)
    elif state in steps:
        for step in list(steps)[: list(steps).index(state) + 1]:
            steps[step]()
    found = Claim.objects.get(pk=claim.pk)
    assert found.state == state
    return found


def working_day(n=0):
    """A day ``n`` working days from today."""
    from caoyang_portal.calendars.deadlines import add_working_days

    return add_working_days(timezone.localdate(), n)
