"""Fonts of papers (字体): Noto Serif for contracts, Noto Sans for tables.

They are the only families with the rare characters of people's names and a true bold. Their common
characters are cut out once per machine, which halves the time and the size of a paper; the whole
families stand behind them for the rest. Where the machine lacks them, the sans files of the browser
package are converted once and used for everything.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from fontTools.ttLib import TTCollection, TTFont

SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
WEIGHTS = {400: "Regular", 700: "Bold"}
FALLBACK = "Noto Sans SC"
FALLBACK_FILES = "@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-{}-normal.woff2"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
# Beyond GB 2312: what contracts and tables use.
EXTRA = "·㎡㎥①②③④⑤⑥⑦⑧⑨⑩№—–…“”‘’￥¥×÷≤≥−〇　"
SHAPING_TABLES = ("GPOS", "GSUB", "BASE", "VORG", "vhea", "vmtx", "DSIG")


@dataclass(frozen=True)
class FontState:
    """What papers are printed with on this machine."""

    families: list[str]
    complete: bool  # both system families: rare names can be printed
    fast: bool  # libharfbuzz-subset is there; without it a paper takes fifty times as long
    sentence: str  # what to install; "" when nothing is missing


@cache
def font_state() -> FontState:
    """What papers are printed with on this machine; asked once per process."""
    from weasyprint.text import ffi  # noqa: PLC0415 slow import

    fast = ffi.harfbuzz_subset is not None
    found = [family for family in (SERIF, SANS) if all(system_file(family, w) for w in WEIGHTS)]
    complete = found == [SERIF, SANS]
    sentence = ""
    if not complete:
        sentence = _("请安装 fonts-noto-cjk；现用代用字体，生僻字可能印不出。")
    elif not fast:
        sentence = _("请安装 libharfbuzz-subset0，否则出文书很慢。")
    return FontState(found if complete else [*found, FALLBACK], complete, fast, sentence)


@cache
def system_file(family: str, weight: int) -> Path | None:
    """The file of a face of a system family, as Debian or the font's makers name it."""
    kind = "Serif" if family == SERIF else "Sans"
    names = (f"Noto{kind}CJK-{WEIGHTS[weight]}.ttc", f"Noto{kind}CJKsc-{WEIGHTS[weight]}.otf")
    for folder, name in product((*FONT_FOLDERS, settings.FONT_DIR), names):
        for path in Path(folder).expanduser().rglob(name):
            return path
    return None


def face_number(path: Path) -> int:
    """Which face of a collection is the one for simplified Chinese."""
    if path.suffix != ".ttc":
        return 0
    with TTCollection(path, lazy=True) as faces:
        for number, face in enumerate(faces.fonts):
            if {face["name"].getDebugName(1), face["name"].getDebugName(16)} & {SERIF, SANS}:
                return number
    raise ValueError(f"{path} has no face for simplified Chinese")


def font_css() -> str:
    """``@font-face`` rules of the faces we made; the fetcher serves them as ``asset:font-…``."""
    rules = []
    for family, weight in product(
        (SERIF, SANS) if font_state().complete else (FALLBACK,), WEIGHTS
    ):
        name = f"{family} Common" if font_state().complete else family
        address = f"asset:font-{family.replace(' ', '-')}-{weight}"
        rules.append(
            f'@font-face {{ font-family: "{name}"; font-weight: {weight}; src: url({address}) }}\n'
        )
    return "".join(rules)


def made_font(name: str) -> bytes:
    """The bytes of ``asset:font-NAME``."""
    family, _dash, weight = name.rpartition("-")
    family = family.replace("-", " ")
    if family == FALLBACK:
        return fallback_file(int(weight)).read_bytes()
    return common_file(family, int(weight)).read_bytes()


def common_file(family: str, weight: int) -> Path:
    """The common characters of a system face, cut out once per machine."""
    source = system_file(family, weight)
    if source is None:
        raise FileNotFoundError(family)
    text = _common_characters()
    recipe = f"{source}\n{source.stat().st_size}\n{text}\n1"
    mark = hashlib.sha256(recipe.encode()).hexdigest()[:12]
    target = Path(settings.FONT_DIR) / f"{family.replace(' ', '-')}-{weight}-{mark}.otf"
    if not target.exists():
        _write_once(target, _cut_out(source, text))
    return target


def _common_characters() -> str:
    """ASCII, GB 2312 and a few signs."""
    pairs = (bytes([a, b]) for a, b in product(range(0xA1, 0xF8), range(0xA1, 0xFF)))
    return (
        "".join(map(chr, range(0x20, 0x7F))) + b"".join(pairs).decode("gb2312", "ignore") + EXTRA
    )


def _cut_out(source: Path, text: str) -> bytes:
    import uharfbuzz  # noqa: PLC0415 once per machine

    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(source), face_number(source))
    wanted = uharfbuzz.SubsetInput()
    wanted.sets(uharfbuzz.SubsetInputSets.UNICODE).update(map(ord, text))
    wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update(
        int.from_bytes(tag.encode(), "big") for tag in SHAPING_TABLES
    )
    wanted.flags = (
        uharfbuzz.SubsetFlags.NO_HINTING
        | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
        | uharfbuzz.SubsetFlags.DESUBROUTINIZE
    )
    return uharfbuzz.subset(face, wanted).blob.data


def fallback_file(weight: int) -> Path:
    """The converted fallback face; WOFF2 itself would cost three seconds in every process."""
    target = Path(settings.FONT_DIR) / f"noto-sans-sc-{weight}.ttf"
    if not target.exists():
        with TTFont(settings.NODE_MODULES / FALLBACK_FILES.format(weight)) as font:
            font.flavor = None
            with tempfile.TemporaryFile() as plain:
                font.save(plain)
                plain.seek(0)
                _write_once(target, plain.read())
    return target


def _write_once(target: Path, content: bytes) -> None:
    """Write beside, then rename: another process sees the whole file or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as draft:
        draft.write(content)
    os.replace(draft.name, target)


@cache
def printable() -> frozenset[int]:
    """Every code point our families have a glyph for."""
    if not font_state().complete:
        with TTFont(fallback_file(400), lazy=True) as font:
            return frozenset(font.getBestCmap())
    files = [path for family in (SERIF, SANS) if (path := system_file(family, 400))]
    return frozenset().union(*map(_code_points, files))


def _code_points(path: Path) -> set[int]:
    with TTFont(path, fontNumber=face_number(path), lazy=True) as font:
        return set(font.getBestCmap())


def missing_glyphs(text: str) -> str:
    """The characters of ``text`` we cannot print, each once; "" when all can be (生僻字)."""
    known = printable()
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known and not c.isspace()))
