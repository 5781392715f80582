"""Drafting house rules article by article, comments and their answers (守则起草)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.calendars.deadlines import add_days
from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import (
    ArticleComment,
    HouseRules,
    RulesAcknowledgement,
    RulesArticle,
    RulesVersion,
)
from consultation.queries.house_rules import articles_of
from households.models import Household

State = RulesVersion.State
MOST_OF_ONE = 50  # comments of one person on one version


def locked_version(version: RulesVersion) -> RulesVersion:
    """The version as it stands; its rules' row is held, so that two versions wait for each other."""
    HouseRules.objects.select_for_update().get(pk=version.rules_id)
    return (
        RulesVersion.objects.select_for_update(of=("self",))
        .select_related("rules__building", "neighbourhood", "based_on", "poll")
        .get(pk=version.pk)
    )


def _refuse_unless_draft(version: RulesVersion) -> None:
    if version.state != State.DRAFT:
        raise Refused(_("这一版已经发布，要改请起草新版"))


@transaction.atomic
def start_house_rules(
    neighbourhood: Neighbourhood,
    *,
    name: str,
    building: Building | None = None,
    preface: str = "",
    by: User,
) -> RulesVersion:
    """Begin rules where there are none (起草守则); their first version is a draft."""
    rules = HouseRules(neighbourhood=neighbourhood, building=building, name=name.strip())
    require(by, "consultation.start_house_rules", rules)
    if building and building.neighbourhood_id != neighbourhood.pk:
        raise Refused(_("这一幢不属于本居民区"))
    if HouseRules.objects.filter(neighbourhood=neighbourhood, name=rules.name).exists():
        raise Refused(_("已经有叫这个名字的守则"))
    rules.save(force_insert=True)
    version = RulesVersion.objects.create(
        neighbourhood=neighbourhood, rules=rules, number=1, preface=preface, drafted_by=by
    )
    record("consultation.start_house_rules", rules, by=by)
    return version


@transaction.atomic
def draft_version(based_on: RulesVersion, *, why: str, by: User) -> RulesVersion:
    """Draft the next version from one that is there (起草新版); that one stays as it is."""
    based_on = locked_version(based_on)
    require(by, "consultation.draft_version", based_on)
    if based_on.state == State.DRAFT:
        raise Refused(_("这一版还是草稿，直接改就可以"))
    if based_on.rules.versions.filter(state__in=RulesVersion.ON_THE_WAY).exists():
        raise Refused(_("还有一版没有办完，请先办完"))
    last = based_on.rules.versions.aggregate(last=Max("number"))["last"]
    version = RulesVersion.objects.create(
        neighbourhood=based_on.neighbourhood, rules=based_on.rules, number=last + 1,
        based_on=based_on, preface=based_on.preface, why=why, drafted_by=by,
    )  # fmt: skip
    RulesArticle.objects.bulk_create(
        RulesArticle(
            neighbourhood_id=version.neighbourhood_id, version=version, line=article.line,
            position=article.position, heading=article.heading, text=article.text,
        )
        for article in articles_of(based_on)
    )  # fmt: skip
    record("consultation.draft_version", version, by=by, version=version.pk, based_on=based_on.pk)
    return version


@transaction.atomic
def edit_version(version: RulesVersion, *, changes: dict[str, Any], by: User) -> RulesVersion:
    """Change what stands before the articles of a draft (修改开头)."""
    version = locked_version(version)
    require(by, "consultation.edit_version", version)
    _refuse_unless_draft(version)
    version.preface = changes.get("preface", version.preface)
    version.why = changes.get("why", version.why)
    version.publicity_days = changes.get("publicity_days", version.publicity_days)
    version.save(update_fields=["preface", "why", "publicity_days"])
    record("consultation.edit_version", version, by=by, version=version.pk)
    return version


@transaction.atomic
def add_article(version: RulesVersion, *, heading: str, text: str, by: User) -> RulesArticle:
    """Add an article at the end of a draft (添加条款)."""
    version = locked_version(version)
    require(by, "consultation.add_article", version)
    _refuse_unless_draft(version)
    last = version.articles.aggregate(last=Max("position"))["last"] or 0
    article = RulesArticle.objects.create(
        neighbourhood_id=version.neighbourhood_id, version=version, position=last + 1,
        heading=heading.strip(), text=text.strip(),
    )  # fmt: skip
    record("consultation.add_article", article, by=by, version=version.pk, line=article.line)
    return article


def _locked_article(article: RulesArticle) -> RulesArticle:
    version = locked_version(article.version)
    article = RulesArticle.objects.get(pk=article.pk)
    article.version = version
    return article


@transaction.atomic
def edit_article(article: RulesArticle, *, heading: str, text: str, by: User) -> RulesArticle:
    """Change an article of a draft (修改条款); the version before keeps its words."""
    article = _locked_article(article)
    require(by, "consultation.edit_article", article)
    _refuse_unless_draft(article.version)
    article.heading, article.text = heading.strip(), text.strip()
    article.save(update_fields=["heading", "text"])
    record("consultation.edit_article", article, by=by, line=article.line)
    return article


@transaction.atomic
def move_article(article: RulesArticle, *, up: bool, by: User) -> RulesArticle:
    """Let it change places with its neighbour (移动条款)."""
    article = _locked_article(article)
    require(by, "consultation.move_article", article)
    _refuse_unless_draft(article.version)
    order = [one.pk for one in articles_of(article.version)]
    if article.pk not in order:
        raise Refused(_("这一条已经删去"))
    here = order.index(article.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        raise Refused(_("已经在最前面了") if up else _("已经在最后面了"))
    order[here], order[there] = order[there], order[here]
    _renumber(order)
    record("consultation.move_article", article, by=by, line=article.line, up=up)
    return RulesArticle.objects.get(pk=article.pk)


def _renumber(order: list[Any]) -> None:
    for position, pk in enumerate(order, 1):
        RulesArticle.objects.filter(pk=pk).exclude(position=position).update(position=position)


@transaction.atomic
def remove_article(article: RulesArticle, *, reason: str, by: User) -> RulesArticle:
    """Strike an article out of a draft, for a reason that stays (删去条款)."""
    article = _locked_article(article)
    require(by, "consultation.remove_article", article)
    _refuse_unless_draft(article.version)
    if not reason.strip():
        raise Refused(_("请写明原因"))
    if article.position is None:
        raise Refused(_("这一条已经删去"))
    article.position, article.removed_because = None, reason.strip()
    article.save(update_fields=["position", "removed_because"])
    _renumber([one.pk for one in articles_of(article.version)])
    record("consultation.remove_article", article, by=by, line=article.line)
    return article


@transaction.atomic
def publish_version(version: RulesVersion, *, days: int, by: User) -> RulesVersion:
    """Put a draft before the residents for comments (征求意见): its words stand from here."""
    version = locked_version(version)
    require(by, "consultation.publish_version", version)
    if not articles_of(version):
        raise Refused(_("还没有条款"))
    version.move_to(State.COMMENTING)
    version.published_at = timezone.now()
    version.comments_until = add_days(timezone.localdate(), days)
    version.save(update_fields=["state", "published_at", "comments_until"])
    record("consultation.publish_version", version, by=by, version=version.pk, until=version.comments_until)  # fmt: skip
    return version


@transaction.atomic
def close_comments(version: RulesVersion) -> RulesVersion:
    """The days for comments are over (意见截止). By the clock."""
    version = locked_version(version)
    if version.state != State.COMMENTING or timezone.localdate() <= version.comments_until:
        return version
    version.move_to(State.COMMENTED)
    version.save(update_fields=["state"])
    record("consultation.close_comments", version, version=version.pk)
    return version


@transaction.atomic
def drop_version(version: RulesVersion, *, reason: str, by: User) -> RulesVersion:
    """Give a version up (放弃); it stays to be read."""
    version = locked_version(version)
    require(by, "consultation.drop_version", version)
    if not reason.strip():
        raise Refused(_("请写明原因"))
    version.move_to(State.DROPPED)
    version.drop_reason = reason.strip()
    version.save(update_fields=["state", "drop_reason"])
    record("consultation.drop_version", version, by=by, version=version.pk)
    return version


@transaction.atomic
def comment_on_rules(
    version: RulesVersion, *, text: str, article: RulesArticle | None = None, by: User
) -> ArticleComment:
    """Say what is wrong with an article, or with the whole (提意见); sent twice it is one."""
    version = locked_version(version)
    comment = ArticleComment(
        neighbourhood_id=version.neighbourhood_id, version=version, article=article,
        text=text.strip(), raised_by=by,
    )  # fmt: skip
    require(by, "consultation.comment_on_rules", comment)
    mine = version.comments.filter(raised_by=by)
    same = mine.filter(article=article, text=comment.text).first()
    if same:
        return same
    if article is not None and article.version_id != version.pk:
        raise Refused(_("这一条不在这一版里"))
    if not version.takes_comments(timezone.localdate()):
        raise Refused(_("征求意见的时间已经过了"))
    if mine.count() >= MOST_OF_ONE:
        raise Refused(_("您已经提了很多条，请到居委当面说"))
    comment.save(force_insert=True)
    record("consultation.comment_on_rules", comment, by=by, comment=comment.pk)
    return comment


@transaction.atomic
def answer_comment(
    comment: ArticleComment, *, taken: bool, answer: str, by: User
) -> ArticleComment:
    """Take it, or say why not (答复意见); once."""
    comment = ArticleComment.objects.select_for_update().get(pk=comment.pk)
    require(by, "consultation.answer_comment", comment)
    if comment.taken is not None:
        raise Refused(_("这条意见已经答复"))
    if not answer.strip():
        raise Refused(_("请写明答复的理由"))
    comment.taken, comment.answer = taken, answer.strip()
    comment.answered_at, comment.answered_by = timezone.now(), by
    comment.save(update_fields=["taken", "answer", "answered_at", "answered_by"])
    record("consultation.answer_comment", comment, by=by, comment=comment.pk, taken=taken)
    return comment


@transaction.atomic
def acknowledge_rules(
    version: RulesVersion, *, household: Household, by: User
) -> RulesAcknowledgement:
    """A household has read them (知晓): one tap, once; or said so at the counter."""
    version = RulesVersion.objects.select_related("rules").get(pk=version.pk)
    note = RulesAcknowledgement(
        neighbourhood_id=version.neighbourhood_id, version=version, household=household, by=by
    )
    require(by, "consultation.acknowledge_rules", note)
    if version.state != State.IN_FORCE:
        raise Refused(_("这一版不是现在生效的"))
    building = version.rules.building_id
    if household.neighbourhood_id != version.neighbourhood_id or (
        building and household.building_id != building
    ):
        raise Refused(_("这份守则不管这一户"))
    RulesAcknowledgement.objects.bulk_create([note], ignore_conflicts=True)
    kept = RulesAcknowledgement.objects.get(version=version, household=household)
    if kept.pk == note.pk:
        record("consultation.acknowledge_rules", kept, by=by, household=household.pk)
    return kept


def close_due_comments(today: date) -> None:
    """By the clock."""
    for version in RulesVersion.objects.filter(state=State.COMMENTING, comments_until__lt=today):
        close_comments(version)
