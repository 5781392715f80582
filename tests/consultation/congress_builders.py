"""A congress as it stands after acts that a test is not about."""

import datetime as dt
from types import SimpleNamespace

from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood, Organisation, Posting
from consultation.actions import congress as acts
from consultation.actions import congress_issues, opinion_answers, opinions
from consultation.models import CongressIssue, OpinionHandling, WrittenOpinion

TODAY = timezone.localdate
DAY = dt.timedelta(days=1)
TEXTS = ("楼道灯坏了半年", "弄堂口堵车", "没有电梯")


def department(places, *clerks, heads=(), name="市政科"):
    """A department of the street with its people."""
    found = Organisation.objects.create(sub_district=places.street, kind="department", name=name)
    for office, people in (("department", clerks), ("department_head", heads)):
        for user in people:
            Posting.objects.create(
                user=user, office=office, sub_district=places.street, organisation=found,
                since=dt.date(2020, 1, 1),
            )  # fmt: skip
            vars(user).pop("_live_postings", None)
    return found


def prepared(places, gu, **fields):
    return acts.prepare_congress(
        places.here, term=3, year=fields.pop("year", TODAY().year), by=gu, **fields
    )


def seat(congress, user, gu, *, area=None, category="resident", name="", **fields):
    return acts.add_representative(
        congress,
        neighbourhood=area or congress.neighbourhood,
        name=name or user.name,
        phone=user.phone if user else "",
        category=category,
        way="elected",
        since=fields.get("since", TODAY() - 30 * DAY),
        until=fields.get("until", TODAY() + 700 * DAY),
        by=gu,
    )


def gathering(people, places, texts=()):
    """王桂芳 sits in it; issues are gathered, and listed if there are any."""
    congress = prepared(places, people["gu"])
    seat(congress, people["wang"], people["gu"], category="building_leader")
    acts.start_gathering(congress, by=people["gu"])
    for text in texts:
        issue(congress, people, text)
    return again(congress)


def issue(congress, people, text, *, state="listed"):
    found = congress_issues.gather_issue(
        congress, neighbourhood=congress.neighbourhood, text=text, category="safety",
        source="box", by=people["chen"],
    )  # fmt: skip
    if state != "raised":
        congress_issues.sort_issue(
            found,
            state=CongressIssue.State(state),
            category="safety",
            note="居委去办",
            by=people["gu"],
        )
    return CongressIssue.objects.get(pk=found.pk)


def balloting(people, places, texts=TEXTS):
    congress = gathering(people, places, texts)
    now = timezone.now()
    acts.freeze_candidates(
        congress, opens_at=now + 8 * DAY, closes_at=now + 20 * DAY, by=people["gu"]
    )
    return again(congress)


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def second_area(places):
    return Neighbourhood.objects.create(
        sub_district=places.street, name="曹杨二村", code="caoyang-two"
    )


def written(people, congress, title="路口装反光镜", *, by="wang", is_public=True):
    return opinions.write_opinion(
        congress,
        representative=congress.representatives.get(user=people[by]),
        title=title,
        text="丁字路口看不见来车。",
        category="traffic",
        is_public=is_public,
        by=people[by],
    )


STAGES = [
    "written", "received", "assigned", "return_asked", "result_in", "replied", "unsatisfied",
    "tracked", "closed", "withdrawn",
]  # fmt: skip


def opinion_at(state, people, congress, lead, *, helping=(), title="路口装反光镜"):
    """An opinion that came to ``state`` by its own acts; 邓明 is the department's clerk."""
    gu, deng, wang = people["gu"], people["deng"], people["wang"]
    found = written(people, congress, title)
    plan = state == "tracked"
    promise = {"promise": "明年三月前装好", "promise_due": TODAY() + 100 * DAY} if plan else {}
    score = "unsatisfied" if state == "unsatisfied" else "satisfied"
    steps = {
        "received": lambda: opinions.receive_opinion(
            found, category="traffic", grade="ordinary", by=gu
        ),
        "assigned": lambda: opinions.assign_opinion(found, lead=lead, helping=helping, by=gu),
        "result_in": lambda: opinion_answers.submit_result(
            lead_part(found), result="已去看过。", by=deng
        ),
        "replied": lambda: opinion_answers.reply_opinion(
            lead_part(found), reply_class="B" if plan else "A", text="已办。", by=deng, **promise
        ),
        "closed": lambda: opinion_answers.rate_opinion(
            found, attitude="satisfied", outcome=score, remark="还是看不清", by=wang
        ),
    }
    last = {"unsatisfied": "closed", "tracked": "closed", "return_asked": "assigned"}.get(
        state, state
    )
    if last in steps:
        for step in list(steps)[: list(steps).index(last) + 1]:
            steps[step]()
    if state == "return_asked":
        opinions.ask_return(lead_part(found), reason="归交警管", by=deng)
    if state == "withdrawn":
        opinions.withdraw_opinion(found, by=wang)
    found = again(found)
    assert found.state == state
    return found


def lead_part(opinion) -> OpinionHandling:
    opinion = WrittenOpinion.objects.get(pk=opinion.pk)
    return opinion.live_handlings().get(role="lead")


def world(people, places):
    """A congress that gathers, its department with clerk 邓明 and head 梅芳."""
    congress = gathering(people, places)
    return SimpleNamespace(
        congress=congress,
        lead=department(places, people["deng"], heads=[people["mei"]]),
        other=department(places, name="交警中队"),
    )
