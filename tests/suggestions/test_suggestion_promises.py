"""Whatever is done to suggestions in whatever order: none is silent, none is lost, every step was told."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.notices.models import Notice
from suggestions.actions import suggestion_intake as intake
from suggestions.actions import suggestion_upkeep as upkeep
from suggestions.models import Suggestion, SuggestionMerge, SuggestionPause
from tests.suggestions.suggestion_builders import published, unit
from tests.suggestions.test_suggestions import ACTS

RESUME = "resume_suggestion"


@pytest.mark.usefixtures("announced")
def test_no_suggestion_is_ever_silent(people, places, households):
    class Handling(RuleBasedStateMachine):
        """Three suggestions; people and the clock do what they will."""

        def __init__(self):
            super().__init__()
            self.undo = transaction.atomic()
            self.undo.__enter__()
            unit(people, places)
            self.all = [
                published(people, places, title, who=who)
                for title, who in (("另一条", "wang"), ("甲", "wang"), ("乙", "zhao"))
            ]
            self.clock = time_machine.travel(timezone.now(), tick=False)
            self.clock.start()

        @rule(act=st.sampled_from(list(ACTS)), which=st.integers(0, 2))
        def somebody_does(self, act, which):
            with self._refusable():
                ACTS[act](Suggestion.objects.get(pk=self.all[which].pk), people, places)

        @rule(which=st.integers(0, 2))
        def somebody_goes_on(self, which):
            with self._refusable():
                intake.resume_suggestion(self.all[which], by=people["chen"])

        @rule(days=st.integers(1, 40))
        def time_passes(self, days):
            self.clock.stop()
            self.clock = time_machine.travel(timezone.now() + dt.timedelta(days=days), tick=False)
            now = self.clock.start()
            del now
            upkeep.watch_suggestions()
            assert upkeep.watch_suggestions() == 0  # nothing is told twice

        def _refusable(self):
            return _Refusable()

        @invariant()
        def nothing_is_silent(self):
            for one in Suggestion.objects.all():
                assert one.is_live == bool(one.next_on and one.next_step)
                assert (one.state == "merged") == bool(one.merged_into_id)
                merges = SuggestionMerge.objects.filter(suggestion=one, undone_at=None).count()
                assert merges == (one.state == "merged")
                assert one.merged_into is None or one.merged_into.state != "merged"
                pause = SuggestionPause.objects.filter(suggestion=one, ended_on=None).first()
                if pause and one.is_live:
                    assert one.next_on == pause.until
                if one.state in Suggestion.ANSWERED:
                    assert one.replies.filter(round=one.round).count() == 1

        def teardown(self):
            self.clock.stop()
            deliver_pending()
            for one in Suggestion.objects.select_related("proposed_by"):
                told = Notice.objects.filter(reader=one.proposed_by, link__contains=str(one.pk))
                assert told.count() >= one.steps.count()
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    run_state_machine_as_test(
        Handling,
        settings=settings(
            max_examples=8, stateful_step_count=25, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


class _Refusable:
    """A savepoint of its own; what is refused changes nothing."""

    def __enter__(self):
        self.point = transaction.atomic()
        self.point.__enter__()

    def __exit__(self, kind, problem, trace):
        self.point.__exit__(kind, problem, trace)
        return kind is not None and issubclass(kind, (Refused, PermissionDenied, LookupError))
