"""What stands on the paper: six pages with pictures as always, our fonts, and in public no hidden name."""

import io
import os
import re
import zlib
from pathlib import Path

import pypdf
import pytest
from django.utils import timezone
from PIL import Image, ImageChops

from caoyang_portal import documents
from caoyang_portal.uploads.intake import read
from consultation.actions import minutes as writing
from consultation.actions import minutes_papers, minutes_signing
from consultation.documents.minutes import print_version
from consultation.minutes_text import masker, sha256_of, words_of
from consultation.models import Meeting
from consultation.queries import minutes as queries
from households.models import Member
from tests.conftest import make_household
from tests.consultation.minutes_builders import (
    again,
    changes,
    held,
    over,
    photo,
    sealed,
    sent,
    sign,
    six_pages,
)
from tests.documents.test_printing import ALLOWED, fonts_of, picture

GOLDEN = Path(__file__).parent / "golden" / "minutes-1.png"


@pytest.fixture
def paper(places, people, monkeypatch):
    monkeypatch.setattr(documents, "is_demo_seal", lambda: False)
    monkeypatch.setattr("django.conf.settings.SITE_URL", "https://portal.example")
    minutes, version = six_pages(places.here, people["chen"])
    return print_version(version, "internal", minutes)


def text_of(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_the_first_of_six_pages_looks_as_it_always_did(paper):
    """Mend the picture with ``CAOYANG_GOLDEN=1`` in the environment after a wanted change."""
    pages = text_of(paper)
    assert len(pages) == 6
    assert fonts_of(paper) == ALLOWED
    now = picture(paper)
    if "CAOYANG_GOLDEN" in os.environ:
        now.quantize(16).save(GOLDEN, optimize=True)
    then = Image.open(GOLDEN).convert("L")
    assert now.size == then.size
    differing = ImageChops.difference(now, then).point(lambda value: 255 if value > 96 else 0)
    assert differing.histogram()[255] / (now.width * now.height) < 0.002
    assert "第 1 页，共 6 页" in pages[0]
    assert all("版本指纹 3F9A-21C7" in page for page in pages)


def test_photos_stand_before_beside_after_no_larger_than_printed(paper):
    reader = pypdf.PdfReader(io.BytesIO(paper))
    sizes = {
        image.image.size
        for page in reader.pages
        for image in page.images
        if image.image is not None and image.image.width > 400
    }
    assert sizes == {(800, 600)}
    assert len(paper) < 2_000_000
    last = "".join(text_of(paper))
    assert (last.count("改造前"), last.count("改造后")) == (2, 2)


def test_a_rare_name_is_printed(places, people):
    minutes, version = six_pages(places.here, people["chen"])
    version.body["people"]["host"] = "䶮㛃喆"
    pdf = print_version(version, "internal", minutes)
    assert "䶮㛃喆" in text_of(pdf)[0]
    assert fonts_of(pdf) == ALLOWED


# ---- what the public version hides ----

MASKED = {
    "王桂芳说": "王*芳说",
    "王 桂 芳说": "王*芳说",
    "王桂\n芳说": "王*芳说",
    "欧阳娜娜来了": "欧**娜来了",
    "陈静和陈静怡": "陈*和陈*怡",
    "电话13800000101，": "电话（电话略），",
    "+86 138-0000-0101": "（电话略）",
    "１３８０００００１０１": "（电话略）",
    "021-6216 0000": "（电话略）",
    "住3号101室": "住3号***室",
    "3号楼1502": "3号楼***室",
    "3-502的王桂芳": "3-***的王*芳",
    "五零二室": "***室",
    "身份证31010519500101123X": "身份证310*************3X",
    "写信到 wang@example.cn": "写信到 （邮箱略）",
    "2026-10-17 在会议室，共 216 人，第二会议室": "2026-10-17 在会议室，共 216 人，第二会议室",
    "居民甲说": "居民甲说",
}


@pytest.mark.parametrize("text", MASKED)
def test_masks(text):
    mask = masker(["王桂芳", "欧阳娜娜", "陈静", "陈静怡"])
    assert mask(text) == MASKED[text]
    assert mask(MASKED[text]) == MASKED[text]


def test_who_is_not_to_be_named_is_a_resident():
    assert (
        masker(["王桂芳"], ["赵大勇"])("赵大勇：怕吵。王桂芳：不怕。")
        == "一位居民：怕吵。王*芳：不怕。"
    )


HIDDEN = [
    "王桂芳",
    "赵大勇",
    "孙丽丽",
    "郭老伯伯",
    "陈静",
    "林红",
    "徐贵宝",
    "欧阳娜娜",
    "13800000101",
]


@pytest.fixture
def public_pdf(people, places, households):
    """Sealed, with names in every corner: title, text, tasks, captions, signatures, corrections."""
    make_household(places.here, places.building, "103", "徐贵宝")  # a resident who was not there
    meeting = held(people, places.here, title="王桂芳家门口的路灯协调会")
    Meeting.objects.filter(pk=meeting.pk).update(purpose="孙丽丽 提出来的")
    meeting.refresh_from_db()
    minutes = writing.draft_minutes(meeting, by=people["chen"])
    body = changes(
        minutes, dissent="徐贵宝没有来，欧阳娜娜代他说的。", decision="孙丽丽家（3-502）先装。"
    )
    body |= {
        "hidden": ["孙丽丽", "欧阳娜娜"],
        "unnamed": ["赵大勇"],
        "closing": "王桂\n芳谢谢大家。",
    }
    body["people"]["absent"] = ["郭老伯伯"]
    writing.edit_minutes(minutes, changes=body, edition=1, by=people["chen"])
    shot = photo(places.here, people["chen"], name="王桂芳.jpg")
    writing.add_minutes_photo(
        minutes, photo=shot, caption="王桂芳家门口", when="before", is_public=True,
        by=people["chen"],
    )  # fmt: skip
    writing.send_minutes(
        minutes, recorder=people["lin"], representatives=[people["wang"]], correction_days=5,
        by=people["chen"],
    )  # fmt: skip
    minutes_signing.start_signing(over(minutes), by=people["chen"])
    for signatory in minutes.signatories.all():
        sign(minutes, signatory.user)
    minutes_papers.work_on_minutes()
    minutes = again(minutes)
    return minutes, read(minutes.papers.get(audience="public").file)


def inside(pdf: bytes) -> str:
    """Everything a stranger can dig out of a PDF: text, metadata, attachments, every stream unpacked."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    found = ["".join(page.extract_text() for page in reader.pages)]
    found += [str(value) for value in (reader.metadata or {}).values()]
    found.append(str(reader.xmp_metadata and reader.xmp_metadata.rdf_root.toxml()))
    for name, contents in reader.attachments.items():
        found += [name, *(content.decode("utf-8", "replace") for content in contents)]
    raw = [pdf]
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            raw.append(zlib.decompressobj().decompress(match[1]))
        except zlib.error:
            raw.append(match[1])
    for part in raw:
        found += [part.decode(code, "ignore") for code in ("utf-8", "utf-16-be", "utf-16-le")]
        found += [part[1:].decode(code, "ignore") for code in ("utf-16-be", "utf-16-le")]
        found += [
            bytes.fromhex(text.decode()).decode("utf-16-be", "ignore")
            for text in re.findall(rb"<((?:[0-9A-Fa-f]{4})+)>", part)
        ]
    return re.sub(r"\s+", "", "\n".join(found))


def test_the_public_file_holds_no_hidden_name_anywhere(public_pdf, people):
    minutes, pdf = public_pdf
    dug = inside(pdf)
    assert [name for name in HIDDEN if name in dug] == []
    page = re.sub(r"\s+", "", queries.public_papers(minutes)[None].minutes.search_text)
    assert [name for name in HIDDEN if name in page] == []
    assert "王*芳家门口的路灯协调会" in dug
    assert "一位居民：怕吵。" in dug
    internal = inside(read(minutes.papers.get(audience="internal").file))
    assert [name for name in HIDDEN if name not in internal] == []  # the search does find


def test_the_public_page_holds_no_hidden_name_either(public_pdf, client):
    minutes, _pdf = public_pdf
    for address in ("/minutes/", f"/minutes/{minutes.meeting_id}/"):
        page = client.get(address).content.decode()
        assert [name for name in HIDDEN if name in page] == []
    assert client.get("/minutes/?q=王桂芳").context["page"].paginator.count == 0
    assert client.get("/minutes/?q=路灯").context["page"].paginator.count == 1


def test_a_resident_s_name_of_two_characters_is_asked_about(people, places, households):
    minutes = sent(people, places.here)
    Member.objects.create(
        neighbourhood=places.here, household=households.sun, role="co_resident", name="安全"
    )
    body = queries.current(minutes).body
    body["closing"] = "注意安全。孙丽没有来。"
    assert queries.namesakes(minutes, body) == ["孙丽", "安全"]
    assert "安全" not in queries.names_to_hide(minutes, body | {"closing": "注意安全。"})


def test_the_page_of_verification_knows_the_papers(people, places, households, client):
    minutes = sealed(people, places.here)
    for paper in minutes.papers.all():
        answer = client.get("/verify/", {"h": paper.sha256}).content.decode()
        assert "文件是真的" in answer
        assert minutes.number in answer
        assert f"会议纪要（{paper.get_audience_display()}）" in answer
    pdf = read(minutes.papers.get(audience="public").file)
    upload = io.BytesIO(pdf)
    upload.name = "minutes.pdf"
    assert "文件是真的" in client.post("/verify/", {"file": upload}).content.decode()
    altered = io.BytesIO(pdf[:-200] + pdf[-200:].replace(b"0", b"1", 1))
    altered.name = "minutes.pdf"
    assert "文件是真的" not in client.post("/verify/", {"file": altered}).content.decode()
    minutes_papers.add_addendum(minutes, text="补", reason="漏", by=people["chen"])
    answer = client.get("/verify/", {"h": paper.sha256}).content.decode()
    assert "后来有 1 份补记" in answer


def test_the_hash_is_over_all_that_was_signed(people, places, households):
    version = queries.current(sent(people, places.here))
    assert version.text_sha256 == sha256_of(version.body)
    assert version.public_sha256 == sha256_of(version.public_body)
    assert "希望摊位靠北" in words_of(version.public_body)
    changed = version.body | {"closing": "又及"}
    assert sha256_of(changed) != version.text_sha256
    assert timezone.localdate() <= version.minutes.corrections_until
