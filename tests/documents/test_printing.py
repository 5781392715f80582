"""Printing: the right glyphs, the same bytes, and nothing fetched from anywhere."""

import io
import socket
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from django.conf import settings as project_settings
from PIL import Image, ImageChops
from weasyprint import HTML

from caoyang_portal import documents
from caoyang_portal.documents import fonts
from caoyang_portal.documents.printing import AssetMissing, BundledOnly, _fonts

from .conftest import HERE, handwriting, printed

GOLDEN = HERE / "golden" / "agreement-1.png"
RARE = "䶮㛃喆堃燚赟㭎翀𠮷"
ALLOWED = {"Noto-Serif-CJK-SC", "Noto-Sans-CJK-SC"}


def fonts_of(pdf):
    """Families embedded in a PDF, without subset tags, weights and our word for a cut-out."""
    names = set()
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            name = str(font.get_object()["/BaseFont"]).removeprefix("/").partition("+")[2]
            names.add(name.removesuffix("-Bold").removesuffix("-Common"))
    return names


def text_of(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_the_same_paper_is_the_same_bytes(paper):
    _fonts.cache_clear()  # as in another process
    assert printed() == paper


def test_only_our_two_families_are_used(paper):
    assert fonts_of(paper) == ALLOWED


def test_every_page_carries_number_fingerprint_and_page_count(paper):
    assert [
        [
            mark in page
            for mark in ("曹杨一村 2026-0001", "版本指纹 3F9A-21C7", f"第 {n} 页，共 2 页")
        ]
        for n, page in enumerate(text_of(paper), start=1)
    ] == [[True] * 3] * 2


def test_a_rare_name_is_printed_and_an_unprintable_one_is_named(paper):
    rare = printed(holder=RARE)
    assert documents.missing_glyphs(f"王桂芳 {RARE}\n㎡①№□") == ""
    assert documents.missing_glyphs("谢𫍙𫍙\U0001f600") == "𫍙\U0001f600"
    assert fonts_of(rare) == ALLOWED
    assert RARE in text_of(rare)[0]


def test_the_first_page_looks_as_it_always_did(paper):
    """Mend the picture with ``python -m tests.documents.test_printing`` after a wanted change."""
    now, then = picture(paper), Image.open(GOLDEN).convert("L")
    assert now.size == then.size
    differing = ImageChops.difference(now, then).point(lambda value: 255 if value > 96 else 0)
    share = differing.histogram()[255] / (now.width * now.height)
    assert share < 0.002


def picture(pdf, page=0):
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()  # signatures are drawn by form fields
        return document[page].render(scale=1.0, grayscale=True).to_pil().convert("L")


def test_the_handwriting_lies_inside_its_frame(signed):
    """The boxes of ``paper.py`` and those of ``paper.css`` are the same millimetres."""
    from caoyang_portal.documents.paper import MM, signature_box

    before, after = picture(signed.frozen, page=1), picture(signed.final, page=1)
    ink = ImageChops.difference(before, after).point(lambda value: 255 if value > 40 else 0)
    _page, (left, bottom, right, top) = signature_box(0, 2)
    second = signature_box(1, 2)[1]
    height = 297 * MM
    box = ink.getbbox()
    assert left <= box[0]
    assert box[2] <= second[2]
    assert height - top <= box[1]
    assert box[3] <= height - bottom + 1
    edge = before.crop((left, int(height - top) - 2, right, int(height - top) + 3))
    darkest = [min(edge.getpixel((x, y)) for y in range(edge.height)) for x in range(edge.width)]
    assert sum(value < 200 for value in darkest) > 0.95 * edge.width  # the frame is printed there


ATTACKS = {
    "http://169.254.169.254/latest/meta-data": '<img src="{}">',
    "file:///etc/passwd": '<object data="{}"></object>',
    "http://10.0.0.1/a.css": "<style>@import url({});</style>",
    "file:///etc/hostname": '<link rel="attachment" href="{}">',
    "http://10.0.0.2/f.ttf": '<style>@font-face {{ font-family: X; src: url({}) }} p {{ font-family: X }}</style><p>字</p>',
    "http://10.0.0.3/b.png": '<p style="background: url({})">底</p>',
    "http://10.0.0.4/s.css": '<link rel="stylesheet" href="{}">',
    "ftp://10.0.0.5/x": '<img src="{}">',
    "http://10.0.0.6/in.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{}" width="9" height="9"/></svg>',
    "asset:../settings.py": '<img src="{}">',
    "asset:static/../caoyang_portal/settings.py": '<img src="{}">',
    "asset:static/%2e%2e/manage.py": '<img src="{}">',
}  # fmt: skip


@pytest.mark.parametrize("address", ATTACKS)
def test_no_fetch_leaves_the_process(address, monkeypatch):
    left, opened = [], []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, to: left.append(to))
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: opened.append(self) or read(self))
    fetcher = BundledOnly({})
    pdf = HTML(string=ATTACKS[address].format(address), url_fetcher=fetcher).write_pdf()
    static = project_settings.BASE_DIR / "static"
    assert [*left, *(path for path in opened if not path.is_relative_to(static))] == []
    assert [*fetcher.refused, *(f"asset:{name}" for name in fetcher.missing)] or (
        address.startswith("asset:static/")  # refused by its path
    )
    assert pypdf.PdfReader(io.BytesIO(pdf)).attachments == {}


def test_a_redirect_is_not_followed_since_nothing_is_asked():
    fetcher = BundledOnly({})
    for address in ("https://portal.example/", "HTTP://portal.example", "data:text/plain,x"):
        with pytest.raises(ValueError, match="may not fetch"):
            fetcher(address)


def test_words_of_residents_are_text(paper):
    words = '<script>x</script><img src="file:///etc/passwd">{{ 1 }}'
    assert words.replace(" ", "") in "".join(text_of(printed(holder=words))).replace(
        "\n", ""
    ).replace(" ", "")


def test_a_forgotten_picture_is_a_mistake_of_ours():
    with pytest.raises(AssetMissing, match="qr"):
        printed(images={"logo": handwriting()})


def test_the_binding_text_is_chinese_whoever_prints_it(paper):
    from django.utils import translation

    with translation.override("en"):
        assert printed() == paper


@pytest.fixture
def bare_machine(monkeypatch):
    """No system font at all; the converted ones are kept for the next run."""
    caches = (fonts.font_state, fonts.system_file, fonts.printable, _fonts)
    for cached in caches:
        cached.cache_clear()
    monkeypatch.setattr(fonts, "FONT_FOLDERS", ())
    yield
    for cached in caches:
        cached.cache_clear()


def test_a_bare_machine_prints_with_the_browser_s_font_and_says_so(bare_machine):
    state = documents.font_state()
    assert (state.families, state.complete) == (["Noto Sans SC"], False)
    assert "fonts-noto-cjk" in state.sentence
    assert documents.missing_glyphs("王桂芳㭎") == "㭎"
    pdf = printed("documents/paper.html")
    assert "第 1 页，共 2 页" in text_of(pdf)[0]


if __name__ == "__main__":
    import django

    django.setup()
    picture(printed()).quantize(16).save(GOLDEN, optimize=True)
