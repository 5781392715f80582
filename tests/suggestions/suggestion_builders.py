"""Suggestions as they stand after acts that a test is not about."""

import datetime as dt
import io

from django.utils import timezone
from PIL import Image

from caoyang_portal.community.models import Organisation, Posting
from caoyang_portal.uploads.intake import keep
from suggestions.actions import suggestion_answers as answers
from suggestions.actions import suggestion_intake as intake
from suggestions.actions import suggestion_upkeep as upkeep
from suggestions.actions import suggestions as acts
from suggestions.models import Suggestion

TITLE = "花坛边上装充电桩"
DAY = dt.timedelta(days=1)


def picture(colour="white", size=(40, 30)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def photo(place, by, colour="white"):
    return keep(picture(colour), "照片.png", "image/png", neighbourhood_id=place.pk, by=by)


def unit(people, places, name="城建中心"):
    """A department of the street: 邓明 is its clerk, 梅芳 its head."""
    found, new = Organisation.objects.get_or_create(
        sub_district=places.street, kind="department", name=name
    )
    if new:
        for who, office in (("deng", "department"), ("mei", "department_head")):
            Posting.objects.create(
                user=people[who], office=office, sub_district=places.street, organisation=found,
                since=dt.date(2020, 1, 1),
            )  # fmt: skip
            vars(people[who]).pop("_live_postings", None)
    return found


def made(people, places, title=TITLE, who="wang", **fields):
    values = {
        "category": "traffic", "reasons": "飞线充电不安全。", "measures": "花坛边上装桩。"
    } | fields  # fmt: skip
    return acts.make_suggestion(places.here, title=title, **values, by=people[who])


def entered(people, places, title="楼道里放把椅子", **fields):
    values = {
        "category": "elderly", "reasons": "老人走到三楼要歇一歇。", "source": "counter",
        "proposer_name": "李阿婆", "proposer_phone": "+8613900001111", "confirmed": "read_out",
    } | fields  # fmt: skip
    return acts.enter_suggestion(places.here, title=title, **values, by=people["chen"])


def publish(one, people, **changes):
    values = {"title": one.title, "reasons": one.reasons, "measures": one.measures} | changes
    return intake.publish_suggestion(one, **values, by=people["chen"])


def published(people, places, title=TITLE, **fields):
    return publish(made(people, places, title, **fields), people)


def reply(one, people, due=None, **changes):
    values = {"verdict": "adopted", "text": "采纳，今年装十个桩。"} | changes
    if due:
        values |= {"promise": "装十个充电桩", "conversion": "benefit", "due_on": due}
    return answers.reply_suggestion(one, **values, by=people["deng"])


def in_state(people, places, state, title=TITLE, **fields):
    """A suggestion led by acts to ``state``, published on the way."""
    one = made(people, places, title, **fields)
    chen = people["chen"]
    if state == "submitted":
        return one
    if state == "withdrawn":
        return acts.withdraw_suggestion(one, by=people["wang"])
    publish(one, people)
    if state == "referred":
        return intake.refer_suggestion(one, elsewhere="hotline", answer="归市里管。", by=chen)
    if state == "merged":
        return upkeep.merge_suggestion(one, into=published(people, places, "别的"), by=chen)
    due = timezone.localdate() + 30 * DAY if state in ("carrying_out", "done") else None
    ways = [
        ("acknowledged", lambda: intake.acknowledge_suggestion(one, by=chen)),
        ("assigned", lambda: intake.assign_suggestion(one, unit=unit(people, places), by=chen)),
        ("carrying_out" if due else "replied", lambda: reply(one, people, due)),
        ("done", lambda: finish(one, people)) if due else ("closed", lambda: rate(one, people)),
    ]
    for reached, act in ways:
        act()
        if reached == state:
            return Suggestion.objects.get(pk=one.pk)
    raise ValueError(state)


def finish(one, people):
    return answers.finish_work(
        one, name="花坛式充电桩", text="装好了十个桩。",
        photo=photo(one.neighbourhood, people["deng"], "green"), by=people["deng"],
    )  # fmt: skip


def rate(one, people, result="satisfied", who="wang"):
    return answers.rate_suggestion(one, attitude="satisfied", result=result, by=people[who])
