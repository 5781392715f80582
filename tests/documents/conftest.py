"""A small agreement of 王桂芳 and her husband, printed, certified, signed and locked."""

import io
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as project_settings
from django.test import override_settings
from PIL import Image, ImageDraw

from caoyang_portal import documents
from caoyang_portal.documents import keys, timestamps

HERE = Path(__file__).parent
ENGINE = project_settings.TEMPLATES[0]
TEMPLATES = [{**ENGINE, "DIRS": [*ENGINE["DIRS"], HERE / "templates"]}]
PEOPLE = [
    SimpleNamespace(name="王桂芳", role="承租人"),
    SimpleNamespace(name="李建国", role="共同居住人"),
]
FIELDS = documents.resident_fields(2)


def printed(template="agreement.html", *, images=None, **context):
    """``template`` of the tests with the context every paper has."""
    base = {
        "paper_title": "更新协议",
        "paper_number": "曹杨一村 2026-0001",
        "paper_fingerprint": "3F9A-21C7",
        "paper_issuer": "曹杨新村街道",
        "show_qr": True,
        "holder": "王桂芳",
        "home": "曹杨一村3号101室",
        "signing_sheets": documents.signing_sheets(PEOPLE),
    }
    qr = documents.qr("https://portal.example/verify/3F9A21C7")
    with override_settings(TEMPLATES=TEMPLATES):
        return documents.render_pdf(template, base | context, images=images or {"qr": qr})


def handwriting() -> bytes:
    image = Image.new("RGBA", (600, 220))
    pen = ImageDraw.Draw(image)
    pen.line([(40, 160), (200, 40), (380, 180), (560, 60)], fill=(10, 10, 60, 255), width=9)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="session")
def paper():
    return printed()


@pytest.fixture(scope="session")
def frozen(paper):
    """Certified: what both will be shown."""
    return documents.certify(paper, FIELDS, "协议文本定稿")


@pytest.fixture(scope="session")
def signed(frozen):
    """Signed by both and locked, with every state on the way."""
    first = documents.sign_field(frozen, "resident_01", "王桂芳签署", handwriting())
    second = documents.sign_field(first, "resident_02", "李建国签署", handwriting())
    final = documents.sign_field(second, "final", "签署完成")
    return SimpleNamespace(frozen=frozen, first=first, second=second, final=final)


@pytest.fixture
def sealed_by(settings):
    """Seal with another signer, named by its dotted path, until the test ends."""

    def choose(**named):
        for name, value in named.items():
            setattr(settings, name, value)
        keys.seal.cache_clear()
        timestamps.timestamper_at.cache_clear()

    yield choose
    keys.seal.cache_clear()
    timestamps.timestamper_at.cache_clear()


judged = partial(documents.verdict, expected_fields=FIELDS)
