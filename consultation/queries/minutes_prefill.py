"""What a draft begins with (纪要底稿): the agenda, who came, what was said, decided and noted live."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import translation

from consultation.minutes_text import Body, empty, section
from consultation.models import Contribution, Meeting, ShowOfHands
from consultation.tally import AREA, HEADS

from .attendance import HOUSEHOLDS, hall
from .minutes import facts_of, people_there

Stance, Shown = Contribution.Stance, ShowOfHands.State
WHOLE = None  # what belongs to no point of the agenda


def first_body(meeting: Meeting) -> Body:
    """The draft as far as it can be written without a person; in Chinese, whoever drafts it."""
    with translation.override(settings.LANGUAGE_CODE):
        return _first_body(meeting)


def _first_body(meeting: Meeting) -> Body:
    body = empty()
    there = people_there(meeting)
    body["meeting"] = facts_of(meeting)
    body["people"] |= {
        "host": meeting.host.name,
        "recorders": [user.name for user in meeting.recorders.all()],
        "present": [{"name": one.name, "role": one.role} for one in there],
        "absent": _absent(meeting, {one.name for one in there}),
        "count": len(there),
        "quorum": _quorum(meeting),
    }
    texts = _texts(meeting)
    body["sections"] = [
        section(f"a{item.number}", item.title, **texts.pop(item.pk, {}))
        for item in meeting.agenda.all()
    ]
    if WHOLE in texts or not body["sections"]:
        body["sections"].append(section("other", "其他", **texts.get(WHOLE, {})))
    body["photos"] = [
        {
            "id": str(photo.file_id),
            "sha256": photo.file.sha256,
            "caption": photo.caption,
            "when": "",
            "public": photo.is_public,
        }
        for photo in meeting.photos.select_related("file")
    ]
    return body


def _absent(meeting: Meeting, there: set[str]) -> list[str]:
    """Who had said yes and did not come; known only where attendance was taken."""
    if not meeting.presences.filter(voided=False).exists():
        return []
    asked = meeting.invitations.filter(answer="yes").values_list("name", flat=True)
    return sorted(set(asked) - there)


def _quorum(meeting: Meeting) -> str:
    """The numbers by which the quorum held when the meeting was closed, or did not."""
    if meeting.quorum == Meeting.Quorum.NONE:
        return ""
    of = hall(meeting)
    # An instant before the end: with it everybody has left.
    count = of.at((meeting.closed_at or meeting.ends_at) - timedelta(seconds=1))
    if of.problem:
        return of.problem
    parts = [_step(step) for step in count.steps]
    return "；".join([*parts, "达到" if count.holds else "未达到"])


def _step(step: Any) -> str:
    names = {HEADS: "人数", HOUSEHOLDS: "户数", AREA: "面积"}
    some, whole = step.some, step.whole
    if step.measure == AREA:
        some, whole = f"{some / 100:.2f}㎡", f"{whole / 100:.2f}㎡"
    return f"{names[step.measure]} {some}，全体 {whole}"


def _texts(meeting: Meeting) -> dict[object, dict[str, Any]]:
    """By point of the agenda what the sections begin with."""
    found: dict[object, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for note in meeting.notes.exclude(text=""):
        found[note.item_id]["discussion"].append(note.text)
    _add_contributions(meeting, found)
    for show in meeting.shows.exclude(state__in=[Shown.OPEN, Shown.WITHDRAWN]):
        found[show.item_id]["decision"].append(_show(show))
        found[show.item_id]["dissent"] += [show.dissent] if show.dissent else []
    for decision in meeting.decisions.filter(struck_why=""):
        found[decision.item_id]["decision"].append(decision.text)
        if decision.responsible or decision.due:
            task = {"who": decision.responsible, "what": decision.text, "until": decision.due}
            found[decision.item_id]["tasks"].append(task)
    return {
        item: {name: lines if name == "tasks" else _joined(lines) for name, lines in texts.items()}
        for item, texts in found.items()
    }


def _add_contributions(meeting: Meeting, found: dict[object, dict[str, list[Any]]]) -> None:
    where = {Stance.FOR: "views_for", Stance.AGAINST: "views_against"}
    said = meeting.contributions.filter(struck_why="").select_related("speaker", "unnamed")
    for one in said:
        into = where.get(Stance(one.stance), "discussion")
        found[one.item_id][into].append(f"{one.shown_speaker}：{one.text}")


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _show(show: ShowOfHands) -> str:
    if show.state == Shown.INVALID:
        return f"举手表决“{show.question}”无效：{show.why}"
    counts = f"同意 {show.yes}，不同意 {show.no}，弃权 {show.abstain}"
    return f"举手表决“{show.question}”：{counts}，{'通过' if show.is_adopted else '没有通过'}。"
