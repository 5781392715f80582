"""A roster or a draft law is looked at as a ZIP before any reader opens it."""

import io
import struct
import zipfile

import docx
import pytest

from caoyang_portal.errors import Refused
from caoyang_portal.uploads.packages import check_word_file, check_workbook

from .conftest import as_file, roster

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(10))
    + "]><x>&a9;</x>"
)


def lying(content: bytes) -> bytes:
    """Declare a tenth of the true size of the last part, in both headers."""
    size = 3_000_000
    return content.replace(struct.pack("<I", size), struct.pack("<I", size // 10))


def test_an_honest_roster_passes_unchanged():
    sent = roster()
    assert check_workbook(as_file(sent)) == sent


HOSTILE = {
    "old format": (lambda: b"\xd0\xcf\x11\xe0" + bytes(100), "请上传 Excel"),
    "a photo": (lambda: b"\xff\xd8\xff", "请上传 Excel"),
    "some other zip": (lambda: any_zip({"a.txt": b"x"}), "请上传 Excel"),
    "half a file": (lambda: roster()[:2000], "已损坏"),
    "zip bomb": (lambda: roster({"xl/big.xml": bytes(60_000_000)}), "展开后太大"),
    "many small bombs": (lambda: roster({f"xl/{n}.xml": b"" for n in range(2100)}), "展开后太大"),
    "lying size": (lambda: lying(roster({"xl/big.bin": bytes(3_000_000)})), "已损坏|太大"),
    "macros": (lambda: roster({"xl/vbaProject.bin": b"x"}), "带有宏"),
    "billion laughs": (lambda: roster({"xl/laughs.xml": LAUGHS.encode()}), "内容异样"),
    "laughs in UTF-16": (lambda: roster({"xl/laughs.xml": LAUGHS.encode("utf-16")}), "内容异样"),
}


def any_zip(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused(name):
    make, said = HOSTILE[name]
    with pytest.raises(Refused, match=said):
        check_workbook(as_file(make(), "名册.xlsx"))


def letter(extra: dict[str, bytes] | None = None) -> bytes:
    """A small honest Word file, with further parts put in."""
    out = io.BytesIO()
    paper = docx.Document()
    paper.add_paragraph("第一条　为了安全，制定本条例。")
    paper.save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        for name, content in (extra or {}).items():
            package.writestr(name, content)
    return out.getvalue()


def test_an_honest_draft_passes_unchanged():
    sent = letter()
    assert check_word_file(as_file(sent)) == sent


HOSTILE_LETTERS = {
    "old format": (lambda: b"\xd0\xcf\x11\xe0" + bytes(100), "请上传 Word"),
    "a roster": (roster, "请上传 Word"),
    "half a file": (lambda: letter()[:2000], "已损坏"),
    "zip bomb": (lambda: letter({"word/big.xml": bytes(60_000_000)}), "展开后太大"),
    "macros": (lambda: letter({"word/vbaProject.bin": b"x"}), "带有宏"),
    "billion laughs": (lambda: letter({"word/laughs.xml": LAUGHS.encode()}), "内容异样"),
}


@pytest.mark.parametrize("name", HOSTILE_LETTERS)
def test_a_hostile_word_file_is_refused(name):
    make, said = HOSTILE_LETTERS[name]
    with pytest.raises(Refused, match=said):
        check_word_file(as_file(make(), "草案.docx"))
