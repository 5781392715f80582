"""Keepsakes: given or lent with consent, shown as their giver wishes, given back."""

import datetime as dt
import io

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from caoyang_portal.authority import may
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.notices.models import Notice
from caoyang_portal.uploads import intake
from suggestions.actions import keepsakes as acts
from suggestions.documents import papers
from suggestions.models import Keepsake
from tests.conftest import EVERYONE
from tests.households.builders import attachment
from tests.suggestions.keepsake_builders import TOLD, accepted, offered, pictures, shown

pytestmark = pytest.mark.usefixtures("announced")
DAY = dt.timedelta(days=1)
COMMITTEE = {"chen", "lin"}
WHO_MAY = dict.fromkeys(
    (
        "enter_keepsake", "accept_keepsake", "decline_keepsake", "show_keepsake",
        "hide_keepsake", "return_keepsake", "see_keepsake_giver",
    ),
    COMMITTEE,
) | {"offer_keepsake": {"wang", "zhao"}, "withdraw_keepsake": COMMITTEE | {"wang"}}  # fmt: skip


def at(name, *things):
    return reverse(f"suggestions:{name}", args=[thing.pk for thing in things])


def photo(name="basin.jpg", size=(1600, 1200)):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places, households):
    one = offered(people, places.here)
    assert {act for act in WHO_MAY if may(people[person], f"suggestions.{act}", one)} == {
        act for act, allowed in WHO_MAY.items() if person in allowed
    }


def in_state(people, places, state):
    chen, here = people["chen"], places.here
    if state == "declined":
        return acts.decline_keepsake(offered(people, here), answer="放不下，谢谢", by=chen)
    if state == "withdrawn":
        return acts.withdraw_keepsake(offered(people, here), by=people["wang"])
    if state == "returned":
        return acts.return_keepsake(accepted(people, here), returned_to="本人取回", by=chen)
    return {"offered": offered, "accepted": accepted, "shown": shown}[state](people, here)


MOVES = {
    ("offered", "accept_keepsake"): "accepted", ("offered", "decline_keepsake"): "declined",
    ("offered", "withdraw_keepsake"): "withdrawn", ("accepted", "show_keepsake"): "shown",
    ("accepted", "return_keepsake"): "returned", ("accepted", "withdraw_keepsake"): "accepted",
    ("shown", "hide_keepsake"): "accepted", ("shown", "return_keepsake"): "returned",
    ("shown", "withdraw_keepsake"): "accepted",
}  # fmt: skip
WORDS = {
    "accept_keepsake": {"kept_at": "展柜"}, "decline_keepsake": {"answer": "谢谢"},
    "return_keepsake": {"returned_to": "本人"},
}  # fmt: skip
ACTS = [
    "accept_keepsake", "decline_keepsake", "show_keepsake", "hide_keepsake", "return_keepsake",
    "withdraw_keepsake",
]  # fmt: skip


@pytest.mark.parametrize("state", Keepsake.State.values)
@pytest.mark.parametrize("act", ACTS)
def test_what_may_follow_what(state, act, people, places, households):
    one = in_state(people, places, state)
    words = WORDS.get(act, {}) | {"by": people["chen"]}
    if (state, act) in MOVES:
        assert getattr(acts, act)(one, **words).state == MOVES[state, act]
    else:
        with pytest.raises(Refused), transaction.atomic():
            getattr(acts, act)(one, **words)
        assert Keepsake.objects.get().state == state


def test_a_loan_has_its_day_of_return_and_an_offer_its_day_of_answer(people, places, households):
    today = timezone.localdate()
    for day in (None, today):
        with pytest.raises(Refused, match="最晚哪天归还"):
            offered(people, places.here, terms="loan", return_by=day)
    lent = offered(people, places.here, terms="loan", return_by=today + 40 * DAY)
    given = offered(people, places.here, return_by=today + 40 * DAY)
    assert (lent.due, given.return_by) == (lent.decide_by, None)
    assert today + 15 * DAY <= lent.decide_by <= today + 25 * DAY
    kept = acts.accept_keepsake(lent, kept_at="展柜", by=people["chen"])
    assert (kept.due, kept.is_late(today + 40 * DAY), kept.is_late(today + 41 * DAY)) == (
        today + 40 * DAY, False, True,
    )  # fmt: skip
    assert list(Keepsake.objects.overdue(today + 41 * DAY).order_by("number")) == [lent, given]


def test_consent_taken_back_ends_the_show_for_good(client, people, places, households):
    one = shown(people, places.here)
    assert client.get(at("keepsake", one)).status_code == 200
    client.force_login(people["wang"])
    assert client.post(at("withdraw_keepsake", one)).status_code == 302
    client.logout()
    assert client.get(at("keepsake", one)).status_code == 404
    assert client.get(at("keepsake_photo", one.photos.get())).status_code == 404
    with pytest.raises(Refused, match="收回了同意"):
        acts.show_keepsake(one, by=people["chen"])
    with pytest.raises(IntegrityError, match="shown_with_consent"), transaction.atomic():
        Keepsake.objects.update(state="shown")


def test_what_staff_enter_has_its_consent_on_paper(people, places, households):
    given = {"pictures": pictures(places.here), "by": people["chen"], **TOLD}
    with pytest.raises(Refused, match="是谁的"):
        acts.enter_keepsake(places.here, giver_name=" ", consent=attachment(places.here), **given)
    one = acts.enter_keepsake(
        places.here, giver_name="李阿婆", consent=attachment(places.here),
        giver_phone="+8613800000000", **given,
    )  # fmt: skip
    assert (one.giver, one.shown_giver, one.given_by) == ("李阿婆", "李*婆", None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT giver_name || giver_phone FROM suggestions_keepsake")
        [(stored,)] = cursor.fetchall()
    assert ("李阿婆" in stored, "13800000000" in stored) == (False, False)
    with pytest.raises(IntegrityError, match="consent_on_paper"), transaction.atomic():
        Keepsake.objects.update(consent=None)


@pytest.mark.parametrize(
    ("chosen", "name"), [("public", "王桂芳"), ("masked", "王*芳"), ("hidden", "一位居民")]
)
def test_the_exhibition_calls_the_giver_as_they_wish(
    chosen, name, client, people, places, households
):
    one = shown(people, places.here, name_shown=chosen)
    for page in (at("keepsake_list"), at("keepsake", one)):
        text = client.get(page).content.decode()
        assert (name in text, "王桂芳" in text) == (True, chosen == "public")
    client.force_login(people["gu"])
    assert ("王桂芳" in client.get(at("desk_keepsake", one)).content.decode()) == (
        chosen == "public"
    )


def test_the_exhibition_is_searched_by_word_and_decade(client, people, places, households):
    shown(people, places.here)
    shown(people, places.here, title="缝纫机", story="蝴蝶牌。", year=1968)
    accepted(people, places.here, title="还没展出的")
    found = lambda **asked: [  # noqa: E731
        one.title for one in client.get(at("keepsake_list"), asked).context["page"]
    ]
    assert found() == ["搪瓷脸盆", "缝纫机"]
    assert found(q="蝴蝶") == ["缝纫机"]
    assert found(decade="1950") == ["搪瓷脸盆"]
    assert found(decade="天书", q="\x00") == ["搪瓷脸盆", "缝纫机"]
    assert found(q="没有的") == []


def test_a_resident_offers_one_on_the_phone_and_hears_of_it(client, people, places, households):
    client.force_login(people["wang"])
    told = {name: value for name, value in TOLD.items() if value} | {
        "photos": [photo(), photo("b.jpg")], "return_by": "",
    }  # fmt: skip
    assert client.post(at("offer_keepsake"), told).status_code == 422  # without consent
    told["photos"] = [photo(), photo("b.jpg")]
    assert client.post(at("offer_keepsake"), told | {"agreed": "on"}).status_code == 302
    one = Keepsake.objects.get()
    sizes = []
    for kept in one.photos.all():
        with Image.open(io.BytesIO(intake.read(kept.small))) as small:
            sizes.append(small.size)
    assert sizes == [(480, 360), (480, 360)]
    client.force_login(people["chen"])
    client.post(at("accept_keepsake", one), {"kept_at": "二楼展柜", "answer": "谢谢您"})
    client.post(at("show_keepsake", one))
    deliver_pending()
    told_to = Notice.objects.filter(reader=people["wang"]).order_by("created_at")
    assert [notice.text for notice in told_to] == [
        "您的“搪瓷脸盆”：正在展出。详情请登录门户看。",
        "您的“搪瓷脸盆”：正在展出。详情请登录门户看。",
    ]
    client.logout()
    assert client.get(at("keepsake_small_photo", one.photos.first())).status_code == 200


def test_staff_enter_and_give_back(client, people, places, households):
    client.force_login(people["chen"])
    told = {name: value for name, value in TOLD.items() if value} | {
        "photos": [photo()], "return_by": "", "giver_name": "李阿婆", "giver_phone": "",
        "consent": photo("consent.jpg"),
    }  # fmt: skip
    assert client.post(at("enter_keepsake", places.here), told).status_code == 302
    one = Keepsake.objects.get()
    assert one.consent.is_concealed
    assert client.get(at("keepsake_consent", one)).status_code == 200
    client.post(at("accept_keepsake", one), {"kept_at": "展柜"})
    assert client.post(at("return_keepsake", one), {"returned_to": "女儿取回"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.returned_to) == ("returned", "女儿取回")


def test_labels_are_several_on_a_page(people, places, households):
    kept = [shown(people, places.here, title=f"第{n}件") for n in range(9)]
    read = pypdf.PdfReader(io.BytesIO(papers.labels(places.here, kept)))
    text = ["".join(page.extract_text().split()) for page in read.pages]
    assert [sum(f"第{n}件" in page for n in range(9)) for page in text] == [6, 3]
    assert "王*芳捐赠·编号1" in text[0]
    assert "王桂芳" not in "".join(text)


@pytest.mark.parametrize("name", ["keepsake_list", "keepsake_desk"])
def test_pages_ask_as_much_of_three_as_of_one(name, client, people, places, households):
    shown(people, places.here)
    client.force_login(people["chen"])

    def cost():
        client.get(at(name))
        with CaptureQueriesContext(connection) as asked:
            client.get(at(name))
        return len(asked)

    alone = cost()
    for n in range(3):
        shown(people, places.here, title=f"又一件{n}")
    assert cost() == alone
