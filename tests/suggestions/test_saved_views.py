"""Named searches of the desks: kept by whoever works there, for themselves."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from suggestions.actions import saved_views as acts
from suggestions.models import SavedView
from tests.conftest import EVERYONE
from tests.suggestions.finding_builders import suggested

STAFF = {"chen", "lin", "gu", "shen", "adi", "fang"}
WHO_MAY = {"save_view": STAFF, "drop_view": set(EVERYONE) - {"passerby"}}  # one's own, as all are
LATE = "state=assigned&late=1"


@pytest.mark.parametrize("act", WHO_MAY)
@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(act, person, people):
    who = people[person]
    own = SavedView(owner=who if who.is_authenticated else None, desk="suggestions", name="超期")
    assert may(who, f"suggestions.{act}", own) == (person in WHO_MAY[act])
    assert not may(who, f"suggestions.{act}", SavedView(owner=people["deng"])) or person == "deng"


def test_a_search_is_kept_shown_on_its_desk_and_forgotten(client, people):
    client.force_login(people["chen"])
    desk = reverse("suggestions:suggestion_desk")
    kept = client.post(
        reverse("suggestions:save_view", args=["suggestions"]),
        {"name": " 超期的 ", "query": f"q=&{LATE}&page=3"},
    )
    assert kept.url == f"{desk}?q=&{LATE}".replace("q=&", "")
    (view,) = SavedView.objects.all()
    assert (view.owner, view.desk, view.name, view.query) == (
        people["chen"], "suggestions", "超期的", LATE,
    )  # fmt: skip
    page = client.get(kept.url).content.decode()
    assert f'<a href="?{LATE.replace("&", "&amp;")}" aria-current="true">超期的</a>' in page
    assert "超期的</a><form" not in client.get(reverse("suggestions:claim_desk")).content.decode()
    client.force_login(people["lin"])
    assert "超期的</a><form" not in client.get(desk).content.decode()
    assert client.post(reverse("suggestions:drop_view", args=[view.pk])).status_code == 404
    client.force_login(people["chen"])
    client.post(reverse("suggestions:drop_view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_the_same_name_replaces_and_there_are_a_dozen(people):
    for n in range(acts.MOST_VIEWS):
        acts.save_view("claims", name=f"第{n}个", query="late=1", by=people["chen"])
    with pytest.raises(Refused, match="最多保存 12 个"):
        acts.save_view("claims", name="再一个", query="", by=people["chen"])
    acts.save_view("claims", name="第3个", query="state=replied", by=people["chen"])
    acts.save_view("suggestions", name="再一个", query="", by=people["chen"])
    assert SavedView.objects.get(name="第3个").query == "state=replied"
    with pytest.raises(Refused, match="起个名字"):
        acts.save_view("claims", name=" ", query="", by=people["lin"])


def test_what_the_desk_finds(client, people, places):
    late = suggested(places.here, "装扶手")
    mine = suggested(places.here, "修电梯", minder=people["chen"], next_on="2099-01-01")
    gone = suggested(places.here, "撤回的电梯", state="withdrawn", next_step="", next_on=None)
    client.force_login(people["chen"])

    def found(**query):
        page = client.get(reverse("suggestions:suggestion_desk"), query).context["page"]
        return [one.title for one in page]

    assert found() == [late.title, mine.title]
    assert found(late=1) == [late.title]
    assert found(mine=1) == [mine.title]
    assert found(q="电梯") == [mine.title, gone.title]
    assert found(state="withdrawn") == [gone.title]
    assert found(year="x", late="?") == [late.title]


def test_more_views_take_no_more_queries(client, people):
    client.force_login(people["chen"])

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("suggestions:suggestion_desk"))
        return len(queries)

    acts.save_view("suggestions", name="一", query="late=1", by=people["chen"])
    asked()  # the first request of a session writes it down
    with_one = asked()
    for name in ("二", "三"):
        acts.save_view("suggestions", name=name, query="late=1", by=people["chen"])
    assert asked() == with_one
