"""The demonstration's polls (演示表决), told after the households' story.

A vote on a lift is open and waits for 王桂芳; the house rules were voted on in secret and are published;
Caoyang One chooses its ten most pressing issues. Every step is an act of the people of
``caoyang_portal.demo``. Only time is written by hand, where days must have passed: notice periods, the
days of voting of the published poll, its days for objections.
"""

import datetime as dt
import random
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from caoyang_portal.community.codes import DEMO_CODE
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.uploads import intake
from consultation.actions import ballots, counting, paper, polls, rolls
from consultation.demo import topics
from consultation.demo.attendance import tell_attendance
from consultation.demo.congress import tell_congress
from consultation.demo.house_rules import notices_and_rules
from consultation.demo.issues import ISSUES
from consultation.demo.meetings import tell_meetings
from consultation.demo.minutes import tell_minutes
from consultation.demo.scans import marked_ballot
from consultation.models import BallotDelivery, Poll, PollKind, PollResult, RollEntry, Secrecy
from consultation.scans import ScannedPage
from consultation.tally import ABSTAIN, NO, YES
from households.actions import residencies
from households.demo import pilot
from households.demo.story import person
from households.models import Member

LIFT, RULES, TOP_TEN = "lift-2026", "house-rules-2026", "top-ten-2027"
NEIGHBOUR = pilot.NAMES[1]  # 陆志强, who votes on his phone
Questions = Sequence[tuple[str, Sequence[str]]]


@transaction.atomic
def tell_story(say: Callable[[str], None]) -> bool:
    """Load the polls unless they are there: all of them, or nothing when it is interrupted."""
    if Poll.objects.filter(code=LIFT).exists():
        return False
    one = Neighbourhood.objects.get(code="caoyang-one")
    two = Neighbourhood.objects.get(code="caoyang-two")
    say("表决：加装电梯，正在投票")
    _lift(two)
    say("表决：住户守则，已公布")
    _house_rules(two)
    say("公示和守则：加装电梯方案公示，守则新版征求意见")
    notices_and_rules(two, Poll.objects.get(code=RULES))
    say("议题：菜场升级、云听证，有超期的")
    topics.tell_topics(two)
    say("会议：一年的议事厅、圆桌会、听证会、评议会")
    held = tell_meetings(two)
    say("表决：票选十大问题")
    top_ten = _top_ten(one)
    say("社区代表会议：三十个问题选出十件事，书面意见")
    tell_congress(one, two, top_ten)
    say("到会和现场记录：一年的签到表，一个会正在开")
    tell_attendance(two, held, Poll.objects.get(code=LIFT))
    say("会议纪要：起草、更正、签字、盖章")
    tell_minutes(held["tables"])
    say("决议和自治项目")
    topics.tell_outcomes(two)
    return True


def _lift(place: Neighbourhood) -> None:
    """Open by name, two majorities: ten have answered by three channels, a paper waits for its second keyer."""
    question = "您是否同意在先行楼北侧加装电梯，占用门前约 12 平方米共用绿地？"
    poll = _opened(
        _drafted(
            place,
            kind="lift-compound",
            code=LIFT,
            title="先行楼加装电梯",
            explanation="电梯装在北侧楼梯旁。费用由受益住户分摊，一楼不出钱。公示图挂在门厅。",
            secrecy=Secrecy.OPEN,
            questions=[(question, ())],
        ),
        opened_days_ago=4,
        closes_in_days=10,
    )
    voters = list(poll.roll.order_by("number"))
    _deliver(voters[:6])
    _vote_on_the_phone(next(entry for entry in voters if entry.name == NEIGHBOUR))
    others = [entry for entry in voters if entry.name not in (NEIGHBOUR, pilot.NAMES[0])]
    for entry, choice in zip(others, (YES, YES, NO, YES, ABSTAIN, YES), strict=False):
        _vote_on_the_tablet(entry, {"1": choice})
    paper.print_papers(poll, by=person("committee"))
    for entry, choice in zip(others[6:9], (YES, NO, YES), strict=True):
        _vote_on_paper(poll, entry, question, choice, keyers=("committee", "colleague"))
    _vote_on_paper(poll, others[9], question, YES, keyers=("colleague",))


def _house_rules(place: Neighbourhood) -> None:
    """In secret: seventeen of twenty households answered; counted, sealed, published three weeks ago."""
    poll = _opened(
        _drafted(
            place,
            kind="house-rules",
            code=RULES,
            title="先行楼住户守则",
            explanation="守则全文贴在门厅，也可以到居委拿一份。",
            secrecy=Secrecy.SEPARATED,
            questions=[
                ("您是否同意先行楼住户守则？", ()),
                ("您是否同意把“晚上十点后不装修、不放音响”写进守则？", ()),
            ],
        ),
        opened_days_ago=1,
        closes_in_days=1,
    )
    chance = random.Random(278)  # noqa: S311 made-up votes, not secrets
    for entry in list(poll.roll.order_by("number"))[:17]:
        first, second = (chance.choices((YES, NO, ABSTAIN), (12, 3, 2))[0] for _n in "12")
        _vote_on_the_tablet(entry, {"1": first, "2": second})
    _pass(poll, closes_at=timezone.now())
    polls.close_poll(poll)
    result = counting.finish_count(poll, by=person("committee"))
    today, day = timezone.localdate(), dt.timedelta(days=1)
    PollResult.objects.filter(pk=result.pk).update(objections_until=today - 22 * day)
    counting.print_result_notices()
    polls_days = {"announced_at": 50, "opens_at": 42, "opened_at": 42, "closes_at": 28}
    polls_days |= {"closed_at": 28, "counted_at": 27}
    counting.publish_result(poll, by=person("committee"))
    _pass(poll, **{name: timezone.now() - n * day for name, n in polls_days.items()})


def _top_ten(place: Neighbourhood) -> Poll:
    """One person, one ballot, at most ten of thirty; forty have voted at the committee's tablet."""
    poll = _opened(
        _drafted(
            place,
            kind="top-ten",
            code=TOP_TEN,
            title="明年先办哪十件事",
            explanation="三十个问题由居民代表从各楼收集。得票前十的列入明年工作，并列的都列入。",
            secrecy=Secrecy.SEPARATED,
            questions=[("请选出您最希望明年解决的问题，最多十个。", ISSUES)],
        ),
        opened_days_ago=3,
        closes_in_days=12,
    )
    chance = random.Random(30)  # noqa: S311 made-up votes, not secrets
    for entry in poll.roll.order_by("-number")[:40]:
        picked = {str(1 + int(len(ISSUES) * chance.random() ** 1.5)) for _n in range(10)}
        _vote_on_the_tablet(entry, {"1": sorted(picked)})
    return poll


def _drafted(
    place: Neighbourhood, *, kind: str, secrecy: Secrecy, questions: Questions, **fields: Any
) -> Poll:
    chen, now = person("committee"), timezone.now()
    of = PollKind.objects.get(code=kind, version=1, neighbourhood=None)
    first = now + dt.timedelta(days=of.notice_days + 1)
    poll = polls.draft_poll(
        place,
        kind=of,
        secrecy=secrecy,
        opens_at=first,
        closes_at=first + dt.timedelta(days=14),
        by=chen,
        **fields,
    )
    polls.set_questions(poll, questions=questions, by=chen)
    return poll


def _opened(poll: Poll, *, opened_days_ago: int, closes_in_days: int) -> Poll:
    """Announced, its roll frozen, its notice period over, open."""
    chen, now, day = person("committee"), timezone.now(), dt.timedelta(days=1)
    polls.announce_poll(poll, by=chen)
    rolls.build_roll(poll, by=chen)
    rolls.freeze_roll(poll, by=chen)
    opens_at = now - opened_days_ago * day
    _pass(
        poll,
        announced_at=opens_at - (poll.kind.notice_days + 1) * day,
        opens_at=opens_at,
        closes_at=now + closes_in_days * day,
    )
    return polls.open_poll(poll, by=chen)


def _pass(poll: Poll, **moments: dt.datetime) -> None:
    """Time passes."""
    Poll.objects.filter(pk=poll.pk).update(**moments)


def _deliver(entries: Sequence[RollEntry]) -> None:
    for entry in entries:
        rolls.record_delivery(
            entry,
            way=BallotDelivery.Way.POSTED_UP,
            delivered_on=timezone.localdate(),
            note="贴在门厅",
            by=person("committee"),
        )


def _vote_on_the_phone(entry: RollEntry) -> None:
    """With a login opened at the counter, and the demonstration's code."""
    member = Member.objects.get(household=entry.household_id, name=entry.name)
    residency = residencies.link_at_counter(
        member, phone=member.phone, seen=["id_card"], by=person("committee")
    )
    ballots.ask_vote_code(entry, session_key="demo", ip="", by=residency.user)
    ballots.cast_online(
        entry,
        choices={"1": YES},
        code=DEMO_CODE,
        session_key="demo",
        form_key=secrets.token_hex(16),
        by=residency.user,
    )


def _vote_on_the_tablet(entry: RollEntry, choices: ballots.Given) -> None:
    ballots.cast_on_tablet(
        entry,
        choices=choices,
        witness=person("colleague"),
        form_key=secrets.token_hex(16),
        by=person("committee"),
    )


def _vote_on_paper(
    poll: Poll, entry: RollEntry, question: str, choice: str, *, keyers: Sequence[str]
) -> None:
    chen, sheet = person("committee"), entry.papers.get()
    scan = intake.keep(
        marked_ballot(poll.title, question, sheet.serial, choice),
        f"表决票 {sheet.serial}.png",
        "image/png",
        neighbourhood_id=poll.neighbourhood_id,
        by=chen,
    )
    paper.take_in_scans(poll, pages=[ScannedPage(scan, sheet.serial)], by=chen)
    for keyer in keyers:
        paper.key_paper(sheet, choices={"1": choice}, by=person(keyer))
