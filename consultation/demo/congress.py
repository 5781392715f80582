"""The demonstration's congress (演示社区代表会议), told by acts after the polls.

Last year's went from thirty issues to ten that are being done. This year's has its thirty candidates
in the ballot that Caoyang One votes on; written opinions stand in every state, so that the visitor can
rate one as 王桂芳, answer one for the department, and register one for the sub-district.
"""

import datetime as dt
import random
import secrets
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from caoyang_portal.community.models import Neighbourhood, Organisation, Posting, User
from consultation.actions import ballots, congress_ballot, counting, opinion_answers, polls, rolls
from consultation.actions import congress as acts
from consultation.actions import congress_issues as issues
from consultation.actions import opinions as written
from consultation.demo.issues import ISSUES, LAST_YEAR
from consultation.models import (
    AreaBallot,
    Congress,
    CongressIssue,
    Matter,
    OpinionClock,
    OpinionReply,
    Poll,
    PollResult,
    Representative,
    Satisfaction,
    WrittenOpinion,
)
from households.demo.story import person

DAY = dt.timedelta(days=1)
SEATS = (
    ("孙玉珍", "building_leader", "elected"),
    ("陆志强", "volunteer", "elected"),
    ("马晓东", "group_buyer", "volunteered"),
    ("许一诺", "young", "volunteered"),
    ("周律师", "non_voting", "invited"),
)
OPINIONS = (
    ("丁字路口装反光镜", "弄堂口丁字路口看不见来车，建议装反光镜。", Matter.TRAFFIC),
    ("社区食堂给走不动的老人送饭", "有十几位老人下不了楼，建议中午送一顿。", Matter.ELDERLY),
    ("架空线入地", "电线垂到晾衣杆上，建议和管线改造一起做。", Matter.SAFETY),
    ("阅览室周末开门", "上班的人平时用不上，建议周末开一天。", Matter.CULTURE),
    ("快递柜移出消防通道", "快递柜挡住消防通道，建议移到门卫室旁边。", Matter.SAFETY),
    ("放学后的小饭桌", "孩子放学到家长下班没有地方去。", Matter.YOUNG),
    ("屋顶漏水一次修好", "修了三次还漏，建议整片翻修。", Matter.HOUSING),
    ("增加室外充电桩", "充电要排一小时，建议再装两组。", Matter.SAFETY),
    ("菜场门口加一班短驳车", "菜场搬远了，老人买菜不方便。", Matter.TRAFFIC),
)


def tell_congress(one: Neighbourhood, two: Neighbourhood, top_ten: Poll) -> None:
    """Both congresses, in the order in which they happened."""
    department = _department(one)
    _last_year(two)
    _this_year(one, two, top_ten, department)


def _department(place: Neighbourhood) -> Organisation:
    """The street's section for public works, and the clerk whom the visitor may be."""
    street = place.sub_district
    kind = Organisation.Kind.DEPARTMENT
    Organisation.objects.create(sub_district=street, kind=kind, name="社区事务科（演示）")
    department = Organisation.objects.create(
        sub_district=street, kind=kind, name="城市管理科（演示）"
    )
    Posting.objects.create(
        user=person("department"), office="department", sub_district=street,
        organisation=department, since=timezone.localdate() - 365 * DAY,
    )  # fmt: skip
    return department


def _prepared(host: Neighbourhood, year: int, theme: str) -> Congress:
    zhao, today = person("street"), timezone.localdate()
    congress = acts.prepare_congress(
        host, term=2, year=year, theme=theme, legal_basis="社区代表会议制度", by=zhao
    )
    if not congress.representatives.exists():
        seats = [(name, "", *what) for name, *what in SEATS]
        wang = User.objects.by_phone("+8613800000001")
        if wang:
            seats.insert(0, (wang.name, wang.phone, "building_leader", "elected"))
        for name, phone, category, way in seats:
            acts.add_representative(
                congress, neighbourhood=host, name=name, phone=phone, category=Representative.Category(category), way=Representative.Way(way),
                since=today - 700 * DAY, until=today + 700 * DAY, by=zhao,
            )  # fmt: skip
    return acts.start_gathering(congress, by=zhao)


def _gathered(congress: Congress, area: Neighbourhood, texts: Sequence[str]) -> None:
    """A hearing, and what was said there and lay in the box."""
    zhao, matters = person("street"), list(Matter)
    hearing = acts.record_face_to_face(
        congress, neighbourhood=area, held_on=timezone.localdate() - DAY, place="居委会活动室",
        present=list(congress.representatives[:3]), came=46, summary="谈得最多的是停车和电梯。", by=zhao,
    )  # fmt: skip
    for n, text in enumerate(texts):
        at_hearing = n % 3 == 0
        issue = issues.gather_issue(
            congress, neighbourhood=area, text=text, category=matters[n % len(matters)],
            source=CongressIssue.Source.FACE_TO_FACE if at_hearing else CongressIssue.Source.BOX,
            hearing=hearing if at_hearing else None, by=zhao,
        )  # fmt: skip
        issues.sort_issue(
            issue, state=CongressIssue.State.LISTED, category=Matter(issue.category), by=zhao
        )


def _merged(congress: Congress, area: Neighbourhood, pairs: Sequence[tuple[int, str]]) -> None:
    """The same thing raised again goes into the first; a personal request stays beside."""
    zhao = person("street")
    for number, text in pairs:
        again = issues.gather_issue(
            congress, neighbourhood=area, text=text, category=Matter.OTHER,
            source=CongressIssue.Source.BOX, by=zhao,
        )  # fmt: skip
        target = congress.issues.get(number=number)
        issues.merge_issues(congress, issues=[again], target=target, by=zhao)
    own = issues.gather_issue(
        congress, neighbourhood=area, text="家门口要装一个扶手", category=Matter.ELDERLY,
        source=CongressIssue.Source.STAFF, by=zhao,
    )  # fmt: skip
    issues.sort_issue(
        own, state=CongressIssue.State.PERSONAL, category=Matter.ELDERLY, note="居委联系残联去装",
        by=zhao,
    )  # fmt: skip


def _frozen(congress: Congress) -> Congress:
    soon = timezone.now() + 8 * DAY
    return acts.freeze_candidates(
        congress, opens_at=soon, closes_at=soon + 14 * DAY, by=person("street")
    )


def _last_year(place: Neighbourhood) -> None:
    """Thirty issues to ten: gathered, voted on, held, being done."""
    zhao, chen = person("street"), person("committee")
    congress = _prepared(place, timezone.localdate().year - 1, "听民意，办实事")
    _gathered(congress, place, LAST_YEAR)
    _merged(congress, place, [(1, "楼上没有电梯，老人不方便"), (4, "车没地方停")])
    congress = _frozen(congress)
    poll = congress_ballot.draft_top_ten(congress, neighbourhood=place, by=chen)
    polls.announce_poll(poll, by=chen)
    rolls.build_roll(poll, by=chen)
    rolls.freeze_roll(poll, by=chen)
    now, year = timezone.now(), 330 * DAY
    _pass(poll, announced_at=now - 10 * DAY, opens_at=now - DAY, closes_at=now + DAY)
    polls.open_poll(poll, by=chen)
    chance = random.Random(10)  # noqa: S311 made-up votes, not secrets
    for entry in poll.roll.order_by("number")[:12]:
        picked = {str(1 + int(len(LAST_YEAR) * chance.random() ** 1.7)) for _n in range(10)}
        ballots.cast_on_tablet(
            entry, choices={"1": sorted(picked)}, witness=person("colleague"),
            form_key=secrets.token_hex(16), by=chen,
        )  # fmt: skip
    _pass(poll, closes_at=timezone.now())
    polls.close_poll(poll)
    result = counting.finish_count(poll, by=chen)
    PollResult.objects.filter(pk=result.pk).update(objections_until=timezone.localdate() - DAY)
    counting.print_result_notices()
    counting.publish_result(poll, by=chen)
    days = ("announced_at", "opens_at", "opened_at", "closes_at", "closed_at", "counted_at")
    _pass(poll, **{name: now - year + n * DAY for n, name in enumerate(days)})
    acts.hold_congress(
        congress, held_on=timezone.localdate() - 320 * DAY, place="街道社区文化活动中心", by=zhao
    )
    congress_ballot.take_up_ten(congress)
    done = congress.issues.filter(state=CongressIssue.State.CHOSEN).order_by("-votes")
    for issue, became in zip(done, ("已办好，居民验收过。", "正在施工，年底完工。"), strict=False):
        issues.report_issue(issue, became=became, by=chen)


def _pass(poll: Poll, **moments: dt.datetime) -> None:
    """Time passes."""
    Poll.objects.filter(pk=poll.pk).update(**moments)


def _this_year(
    one: Neighbourhood, two: Neighbourhood, top_ten: Poll, department: Organisation
) -> None:
    """The thirty candidates of the open ballot; and opinions in every state."""
    congress = _prepared(two, timezone.localdate().year, "大家的事大家商量")
    _gathered(congress, one, ISSUES)
    _merged(congress, one, [(3, "六楼下来一趟要歇三次"), (7, "夜里车位都被外面的车占了")])
    _frozen(congress)
    Congress.objects.filter(pk=congress.pk).update(
        opens_at=top_ten.opens_at, closes_at=top_ten.closes_at
    )
    AreaBallot.objects.create(neighbourhood=one, congress=congress, poll=top_ten)
    if congress.representatives.filter(name="王桂芳", user__isnull=False).exists():
        _opinions(congress, department)


def _opinions(congress: Congress, department: Organisation) -> None:
    """Nine opinions of 王桂芳, each one step further than the one before."""
    wang, zhao, clerk = person("resident"), person("street"), person("department")
    seat = congress.representatives.get(user=wang)
    handed_in = [
        written.write_opinion(
            congress, representative=seat, title=title, text=text, category=matter, by=wang
        )
        for title, text, matter in OPINIONS
    ]
    assigned = []
    for n, opinion in enumerate(handed_in[1:], 1):
        written.receive_opinion(
            opinion,
            category=Matter(opinion.category),
            grade=WrittenOpinion.Grade.ORDINARY,
            by=zhao,
        )
        if n > 1:
            assigned.append(written.assign_opinion(opinion, lead=department, by=zhao))
    in_hand, back, reported, *answered = assigned
    OpinionClock.objects.filter(opinion=in_hand.opinion, kind="result").update(
        starts_on=timezone.localdate() - 22 * DAY, due_on=timezone.localdate() - DAY
    )
    written.ask_return(back, reason="快递柜由物业管，请交社区事务科。", by=clerk)
    for part in (reported, *answered):
        opinion_answers.submit_result(
            part, result="已到现场看过，和居委、物业商量定了办法。", by=clerk
        )
    plan = {"promise": "整片翻修，一次修好", "promise_due": timezone.localdate() + 120 * DAY}
    words: tuple[tuple[str, dict[str, Any]], ...] = (("A", {}), ("B", plan), ("A", {}), ("D", {}))
    for part, (reply_class, more) in zip(answered, words, strict=True):
        opinion_answers.reply_opinion(
            part,
            reply_class=OpinionReply.Class(reply_class),
            text="已到现场看过，办法见公示栏。",
            by=clerk,
            **more,
        )
    for part, outcome in zip(answered[1:], ("satisfied", "satisfied", "unsatisfied"), strict=True):
        opinion_answers.rate_opinion(
            part.opinion,
            attitude=Satisfaction.SATISFIED,
            outcome=Satisfaction(outcome),
            remark="希望再想想办法。",
            by=wang,
        )
