"""Whatever is done to topics in whatever order: none is silent, and every step was told."""

import datetime as dt
import random

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.notices.models import Notice
from consultation.actions import topic_upkeep
from consultation.models import Topic, TopicMerge
from tests.consultation.test_topics import ACTS
from tests.consultation.topic_builders import proposed

DEEDS = [*ACTS, "warn"]


@pytest.mark.usefixtures("announced")
@settings(
    max_examples=12, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 2)), min_size=8, max_size=30)
)
def test_no_topic_is_ever_silent(deeds, people, places, households):
    with transaction.atomic():
        topics = [
            proposed(people, places, title, who)
            for title, who in (("另一个", "wang"), ("甲", "wang"), ("乙", "zhao"))
        ]
        today = timezone.localdate()
        for deed, which in deeds:
            today += dt.timedelta(days=random.Random(deed).randrange(3))
            try:
                with transaction.atomic():
                    if deed == "warn":
                        topic_upkeep.watch_topics(today)
                    else:
                        ACTS[deed](topics[which], people, places)
            except (Refused, PermissionDenied):
                pass
            _holds()
        deliver_pending()
        for topic in Topic.objects.exclude(proposed_by=None):
            told = Notice.objects.filter(reader=topic.proposed_by, link__contains=str(topic.pk))
            assert told.count() >= topic.steps.count()
        transaction.set_rollback(True)


def _holds():
    for topic in Topic.objects.all():
        last = topic.steps.last()
        assert topic.is_live == bool(topic.next_on and topic.next_step)
        assert (last.state, last.next_on, last.next_step) == (
            topic.state, topic.next_on, topic.next_step,
        )  # fmt: skip
        open_merges = TopicMerge.objects.filter(topic=topic, undone_at=None).count()
        assert open_merges == (topic.state == "merged")
        if topic.merged_into:
            assert topic.merged_into.state != "merged"
