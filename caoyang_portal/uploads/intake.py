"""Taking files in (收件): what is accepted, how it is cleaned, where it is kept.

Nothing a stranger sent is opened in this process. A picture is drawn anew by the worker; a PDF is
looked at and kept to the byte; anything else is refused. The row is written only after the stored
bytes have been read back. Call these before an act's transaction, not inside it.
"""

import hashlib
import json
import secrets
import subprocess
import sys
import unicodedata
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.confidential import Unreadable, conceal_bytes, reveal_bytes
from caoyang_portal.errors import Refused

from .models import Attachment

MAX_BYTES = 10 * 1024 * 1024
MAX_SOUND_BYTES = 50 * 1024 * 1024  # an hour and more, as a phone records
CHUNK = 64 * 1024
WORKER = Path(__file__).with_name("worker.py")
WORKER_SECONDS = 40

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "application/json": "json",
    "text/csv": "csv",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}

_OTHER = gettext_lazy("只收照片（JPG、PNG）和 PDF，请换一种再传。")
REFUSALS = {
    "not_a_picture": gettext_lazy("照片打不开，请重新拍照后再传。"),
    "too_many_pixels": gettext_lazy("照片尺寸太大，请用普通照片再传。"),
    "moving_picture": gettext_lazy("不收动态图，请换一张照片再传。"),
    "damaged": gettext_lazy("文件已损坏，请重新保存后再传。"),
    "too_much_memory": gettext_lazy("文件太复杂，请重新拍照后再传。"),
    "locked_paper": gettext_lazy("PDF 有密码，请去掉密码再传。"),
    "too_many_pages": gettext_lazy("PDF 页数太多，请分开再传。"),
    "acting_paper": gettext_lazy("PDF 带有附件或脚本，请打印成新文件再传。"),
    "not_a_sound": gettext_lazy("只收录音（M4A、MP3、WAV），请换一种再传。"),
    "not_only_sound": gettext_lazy("这是录像，请只传录音。"),
}


class DamagedFile(Exception):
    """The stored bytes are not those that were kept."""


def take_in(file: BinaryIO, *, neighbourhood_id: UUID, by, conceal: bool = False) -> Attachment:
    """Check, clean and keep one file from a person (收件); ``conceal`` what shows an identity."""
    given = read_capped(file)
    media_type, cleaned = _clean(given)
    return keep(
        cleaned,
        getattr(file, "name", "") or "",
        media_type,
        neighbourhood_id=neighbourhood_id,
        by=by,
        conceal=conceal,
    )


def take_in_sound(file: BinaryIO, *, neighbourhood_id: UUID, by) -> Attachment:
    """Check and keep a recording, always encrypted (收录音): voices show who somebody is."""
    given = read_capped(file, MAX_SOUND_BYTES)
    if not _is_sound(given):
        raise Refused(str(REFUSALS["not_a_sound"]))
    media_type, cleaned = _by_worker("sound", given)
    return keep(
        cleaned,
        getattr(file, "name", "") or "",
        media_type,
        neighbourhood_id=neighbourhood_id,
        by=by,
        conceal=True,
    )


def keep(
    content: bytes,
    shown_name: str,
    media_type: str,
    *,
    neighbourhood_id: UUID,
    by,
    conceal: bool = False,
) -> Attachment:
    """Keep bytes of our own making, or cleaned ones (存档)."""
    sha256 = hashlib.sha256(content).hexdigest()
    key = _store(conceal_bytes(content) if conceal else content, media_type, neighbourhood_id)
    return Attachment.objects.create(
        neighbourhood_id=neighbourhood_id,
        key=key,
        shown_name=safe_name(shown_name, media_type),
        media_type=media_type,
        size=len(content),
        sha256=sha256,
        is_concealed=conceal,
        uploaded_by=by,
    )


def read(attachment: Attachment) -> bytes:
    """The kept bytes; ``DamagedFile`` if they are not those that were kept."""
    with default_storage.open(attachment.key) as stored:
        content = stored.read()
    if attachment.is_concealed:
        try:
            content = reveal_bytes(content)
        except Unreadable as problem:
            raise DamagedFile(attachment.key) from problem
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise DamagedFile(attachment.key)
    return content


def discard(attachment: Attachment) -> None:
    """Forget a file nobody is to have any more; its bytes go when the transaction stands (销毁)."""
    attachment.delete()
    transaction.on_commit(partial(default_storage.delete, attachment.key), robust=True)


def read_capped(file: BinaryIO, limit: int = MAX_BYTES) -> bytes:
    """All of ``file``, or a refusal as soon as it proves too long."""
    parts, size = [], 0
    while part := file.read(CHUNK):
        size += len(part)
        if size > limit:
            raise Refused(_("文件超过 %(n)s MB，请压缩后再传。") % {"n": limit // 1024 // 1024})
        parts.append(part)
    if not size:
        raise Refused(_("文件是空的，请重新选择。"))
    return b"".join(parts)


def _clean(given: bytes) -> tuple[str, bytes]:
    if given.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or _is_webp(given):
        return _by_worker("picture", given)
    if given.startswith(b"%PDF-"):
        # A ZIP is read from its end, so one file can be both; an honest PDF never is.
        if b"PK\x05\x06" in given[-66_000:] or b"%%EOF" not in given[-2048:]:
            raise Refused(str(REFUSALS["damaged"]))
        return _by_worker("paper", given)
    raise Refused(str(_OTHER))


def _is_sound(given: bytes) -> bool:
    """By its first bytes: M4A, WAV, MP3 with or without a tag."""
    is_wav = given[:4] == b"RIFF" and given[8:12] == b"WAVE"
    is_mp3 = given[:3] == b"ID3" or (given[:1] == b"\xff" and given[1:2] >= b"\xe0")
    return is_wav or is_mp3 or given[4:8] == b"ftyp"


def _is_webp(given: bytes) -> bool:
    return given[:4] == b"RIFF" and given[8:12] == b"WEBP"


def _by_worker(kind: str, given: bytes) -> tuple[str, bytes]:
    try:
        done = subprocess.run(  # noqa: S603 our own script, bytes by pipe
            [sys.executable, "-I", str(WORKER), kind],
            input=given,
            capture_output=True,
            timeout=WORKER_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
        raise Refused(str(REFUSALS["too_much_memory"])) from problem
    line, _newline, cleaned = done.stdout.partition(b"\n")
    head = json.loads(line)
    if "refusal" in head:
        raise Refused(str(REFUSALS[head["refusal"]]))
    return head["media_type"], cleaned


def _store(content: bytes, media_type: str, neighbourhood_id: UUID) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    name = f"{secrets.token_urlsafe(24)}.{EXTENSIONS.get(media_type, 'bin')}"
    wanted = f"{neighbourhood_id}/{timezone.localdate():%Y/%m}/{name}"
    try:
        key = default_storage.save(wanted, ContentFile(content))
        with default_storage.open(key) as stored:
            found = hashlib.sha256(stored.read()).hexdigest()
    except OSError as problem:
        raise Refused(_("文件暂时存不上，请稍后再传。")) from problem
    if found != sha256:
        default_storage.delete(key)
        raise Refused(_("文件暂时存不上，请稍后再传。"))
    return key


def safe_name(name: str, media_type: str) -> str:
    """A name to show: no path, no hidden or turning characters, our own extension."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    stem = name.rsplit(".", 1)[0].strip(" .")[:80]
    return f"{stem or _('附件')}.{EXTENSIONS.get(media_type, 'bin')}"
