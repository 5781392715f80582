"""Files people send, honest and not, made here so that no hostile file lies in the repository."""

import io
import struct
import zipfile
import zlib

import openpyxl
import pypdf
import pytest
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def as_file(content: bytes, name: str = "照片.jpg"):
    file = io.BytesIO(content)
    file.name = name
    return file


def photo(size=(40, 30), **save) -> bytes:
    """A JPEG whose left half is red and right half blue."""
    image = Image.new("RGB", size, (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, **save)
    return out.getvalue()


def png_bomb(width=13_000, height=13_000) -> bytes:
    """A few kilobytes that would decode to half a gigabyte."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    row = bytes(1 + width)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def paper(*, script=False, attached=False, password="") -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    if script:
        script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
        action = DictionaryObject({NameObject(key): value for key, value in script.items()})
        writer.root_object[NameObject("/OpenAction")] = action
    if attached:
        writer.add_attachment("evil.exe", b"MZ")
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def roster(extra: dict[str, bytes] | None = None) -> bytes:
    """A small honest workbook, with further parts put in."""
    book = openpyxl.Workbook()
    book.active.append(["门牌", "室号", "承租人"])
    book.active.append(["曹杨一村3号", "101", "王桂芳"])
    out = io.BytesIO()
    book.save(out)
    if extra:
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
            for name, content in extra.items():
                package.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def take(people, places):
    """王桂芳 sends a file from Caoyang One."""
    from caoyang_portal.uploads.intake import take_in

    def take(content, name="照片.jpg"):
        return take_in(as_file(content, name), neighbourhood_id=places.here.pk, by=people["wang"])

    return take
