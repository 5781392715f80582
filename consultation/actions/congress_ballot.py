"""The ballot of ten (票选十大问题): one frozen list, a poll in each area, one sum, once into the plan."""

from collections import Counter

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import (
    AreaBallot,
    Congress,
    CongressIssue,
    FollowUp,
    Poll,
    PollKind,
    Secrecy,
)
from consultation.queries.congress import counting_ten, live_ballots
from consultation.tally import Ranking, top_of

from .congress import locked_congress, refuse_other_streets, refuse_unless_in
from .polls import draft_poll, set_questions

State = CongressIssue.State


@transaction.atomic
def draft_top_ten(congress: Congress, *, neighbourhood: Neighbourhood, by: User) -> Poll:
    """Draft the poll of one area on the frozen list (起草票选), with the times that hold for all."""
    congress = locked_congress(congress)
    ballot = AreaBallot(neighbourhood=neighbourhood, congress=congress)
    require(by, "consultation.draft_top_ten", ballot)
    refuse_unless_in(congress, Congress.State.BALLOTING)
    refuse_other_streets(congress, neighbourhood)
    if live_ballots(congress).filter(neighbourhood=neighbourhood).exists():
        raise Refused(_("这个居民区的票选已经起草"))
    kind = _kind(congress, neighbourhood)
    ballot.poll = draft_poll(
        neighbourhood,
        kind=kind,
        code=_code(congress, neighbourhood),
        title=_("票选 %(year)s 年要办的十件事") % {"year": congress.next_year},
        explanation=_("问题由社区代表面对面、意见箱和居民提出。得票前十的列入明年工作。"),
        secrecy=Secrecy(kind.secrecies[0]),
        opens_at=congress.opens_at,  # type: ignore[arg-type]  # the database: not without
        closes_at=congress.closes_at,  # type: ignore[arg-type]
        by=by,
    )
    question = _("请选出您最希望明年解决的问题，最多十个。")
    if kind.exactly:
        question = _("请选出您最希望明年解决的十个问题。")
    candidates = congress.issues.filter(state=State.CANDIDATE).order_by("candidate_no")
    texts = list(candidates.values_list("text", flat=True))
    set_questions(ballot.poll, questions=[(question, texts)], by=by)
    ballot.save(force_insert=True)
    record("consultation.draft_top_ten", congress, by=by, poll=ballot.poll.code)
    return ballot.poll


def _kind(congress: Congress, area: Neighbourhood) -> PollKind:
    usable = PollKind.objects.usable(area, timezone.localdate())
    found = [kind for kind in usable if kind.code == congress.ballot_kind]
    if not found:
        raise Refused(_("这里没有票选十大问题的表决种类，请管理员先设好"))
    return found[0]


def _code(congress: Congress, area: Neighbourhood) -> str:
    """Free also when an earlier poll of the same area was voided."""
    stem = f"top-ten-{congress.next_year}-{area.code}"[:56]
    taken = Poll.objects.filter(code__startswith=stem).count()
    return f"{stem}-{taken + 1}" if taken else stem


@transaction.atomic
def take_up_ten(congress: Congress) -> bool:
    """Once every area has published, the first ten of the sum go into next year's plan. By the clock."""
    congress = locked_congress(congress)
    if congress.elected_at is not None or counting_ten(congress):
        return False
    ranking = ranked(congress)
    for issue in congress.issues.filter(state=State.CANDIDATE):
        number = str(issue.candidate_no)
        chosen = number in ranking.elected
        issue.move_to(State.CHOSEN if chosen else State.KEPT)
        issue.votes = ranking.votes[number]
        issue.planned_for = congress.next_year if chosen else None
        issue.save(update_fields=["state", "votes", "planned_for"])
    congress.elected_at = timezone.now()
    congress.save(update_fields=["elected_at"])
    # What each area's poll obliges to is decided by the sum; the issues go on from here.
    tasks = FollowUp.objects.filter(poll__area_ballot__congress=congress, done_at=None)
    tasks.update(done_at=congress.elected_at, note=_("各居民区票数合计后，由社区代表会议列入"))
    record("consultation.take_up_ten", congress, chosen=len(ranking.elected))
    return True


def ranked(congress: Congress) -> Ranking:
    """The votes of all areas added up; a tie at rank ten is settled by the rule of the poll's kind."""
    ballots = list(live_ballots(congress))
    votes: Counter[str] = Counter()
    voters = 0
    for ballot in ballots:
        figures = ballot.poll.result.shown
        votes.update(figures["questions"][0]["votes"])
        voters += figures["participating"]["heads"]
    numbers = congress.issues.exclude(candidate_no=None).order_by("candidate_no")
    listed = {str(n): votes[str(n)] for n in numbers.values_list("candidate_no", flat=True)}
    kind = ballots[0].poll.kind
    return top_of(listed, kind.places, kind.ties, voters)


def take_up_due() -> int:
    """Whatever is published and was not taken up yet. By the clock."""
    waiting = Congress.objects.filter(
        elected_at=None, ballots__poll__state=Poll.State.PUBLISHED
    ).distinct()
    return sum(take_up_ten(congress) for congress in waiting)
