"""Corrections of minutes: whatever is done, each stays readable, and none is settled by itself."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caoyang_portal.errors import Refused
from consultation.actions import minutes_corrections as corrections
from consultation.actions import minutes_signing
from consultation.models import MinutesCorrection, Presence
from consultation.queries import minutes as queries
from tests.consultation.minutes_builders import again, changes, over, sent

DEEDS = st.lists(
    st.sampled_from(["raise", "desk", "accept", "answer", "late", "sign", "reopen"]), max_size=9
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=DEEDS)
def test_whatever_is_done_every_correction_stays_readable(deeds, people, places, households):
    with transaction.atomic():
        minutes = sent(people, places.here)
        said = []
        for number, deed in enumerate(deeds):
            with transaction.atomic():
                try:
                    said += _do(deed, minutes, people, f"第 {number} 条：写得不对")
                except Refused:
                    transaction.set_rollback(True)
        kept = list(minutes.corrections.values_list("text", flat=True))
        assert kept == said
        for correction in minutes.corrections.all():
            assert correction.version.minutes_id == minutes.pk  # the text they read is there
            assert correction.state in ("waiting", "remark") or correction.answered_by
            assert (correction.state == "accepted") == (correction.became is not None)
        transaction.set_rollback(True)


def _do(deed, minutes, people, text):
    minutes = again(minutes)
    waiting = minutes.corrections.filter(state="waiting").first()
    match deed:
        case "raise":
            corrections.raise_correction(minutes, section="a1", text=text, by=people["wang"])
        case "desk":
            corrections.enter_correction(
                minutes, name="李老伯", section="", text=text, by=people["chen"]
            )
        case "late":
            over(minutes)
            corrections.raise_correction(minutes, section="", text=text, by=people["zhao"])
        case "accept" if waiting:
            edited = changes(minutes, discussion=f"改成：{waiting.text}")
            version = queries.current(minutes).number
            corrections.accept_correction(
                waiting, changes=edited, version=version, by=people["chen"]
            )
        case "answer" if waiting:
            corrections.answer_correction(waiting, answer="录音里是这样", by=people["chen"])
        case "sign":
            minutes_signing.start_signing(over(minutes), by=people["chen"])
        case "reopen":
            minutes_signing.reopen_minutes(minutes, reason="再看看", by=people["chen"])
    return [text] if deed in ("raise", "desk", "late") else []


def test_what_comes_late_is_kept_as_a_remark_and_may_be_answered(people, places, households):
    minutes = over(sent(people, places.here))
    late = corrections.raise_correction(
        minutes, section="a1", text="我还说了别的", by=people["wang"]
    )
    assert (late.state, queries.signing(minutes, timezone.localdate())) == ("remark", [])
    with pytest.raises(Refused):
        corrections.accept_correction(
            late, changes=changes(minutes, decision="改"), version=1, by=people["chen"]
        )
    corrections.answer_correction(late, answer="已记录在案", by=people["chen"])
    assert MinutesCorrection.objects.get().answer == "已记录在案"


def test_who_was_not_there_corrects_nothing(people, places, households):
    minutes = sent(people, places.here, here=("wang",))
    with pytest.raises(PermissionDenied):
        corrections.raise_correction(minutes, section="", text="不对", by=people["zhao"])
    assert not Presence.objects.filter(attendance__user=people["zhao"]).exists()


def test_an_edit_that_changes_nothing_is_no_acceptance(people, places, households):
    minutes = sent(people, places.here)
    correction = corrections.raise_correction(minutes, section="a1", text="改", by=people["wang"])
    same = queries.current(minutes).body
    with pytest.raises(Refused, match="还没有改动"):
        corrections.accept_correction(correction, changes=same, version=1, by=people["chen"])
