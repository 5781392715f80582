"""Publicities as they stand after acts that a test is not about."""

import datetime as dt
import io

import time_machine
from PIL import Image

from caoyang_portal.publicity import actions
from caoyang_portal.publicity.models import Publicity
from caoyang_portal.uploads.intake import keep

BASIS = "沪规划资源规〔2024〕2号"


def draft(people, places, **fields) -> Publicity:
    values = {
        "title": "三号楼加装电梯方案公示",
        "body": "电梯装在北侧。",
        "legal_basis": BASIS,
        "days": 10,
        "opinion_days": 7,
        "by": people["chen"],
    }
    return actions.draft_publicity(places.here, **values | fields)


def posted(people, places, **fields) -> Publicity:
    return actions.post_publicity(draft(people, places, **fields), by=people["chen"])


def again(publicity) -> Publicity:
    return Publicity.objects.select_related("neighbourhood").get(pk=publicity.pk)


def photo(people, places):
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(out, "PNG")
    return keep(
        out.getvalue(),
        "board.png",
        "image/png",
        neighbourhood_id=places.here.pk,
        by=people["chen"],
    )


def after(publicity):
    """The day after its last day for opinions."""
    noon = dt.time(12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    day = again(publicity).opinions_until + dt.timedelta(days=1)
    return time_machine.travel(dt.datetime.combine(day, noon))
