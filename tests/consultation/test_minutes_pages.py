"""Minutes through their pages: written, corrected, signed, followed; what that costs, what stays."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from caoyang_portal.community.models import OneTimeCode
from consultation.actions import minutes_corrections as corrections
from consultation.actions import minutes_papers
from consultation.models import Minutes, MinutesCorrection, MinutesPaper
from consultation.queries import minutes as queries
from tests.consultation.builders import the_code
from tests.consultation.minutes_builders import (
    again,
    drafted,
    held,
    over,
    sealed,
    sent,
    signed,
    signing,
)
from tests.matrix.minutes import DESK_OF_MINUTES, MINUTES_READ

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen(client, people):
    client.force_login(people["chen"])
    return client


@pytest.fixture
def wang(people):
    client = Client()
    client.force_login(people["wang"])
    return client


def at(name, minutes, *more):
    return reverse(f"consultation:{name}", args=[minutes.meeting_id, *more])


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def filled(page, **changed):
    """What a browser would send of the form on ``page``, with ``changed``."""
    form = page.context["form"]
    sections = form.sections
    given = {name: form[name].value() or "" for name in form.fields}
    for field in sections.management_form:
        given[field.html_name] = field.value()
    for part in sections:
        for name in part.fields:
            if name != "DELETE":
                given[part[name].html_name] = part[name].value() or ""
    return given | changed


def test_a_draft_is_written_on_one_page_without_a_script(chen, people, places, households):
    meeting = held(people, places.here)
    assert "写纪要" in words(chen.get(reverse("consultation:desk_minutes_list")))
    bare = chen.get(reverse("consultation:desk_minutes", args=[meeting.pk]), follow=True)
    assert "这次会议还没有纪要。" in words(bare)  # and the button to write them
    page = chen.post(reverse("consultation:draft_minutes", args=[meeting.pk]), follow=True)
    minutes = Minutes.objects.get()
    given = filled(
        page,
        **{"part-0-decision": "摊位靠北", "part-0-tasks": "林红 ｜ 画图 ｜ 下周一", "add": "1"},
    )
    more = chen.post(at("edit_minutes", minutes), given, follow=True)
    assert "新的一段" in words(more)
    given = filled(more, **{"part-2-title": "下次什么时候", "part-1-DELETE": "on"})
    chen.post(at("edit_minutes", minutes), given)
    sections = queries.current(minutes).body["sections"]
    assert [(one["key"], one["title"]) for one in sections] == [
        ("a1", "摊位怎么排"), ("n1", "下次什么时候"),
    ]  # fmt: skip
    assert sections[0]["tasks"] == [{"who": "林红", "what": "画图", "until": "下周一"}]
    page = chen.get(at("desk_minutes", minutes))
    assert (page.context["missing"], "送给到会的人" in words(page)) == ([], True)


def test_two_who_write_at_once_see_each_other_s_text_before_one_stands(
    chen, people, places, households
):
    minutes = drafted(people, places.here)
    mine = chen.get(at("edit_minutes", minutes))
    lin = Client()
    lin.force_login(people["lin"])
    hers = lin.get(at("edit_minutes", minutes))
    lin.post(at("edit_minutes", minutes), filled(hers, **{"part-0-decision": "通道三米"}))
    again_mine = chen.post(
        at("edit_minutes", minutes), filled(mine, **{"part-0-decision": "通道四米"})
    )
    assert (again_mine.status_code, "林红 已经改过" in words(again_mine)) == (422, True)
    assert "通道三米" in words(again_mine)
    assert queries.current(minutes).body["sections"][0]["decision"] == "通道三米"
    # Seen, and put together by hand: now it stands.
    both = {"part-0-decision": "通道三到四米"}
    chen.post(at("edit_minutes", minutes), filled(again_mine, **both))
    assert queries.current(minutes).body["sections"][0]["decision"] == "通道三到四米"


def picture():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return SimpleUploadedFile("王桂芳.jpg", out.getvalue(), "image/jpeg")


def test_photos_come_and_go_and_only_public_ones_are_public(
    chen, wang, people, places, households
):
    minutes = drafted(people, places.here)
    for caption, public in (("东门", "on"), ("会场", "")):
        given = {"photo": picture(), "caption": caption, "when": "before", "is_public": public}
        chen.post(at("add_minutes_photo", minutes), given)
    photos = queries.current(minutes).body["photos"]
    assert [(one["caption"], one["public"]) for one in photos] == [("东门", True), ("会场", False)]
    assert chen.get(at("minutes_photo", minutes, 2) + "?all=1").status_code == 200
    chen.post(at("send_minutes", minutes), {"recorder": people["lin"].pk, "correction_days": 5})
    page = wang.get(at("minutes_page", minutes))
    assert (page.content.decode().count("<figure>"), "会场" in words(page)) == (1, False)
    assert wang.get(at("minutes_photo", minutes, 1)).status_code == 200
    assert wang.get(at("minutes_photo", minutes, 2)).status_code == 404
    assert wang.get(at("minutes_photo", minutes, 2) + "?all=1").status_code == 403


def test_a_correction_is_sent_and_its_answer_is_read(chen, wang, people, places, households):
    minutes = sent(people, places.here)
    page = wang.get(at("minutes_page", minutes))
    assert "王*芳：希望摊位靠北" in words(page)
    asked = re.search(r'href="([^"]+correct/\?section=a1)"', page.content.decode())[1]
    assert '<option value="a1" selected' in wang.get(asked).content.decode()
    empty = wang.post(asked, {"section": "a1", "text": " "})
    assert empty.status_code == 422
    wang.post(asked, {"section": "a1", "text": "我说的是靠东"})
    correction = MinutesCorrection.objects.get()
    to = reverse("consultation:accept_correction", args=[correction.pk])
    form = chen.get(to)
    assert "我说的是靠东" in words(form)
    chen.post(to, filled(form, **{"part-0-discussion": "王桂芳：希望摊位靠东。"}))
    page = words(wang.get(at("minutes_page", minutes)))
    assert ("见第 2 版" in page, "希望摊位靠东" in page) == (True, True)
    wang.post(at("raise_correction", minutes), {"section": "", "text": "漏了李老伯"})
    second = MinutesCorrection.objects.last()
    to = reverse("consultation:answer_correction", args=[second.pk])
    chen.post(to, {"answer": "签到表上没有他"})
    assert "签到表上没有他" in words(wang.get(at("minutes_page", minutes)))


def test_signing_on_the_phone_and_on_paper(chen, wang, people, places, households):
    minutes = signing(people, places.here)
    page = wang.get(at("sign_minutes", minutes))
    assert "王桂芳：希望摊位靠北" in words(page)  # who signs reads the full text
    OneTimeCode.objects.all().delete()
    page = wang.post(at("ask_minutes_code", minutes), follow=True)
    wrong = {"code": "000000", "text_sha256": page.context["form"]["text_sha256"].value()}
    assert wang.post(at("sign_minutes", minutes), wrong).status_code == 422
    done = wang.post(
        at("sign_minutes", minutes), wrong | {"code": the_code(people["wang"])}, follow=True
    )
    assert "您已经签字" in words(done)
    lin = minutes.signatories.get(role="recorder")
    to = reverse("consultation:enter_minutes_signature", args=[lin.pk])
    print_of = queries.current(minutes).fingerprint
    given = {"fingerprint": print_of.lower(), "signed_on": "2026-11-22", "scan": picture()}
    given["signed_on"] = minutes.sent_at.date().isoformat()
    chen.post(to, given)
    signature = lin.signatures.get()
    scan = chen.get(reverse("consultation:minutes_signature_scan", args=[signature.pk]))
    assert (scan.status_code, signature.scan.is_concealed) == (200, True)
    host = minutes.signatories.get(role="host")
    own = chen.get(reverse("consultation:enter_minutes_signature", args=[host.pk]))
    assert own.status_code == 403


def test_the_progress_goes_on_while_nobody_looks(chen, people, places, households, monkeypatch):
    minutes = signed(people, places.here)
    page = chen.get(at("minutes_progress", minutes), headers={"HX-Request": "true"})
    assert ("every 2s" in page.content.decode(), "0 / 6" in words(page)) == (True, True)
    minutes_papers.work_on_minutes()
    page = chen.get(at("minutes_progress", minutes), headers={"HX-Request": "true"})
    assert ("every 2s" in page.content.decode(), "都盖好章了" in words(page)) == (False, True)


def test_the_list_finds_words_and_years_and_shows_what_waits(wang, people, places, households):
    sealed(people, places.here)
    waiting = sent(people, places.here, title="路灯协调会")
    hidden = sealed(people, places.here, title="邻里纠纷协调会", is_public=False)
    page = words(wang.get("/minutes/"))
    assert ("菜场升级圆桌会" in page, "邻里纠纷" in page) == (True, False)
    assert "等您看、等您签" in page
    assert at("minutes_page", waiting) in wang.get("/minutes/").content.decode()
    found = [
        wang.get("/minutes/", {"q": q}).context["page"].paginator.count
        for q in ("两米通道", "赵大勇", "没有的字")
    ]
    assert found == [1, 0, 0]
    assert Client().get(at("minutes_page", hidden)).status_code == 404
    assert wang.get(at("minutes_page", hidden)).status_code == 200  # she was there


def test_what_a_page_costs_does_not_grow(chen, wang, people, places, households):
    def costs():
        found = {}
        for name, client, address in (
            ("list", wang, "/minutes/"),
            ("desk list", chen, reverse("consultation:desk_minutes_list")),
            ("desk", chen, at("desk_minutes", minutes)),
            ("page", wang, at("minutes_page", minutes)),
            ("edit", chen, at("edit_minutes", draft)),
            ("progress", chen, at("minutes_progress", done)),
        ):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(address).status_code == 200
            found[name] = len(asked)
        return found

    draft, minutes, done = (
        drafted(people, places.here),
        sent(people, places.here),
        sealed(people, places.here),
    )
    corrections.raise_correction(minutes, section="a1", text="改", by=people["wang"])
    costs()  # the first look of a session costs more
    few = costs()
    for _n in range(2):
        sealed(people, places.here)
        sent(people, places.here)
        corrections.raise_correction(minutes, section="a1", text="再改", by=people["wang"])
        minutes_papers.add_addendum(done, text="补", reason="漏", by=people["chen"])
    assert costs() == few
    assert max(few.values()) <= 30


def test_no_page_changes_sealed_minutes(people, places, households):
    """Every address of minutes is posted to by everybody who gets in; the tables stay as they were."""
    minutes = sealed(people, places.here)
    paper = minutes.papers.first()
    signatory = minutes.signatories.first()
    signature = signatory.signatures.get()
    pks = {
        "enter_minutes_signature": signatory.pk, "excuse_signatory": signatory.pk,
        "retry_minutes_paper": paper.pk, "minutes_signature_scan": signature.pk,
    }  # fmt: skip
    posts = {
        row.name.partition(":")[2]
        for row in [*MINUTES_READ, *DESK_OF_MINUTES]
        if "POST" in row.methods
    } - {"accept_correction", "answer_correction", "add_addendum", "raise_correction", "enter_correction"}  # fmt: skip
    given = {
        "reason": "x", "text": "x", "answer": "x", "code": "246810", "photo": "x",
        "recorder": people["lin"].pk, "correction_days": 5, "text_sha256": "0" * 64,
        "fingerprint": queries.current(minutes).fingerprint, "edition": 1, "host": "x",
    }  # fmt: skip
    before = _sealed_rows()
    for who in ("chen", "lin", "wang", "adi"):
        client = Client()
        client.force_login(people[who])
        for name in posts:
            pk = pks.get(name, minutes.meeting_id)
            answer = client.post(reverse(f"consultation:{name}", args=[pk]), given)
            assert answer.status_code in (200, 302, 403, 404, 422), name
    assert _sealed_rows() == before


def _sealed_rows():
    with connection.cursor() as cursor:
        found = {}
        for table in ("minutes", "minutesversion", "minutessignatory", "minutessignature", "minutespaper"):  # fmt: skip
            cursor.execute(
                f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM consultation_{table} t"
            )
            found[table] = cursor.fetchone()
    return found


def test_a_failed_file_is_tried_again_from_its_page(chen, people, places, households):
    minutes = signed(people, places.here)
    paper = minutes.papers.first()
    MinutesPaper.objects.filter(pk=paper.pk).update(state="failed", problem="OSError")
    page = chen.get(at("minutes_progress", minutes))
    assert "重新做" in words(page)
    chen.post(reverse("consultation:retry_minutes_paper", args=[paper.pk]))
    minutes_papers.work_on_minutes()
    assert again(minutes).state == "sealed"


def test_the_street_sees_that_there_are_minutes_and_not_what_was_said(
    client, people, places, households
):
    minutes = sent(people, places.here)
    client.force_login(people["gu"])
    page = words(client.get(at("desk_minutes", minutes)))
    assert ("等更正" in page, "希望摊位靠北" in page, "王桂芳" in page) == (True, False, False)


def test_after_the_days_a_resident_leaves_a_remark(wang, people, places, households):
    minutes = over(sent(people, places.here))
    page = wang.post(
        at("raise_correction", minutes), {"section": "a1", "text": "还有一句"}, follow=True
    )
    assert "作为备注留存" in words(page)
    assert MinutesCorrection.objects.get().state == "remark"
