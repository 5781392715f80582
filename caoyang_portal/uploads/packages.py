"""Excel and Word files from the committee (办公文件): looked at as a ZIP before any reader opens them."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from caoyang_portal.errors import Refused

from .intake import CHUNK, MAX_BYTES, read_capped

MAX_PARTS = 2_000
MAX_UNPACKED = 150 * 1024 * 1024
MAX_RATIO = 200  # honest sheets pack 10 to 40 times
SMALL = 1024 * 1024  # below this a ratio means nothing
MACROS = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
ENTITIES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """One kind of package: the parts it must have, and its refusals."""

    required: frozenset[str]
    other: Any
    damaged: Any
    macros: Any
    odd: Any
    too_big: Any


WORKBOOK = Kind(
    frozenset({"[Content_Types].xml", "xl/workbook.xml"}),
    _("请上传 Excel 文件（.xlsx），旧格式请先另存。"),
    _("Excel 文件已损坏或有密码，请重新保存再传。"),
    _("Excel 文件带有宏，请另存为 .xlsx 再传。"),
    _("Excel 文件内容异样，请重新保存再传。"),
    _("Excel 文件展开后太大，请只留名册再传。"),
)
WORD_FILE = Kind(
    frozenset({"[Content_Types].xml", "word/document.xml"}),
    _("请上传 Word 文件（.docx），旧格式请先另存。"),
    _("Word 文件已损坏或有密码，请重新保存再传。"),
    _("Word 文件带有宏，请另存为 .docx 再传。"),
    _("Word 文件内容异样，请重新保存再传。"),
    _("Word 文件展开后太大，请只留正文再传。"),
)


def check_workbook(file: BinaryIO) -> bytes:
    """The bytes of an .xlsx file that is safe to read; a refusal otherwise (查名册文件)."""
    return _checked(file, WORKBOOK)


def check_word_file(file: BinaryIO) -> bytes:
    """The same for a .docx (查文稿)."""
    return _checked(file, WORD_FILE)


def _checked(file: BinaryIO, kind: Kind) -> bytes:
    given = read_capped(file, MAX_BYTES)
    if not given.startswith(b"PK\x03\x04"):
        raise Refused(str(kind.other))
    try:
        with zipfile.ZipFile(io.BytesIO(given)) as package:
            _check_parts(package, kind)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as problem:
        raise Refused(str(kind.damaged)) from problem
    return given


def _check_parts(package: zipfile.ZipFile, kind: Kind) -> None:
    parts = package.infolist()
    if not {part.filename for part in parts} >= kind.required:
        raise Refused(str(kind.other))
    declared = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or declared > MAX_UNPACKED:
        raise Refused(str(kind.too_big))
    left = MAX_UNPACKED
    for part in parts:
        if part.file_size > max(SMALL, MAX_RATIO * part.compress_size):
            raise Refused(str(kind.too_big))
        left -= _check_part(package, part, left, kind)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, kind: Kind) -> int:
    """Unpack one part piece by piece, as what it declares need not be true; its true size."""
    if MACROS.search(part.filename.encode()):
        raise Refused(str(kind.macros))
    size, tail = 0, b""
    is_xml = part.filename.endswith((".xml", ".rels"))
    with package.open(part) as unpacked:
        while piece := unpacked.read(CHUNK):
            size += len(piece)
            if size > left:
                raise Refused(str(kind.too_big))
            if is_xml:
                # UTF-16 would hide the words from us; without its zero bytes it cannot.
                window = (tail + piece).replace(b"\0", b"")
                if ENTITIES.search(window):
                    raise Refused(str(kind.odd))
                if part.filename == "[Content_Types].xml" and MACROS.search(window):
                    raise Refused(str(kind.macros))
                tail = piece[-64:]
    return size
