"""Mailboxes (建议邮筒): a round of opening, by two people, and every letter until it is dealt with."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import ConfidentialField
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .claims import Claim
from .points import CollectionPoint
from .suggestions import Suggestion


class MailboxRound(models.Model):
    """A mailbox was opened (开箱): two people count, each letter is scanned, read and passed on."""

    class State(models.TextChoices):
        OPENED = "opened", _("等第二个人确认")
        CONFIRMED = "confirmed", _("登记信件")
        CLOSED = "closed", _("已办完")
        VOID = "void", _("作废")

    MOVES = {
        State.OPENED: {State.CONFIRMED, State.VOID},
        State.CONFIRMED: {State.CLOSED},
        State.CLOSED: set(),
        State.VOID: set(),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    point = models.ForeignKey(CollectionPoint, models.PROTECT, related_name="rounds")
    state = models.CharField(max_length=10, choices=State, default=State.OPENED)
    opened_at = models.DateTimeField(_("什么时候开的"))
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    counted = models.PositiveSmallIntegerField(_("数了几封"))
    second = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("第二个人"))
    confirmed_at = models.DateTimeField(null=True)
    counted_again = models.PositiveSmallIntegerField(_("第二个人数了几封"), null=True)
    mismatch = models.CharField(_("数目为什么对不上"), max_length=300, blank=True)
    finish_by = models.DateField(_("最晚哪天办完"))
    warned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    void_reason = models.CharField(_("为什么作废"), max_length=200, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["neighbourhood", "state"], name="mailbox_by_place")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(second=F("opened_by")), name="a_mailbox_is_opened_by_two_people"
            ),
            models.UniqueConstraint(
                fields=["point"],
                condition=Q(state__in=["opened", "confirmed"]),
                name="a_mailbox_has_one_round_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["opened", "void"])
                | Q(confirmed_at__isnull=False, counted_again__isnull=False),
                name="letters_are_entered_after_the_second_count",
            ),
            models.CheckConstraint(
                condition=Q(counted_again=None) | Q(counted_again=F("counted")) | ~Q(mismatch=""),
                name="two_counts_agree_or_it_is_said_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(void_reason=""), name="a_void_round_says_why"
            ),
        ]

    def __str__(self):
        return f"{self.point} {timezone.localtime(self.opened_at):%Y-%m-%d}"

    @property
    def ledger_chain(self) -> str:
        return f"collection_point:{self.point_id}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("“%(now)s”的开箱不能转为“%(then)s”")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.OPENED, self.State.CONFIRMED)

    def is_late(self, today: date) -> bool:
        return self.is_live and self.finish_by < today


class Letter(models.Model):
    """One letter of a round (信件): its scan, what it says, and what became of it."""

    class Fate(models.TextChoices):
        WAITING = "waiting", _("还没办")
        SUGGESTION = "suggestion", _("成了建议")
        CLAIM = "claim", _("成了诉求")
        NEITHER = "neither", _("都不是")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    round = models.ForeignKey(MailboxRound, models.PROTECT, related_name="letters")
    number = models.PositiveSmallIntegerField()
    scans = models.ManyToManyField(Attachment, related_name="+")
    text = ConfidentialField(_("信上写了什么"), blank=True)
    transcribed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    fate = models.CharField(max_length=10, choices=Fate, default=Fate.WAITING)
    suggestion = models.OneToOneField(Suggestion, models.PROTECT, null=True, related_name="letter")
    claim = models.OneToOneField(Claim, models.PROTECT, null=True, related_name="letter")
    reason = models.CharField(_("为什么都不是"), max_length=200, blank=True)
    dealt_at = models.DateTimeField(null=True)
    dealt_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="a_letter_has_its_number"),
            models.CheckConstraint(
                condition=Q(fate="suggestion") ^ Q(suggestion=None),
                name="a_letter_made_a_suggestion_leads_to_it",
            ),
            models.CheckConstraint(
                condition=Q(fate="claim") ^ Q(claim=None),
                name="a_letter_made_a_claim_leads_to_it",
            ),
            models.CheckConstraint(
                condition=Q(fate="neither") ^ Q(reason=""),
                name="a_letter_that_is_neither_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.round} {self.number}"
