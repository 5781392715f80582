"""House rules from the vote into force (守则表决、生效): the poll decides, the publicity ends, the clock acts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.publicity.actions import draft_publicity, post_publicity
from caoyang_portal.publicity.models import Publicity
from consultation.models import Poll, PollKind, RulesVersion, Secrecy
from consultation.queries.house_rules import ABOUT, full_text, voting

from .house_rules import locked_version
from .polls import draft_poll, set_questions

State = RulesVersion.State
KIND = "house-rules"
MOST_WORDS = 5000  # of a poll's explanation


@transaction.atomic
def put_to_poll(
    version: RulesVersion,
    *,
    code: str,
    secrecy: Secrecy,
    opens_at: datetime,
    closes_at: datetime,
    by: User,
) -> Poll:
    """Draft the poll on a version (交付表决); the committee goes on with it at the desk of polls."""
    version = locked_version(version)
    require(by, "consultation.put_to_poll", version)
    for problem in voting(version):
        raise Refused(problem)
    version.move_to(State.VOTING)
    building = version.rules.building
    poll = draft_poll(
        version.neighbourhood,
        kind=_kind(version),
        code=code,
        title=f"{version.rules.name}（第 {version.number} 版）"[:120],
        secrecy=secrecy,
        opens_at=opens_at,
        closes_at=closes_at,
        explanation=_explanation(version),
        scope=Poll.Scope.BUILDING if building else Poll.Scope.NEIGHBOURHOOD,
        building=building,
        by=by,
    )
    question = f"您是否同意{version.rules.name}（第 {version.number} 版）？"
    set_questions(poll, questions=[(question, ())], by=by)
    version.poll = poll
    version.published_at = version.published_at or timezone.now()
    version.save(update_fields=["state", "poll", "published_at"])
    record("consultation.put_to_poll", version, by=by, version=version.pk, poll=poll.pk)
    return poll


def _explanation(version: RulesVersion) -> str:
    """The whole text where it fits, else where to read it: its words stand already."""
    text = full_text(version)
    if len(text) <= MOST_WORDS:
        return text
    n = version.articles.filter(position__isnull=False).count()
    return (
        f"守则全文共 {n} 条，见 {settings.SITE_URL}/rules/versions/{version.pk}/，也可到居委看。"
    )


def _kind(version: RulesVersion) -> PollKind:
    usable = PollKind.objects.usable(version.neighbourhood, timezone.localdate())
    kind = next((one for one in usable if one.code == KIND), None)
    if kind is None:
        raise Refused(_("现在没有可用的“住户守则”表决种类"))
    return kind


@transaction.atomic
def adopt_version(version: RulesVersion) -> RulesVersion:
    """The published result decides (守则通过或没有通过), once: what is adopted is posted. By the clock."""
    version = locked_version(version)
    poll = version.poll
    if version.state != State.VOTING or poll is None or poll.state != Poll.State.PUBLISHED:
        return version
    if not poll.result.shown["questions"][0]["passed"]:
        version.move_to(State.REJECTED)
        version.save(update_fields=["state"])
        record("consultation.reject_version", version, version=version.pk)
        return version
    version.move_to(State.ADOPTED)
    version.adopted_at = timezone.now()
    posted = _posted(version, poll)
    version.in_force_on = posted.ends_on + timedelta(days=1)
    version.save(update_fields=["state", "adopted_at", "in_force_on"])
    record("consultation.adopt_version", version, version=version.pk, publicity=posted.pk)
    return version


def _posted(version: RulesVersion, poll: Poll) -> Publicity:
    publicity = draft_publicity(
        version.neighbourhood,
        title=f"{version.rules.name}（第 {version.number} 版）已通过"[:120],
        body=full_text(version),
        legal_basis=poll.kind.legal_basis,
        days=version.publicity_days,
        about=ABOUT,
        about_id=version.pk,
        link=f"/rules/versions/{version.pk}/",
        by=None,
    )
    return post_publicity(publicity, by=None)


@transaction.atomic
def reopen_version(version: RulesVersion) -> RulesVersion:
    """The poll was void (表决作废): the version may be put to another. By the clock."""
    version = locked_version(version)
    poll = version.poll
    if version.state != State.VOTING or poll is None or poll.state != Poll.State.VOID:
        return version
    version.move_to(State.COMMENTED)
    version.poll = None
    version.save(update_fields=["state", "poll"])
    record("consultation.reopen_version", version, version=version.pk, poll=poll.pk)
    return version


@transaction.atomic
def put_in_force(version: RulesVersion) -> RulesVersion:
    """Its publicity is over (守则生效): it replaces the one before, and the poll's task is done. By the clock."""
    version = locked_version(version)
    poll = version.poll
    if version.state != State.ADOPTED or poll is None:
        return version
    today = timezone.localdate()
    for before in version.rules.versions.in_force().select_for_update():
        before.move_to(State.REPLACED)
        before.replaced_on = today
        before.save(update_fields=["state", "replaced_on"])
    version.move_to(State.IN_FORCE)
    version.in_force_on = today
    version.save(update_fields=["state", "in_force_on"])
    note = f"{version.rules.name}（第 {version.number} 版）自 {today:%Y-%m-%d} 起生效"
    poll.follow_ups.filter(done_at=None).update(done_at=timezone.now(), note=note)
    record("consultation.put_in_force", version, version=version.pk, on=today)
    return version
