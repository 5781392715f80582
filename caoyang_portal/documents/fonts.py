"""Fonts of papers (字体): Noto Serif for contracts, Noto Sans for tables.

They are the only families with the rare characters of people's names and a true bold. Where the
machine lacks them, the sans files of the browser package are converted once and used for both.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from fontTools.ttLib import TTCollection, TTFont

SYSTEM = ["Noto Serif CJK SC", "Noto Sans CJK SC"]
SYSTEM_FILES = {  # the regular face, as Debian and others name it
    "Noto Serif CJK SC": ["NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf"],
    "Noto Sans CJK SC": ["NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf"],
}
FALLBACK = "Noto Sans SC"
FALLBACK_FILES = "@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-{}-normal.woff2"
FONT_FOLDERS = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"]


@dataclass(frozen=True)
class FontState:
    """What papers are printed with on this machine."""

    families: list[str]
    complete: bool  # both system families: rare names can be printed
    fast: bool  # libharfbuzz-subset is there; without it a paper takes fifty times as long
    sentence: str


@cache
def font_state() -> FontState:
    """What papers are printed with on this machine; asked once per process."""
    from weasyprint.text import ffi  # noqa: PLC0415 slow import

    fast = ffi.harfbuzz_subset is not None
    found = [family for family in SYSTEM if system_file(family)]
    if len(found) == len(SYSTEM):
        sentence = "" if fast else _("请安装 libharfbuzz-subset0，否则出文书很慢。")
        return FontState(found, True, fast, sentence)
    sentence = _("请安装 fonts-noto-cjk；现用代用字体，生僻字可能印不出。")
    return FontState([*found, FALLBACK], False, fast, sentence)


@cache
def system_file(family: str) -> Path | None:
    """The file of the regular face of a system family."""
    for folder in FONT_FOLDERS:
        for name in SYSTEM_FILES[family]:
            for path in Path(folder).expanduser().rglob(name):
                return path
    return None


def fallback_file(weight: int) -> Path:
    """The converted fallback face; WOFF2 itself would cost three seconds in every process."""
    target = Path(settings.FONT_DIR) / f"noto-sans-sc-{weight}.ttf"
    if not target.exists():
        source = settings.NODE_MODULES / FALLBACK_FILES.format(weight)
        font = TTFont(source)
        font.flavor = None
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".draft")
        font.save(draft)
        draft.rename(target)
    return target


def fallback_css() -> str:
    """``@font-face`` rules for a machine without the system families; "" otherwise."""
    if font_state().complete:
        return ""
    return "".join(
        f'@font-face {{ font-family: "{FALLBACK}"; font-weight: {weight};'
        f" src: url(asset:font-{weight}) }}\n"
        for weight in (400, 700)
    )


@cache
def printable() -> frozenset[int]:
    """Every code point our families have a glyph for."""
    files = [path for family in SYSTEM if (path := system_file(family))]
    if not font_state().complete:
        files.append(fallback_file(400))
    return frozenset().union(*(_code_points(path) for path in files))


def _code_points(path: Path) -> set[int]:
    if path.suffix != ".ttc":
        with TTFont(path, lazy=True) as font:
            return set(font.getBestCmap())
    with TTCollection(path, lazy=True) as collection:
        for face in collection.fonts:
            if (face["name"].getDebugName(1) or "") in SYSTEM:
                return set(face.getBestCmap())
    raise ValueError(f"{path} has no face for simplified Chinese")


def missing_glyphs(text: str) -> str:
    """The characters of ``text`` we cannot print, each once; "" when all can be (生僻字)."""
    known = printable()
    return "".join(
        dict.fromkeys(
            c for c in text if ord(c) not in known and not c.isspace() and c.isprintable()
        )
    )
