"""Papers (文书): HTML to PDF, sealed, and judged.

    render_pdf        one HTML template in, one PDF out, the same bytes every time
    certify           定稿  reserve the signature fields and seal the text
    sign_field        签署  fill one field; ``final`` locks the paper
    verdict           验真  what a stranger may believe about a file, in plain Chinese
    revision_hashes   the earlier files that the final one begins with, and their hashes
    registered        what an app has registered under a file's hash; ``registers`` decorates its look-up
    missing_glyphs    characters no font of ours can print
    self_test         problems that keep this machine from sealing; empty when there are none

The names are loaded when first used: WeasyPrint and pyHanko take half a second to import, and most
processes make no paper.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .fonts import font_state, missing_glyphs
    from .keys import is_demo_seal, seal_fingerprint, seal_statement
    from .paper import signing_sheets
    from .printing import Enclosure, qr, render_pdf
    from .registry import Registered, registered, registers
    from .sealing import CERTIFY, FINAL, certify, resident_fields, self_test, sign_field
    from .timestamps import TimestampUnavailable, timestamp_statement
    from .verdicts import Revision, SignatureRow, Verdict, revision_hashes, verdict

_HOMES = {
    "fonts": ["font_state", "missing_glyphs"],
    "keys": ["is_demo_seal", "seal_fingerprint", "seal_statement"],
    "paper": ["signing_sheets"],
    "printing": ["Enclosure", "qr", "render_pdf"],
    "registry": ["Registered", "registered", "registers"],
    "sealing": ["CERTIFY", "FINAL", "certify", "resident_fields", "self_test", "sign_field"],
    "timestamps": ["TimestampUnavailable", "timestamp_statement"],
    "verdicts": ["Revision", "SignatureRow", "Verdict", "revision_hashes", "verdict"],
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "CERTIFY",
    "FINAL",
    "Enclosure",
    "Registered",
    "Revision",
    "SignatureRow",
    "TimestampUnavailable",
    "Verdict",
    "certify",
    "font_state",
    "is_demo_seal",
    "missing_glyphs",
    "qr",
    "registered",
    "registers",
    "render_pdf",
    "resident_fields",
    "revision_hashes",
    "seal_fingerprint",
    "seal_statement",
    "self_test",
    "sign_field",
    "signing_sheets",
    "timestamp_statement",
    "verdict",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f".{_HOME[name]}", __name__), name)
