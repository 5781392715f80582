"""Recordings: M4A, MP3 and WAV as they are, without where, when and by whom; nothing else."""

import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from caoyang_portal.errors import Refused
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.models import Attachment
from tests.consultation.test_record import wav
from tests.uploads.conftest import paper, photo


@pytest.fixture
def take(people, places):
    def take_sound(content, name="录音.bin"):
        file = SimpleUploadedFile(name, content)
        return intake.take_in_sound(file, neighbourhood_id=places.here.pk, by=people["lin"])

    return take_sound


def box(name, content):
    return struct.pack(">I4s", 8 + len(content), name) + content


def m4a(handler=b"soun", place=b"+31.23+121.47/"):
    hdlr = box(b"hdlr", bytes(8) + handler + bytes(12))
    trak = box(
        b"trak", box(b"mdia", hdlr + box(b"minf", b"x" * 20)) + box(b"udta", b"SECRET-TRACK")
    )
    moov = box(b"moov", box(b"mvhd", bytes(100)) + trak + box(b"udta", b"SECRET" + place))
    ftyp = box(b"ftyp", b"M4A \0\0\0\0M4A mp42isom")
    return ftyp + box(b"uuid", b"SECRET-UUID") + moov + box(b"mdat", b"\x21\x42" * 500)


def mp3(frames=6):
    head = b"\xff\xfb\x90\x00"  # MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes
    tag = b"ID3\x04\x00\x00" + bytes([0, 0, 0, 40]) + b"SECRET-TITLE".ljust(40, b"\0")
    return tag + (head + b"\x11" * 413) * frames + b"TAG" + b"SECRET-OLD".ljust(125, b"\0")


@pytest.mark.parametrize(
    ("make", "media_type", "ending"),
    [(wav, "audio/wav", "wav"), (m4a, "audio/mp4", "m4a"), (mp3, "audio/mpeg", "mp3")],
)
def test_honest_recordings_are_kept_encrypted(take, make, media_type, ending):
    attachment = take(make(), "2026年3月会场.MP3")
    assert (attachment.media_type, attachment.is_concealed, attachment.shown_name) == (
        media_type, True, f"2026年3月会场.{ending}",
    )  # fmt: skip
    assert b"SECRET" not in intake.read(attachment)


def test_the_samples_are_what_they_were(take):
    given = wav(LIST=b"INFOIART" + b"SECRET-ARTIST " + b"\0\0")
    assert intake.read(take(given)) == wav()


def test_every_box_stays_in_its_place(take):
    """The samples are found by their offsets: what is blanked keeps its length."""
    given, kept = m4a(), intake.read(take(m4a()))
    assert (len(kept), kept.index(b"mdat")) == (len(given), given.index(b"mdat"))
    assert kept[kept.index(b"mdat") :] == given[given.index(b"mdat") :]
    assert (b"+31.23" in kept, kept.count(b"free")) == (False, 3)


def test_only_the_frames_of_an_mp3_are_kept(take):
    kept = intake.read(take(mp3(frames=10)))
    assert (len(kept), kept[:4], b"ID3" in kept, b"TAG" in kept) == (
        4170, b"\xff\xfb\x90\x00", False, False,
    )  # fmt: skip


NOT_A_SOUND = "只收录音"
HOSTILE = {
    "a photo": (photo, NOT_A_SOUND),
    "a paper": (paper, NOT_A_SOUND),
    "a video": (lambda: m4a(handler=b"vide"), "这是录像"),
    "html": (lambda: b"<!doctype html><script>alert(1)</script>", NOT_A_SOUND),
    "mp3 in name only": (lambda: b"ID3\x04\x00\x00\x00\x00\x00\x05" + b"<html>" * 90, NOT_A_SOUND),
    "a frame and then something else": (lambda: mp3()[50:467] * 2 + b"MZ" * 4000, NOT_A_SOUND),
    "wav without samples": (lambda: b"RIFF\x04\0\0\0WAVE", NOT_A_SOUND),
    "boxes longer than the file": (lambda: box(b"ftyp", b"M4A ") + b"\xff\xff\xff\xffmoov", NOT_A_SOUND),
    "no sound track": (lambda: m4a(handler=b"text"), NOT_A_SOUND),
    "nothing": (lambda: b"", "文件是空的"),
    "an hour too long": (lambda: b"ID3" + bytes(51 * 1024 * 1024), "超过 50 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_recording_is_refused_and_nothing_is_kept(take, name):
    make, said = HOSTILE[name]
    with pytest.raises(Refused, match=said):
        take(make())
    assert Attachment.objects.count() == 0


def test_boxes_within_boxes_do_not_go_on_for_ever(take):
    nest = b""
    for _n in range(3000):
        nest = box(b"trak", nest)
    with pytest.raises(Refused):
        take(box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", nest) + box(b"mdat", b"x"))
