"""Shows of hands (举手表决): put by the host, counted before all, good only while the quorum holds."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from consultation.tally import ABSTAIN, NO, YES

from .attendance import Attendance, OfMeetings
from .meetings import AgendaItem, Meeting
from .polls import Poll
from .rolls import RollEntry


class ShowOfHands(models.Model):
    """One question decided by raising hands (举手表决), with the numbers it was valid by."""

    class State(models.TextChoices):
        OPEN = "open", _("正在举手")
        COUNTED = "counted", _("已计数")
        INVALID = "invalid", _("无效")
        WITHDRAWN = "withdrawn", _("已撤回")

    MOVES = {
        State.OPEN: {State.COUNTED, State.INVALID, State.WITHDRAWN},
        State.COUNTED: set(),
        State.INVALID: set(),
        State.WITHDRAWN: set(),
    }

    class Counting(models.TextChoices):
        TELLERS = "tellers", _("两位计票人各数一遍")
        TICKS = "ticks", _("照到会名单逐个登记")

    class MustHold(models.TextChoices):
        THROUGHOUT = "throughout", _("从开始到结束，人数一直要够")
        AT_BOTH_ENDS = "at_both_ends", _("开始和结束时人数要够")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="shows")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="shows")
    number = models.PositiveSmallIntegerField()
    question = models.CharField(_("表决什么"), max_length=300)
    counting = models.CharField(_("怎么数"), max_length=8, choices=Counting)
    must_hold = models.CharField(
        _("法定人数"), max_length=12, choices=MustHold, default=MustHold.THROUGHOUT
    )
    # Agreed when this part of those present says yes; of the residents' assembly the law says more
    # than half of those who attend (居民委员会组织法第十条).
    pass_part = models.PositiveSmallIntegerField(default=1)
    pass_whole = models.PositiveSmallIntegerField(default=2)
    pass_exceeded = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    why = models.CharField(_("原因"), max_length=300, blank=True)  # of invalid and withdrawn ones
    at_opening = models.JSONField(default=dict)  # the quorum's numbers, as queries.attendance says
    at_closing = models.JSONField(default=dict)
    at_least = models.JSONField(default=dict)  # the fewest in between
    voters = models.PositiveIntegerField(default=0)  # who were there at any time of it
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)
    abstain = models.PositiveIntegerField(default=0)
    weighed = models.JSONField(default=dict)  # {"households": {"yes": …}, "area_cent": {…}}
    is_adopted = models.BooleanField(null=True)
    dissent = models.TextField(_("不同意见"), blank=True)
    poll = models.ForeignKey(Poll, models.PROTECT, null=True, related_name="shows")

    objects = OfMeetings.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], name="a_show_of_hands_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state="open"), name="one_show_of_hands_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(voters__gte=F("yes") + F("no") + F("abstain")),
                name="no_more_hands_than_people",
            ),
            models.CheckConstraint(
                condition=Q(state="counted", is_adopted__isnull=False)
                | (~Q(state="counted") & Q(is_adopted=None)),
                name="a_counted_show_says_what_came_of_it",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["invalid", "withdrawn"]) | ~Q(why=""),
                name="an_invalid_show_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(closed_at__gte=F("opened_at")),
                name="a_show_of_hands_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(pass_whole__gt=0, pass_part__lte=F("pass_whole")),
                name="a_show_passes_by_a_part_of_a_whole",
            ),
        ]

    def __str__(self):
        return self.question

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的举手表决不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def ledger_chain(self) -> str:
        return f"meeting:{self.meeting_id}"


class TellerCount(models.Model):
    """What one teller counted (计票人的数); two that agree count."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    show = models.ForeignKey(ShowOfHands, models.PROTECT, related_name="counts")
    attempt = models.PositiveSmallIntegerField()  # they differed: all hands are counted again
    teller = models.CharField(_("计票人"), max_length=80)
    yes = models.PositiveIntegerField(_("同意"))
    no = models.PositiveIntegerField(_("不同意"))
    abstain = models.PositiveIntegerField(_("弃权"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["attempt", "entered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["show", "attempt", "teller"], name="a_teller_counts_once_each_time"
            )
        ]

    def __str__(self):
        return f"{self.teller}: {self.yes} / {self.no} / {self.abstain}"

    @property
    def counted(self) -> tuple[int, int, int]:
        return self.yes, self.no, self.abstain


class HandTick(models.Model):
    """How one head voted by raising a hand (逐个登记): open, before everybody."""

    class Choice(models.TextChoices):
        FOR = YES, _("同意")
        AGAINST = NO, _("不同意")
        ABSTAIN = ABSTAIN, _("弃权")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    show = models.ForeignKey(ShowOfHands, models.PROTECT, related_name="ticks")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="ticks")
    entry = models.ForeignKey(RollEntry, models.PROTECT, null=True, related_name="+")
    choice = models.CharField(max_length=8, choices=Choice)
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["show", "entry"],
                condition=Q(entry__isnull=False),
                name="a_head_raises_one_hand",
            ),
            models.UniqueConstraint(
                fields=["show", "attendance"],
                condition=Q(entry=None),
                name="an_attendee_raises_one_hand",
            ),
        ]

    def __str__(self):
        return self.get_choice_display()
