"""Handwriting (手写签名): the strokes as the pad recorded them, and whether they can be a name.

Kept as ``[{"points": [{"x", "y", "time", "pressure"}, …]}, …]``, the pad's own form without its pens.
"""

import json
import math
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from caoyang_portal.errors import Refused

MOST_CHARACTERS = 600_000
MOST_POINTS = 12_000
FARTHEST = 10_000  # CSS pixels
SHORTEST = 80  # CSS pixels of ink
FLATTEST = 0.06  # height over length of the cloud of points; a ruled line has 0


def read_strokes(text: str) -> str:
    """The strokes a pad sent, checked and in one spelling; "" for an empty pad."""
    if not text.strip():
        return ""
    unreadable = Refused(_("签名没有传完整，请再写一次。"))
    if len(text) > MOST_CHARACTERS:
        raise unreadable
    try:
        strokes = [[_point(point) for point in group["points"]] for group in json.loads(text)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise unreadable from problem
    if sum(len(stroke) for stroke in strokes) > MOST_POINTS:
        raise unreadable
    kept = [{"points": stroke} for stroke in strokes if stroke]
    return json.dumps(kept, separators=(",", ":")) if kept else ""


def _point(point: Any) -> dict[str, float | int]:
    x, y = round(float(point["x"]), 1), round(float(point["y"]), 1)
    if not (-FARTHEST <= x <= FARTHEST and -FARTHEST <= y <= FARTHEST):
        raise ValueError("off the pad")
    pressure = float(point.get("pressure", 0))
    if not 0 <= pressure <= 1:
        raise ValueError("no such pressure")
    return {"x": x, "y": y, "time": int(point.get("time", 0)), "pressure": round(pressure, 2)}


def weakness(strokes: str) -> str:
    """Why ``strokes`` are not a signature, in a sentence; "" when they are."""
    groups = [group["points"] for group in json.loads(strokes)] if strokes else []
    if not any(len(points) > 2 for points in groups):
        return _("签名太短了，请写上您的姓名。")
    ink = sum(
        math.dist((a["x"], a["y"]), (b["x"], b["y"]))
        for points in groups
        for a, b in pairwise(points)
    )
    if ink < SHORTEST:
        return _("签名太小了，请写大一些。")
    if _flatness([(p["x"], p["y"]) for points in groups for p in points]) < FLATTEST:
        return _("这像一条线，请写上您的姓名。")
    return ""


def _flatness(points: list[tuple[float, float]]) -> float:
    """The shorter axis of the cloud of points over the longer one."""
    n = len(points)
    mx, my = sum(x for x, _y in points) / n, sum(y for _x, y in points) / n
    xx = sum((x - mx) ** 2 for x, _y in points)
    yy = sum((y - my) ** 2 for _x, y in points)
    xy = sum((x - mx) * (y - my) for x, y in points)
    spread = math.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    longer, shorter = (xx + yy) / 2 + spread, max(0.0, (xx + yy) / 2 - spread)
    return math.sqrt(shorter / longer) if longer else 0.0
