"""Suggestions through their pages: a question a page, what everybody reads, what the desk does, what it costs."""

import io
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from caoyang_portal.uploads import intake as files
from caoyang_portal.uploads.models import Attachment
from suggestions.actions import suggestion_answers as answers
from suggestions.actions import suggestion_drafts as drafts
from suggestions.actions import suggestion_intake as intake
from suggestions.actions import suggestion_upkeep as upkeep
from suggestions.models import Suggestion, SuggestionDraft
from suggestions.photo_spots import covered
from suggestions.queries import suggestions as queries
from suggestions.views import suggestion_making
from tests.suggestions.suggestion_builders import (
    DAY,
    TITLE,
    entered,
    in_state,
    made,
    photo,
    publish,
    published,
    unit,
)


def at(name, thing=None, *more):
    return reverse(
        f"suggestions:{name}", args=[getattr(thing, "pk", thing), *more] if thing else []
    )


def upload(name="路灯.jpg"):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    Image.new("RGB", (40, 40), "white").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def step(client, name, **given):
    return client.post(at("make_suggestion", name), given).headers.get("Location")


def test_six_pages_lead_to_a_number_and_a_promised_day(client, people, places, households):
    published(people, places)
    client.force_login(people["zhao"])
    assert client.get(at("suggest")).headers["Location"] == at("make_suggestion", "kind")
    assert client.get(at("make_suggestion", "name")).headers["Location"] == at(
        "make_suggestion", "kind"
    )
    assert step(client, "kind", category="traffic") == at("make_suggestion", "where")
    assert step(client, "where", building=places.building.pk, spot="东侧花坛") == at(
        "make_suggestion", "words"
    )
    assert step(client, "words", title="花坛装充电桩", reasons="飞线", measures="装桩") == at(
        "make_suggestion", "photos"
    )
    assert step(client, "photos", photos=[upload(), upload("b.jpg")]) == at(
        "make_suggestion", "photos"
    )
    too_many = client.post(at("make_suggestion", "photos"), {"photos": [upload(), upload()]})
    assert (too_many.status_code, "最多 3 张照片" in too_many.content.decode()) == (422, True)
    alike = client.get(at("make_suggestion", "alike")).content.decode()
    assert TITLE in alike
    assert "我也是" in alike
    assert "花坛装充电桩" in client.get(at("make_suggestion", "name")).content.decode()
    to = step(client, "name", name_shown="hidden")
    one = Suggestion.objects.get(title="花坛装充电桩")
    assert to == at("suggestion", one)
    assert (one.photos.count(), one.building, one.spot, one.shown_proposer, one.category) == (
        2, places.building, "东侧花坛", "一位居民", "traffic",
    )  # fmt: skip
    assert not SuggestionDraft.objects.exists()
    page = client.get(to).content.decode()
    assert "受理，或者说明去哪里办" in page
    assert one.number in page
    for kept in one.photos.all():
        assert b"PhoneMaker" not in files.read(kept.original)
        assert client.get(at("suggestion_photo", one, kept.pk)).status_code == 200


def test_a_draft_is_there_again_on_another_phone_and_nobody_else_s(
    client, people, places, households
):
    client.force_login(people["zhao"])
    step(client, "kind", category="safety")
    step(client, "where", spot="")
    step(client, "words", title="楼道灯", reasons="晚上看不见")
    step(client, "photos", photos=[upload()])
    kept = SuggestionDraft.objects.get().photos.get()
    client.logout()
    client.force_login(people["zhao"])
    assert client.get(at("suggest")).headers["Location"] == at("make_suggestion", "name")
    assert "晚上看不见" in client.get(at("make_suggestion", "words")).content.decode()
    client.force_login(people["wang"])
    assert client.get(at("draft_suggestion_photo", kept)).status_code == 404
    assert client.post(at("drop_draft_photo", kept)).status_code == 404
    client.force_login(people["zhao"])
    client.post(at("drop_draft_photo", kept))
    assert SuggestionDraft.objects.get().photos.count() == 0
    step(client, "photos", photos=[upload()])
    assert drafts.forget_drafts() == 0
    assert drafts.forget_drafts(timezone.now() + 91 * DAY) == 1
    assert (SuggestionDraft.objects.count(), Attachment.objects.count()) == (0, 0)


def test_a_page_that_was_wrong_comes_back_filled(client, people, places, households):
    client.force_login(people["zhao"])
    step(client, "kind", category="safety")
    step(client, "where", spot="")
    answer = client.post(at("make_suggestion", "words"), {"title": "", "reasons": "很黑"})
    assert (answer.status_code, "很黑" in answer.content.decode()) == (422, True)


def test_who_lives_nowhere_here_chooses_the_place(client, people, places, households):
    client.force_login(people["sun"])
    step(client, "kind", category="other")
    page = client.get(at("make_suggestion", "where")).content.decode()
    assert "曹杨一村" in page
    assert "曲阳一村" in page
    assert "3号楼" not in page
    step(client, "where", neighbourhood=places.there.pk)
    step(client, "words", title="装长椅", reasons="走累了")
    step(client, "name", name_shown="masked")
    assert Suggestion.objects.get().neighbourhood == places.there


def _send(client, title):
    for name, given in (
        ("kind", {"category": "other"}), ("where", {"spot": ""}),
        ("words", {"title": title, "reasons": "因为"}),
    ):  # fmt: skip
        step(client, name, **given)
    return client.post(at("make_suggestion", "name"), {"name_shown": "masked"})


def test_a_flood_never_locks_a_neighbour_out(client, people, places, households, monkeypatch):
    """From one address; who has sent nothing this hour is always heard, and nothing written is lost."""
    monkeypatch.setattr(suggestion_making, "PER_ADDRESS", (2, 3600))
    client.force_login(people["wang"])
    assert [_send(client, f"第{n}条").status_code for n in range(4)] == [302, 302, 422, 422]
    assert SuggestionDraft.objects.get(user=people["wang"]).title == "第3条"
    for neighbour in ("zhao", "sun"):
        client.force_login(people[neighbour])
        assert _send(client, f"{neighbour} 的").status_code == 302
    monkeypatch.setattr(suggestion_making, "PER_ADDRESS", (200, 3600))
    monkeypatch.setattr(suggestion_making, "PER_PERSON", (4, 86_400))
    client.force_login(people["wang"])
    answer = client.post(at("make_suggestion", "name"), {"name_shown": "masked"})
    assert "请明天再提" in answer.content.decode()


def test_nobody_reads_a_name_a_phone_or_an_original_photo(client, people, places, households):
    own = photo(places.here, people["wang"])
    one = in_state(people, places, "done", photos=[own])
    told = entered(people, places, name_shown="masked")
    publish(told, people)
    answers.add_suggestion_note(one, text="王桂芳很急", by=people["chen"])
    pages = [at("suggestion", one), at("suggestion", told), at("suggestion_list")]
    for who in (None, "zhao", "sun"):
        client.logout()
        if who:
            client.force_login(people[who])
        for page in pages:
            text = client.get(page).content.decode()
            assert not [
                word for word in ("王桂芳", "李阿婆", "1390000", "139****") if word in text
            ]
        kept = one.photos.get()
        assert client.get(at("suggestion_photo", one, kept.pk)).status_code == 404
        assert client.get(at("suggestion_original", one, kept.pk)).status_code in (302, 404)
    client.force_login(people["gu"])
    desk = client.get(at("desk_suggestion", told)).content.decode()
    assert "李阿婆" not in desk
    client.force_login(people["chen"])
    desk = client.get(at("desk_suggestion", told)).content.decode()
    assert ("李阿婆" in desk, "1390000" in desk) == (True, False)
    answer = client.post(at("read_suggester_phone", told), follow=True).content.decode()
    assert "13900001111" in answer


def test_what_is_covered_cannot_be_got_back(client, people, places, households):
    """A chequered face becomes a few grey squares; the rest of the photo, and the original, stay."""
    out = io.BytesIO()
    face = Image.effect_noise((200, 100), 90).convert("RGB")
    face.save(out, "PNG")
    original = files.keep(
        out.getvalue(), "脸.png", "image/png", neighbourhood_id=places.here.pk, by=people["wang"]
    )
    one = publish(made(people, places, photos=[original]), people)
    kept = one.photos.get()
    client.force_login(people["chen"])
    url = at("show_suggestion_photo", one, kept.pk)
    for wrong in ("10 20 30", "90 0 20 10", "a b c d", "0 0 0 0"):
        assert client.post(url, {"spots": wrong, "show": "1"}).status_code == 422
    client.post(url, {"spots": "10 20 50 50", "show": "1"})
    kept.refresh_from_db()
    assert kept.shown_id not in (None, kept.original_id)
    with Image.open(io.BytesIO(files.read(kept.shown))) as shown:
        spot = shown.convert("L").crop((24, 24, 116, 66))
        # 4 × 4 squares: noise as wide as before would have hundreds of changes.
        row = [spot.getpixel((x, 10)) for x in range(spot.width)]
        jumps = sum(abs(a - b) > 12 for a, b in pairwise(row))
        assert jumps < 20
        assert len(set(shown.convert("L").crop((0, 0, 18, 18)).get_flattened_data())) > 20
    assert files.read(kept.original) == out.getvalue()
    client.logout()
    assert client.get(at("suggestion_photo", one, kept.pk)).status_code == 200
    client.force_login(people["chen"])
    client.post(url, {"spots": "", "hide": "1"})
    client.logout()
    assert client.get(at("suggestion_photo", one, kept.pk)).status_code == 404


def test_a_spot_at_the_edge_stays_in_the_picture():
    out = io.BytesIO()
    Image.new("RGB", (7, 5), "red").save(out, "PNG")
    with Image.open(
        io.BytesIO(covered(out.getvalue(), [(99, 99, 1, 1), (0, 0, 100, 100)]))
    ) as got:
        assert got.size == (7, 5)


def test_a_unit_leads_it_to_its_end_through_the_pages(client, people, places, households):
    one = made(people, places)
    lead = unit(people, places)
    day = (timezone.localdate() + 30 * DAY).isoformat()
    client.force_login(people["chen"])
    template = answers.write_reply_template(
        places.here, name="采纳", text="谢谢您，我们采纳。", by=people["chen"]
    )
    for name, given in (
        ("acknowledge_suggestion", {"words": ""}),
        (
            "publish_suggestion",
            {
                "title": one.title,
                "reasons": one.reasons,
                "measures": "",
                "change_reason": "删了重复的话",
            },
        ),
        ("assign_suggestion", {"unit": lead.pk, "words": ""}),
    ):
        assert (name, client.post(at(name, one), given).status_code) == (name, 302)
    assert client.get(at("reply_suggestion", one)).status_code == 403
    client.force_login(people["deng"])
    assert one.title in client.get(at("suggestion_desk")).content.decode()
    page = client.get(at("reply_suggestion", one), {"template": template.pk}).content.decode()
    assert "谢谢您，我们采纳。</textarea>" in page
    wrong = client.post(at("reply_suggestion", one), {"verdict": "partly", "text": "好"})
    assert (wrong.status_code, "请写明理由" in wrong.content.decode()) == (422, True)
    for name, given in (
        ("reply_suggestion", {"verdict": "adopted", "text": "采纳。", "promise": "装桩", "conversion": "benefit", "due_on": day}),
        ("report_work", {"text": "挖沟了"}),
        ("finish_work", {"name": "花坛式充电桩", "text": "装好了", "photo": upload()}),
    ):  # fmt: skip
        assert (name, client.post(at(name, one), given).status_code) == (name, 302)
    client.force_login(people["wang"])
    assert "您满意吗" in client.get(at("suggestion", one)).content.decode()
    client.post(at("rate_suggestion", one), {"attitude": "satisfied", "result": "mostly"})
    client.force_login(people["chen"])
    client.post(at("commend_suggestion", one), {"words": "谢谢您的金点子"})
    one.refresh_from_db()
    assert one.state == "closed"
    client.logout()
    pairs = client.get(at("commended_suggestions")).content.decode()
    assert ("花坛式充电桩" in pairs, "王*芳" in pairs, "王桂芳" in pairs) == (True, True, False)
    assert client.get(at("outcome_photo", one.outcomes.get())).status_code == 200


def test_a_pause_is_shown_with_its_reason_and_the_day_it_ends(client, people, places, households):
    one = in_state(people, places, "assigned")
    client.force_login(people["deng"])
    until = timezone.localdate() + 5 * DAY
    client.post(at("pause_suggestion", one), {"reason": "等电力公司", "until": until.isoformat()})
    client.force_login(people["wang"])
    page = client.get(at("suggestion", one)).content.decode()
    assert ("等电力公司" in page, "接着办" in page) == (True, True)


@pytest.mark.parametrize(
    "name", ["my_suggestions", "suggestion_desk", "suggestion", "desk_suggestion", "commended_suggestions"]
)  # fmt: skip
def test_pages_ask_as_much_of_three_as_of_one(name, client, people, places, households):
    unit(people, places)

    def cost():
        client.force_login(people["wang" if name == "my_suggestions" else "chen"])
        thing = (
            Suggestion.objects.get(title="甲0")
            if name in ("suggestion", "desk_suggestion")
            else None
        )
        client.get(at(name, thing))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(name, thing)).status_code == 200
        return len(asked)

    def one_more(n):
        one = in_state(
            people, places, "assigned", f"甲{n}", photos=[photo(places.here, people["wang"])]
        )
        told = entered(people, places, f"乙{n}")
        upkeep.merge_suggestion(told, into=Suggestion.objects.get(title="甲0"), by=people["chen"])
        answers.add_suggestion_note(one, text="看", by=people["chen"])
        done = in_state(people, places, "done", f"丙{n}")
        answers.commend_suggestion(done, words="谢谢", by=people["chen"])

    one_more(0)
    alone = cost()
    one_more(1)
    one_more(2)
    assert cost() <= alone


def test_merging_and_publishing_through_the_desk(client, people, places, households):
    one, into = made(people, places, "装桩"), published(people, places, "花坛装桩")
    client.force_login(people["chen"])
    client.post(at("merge_suggestion", one), {"into": str(into.pk), "reason": "同一件事"})
    one.refresh_from_db()
    assert (one.state, one.merged_into) == ("merged", into)
    client.post(at("unmerge_suggestion", one))
    client.post(at("hide_suggestion", into), {"reason": "有人名"})
    one.refresh_from_db()
    assert (one.state, one.merged_into) == ("submitted", None)
    client.logout()
    assert client.get(at("suggestion", into)).status_code == 404


def test_who_was_asked_before_still_reads_it_on_the_desk(client, people, places, households):
    one = in_state(people, places, "assigned")
    answers.return_suggestion(one, reason="归绿化所", by=people["deng"])
    client.force_login(people["deng"])
    assert client.get(at("desk_suggestion", one)).status_code == 200
    assert client.get(at("reply_suggestion", one)).status_code == 403
    client.force_login(people["chen"])
    page = client.get(at("assign_suggestion", one)).content.decode()
    assert "退回的原因：归绿化所" in page
    intake.refer_suggestion(one, elsewhere="district", answer="归区里。", by=people["chen"])
    client.force_login(people["wang"])
    assert "归区里。" in client.get(at("suggestion", one)).content.decode()


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("充电桩再多装几个", ["花坛边上装充电桩"]),
        ("电瓶车没地方充电", []),
        ("楼道里装扶手", ["楼道扶手松了"]),
        ("办食堂", []),
        ("！", []),
    ],
)
def test_what_is_alike_shares_words_of_two_letters(title, found, people, places, households):
    for known in ("花坛边上装充电桩", "楼道的灯坏了", "楼道扶手松了"):
        published(people, places, known)
    made(people, places, "充电桩不公开")
    assert [one.title for one in queries.alike([places.here], title)] == found
