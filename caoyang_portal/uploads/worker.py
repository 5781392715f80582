"""Opens what a stranger sent, in a process of its own with little memory and time.

Run as ``python -I worker.py picture|paper|sound``: bytes in, bytes out. It imports nothing of the portal.
Answer: one JSON line ``{"media_type": …}`` or ``{"refusal": …}``, then the cleaned bytes.
"""

import io
import json
import resource
import struct
import sys

MEMORY = 1_200_000_000  # bytes of address space: 40 megapixels twice over, and the libraries
CPU_SECONDS = 20
MAX_PIXELS = 40_000_000
MAX_PAGES = 300
FORMATS = ("JPEG", "PNG", "WEBP")


class NotAccepted(Exception):
    """The refusal's name."""


def picture(given: bytes) -> tuple[str, bytes]:
    """The same picture, drawn anew: turned upright, without EXIF, place, profile or appendix."""
    from PIL import Image, ImageOps  # noqa: PLC0415 after the limits are set

    Image.MAX_IMAGE_PIXELS = None  # our own limit, below, comes before any pixel is decoded
    try:
        image = Image.open(io.BytesIO(given), formats=FORMATS)
    except Exception as problem:
        raise NotAccepted("not_a_picture") from problem
    if image.width * image.height > MAX_PIXELS:
        raise NotAccepted("too_many_pixels")
    # A phone's JPEG may carry a second picture (MPO: depth, brightness); the first is the photo.
    if image.format != "MPO" and getattr(image, "n_frames", 1) != 1:
        raise NotAccepted("moving_picture")
    try:
        image.load()
    except Exception as problem:
        raise NotAccepted("damaged") from problem
    keeps_png = image.format == "PNG" or "A" in image.getbands() or "transparency" in image.info
    upright = ImageOps.exif_transpose(image)
    out = io.BytesIO()
    if keeps_png:
        mode = upright.mode if upright.mode in ("1", "L", "RGB", "RGBA") else "RGBA"
        _bare(upright, mode).save(out, "PNG")
        return "image/png", out.getvalue()
    mode = "L" if upright.mode == "L" else "RGB"
    _bare(upright, mode).save(out, "JPEG", quality=88, optimize=False)
    return "image/jpeg", out.getvalue()


def _bare(image, mode):
    """Only the pixels: nothing of ``info`` survives."""
    image = image.convert(mode)
    image.info.clear()
    return image


def paper(given: bytes) -> tuple[str, bytes]:
    """A PDF that opens, has no password and does nothing by itself; kept to the byte."""
    try:
        refusal = _trouble_with(given)
    except Exception as problem:
        raise NotAccepted("damaged") from problem
    if refusal:
        raise NotAccepted(refusal)
    return "application/pdf", given


def _trouble_with(given: bytes) -> str:
    import pypdf  # noqa: PLC0415 after the limits are set

    reader = pypdf.PdfReader(io.BytesIO(given))
    if reader.is_encrypted:
        return "locked_paper"
    if not 0 < len(reader.pages) <= MAX_PAGES:
        return "too_many_pages"
    root = _object(reader.trailer, "/Root")
    names = _object(root, "/Names")
    opens = _object(root, "/OpenAction")
    acts = isinstance(opens, dict) and opens.get("/S") not in (None, "/GoTo")
    if acts or "/AA" in root or "/JavaScript" in names or "/EmbeddedFiles" in names:
        return "acting_paper"
    return ""


def _object(holder, name):
    return holder[name].get_object() if name in holder else {}


def sound(given: bytes) -> tuple[str, bytes]:
    """A recording (M4A, MP3, WAV) that is what it says, without where, when and by whom it was made."""
    try:
        if given[:4] == b"RIFF" and given[8:12] == b"WAVE":
            return "audio/wav", _bare_wav(given)
        if given[4:8] == b"ftyp":
            return "audio/mp4", _bare_m4a(given)
        return "audio/mpeg", _bare_mp3(given)
    except (IndexError, struct.error) as problem:
        raise NotAccepted("not_a_sound") from problem


def _bare_wav(given: bytes) -> bytes:
    """Only how it is sampled, and the samples."""
    kept: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(given):
        name, size = struct.unpack_from("<4sI", given, at)
        if name in (b"fmt ", b"fact", b"data"):
            kept.setdefault(name, given[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    if len(kept.get(b"fmt ", b"")) < 16 or not kept.get(b"data"):
        raise NotAccepted("not_a_sound")
    body = b"WAVE"
    for name, content in kept.items():
        body += struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


MP3_KBITS = {
    # MPEG 1 layer III, and MPEG 2 and 2.5 layer III
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
LEAST_FRAMES = 3


def _bare_mp3(given: bytes) -> bytes:
    """Only the frames: the tags before and behind them hold names, places and pictures."""
    at = 0
    while given[at : at + 3] == b"ID3":
        a, b, c, d = given[at + 6 : at + 10]
        at += 10 + (a << 21 | b << 14 | c << 7 | d)
    first, frames = at, 0
    while size := _mp3_frame(given, at):
        at += size
        frames += 1
    if frames < LEAST_FRAMES or at - first < (len(given) - first) * 0.9:
        raise NotAccepted("not_a_sound")
    return given[first : min(at, len(given))]


def _mp3_frame(given: bytes, at: int) -> int:
    """The length of the frame that begins here; 0 when none does."""
    head = given[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # layer III
        return 0
    version, bits, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or bits in (0, 15) or rate == 3:
        return 0
    kbits = MP3_KBITS[3 if version == 3 else 2][bits]
    per_frame = 144_000 if version == 3 else 72_000
    return per_frame * kbits // MP3_RATES[version][rate] + (head[2] >> 1 & 1)


M4A_HOLDERS = (b"moov", b"trak", b"mdia")
M4A_ASIDE = (b"udta", b"meta", b"uuid", b"free", b"skip")


def _bare_m4a(given: bytes) -> bytes:
    """The same boxes in the same places; those with names, places and pictures are blanked."""
    out = bytearray(given)
    seen: set[bytes] = set()
    _blank_boxes(out, 0, len(out), seen)
    if b"vide" in seen:
        raise NotAccepted("not_only_sound")
    if not {b"moov", b"mdat", b"soun"} <= seen:
        raise NotAccepted("not_a_sound")
    return bytes(out)


def _blank_boxes(out: bytearray, at: int, end: int, seen: set[bytes]) -> None:
    while at + 8 <= end:
        size, name = struct.unpack_from(">I4s", out, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", out, at + 8)
            head = 16
        size = size or end - at
        if size < head or at + size > end:
            raise NotAccepted("not_a_sound")
        seen.add(name)
        if name in M4A_ASIDE:
            out[at + 4 : at + 8] = b"free"
            out[at + head : at + size] = bytes(size - head)
        elif name == b"hdlr":
            seen.add(bytes(out[at + head + 8 : at + head + 12]))
        elif name in M4A_HOLDERS:
            _blank_boxes(out, at + head, at + size, seen)
        at += size


KINDS = {"picture": picture, "paper": paper, "sound": sound}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    given = sys.stdin.buffer.read()
    try:
        media_type, cleaned = KINDS[sys.argv[1]](given)
        head = {"media_type": media_type}
    except NotAccepted as refusal:
        head, cleaned = {"refusal": str(refusal)}, b""
    except MemoryError:
        head, cleaned = {"refusal": "too_much_memory"}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + cleaned)


if __name__ == "__main__":
    main()
