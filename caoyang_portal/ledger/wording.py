"""The plain Chinese name of every act (事项名称), given by the app that does it."""

from collections.abc import Mapping
from typing import Any

_labels: dict[str, Any] = {}  # str, or a translation made when shown


def label_acts(labels: Mapping[str, Any]) -> None:
    """Name acts for timelines: ``{"households.sign_agreement": _("签署协议")}``."""
    _labels.update(labels)


def describe(act: str) -> str:
    """The label of ``act``; its id if no app has named it."""
    return str(_labels.get(act, act))
