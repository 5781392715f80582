"""House rules (住户守则): articles in versions, comments, the vote, and who has taken note."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, User
from caoyang_portal.confidential import mask_name
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from households.models import Household

from .polls import STAFF, Poll


class HouseRules(models.Model):
    """The rules of a neighbourhood or of one building (住户守则), through all their versions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True)
    name = models.CharField(_("名称"), max_length=80)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "name"], name="house_rules_are_named_once"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def ledger_chain(self) -> str:
        return f"house-rules:{self.pk}"


class RulesVersionQuerySet(models.QuerySet):
    def public(self):
        """All but drafts and what was dropped before anybody saw it."""
        return self.exclude(state=RulesVersion.State.DRAFT).exclude(
            state=RulesVersion.State.DROPPED, published_at=None
        )

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.public()
        here = user.reach(*STAFF, "street_official", "auditor")
        return self.filter(
            Q(pk__in=self.public().values("pk")) | Q(rules__neighbourhood_id__in=here)
        )

    def in_force(self):
        return self.filter(state=RulesVersion.State.IN_FORCE)


class RulesVersion(models.Model):
    """One version of house rules (守则版本): drafted, commented on, voted on, in force, replaced."""

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        COMMENTING = "commenting", _("征求意见中")
        COMMENTED = "commented", _("意见已收完")
        VOTING = "voting", _("表决中")
        ADOPTED = "adopted", _("已通过，公示中")
        IN_FORCE = "in_force", _("生效中")
        REPLACED = "replaced", _("已被新版代替")
        REJECTED = "rejected", _("没有通过")
        DROPPED = "dropped", _("已放弃")

    MOVES = {
        State.DRAFT: {State.COMMENTING, State.VOTING, State.DROPPED},
        State.COMMENTING: {State.COMMENTED, State.DROPPED},
        State.COMMENTED: {State.VOTING, State.DROPPED},
        State.VOTING: {State.ADOPTED, State.REJECTED, State.COMMENTED},  # back: the poll was void
        State.ADOPTED: {State.IN_FORCE},
        State.IN_FORCE: {State.REPLACED},
        State.REPLACED: set(),
        State.REJECTED: set(),
        State.DROPPED: set(),
    }
    ON_THE_WAY = ("draft", "commenting", "voting", "adopted")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    rules = models.ForeignKey(HouseRules, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="next_versions")
    preface = models.TextField(_("开头的话"), blank=True)
    why = models.CharField(_("为什么改"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    drafted_at = models.DateTimeField(default=timezone.now)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(
        null=True
    )  # put before the residents, for comments or a vote
    comments_until: Any = models.DateField(_("意见截止"), null=True)
    # Null until it is put to a vote; the database sees to the rest.
    poll: Any = models.OneToOneField(Poll, models.PROTECT, null=True, related_name="rules_version")
    publicity_days = models.PositiveSmallIntegerField(_("通过后公示几天"), default=7)
    adopted_at = models.DateTimeField(null=True)
    in_force_on = models.DateField(_("生效日期"), null=True)
    replaced_on = models.DateField(_("失效日期"), null=True)
    drop_reason = models.CharField(_("放弃的原因"), max_length=300, blank=True)

    objects = RulesVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["rules", "number"], name="a_rules_version_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["rules"],
                condition=Q(state__in=["draft", "commenting", "voting", "adopted"]),
                name="one_version_of_house_rules_is_on_its_way",
            ),
            models.UniqueConstraint(
                fields=["rules"],
                condition=Q(state="in_force"),
                name="one_version_of_house_rules_is_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["adopted", "in_force", "replaced"])
                | Q(adopted_at__isnull=False, poll__isnull=False),
                name="adopted_house_rules_were_voted_on",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "replaced"]) | Q(in_force_on__isnull=False),
                name="house_rules_in_force_say_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(drop_reason=""),
                name="dropped_house_rules_say_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["commenting", "commented"])
                | Q(published_at__isnull=False),
                name="commented_house_rules_were_published",
            ),
        ]

    def __str__(self):
        return gettext("%(name)s（第 %(n)s 版）") % {"name": self.rules.name, "n": self.number}

    @property
    def ledger_chain(self) -> str:
        return f"house-rules:{self.rules_id}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                gettext("%(now)s的守则不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    def takes_comments(self, today) -> bool:
        return self.state == self.State.COMMENTING and today <= self.comments_until


class RulesArticle(models.Model):
    """One article in one version (守则条款); ``line`` is the same through the versions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    version = models.ForeignKey(RulesVersion, models.PROTECT, related_name="articles")
    line = models.UUIDField(default=new_id)
    position = models.PositiveSmallIntegerField(null=True)  # null: struck out of this version
    heading = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("条文"))
    removed_because = models.CharField(_("删去的原因"), max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "line"], name="an_article_stands_once_in_a_version"
            ),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="an_article_has_its_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(position__isnull=False) | ~Q(removed_because=""),
                name="a_struck_article_says_why",
            ),
        ]

    def __str__(self):
        return gettext("第 %(n)s 条 %(heading)s") % {"n": self.position, "heading": self.heading}

    @property
    def ledger_chain(self) -> str:
        return self.version.ledger_chain


class ArticleComment(models.Model):
    """What a resident says of an article, or of the whole (条款意见), and the answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    version = models.ForeignKey(RulesVersion, models.PROTECT, related_name="comments")
    article = models.ForeignKey(RulesArticle, models.PROTECT, null=True, related_name="comments")
    text = models.TextField(_("意见"))
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    taken = models.BooleanField(_("采纳"), null=True)
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken=None, answer="")
                | (Q(taken__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
                name="an_answered_comment_has_reasons",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_comment_says_something"),
        ]

    def __str__(self):
        return f"{self.version_id}: {self.text[:20]}"

    @property
    def ledger_chain(self) -> str:
        return self.version.ledger_chain

    @property
    def shown_name(self) -> str:
        return mask_name(self.raised_by.name)


class RulesAcknowledgement(models.Model):
    """A household has read the rules (守则知晓): one tap, no signature, nothing follows from its lack."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    version = models.ForeignKey(RulesVersion, models.PROTECT, related_name="acknowledgements")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")  # staff, if said at the counter

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "household"], name="a_household_takes_note_once"
            )
        ]

    def __str__(self):
        return f"{self.version_id}: {self.household_id}"

    @property
    def ledger_chain(self) -> str:
        return self.version.ledger_chain
