"""House rules as they stand after acts that a test is not about."""

import datetime as dt

from django.utils import timezone

from consultation.actions import counting, house_rules, polls, rolls, rules_voting
from consultation.models import Poll, PollResult, RulesVersion
from tests.consultation.builders import cast, kind

ARTICLES = [
    ("装修时间", "每天早上八点到晚上六点可以装修。"),
    ("楼道", "楼道里不堆东西。"),
    ("养狗", "遛狗要牵绳，便便自己捡。"),
]


def drafted(people, places, *, name="住户守则", articles=ARTICLES, building=None) -> RulesVersion:
    version = house_rules.start_house_rules(
        places.here, name=name, building=building, preface="大家商量着办。", by=people["chen"]
    )
    for heading, text in articles:
        house_rules.add_article(version, heading=heading, text=text, by=people["chen"])
    return again(version)


def commenting(people, places, **fields) -> RulesVersion:
    version = drafted(people, places, **fields)
    house_rules.publish_version(version, days=15, by=people["chen"])
    return again(version)


def commented(people, places, **fields) -> RulesVersion:
    version = commenting(people, places, **fields)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    RulesVersion.objects.filter(pk=version.pk).update(comments_until=yesterday)
    house_rules.close_comments(version)
    return again(version)


def put_to_vote(version, people, code="rules") -> Poll:
    kind()  # the stock
    now = timezone.now()
    return rules_voting.put_to_poll(
        version, code=f"{code}-{version.number}", secrecy="open",
        opens_at=now + dt.timedelta(days=20), closes_at=now + dt.timedelta(days=30),
        by=people["chen"],
    )  # fmt: skip


def voted(poll, people, choice="yes") -> Poll:
    """The poll opened, answered by 王桂芳 and 赵大勇 alike, counted and published."""
    polls.announce_poll(poll, by=people["chen"])
    rolls.build_roll(poll, by=people["chen"])
    rolls.freeze_roll(poll, by=people["chen"])
    now, hour = timezone.now(), dt.timedelta(hours=1)
    Poll.objects.filter(pk=poll.pk).update(
        announced_at=now - dt.timedelta(days=40), opens_at=now - hour, closes_at=now + hour
    )
    poll = polls.open_poll(Poll.objects.get(pk=poll.pk))
    for who in ("wang", "zhao"):
        cast(poll, people[who], {"1": choice})
    Poll.objects.filter(pk=poll.pk).update(closes_at=now - dt.timedelta(seconds=1))
    polls.close_poll(poll)
    counting.finish_count(poll, by=people["chen"])
    PollResult.objects.update(objections_until=timezone.localdate() - dt.timedelta(days=1))
    counting.print_result_notices()
    return counting.publish_result(Poll.objects.get(pk=poll.pk), by=people["chen"])


def adopted(people, places, **fields) -> RulesVersion:
    version = commented(people, places, **fields)
    voted(put_to_vote(version, people), people)
    return rules_voting.adopt_version(version)


def in_force(people, places, **fields) -> RulesVersion:
    version = adopted(people, places, **fields)
    return rules_voting.put_in_force(version)


def again(version) -> RulesVersion:
    return RulesVersion.objects.select_related("rules", "poll").get(pk=version.pk)
