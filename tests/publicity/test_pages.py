"""The pages of publicities: what everyone sees, what is masked, what comes down, what it costs."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from caoyang_portal.publicity import actions
from caoyang_portal.publicity.models import ObjectionFile, Publicity, PublicityObjection
from tests.publicity.builders import after, again, draft, photo, posted

VENOM = "'\"><i onclick=x>"


def page(client, publicity, name="publicity", **more):
    return client.get(reverse(f"publicity:{name}", args=[publicity.pk]), **more)


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, "PNG")
    return SimpleUploadedFile("window.png", out.getvalue(), "image/png")


def test_anyone_reads_it_without_signing_in(client, people, places):
    publicity = posted(people, places)
    answer = page(client, publicity)
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        publicity.title,
        "电梯装在北侧。",
        publicity.number,
        publicity.fingerprint,
        "我有意见",
    ):
        assert words in text
    assert publicity.title in client.get(reverse("publicity:publicity_list")).content.decode()


def test_the_register_shows_masked_names_and_hidden_words_are_hidden(client, people, places):
    publicity = posted(people, places)
    actions.object_to_publicity(
        publicity, text="窗户被挡住。", home="兰溪路 68 弄", by=people["wang"]
    )
    unnamed = actions.object_to_publicity(
        publicity, text="太贵。", is_unnamed=True, by=people["zhao"]
    )
    private = actions.object_to_publicity(publicity, text="我妈有病。", by=people["sun"])
    actions.hide_objection(private, reason="涉及病情", by=people["chen"])
    actions.answer_objection(unnamed, outcome="declined", answer="按比例分摊。", by=people["chen"])
    text = page(client, publicity).content.decode()
    for words in ("王*芳", "窗户被挡住。", "不公开姓名", "按比例分摊。", "涉及病情", "孙*"):
        assert words in text
    for words in ("王桂芳", "赵大勇", "孙丽", "兰溪路", "我妈有病"):
        assert words not in text


def test_after_its_time_nothing_personal_is_shown_and_everything_is_kept(client, people, places):
    publicity = posted(people, places)
    actions.object_to_publicity(publicity, text="窗户被挡住。", by=people["wang"])
    with after(publicity):
        actions.follow_clock()
        assert "窗户被挡住。" in page(client, publicity).content.decode()
        actions.take_down_publicity(publicity, by=people["chen"])
        text = page(client, publicity).content.decode()
        for words in (publicity.title, "电梯装在北侧", "窗户被挡住", "王*"):
            assert words not in text
        assert "已撤下" in text
        assert page(client, publicity, "notice").status_code == 404
        listed = client.get(reverse("publicity:publicity_list")).content.decode()
        assert publicity.number in listed
        assert publicity.title not in listed
        client.force_login(people["chen"])
        kept = page(client, publicity, "desk_publicity").content.decode()
    assert "窗户被挡住。" in kept
    assert "王桂芳" in kept


def test_a_resident_objects_with_a_photo_that_only_the_committee_and_she_open(
    client, people, places
):
    publicity = posted(people, places)
    client.force_login(people["wang"])
    address = reverse("publicity:object_to_publicity", args=[publicity.pk])
    empty = client.post(address, {"text": " "})
    assert (empty.status_code, "请写下您的意见" in empty.content.decode()) == (422, True)
    sent = {"text": "挡光。", "home": "3号楼 101", "for_household": "on", "files": [picture()]}
    answer = client.post(address, sent)
    assert answer.headers["Location"].endswith("#mine")
    objection = PublicityObjection.objects.get()
    assert (objection.raised_by, objection.for_household, objection.home) == (
        people["wang"], True, "3号楼 101",
    )  # fmt: skip
    file = reverse("publicity:objection_file", args=[ObjectionFile.objects.get().pk])
    seen = {}
    for who in ("wang", "zhao", "chen", "fang", "gu"):
        client.force_login(people[who])
        seen[who] = client.get(file).status_code
    assert seen == {"wang": 200, "zhao": 404, "chen": 200, "fang": 404, "gu": 404}


def test_too_late_the_page_says_so(client, people, places):
    publicity = posted(people, places)
    client.force_login(people["wang"])
    address = reverse("publicity:object_to_publicity", args=[publicity.pk])
    with after(publicity):
        actions.follow_clock()
        client.force_login(people["wang"])  # after so many days one signs in again
        assert "提意见的期限已经过了" in client.get(address).content.decode()
        answer = client.post(address, {"text": "晚了"})
    assert (answer.status_code, PublicityObjection.objects.count()) == (422, 0)


def test_the_desk_drafts_posts_hangs_and_answers(client, people, places):
    client.force_login(people["chen"])
    form = {
        "neighbourhood": places.here.pk, "title": "大修方案", "body": "修屋顶。",
        "legal_basis": "约定", "days": 7, "counted_in": "working", "opinion_days": 0,
        "answer_days": 5,
    }  # fmt: skip
    client.post(reverse("publicity:draft_publicity"), form)
    publicity = Publicity.objects.get()
    client.post(
        reverse("publicity:add_posting_place", args=[publicity.pk]),
        {"building": places.building.pk, "place": "门厅"},
    )
    client.post(reverse("publicity:post_publicity", args=[publicity.pk]))
    place = publicity.places.get()
    client.post(
        reverse("publicity:put_up_notice", args=[place.pk]),
        {"put_up_on": timezone.localdate().isoformat(), "photo": picture()},
    )
    client.post(
        reverse("publicity:enter_objection", args=[publicity.pk]),
        {
            "channel": "phone", "raised_on": timezone.localdate().isoformat(), "name": "钱多",
            "home": "", "text": "太吵",
        },
    )  # fmt: skip
    objection = PublicityObjection.objects.get()
    client.post(
        reverse("publicity:answer_objection", args=[objection.pk]),
        {"outcome": "adopted", "answer": "改到白天。"},
    )
    publicity, place = again(publicity), publicity.places.get()
    objection.refresh_from_db()
    assert (publicity.state, place.photo.is_picture, objection.outcome, objection.name) == (
        "posted", True, "adopted", "钱多",
    )  # fmt: skip


def test_the_building_leader_hangs_it_from_the_public_page(client, people, places):
    publicity = posted(people, places)
    own = actions.add_posting_place(
        publicity, place="门厅", building=places.building, by=people["chen"]
    )
    other = actions.add_posting_place(
        publicity, place="门厅", building=places.next_building, by=people["chen"]
    )
    client.force_login(people["lou"])
    text = page(client, publicity).content.decode()
    addresses = [reverse("publicity:put_up_notice", args=[place.pk]) for place in (own, other)]
    assert [address in text for address in addresses] == [True, False]
    assert [client.get(address).status_code for address in addresses] == [200, 404]


def test_words_of_somebody_who_means_harm_stay_words(client, people, places):
    publicity = posted(people, places, title=VENOM, body=VENOM, legal_basis=VENOM)
    actions.add_posting_place(publicity, place=VENOM, by=people["chen"])
    actions.object_to_publicity(publicity, text=VENOM, by=people["wang"])
    for who in (None, "wang", "chen"):
        if who:
            client.force_login(people[who])
        for name in ("publicity", "desk_publicity")[: 2 if who == "chen" else 1]:
            assert "<i onclick" not in page(client, publicity, name).content.decode()
        assert "<i onclick" not in client.get(reverse("publicity:publicity_list")).content.decode()


@pytest.mark.parametrize("name", ["publicity_list", "publicity", "desk", "desk_publicity"])
def test_what_a_page_costs_does_not_grow(
    name, client, people, places, django_assert_max_num_queries
):
    publicity = posted(people, places)
    client.force_login(people["chen"])
    address = reverse(
        f"publicity:{name}", args=[publicity.pk] if name.endswith("publicity") else []
    )
    counts = []
    client.get(address)  # what is kept for a while is kept now
    for n in range(1, 4):
        posted(people, places)
        place = actions.add_posting_place(
            publicity, place=f"{n}", building=places.building, by=people["chen"]
        )
        actions.put_up_notice(
            place, put_up_on=publicity.starts_on, photo=photo(people, places), by=people["chen"]
        )
        actions.object_to_publicity(publicity, text=f"意见{n}", by=people["wang"])
        with django_assert_max_num_queries(24) as captured:
            client.get(address)
        counts.append(len(captured))
    assert counts[0] == counts[2]


def test_a_draft_is_nobody_else_s(client, people, places):
    publicity = draft(people, places)
    assert page(client, publicity).status_code == 404
    client.force_login(people["wang"])
    assert page(client, publicity, "object_to_publicity").status_code == 404
