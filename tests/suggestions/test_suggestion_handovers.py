"""A suggestion becomes a topic or a claim: both sides, or neither."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from caoyang_portal.errors import Refused
from caoyang_portal.referrals import handovers
from consultation.models import Topic
from suggestions.models import Claim, Suggestion
from tests.suggestions.suggestion_builders import entered, in_state, made, photo

WORDS = {"title": "菜场铺防滑砖", "text": "老人怕摔。", "answer": "大家一起商量。"}


def test_a_suggestion_becomes_a_topic_with_its_proposer(client, people, places, households):
    one = made(people, places, "菜场太滑", building=places.building, name_shown="hidden")
    client.force_login(people["chen"])
    url = reverse("referrals:suggestion_to_topic", args=[one.pk])
    assert (
        url in client.get(reverse("suggestions:desk_suggestion", args=[one.pk])).content.decode()
    )
    assert client.post(url, WORDS | {"answer": ""}).status_code == 422
    assert Topic.objects.count() == 0
    client.post(url, WORDS)
    topic, one = Topic.objects.get(), Suggestion.objects.get()
    assert (topic.source, topic.source_ref, topic.proposed_by, topic.building, topic.is_unnamed) == (
        "suggestion", one.number, people["wang"], places.building, True,
    )  # fmt: skip
    assert (one.state, one.elsewhere, one.elsewhere_id, one.next_on) == (
        "referred", "topic", topic.pk, None,
    )  # fmt: skip
    client.force_login(people["wang"])
    page = client.get(reverse("suggestions:suggestion", args=[one.pk])).content.decode()
    assert reverse("consultation:topic", args=[topic.pk]) in page
    with pytest.raises(Refused):
        handovers.suggestion_to_topic(one, **WORDS, by=people["chen"])
    assert Topic.objects.count() == 1


def test_what_is_one_s_own_need_becomes_a_claim_with_phone_and_photo(people, places, households):
    own = photo(places.here, people["chen"])
    one = entered(people, places, "我家水管漏", photos=[own])
    claim = handovers.suggestion_to_claim(one, **WORDS, by=people["chen"])
    one.refresh_from_db()
    assert (claim.source, claim.claimant_name, claim.claimant_phone, claim.photos.get()) == (
        "suggestion", "李阿婆", "+8613900001111", own,
    )  # fmt: skip
    assert (one.state, one.elsewhere, one.elsewhere_id) == ("referred", "claim", claim.pk)


def test_what_is_answered_is_not_handed_over_and_nobody_else_does_it(people, places, households):
    one = in_state(people, places, "replied")
    for hand_over in (handovers.suggestion_to_topic, handovers.suggestion_to_claim):
        with pytest.raises(Refused):
            hand_over(one, **WORDS, by=people["chen"])
        with pytest.raises(PermissionDenied):
            hand_over(one, **WORDS, by=people["deng"])
    assert (Topic.objects.count(), Claim.objects.count()) == (0, 0)
