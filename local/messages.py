"""``./dev messages``: texts for translation, collected and compiled without system gettext.

The Chinese text is the source; every English entry must be there, complete and in use.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

from local.progress import say

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
APPS = ("caoyang_portal", "households", "consultation", "mediation", "suggestions")
CONTEXT, SINGULAR, PLURAL = "context", "singular", "plural"
TAKES = {  # the marking functions, without _lazy and _noop: what their arguments are
    "_": [SINGULAR],
    "gettext": [SINGULAR],
    "ngettext": [SINGULAR, PLURAL],
    "pgettext": [CONTEXT, SINGULAR],
    "npgettext": [CONTEXT, SINGULAR, PLURAL],
}
# What Django makes of a template's translation tags: calls with nothing but literal texts.
_LITERAL = r"""u?(?:'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")"""
IN_TEMPLATE = re.compile(rf"\b(?:(?:np?|p)?gettext|_)\((?:{_LITERAL}(?:, ?)?)+(?:count)?\)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass
class Message:
    """One text and where it is used."""

    singular: str
    plural: str = ""
    context: str | None = None
    places: set[str] = field(default_factory=set)


Key = tuple[str | None, str]


def collect() -> tuple[dict[Key, Message], list[str]]:
    """Every marked text, and the markings that cannot work."""
    found: dict[Key, Message] = {}
    problems: list[str] = []
    for path, calls in _marked():
        place = path.relative_to(ROOT).as_posix()
        for call in calls:
            message = _read(call)
            if message is None:
                if _is_built(call.args[0]):
                    problems.append(f"{place}:{call.lineno}: only a plain text can be translated")
                continue
            known = found.setdefault((message.context, message.singular), message)
            known.plural = known.plural or message.plural
            known.places.add(place)
    return found, problems


def _marked() -> Iterator[tuple[Path, list[ast.Call]]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, _marking_calls(ast.parse(path.read_text(encoding="utf-8")))
    for path in templates():
        yield path, _calls_in_template(path)


def templates() -> list[Path]:
    folders = [ROOT / "templates", *(ROOT / app for app in APPS)]
    found = {p for folder in folders for ext in ("html", "txt") for p in folder.rglob(f"*.{ext}")}
    return sorted(path for path in found if "templates" in path.parts)


def _calls_in_template(path: Path) -> list[ast.Call]:
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
    python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    calls = []
    for match in IN_TEMPLATE.finditer(python):
        for call in _marking_calls(ast.parse(match[0])):
            call.lineno = python.count("\n", 0, match.start()) + 1
            calls.append(call)
    return calls


def _marking_calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) in TAKES]


def _is_built(text: ast.expr) -> bool:
    """Put together on the spot, so in no catalogue; a text looked up was marked elsewhere."""
    formatted = isinstance(text, ast.Call) and getattr(text.func, "attr", "") == "format"
    return formatted or isinstance(text, ast.JoinedStr | ast.BinOp)


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        name = call.func.id
    elif isinstance(call.func, ast.Attribute):
        name = call.func.attr
    else:
        return ""
    return name.removesuffix("_lazy").removesuffix("_noop")


def _read(call: ast.Call) -> Message | None:
    texts: dict[str, str] = {}
    for meaning, argument in zip(TAKES[_name(call)], call.args, strict=False):
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            return None
        texts[meaning] = argument.value
    if SINGULAR not in texts:
        return None
    return Message(texts[SINGULAR], texts.get(PLURAL, ""), texts.get(CONTEXT))


def catalogue() -> polib.POFile:
    """The English catalogue as it is, or an empty one."""
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=98)
    empty = polib.POFile(wrapwidth=98)
    empty.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return empty


def update(found: dict[Key, Message]) -> polib.POFile:
    """Keep what is translated, add what is new, drop what nobody uses."""
    old = {(entry.msgctxt, entry.msgid): entry for entry in catalogue() if not entry.obsolete}
    new = catalogue()
    new.clear()
    for key in sorted(found, key=lambda key: (min(found[key].places), key[1], key[0] or "")):
        message = found[key]
        entry = polib.POEntry(msgctxt=message.context, msgid=message.singular)
        kept = old.get(key)
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {0: "", 1: ""}
            if kept is not None:
                entry.msgstr_plural |= kept.msgstr_plural or {0: kept.msgstr, 1: kept.msgstr}
        elif kept is not None:
            entry.msgstr = kept.msgstr or kept.msgstr_plural.get(1, "")
        if kept is not None:
            entry.tcomment = kept.tcomment
            entry.flags = [flag for flag in kept.flags if flag == "fuzzy"]
        if "%(" in entry.msgid or "%s" in entry.msgid:
            entry.flags.append("python-format")
        entry.occurrences = [(place, "") for place in sorted(message.places)]
        new.append(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(CATALOGUE))
    return new


def problems_of(found: dict[Key, Message]) -> list[str]:
    """Why the English catalogue is not complete and current; empty when it is."""
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue() if not entry.obsolete}
    problems = [f"stale, nobody uses it: {text}" for _, text in sorted_keys(entries, found)]
    for key, message in found.items():
        where = min(message.places)
        entry = entries.get(key)
        if entry is None:
            problems.append(f"{where}: not in the catalogue: {message.singular}")
        elif entry.fuzzy:
            problems.append(f"{where}: fuzzy: {message.singular}")
        elif bool(message.plural) != bool(entry.msgid_plural):
            problems.append(f"{where}: singular and plural differ: {message.singular}")
        else:
            problems += [f"{where}: {why}: {message.singular}" for why in _faults(entry)]
    return problems


def sorted_keys(entries: dict[Key, polib.POEntry], found: dict[Key, Message]) -> list[Key]:
    """The entries that no text asks for any more."""
    return sorted((key for key in entries if key not in found), key=lambda key: key[1])


def _faults(entry: polib.POEntry) -> list[str]:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not texts or not all(text.strip() for text in texts):
        return ["no English"]
    wanted = set(PLACEHOLDER.findall(entry.msgid))
    if any(not set(PLACEHOLDER.findall(text)) <= wanted for text in texts):
        return ["English has a placeholder the text lacks"]
    if not entry.msgid_plural and set(PLACEHOLDER.findall(texts[0])) != wanted:
        return ["English lacks a placeholder"]
    return []


def compile_catalogues() -> None:
    """Write the .mo beside each .po that is newer."""
    for po in (ROOT / "locale").rglob("*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            draft = mo.with_suffix(".draft")
            polib.pofile(str(po)).save_as_mofile(str(draft))
            draft.replace(mo)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if incomplete")
    parser.add_argument("--compile", action="store_true", help="only compile")
    options = parser.parse_args(arguments)
    if options.compile:
        compile_catalogues()
        return 0
    found, problems = collect()
    if not options.check:
        update(found)
        compile_catalogues()
    problems += problems_of(found)
    for problem in problems:
        print(problem)
    say(f"{len(found)} texts, {len(problems)} problems")
    return 1 if problems and options.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
