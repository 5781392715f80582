"""What "my home" shows (我的家): its stage, what to do next, who still has to sign, its papers."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.community.models import User
from households.models import Agreement, Household, Mandate, Plan, Project, Signature
from households.models.files import own_ids
from households.models.lookups import ids

from .journey import Journey, journey_of

Stage = Project.Stage
# The stages as one would explain them at the door.
PLAIN = {
    Stage.ASSESSMENT: gettext_lazy("专家来看房子，定怎么改"),
    Stage.FIRST_CONSENT: gettext_lazy("问大家愿不愿意改"),
    Stage.PLAN_LISTED: gettext_lazy("排进市里的改造计划"),
    Stage.SURVEY: gettext_lazy("上门了解每家的情况"),
    Stage.DESIGN: gettext_lazy("给每家画一张新图纸"),
    Stage.PLAN_CONSULT: gettext_lazy("方案贴出来，听大家意见"),
    Stage.PLAN_APPROVED: gettext_lazy("方案批下来了"),
    Stage.SIGNING: gettext_lazy("各家签协议"),
    Stage.EFFECTIVE: gettext_lazy("协议生效，准备搬家"),
    Stage.MOVEOUT: gettext_lazy("搬出去过渡"),
    Stage.CONSTRUCTION: gettext_lazy("施工"),
    Stage.ACCEPTANCE: gettext_lazy("验收房子"),
    Stage.ALLOCATION: gettext_lazy("选房"),
    Stage.MOVEBACK: gettext_lazy("搬回新家"),
    Stage.CERTIFICATE: gettext_lazy("换新的房本或凭证"),
    Stage.AFTERCARE: gettext_lazy("住进去以后的事"),
}


@dataclass(frozen=True)
class Milestone:
    """One stage on the way, in plain words."""

    label: str
    words: str
    state: str  # done, here, ahead
    at: datetime | None = None


@dataclass(frozen=True)
class NextDeed:
    """The one thing to do now."""

    words: str
    button: str = ""
    url_name: str = ""
    pk: object = None


@dataclass
class Home:
    """One home of one reader."""

    household: Household
    reader: User
    project: Project | None
    agreement: Agreement | None
    plan: Plan | None
    journey: Journey | None = field(default=None)

    @cached_property
    def milestones(self) -> list[Milestone]:
        if self.project is None:
            return []
        entered = {record.stage: record.at for record in self.project.stage_records.order_by("at")}
        chain = [
            stage
            for stage in Project.CHAIN
            if stage != Stage.ALLOCATION or self.project.kind == Project.Kind.REBUILD
        ]
        here = chain.index(Stage(self._stage_shown))
        return [
            Milestone(
                str(stage.label),
                str(PLAIN[stage]),
                "done" if n < here else "here" if n == here else "ahead",
                entered.get(stage.value),
            )
            for n, stage in enumerate(chain)
        ]

    @property
    def _stage_shown(self) -> str:
        lapsed = self.project is not None and self.project.stage == Stage.LAPSED
        return Stage.SIGNING if lapsed or self.project is None else self.project.stage

    @property
    def near(self) -> list[Milestone]:
        """The stage just passed, the one now, the two to come."""
        here = next((n for n, m in enumerate(self.milestones) if m.state == "here"), 0)
        return self.milestones[max(0, here - 1) : here + 3]

    @property
    def shows_cosigners(self) -> bool:
        return self.journey is not None and self.journey.is_cosigner

    @property
    def receipts(self) -> list[Signature]:
        return self.journey.receipts if self.journey else []

    @cached_property
    def next_deed(self) -> NextDeed:
        return _signing_deed(self) or _plan_deed(self) or NextDeed(_waiting(self))


def _signing_deed(home: Home) -> NextDeed | None:
    journey = home.journey
    if journey is None or home.agreement is None or journey.closed or journey.mine is None:
        return None
    begun = journey.progress.identity_confirmed_at is not None
    return NextDeed(
        _("您家的协议可以签了。签好以后有回执。"),
        _("继续签约") if begun else _("去签约"),
        "sign_tasks" if begun else "sign",
        home.agreement.pk,
    )


def _plan_deed(home: Home) -> NextDeed | None:
    if home.plan is None or hasattr(home.plan, "confirmation") or home.agreement is not None:
        return None
    return NextDeed(
        _("您家的新方案出来了，请看看合不合适。"), _("看我家的方案"), "plan_detail", home.plan.pk
    )


def _waiting(home: Home) -> str:
    if home.journey and home.journey.overtaken:
        return home.journey.overtaken
    if home.agreement is not None and home.agreement.state in Agreement.COUNTED:
        return _("您家已经签好了。现在不用办什么，有消息会发短信给您。")
    if home.receipts:
        return _("您已签好，还在等家里其他人签。")
    return _("现在不用您办什么。到时候会发短信告诉您。")


def homes_of(user: User) -> QuerySet[Household]:
    """The households of ``user``, and those of the people they hold a mandate of."""
    principals = Mandate.objects.live(timezone.localdate()).filter(agent=user)
    return (
        Household.objects.filter(
            Q(pk__any=own_ids(user)) | Q(pk__any=ids(principals, "household_id"))
        )
        .select_related("building", "neighbourhood")
        .order_by("building__number", "door", "room", "part")
    )


def home_of(household: Household, reader: User) -> Home:
    """Everything the page of one home shows."""
    agreement = (
        Agreement.objects.at_home_of(reader)
        .live()
        .filter(household=household)
        .select_related("project__neighbourhood", "sealing", "household__building")
        .defer("text")
        .order_by("-made_at")
        .first()
    )
    project = agreement.project if agreement else _project_around(household)
    plan = (
        Plan.objects.filter(household=household, published_at__isnull=False)
        .select_related("confirmation")
        .order_by("-version")
        .first()
    )
    journey = journey_of(agreement, reader) if agreement else None
    return Home(household, reader, project, agreement, plan, journey)


def _project_around(household: Household) -> Project | None:
    return (
        Project.objects.filter(neighbourhood=household.neighbourhood_id)
        .order_by("-created_at")
        .first()
    )
