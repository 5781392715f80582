"""What minutes say (纪要正文): the body as kept and hashed, and the same with names masked.

    meeting   title, form, purpose, convenor, place, mode, starts, ends
    people    host, recorders, present [name, role], absent, count, summary, quorum
    sections  key, title, discussion, views_for, views_against, decision, dissent, tasks [who, what, until]
    closing   last words
    photos    id, sha256, caption, when (before, after, ""), public
    hidden    further names that the public version masks
    unnamed   people whom the public version does not even mask: 一位居民

The internal version shows all of it. What is public is masked here, once, when a version is made to
stay; page, search and PDF then show that same text.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from caoyang_portal.confidential import mask_id_number, mask_name
from caoyang_portal.ledger.canonical import canonical_json

Body = dict[str, Any]

TEXTS = ("discussion", "views_for", "views_against", "decision", "dissent")
SOMEBODY = "一位居民"
PRIVATE = ("hidden", "unnamed")  # never in what is public
DIGITS = str.maketrans("０１２３４５６７８９－", "0123456789-")


def empty() -> Body:
    return {
        "meeting": {},
        "people": {"host": "", "recorders": [], "present": [], "absent": [], "count": 0,
                   "summary": "", "quorum": ""},
        "sections": [],
        "closing": "",
        "photos": [],
        "hidden": [],
        "unnamed": [],
    }  # fmt: skip


def section(key: str, title: str, **texts: Any) -> Body:
    return {"key": key, "title": title, **dict.fromkeys(TEXTS, ""), "tasks": []} | texts


def cleaned(value: Any) -> Any:
    """The same without characters that are not seen, and composed in one way."""
    return _each(value, _plain)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(c for c in text if c == "\n" or unicodedata.category(c)[0] != "C").strip()


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [_each(inner, change) for inner in value]
    return value  # a number, yes or no


def sha256_of(body: Body) -> str:
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def strings(value: Any) -> Iterable[str]:
    """Every text in the body."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def words_of(body: Body) -> str:
    """All that is said, for search and for the check of glyphs; no ids, no hashes."""
    said = {key: value for key, value in body.items() if key not in ("photos", *PRIVATE)}
    captions = [photo["caption"] for photo in body["photos"]]
    keys = {section["key"] for section in body["sections"]}
    return "\n".join(text for text in strings([said, captions]) if text and text not in keys)


def named(body: Body) -> set[str]:
    """The people the body itself calls by name."""
    people = body["people"]
    found = {people["host"], *people["recorders"], *people["absent"], *body["hidden"]}
    found |= {one["name"] for one in people["present"]} | set(body["unnamed"])
    found |= {
        name
        for section in body["sections"]
        for task in section["tasks"]
        for name in re.split(r"[、，,；;\s]+", task["who"])
        if 2 <= len(name) <= 4
    }
    return {name for name in found if len(name) >= 2}


def tasks_from(text: str) -> list[dict[str, str]]:
    """A task a line: who ｜ what ｜ until when."""
    found = []
    for line in text.splitlines():
        parts = [part.strip() for part in re.split(r"[|｜]", line)]
        if any(parts):
            who, what, until = [*parts, "", ""][:3] if len(parts) > 1 else ("", parts[0], "")
            found.append({"who": who, "what": what, "until": until})
    return found


def tasks_as_text(tasks: Sequence[dict[str, str]]) -> str:
    return "\n".join(f"{task['who']} ｜ {task['what']} ｜ {task['until']}" for task in tasks)


# ---- masking ----

_ROOMS = [
    (re.compile(r"(\d+\s*(?:号楼|号|幢|栋)\s*)\d{3,4}(?:\s*室)?(?!\d)"), r"\1***室"),
    (re.compile(r"(?<![\d-])(\d{1,3})\s*-\s*\d{3,4}(?![\d-])(?:\s*室)?"), r"\1-***"),
    (re.compile(r"\d{3,4}\s*室"), "***室"),
    (re.compile(r"[零〇一二两三四五六七八九十百]{2,6}\s*室"), "***室"),
]
_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(?:0\d{2,3}[-\s]?\d{3,4}[-\s]?\d{4}|(?!19|20)[2-9]\d{7})(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def masked(body: Body, names: Iterable[str]) -> Body:
    """The public body: names, rooms, telephones, numbers of identity masked wherever they stand."""
    public = {key: value for key, value in body.items() if key not in PRIVATE}
    mask = masker(names, body["unnamed"])
    shown = _each(public, mask)
    shown["photos"] = [
        photo | {"caption": mask(photo["caption"])} for photo in body["photos"] if photo["public"]
    ]  # ids and hashes are no words
    for before, after in zip(public["sections"], shown["sections"], strict=True):
        after["key"] = before["key"]
    for when in ("starts", "ends"):
        if when in public["meeting"]:
            shown["meeting"][when] = public["meeting"][when]
    return shown


def masker(names: Iterable[str], unnamed: Iterable[str] = ()) -> Callable[[str], str]:
    """A function that masks one text; a name is found with blanks or line breaks in it, too."""
    hidden = {name: mask_name(name) for name in names if len(name) >= 2}
    hidden |= dict.fromkeys((name for name in unnamed if len(name) >= 2), SOMEBODY)
    longest_first = sorted(hidden, key=lambda name: (-len(name), name))
    pattern = "|".join(r"\s*".join(map(re.escape, name)) for name in longest_first)
    found = re.compile(pattern) if pattern else None

    def mask(text: str) -> str:
        text = _numbers_masked(text)
        if found is None:
            return text
        return found.sub(lambda match: hidden["".join(match[0].split())], text)

    return mask


def _numbers_masked(text: str) -> str:
    if not re.search(r"[\d０-９@]|[零〇一二两三四五六七八九十百]\s*室", text):
        return text
    text = text.translate(DIGITS)
    text = _ID.sub(lambda match: mask_id_number(match[0]), text)
    text = _LANDLINE.sub("（电话略）", _MOBILE.sub("（电话略）", text))
    text = _MAIL.sub("（邮箱略）", text)
    for room, instead in _ROOMS:
        text = room.sub(instead, text)
    return text
