"""Excel files from the committee (名册文件): looked at as a ZIP before any reader opens them."""

import io
import re
import zipfile
import zlib
from typing import BinaryIO

from django.utils.translation import gettext as _

from caoyang_portal.errors import Refused

from .intake import CHUNK, MAX_BYTES, read_capped

MAX_PARTS = 2_000
MAX_UNPACKED = 150 * 1024 * 1024
MAX_RATIO = 200  # honest sheets pack 10 to 40 times
SMALL = 1024 * 1024  # below this a ratio means nothing
REQUIRED = {"[Content_Types].xml", "xl/workbook.xml"}
MACROS = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
ENTITIES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def check_workbook(file: BinaryIO) -> bytes:
    """The bytes of an .xlsx file that is safe to read; a refusal otherwise (查名册文件)."""
    given = read_capped(file, MAX_BYTES)
    if not given.startswith(b"PK\x03\x04"):
        raise Refused(_("请上传 Excel 文件（.xlsx），旧格式请先另存。"))
    try:
        with zipfile.ZipFile(io.BytesIO(given)) as package:
            _check_parts(package)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as problem:
        raise Refused(_("Excel 文件已损坏或有密码，请重新保存再传。")) from problem
    return given


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if not {part.filename for part in parts} >= REQUIRED:
        raise Refused(_("请上传 Excel 文件（.xlsx），旧格式请先另存。"))
    declared = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or declared > MAX_UNPACKED:
        raise Refused(_too_big())
    left = MAX_UNPACKED
    for part in parts:
        if part.file_size > max(SMALL, MAX_RATIO * part.compress_size):
            raise Refused(_too_big())
        left -= _check_part(package, part, left)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Unpack one part piece by piece, as what it declares need not be true; its true size."""
    if MACROS.search(part.filename.encode()):
        raise Refused(_("Excel 文件带有宏，请另存为 .xlsx 再传。"))
    size, tail = 0, b""
    is_xml = part.filename.endswith((".xml", ".rels"))
    with package.open(part) as unpacked:
        while piece := unpacked.read(CHUNK):
            size += len(piece)
            if size > left:
                raise Refused(_too_big())
            if is_xml:
                # UTF-16 would hide the words from us; without its zero bytes it cannot.
                window = (tail + piece).replace(b"\0", b"")
                if ENTITIES.search(window):
                    raise Refused(_("Excel 文件内容异样，请重新保存再传。"))
                if part.filename == "[Content_Types].xml" and MACROS.search(window):
                    raise Refused(_("Excel 文件带有宏，请另存为 .xlsx 再传。"))
                tail = piece[-64:]
    return size


def _too_big() -> str:
    return _("Excel 文件展开后太大，请只留名册再传。")
