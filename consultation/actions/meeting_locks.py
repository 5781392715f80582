"""The meeting's row, locked and re-read, and what the database's refusals mean in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from caoyang_portal.errors import Refused
from consultation.models import Meeting


def locked_meeting(meeting: Meeting) -> Meeting:
    """The meeting as it stands, held until the transaction ends; rows that point at it do not wait."""
    return (
        Meeting.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood", "venue", "booking", "host")
        .get(pk=meeting.pk)
    )


def meeting_must_be(meeting: Meeting, *states: str) -> None:
    if meeting.state not in states:
        raise Refused(
            _("这次会议%(state)s，现在不能这样做。") % {"state": meeting.get_state_display()}
        )


@contextmanager
def meeting_in_words() -> Iterator[None]:
    """Turn what the database refuses into a sentence; around the transaction, not inside."""
    sentences = {
        "a_meeting_holds_its_capacity": _("名额刚刚满了，请再报一次，先排候补。"),
        "a_person_registers_once": _("您已经报过名了。"),
        "a_person_is_invited_once": _("已经邀请过这位了。"),
        "a_member_is_invited_once": _("已经邀请过这位了。"),
        "one_question_is_on_air_at_a_time": _("另一个问题正在回答，请先结束它。"),
    }
    try:
        yield
    except IntegrityError as problem:
        diagnosis: Any = getattr(problem.__cause__, "diag", None)
        name = diagnosis.constraint_name if diagnosis else None
        if name in sentences:
            raise Refused(sentences[name]) from problem
        raise
