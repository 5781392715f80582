"""Opens what a stranger sent, in a process of its own with little memory and time.

Run as ``python -I worker.py picture|paper``: bytes in, bytes out. It imports nothing of the portal.
Answer: one JSON line ``{"media_type": …}`` or ``{"refusal": …}``, then the cleaned bytes.
"""

import io
import json
import resource
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


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    given = sys.stdin.buffer.read()
    try:
        media_type, cleaned = {"picture": picture, "paper": paper}[sys.argv[1]](given)
        head = {"media_type": media_type}
    except NotAccepted as refusal:
        head, cleaned = {"refusal": str(refusal)}, b""
    except MemoryError:
        head, cleaned = {"refusal": "too_much_memory"}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + cleaned)


if __name__ == "__main__":
    main()
