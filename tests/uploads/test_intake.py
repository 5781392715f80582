"""What is accepted comes back clean, what is not is refused before it is opened."""

import hashlib
import io
import resource

import pytest
from django.core.files.storage import InMemoryStorage, default_storage
from PIL import Image

from caoyang_portal.errors import Refused
from caoyang_portal.uploads.intake import DamagedFile, keep, read, safe_name, take_in
from caoyang_portal.uploads.models import Attachment

from .conftest import as_file, paper, photo, png_bomb, roster


def test_a_photo_is_drawn_anew_and_kept_under_a_name_of_ours(take, places, people):
    attachment = take(photo(), "我家厨房.JPG")
    kept = read(attachment)
    assert (attachment.shown_name, attachment.media_type, attachment.uploaded_by) == (
        "我家厨房.jpg",
        "image/jpeg",
        people["wang"],
    )
    assert attachment.key.startswith(f"{places.here.pk}/")
    assert "厨房" not in attachment.key
    assert (attachment.size, attachment.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
    assert kept != photo()
    assert Image.open(io.BytesIO(kept)).size == (40, 30)


def test_the_place_and_the_camera_stay_with_the_sender(take):
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 25.0)  # GPS latitude
    exif[0x0112] = 6  # lying on its side
    kept = read(take(photo(exif=exif, icc_profile=b"SECRET-PROFILE", comment=b"SECRET-NOTE")))
    image = Image.open(io.BytesIO(kept))
    assert b"SECRET" not in kept
    assert dict(image.getexif()) == {}
    assert image.size == (30, 40)  # turned upright
    red, _green, blue = image.getpixel((15, 2))
    assert (red > 200, blue < 60) == (True, True)  # the left half is on top now


def test_a_phone_s_second_picture_is_left_behind(take):
    out = io.BytesIO()
    first, second = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (20, 15), "blue")
    first.save(out, "MPO", save_all=True, append_images=[second])
    image = Image.open(io.BytesIO(read(take(out.getvalue()))))
    assert (image.format, image.size, getattr(image, "n_frames", 1)) == ("JPEG", (40, 30), 1)


@pytest.mark.parametrize(
    ("mode", "form", "media_type"),
    [
        ("RGBA", "PNG", "image/png"),
        ("P", "PNG", "image/png"),
        ("1", "PNG", "image/png"),
        ("I;16", "PNG", "image/png"),
        ("L", "JPEG", "image/jpeg"),
        ("CMYK", "JPEG", "image/jpeg"),
        ("RGB", "WEBP", "image/jpeg"),
        ("RGBA", "WEBP", "image/png"),
    ],
)
def test_every_honest_picture_is_accepted(take, mode, form, media_type):
    out = io.BytesIO()
    Image.new(mode, (20, 10)).save(out, form)
    assert take(out.getvalue()).media_type == media_type


def test_a_pdf_is_kept_to_the_byte(take):
    attachment = take(paper(), "委托书.pdf")
    assert (attachment.media_type, attachment.shown_name, read(attachment)) == (
        "application/pdf",
        "委托书.pdf",
        paper(),
    )


def animated(form):
    out = io.BytesIO()
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


OTHER = "只收照片"
HOSTILE = {
    "svg": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', OTHER),
    "html as .jpg": (lambda: b"<!doctype html><script>alert(1)</script>", OTHER),
    "empty": (lambda: b"", "文件是空的"),
    "office": (roster, OTHER),
    "gif": (lambda: animated("GIF"), OTHER),
    "moving png": (lambda: animated("PNG"), "不收动态图"),
    "moving webp": (lambda: animated("WEBP"), "不收动态图"),
    "png bomb": (png_bomb, "尺寸太大"),
    "1 x 10^9": (lambda: png_bomb(1, 1)[:16] + b"\x00\x00\x00\x01\x3b\x9a\xca\x00" + png_bomb(1, 1)[24:], "打不开|尺寸太大|损坏"),
    "cut jpeg": (lambda: photo((400, 300))[:900], "损坏|打不开"),
    "eicar": (lambda: b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", OTHER),
    "executable": (lambda: b"MZ" + bytes(100), OTHER),
    "eps in jpeg's clothes": (lambda: b"\xff\xd8\xff%!PS-Adobe-3.0 EPSF-3.0\n", "打不开"),
    "pdf and zip": (lambda: paper() + roster(), "损坏"),
    "pdf with script": (lambda: paper(script=True), "附件或脚本"),
    "pdf with attachment": (lambda: paper(attached=True), "附件或脚本"),
    "pdf with password": (lambda: paper(password="1234"), "有密码"),
    "pdf in name only": (lambda: b"%PDF-1.7\n<html></html>%%EOF", "损坏"),
    "too long": (lambda: b"\xff\xd8\xff" + bytes(10 * 1024 * 1024), "超过 10 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_and_nothing_is_kept(take, name):
    make, said = HOSTILE[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused, match=said):
        take(make(), "a.php.jpg")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert Attachment.objects.count() == 0
    assert after - before < 120_000  # kilobytes: the bombs are not opened in this process


def test_what_is_hidden_behind_a_picture_is_gone(take):
    polyglot = photo() + b"%PDF-1.7 hidden" + roster() + b"<script>alert(1)</script>"
    kept = read(take(polyglot))
    assert [mark in kept for mark in (b"%PDF", b"PK\x03\x04", b"<script>")] == [False] * 3


class Endless:
    """A body that never ends, and counts how much of it was wanted."""

    name = "big.jpg"
    given = 0

    def read(self, n):
        self.given += n
        return b"\xff" * n


def test_an_endless_body_is_left_after_ten_megabytes(places, people):
    body = Endless()
    with pytest.raises(Refused, match="超过 10 MB"):
        take_in(body, neighbourhood_id=places.here.pk, by=people["wang"])
    assert body.given < 11 * 1024 * 1024


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\wang\\我家.png", "我家.jpg"),
        ("a\0b\r\n.jpg", "ab.jpg"),
        ("照\u202egpj.exe", "照gpj.jpg"),
        ("a.php.jpg", "a.php.jpg"),
        ("", "附件.jpg"),
        ("...", "附件.jpg"),
        ("长" * 300 + ".jpg", "长" * 80 + ".jpg"),
    ],
)
def test_a_name_is_only_for_show(given, shown):
    assert safe_name(given, "image/jpeg") == shown


class FullDisk(InMemoryStorage):
    def _save(self, name, content):
        raise OSError("No space left on device")


class HalfWritten(InMemoryStorage):
    def _open(self, name, mode="rb"):
        content = super()._open(name, mode).read()
        return io.BytesIO(content[: len(content) // 2])


@pytest.mark.parametrize("broken", [FullDisk, HalfWritten])
def test_no_row_without_the_whole_file(take, settings, broken):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": f"{broken.__module__}.{broken.__qualname__}"},
    }
    with pytest.raises(Refused, match="请稍后再传"):
        take(photo())
    assert Attachment.objects.count() == 0


def test_a_file_changed_in_the_storage_is_not_handed_out(places, people):
    attachment = keep(
        b"the agreement", "协议.pdf", "application/pdf", neighbourhood_id=places.here.pk, by=None
    )
    assert read(attachment) == b"the agreement"
    with open(default_storage.path(attachment.key), "wb") as stored:
        stored.write(b"another agreement")
    with pytest.raises(DamagedFile):
        read(attachment)


def test_one_sees_one_s_own_and_no_more(take, people, places):
    mine = take(photo())
    as_file(b"")
    assert list(Attachment.objects.visible_to(people["wang"])) == [mine]
    assert list(Attachment.objects.visible_to(people["zhao"])) == []
    assert list(Attachment.objects.visible_to(people["passerby"])) == []
