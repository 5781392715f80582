"""Votes (表决票). The tables of secret ballots know no voter, no time and no serial number."""

import json
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import ConfidentialField
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .polls import Poll
from .rolls import RollEntry


class Channel(models.TextChoices):
    ONLINE = "online", _("线上")
    TABLET = "tablet", _("现场平板")
    PAPER = "paper", _("纸质")
    PROXY = "proxy", _("代理")


class ProxyQuerySet(models.QuerySet):
    def live(self, today):
        """Approved by a second person, not revoked, in its dates."""
        return self.filter(
            approved_by__isnull=False, revoked_at=None, valid_from__lte=today, valid_to__gte=today
        )

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(neighbourhood_id__in=user.places("committee")) | Q(agent=user))


class Proxy(models.Model):
    """A written mandate to vote (表决委托): the agent votes as the owner instructed, no other way."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="proxies")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="proxies")
    agent_name = models.CharField(_("受托人"), max_length=80)
    agent_phone = ConfidentialField(_("受托人手机号"))
    agent = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # How the owner instructed, as canonical JSON; empty in a secret poll: the portal must not know.
    instructions = ConfidentialField(blank=True, default="")
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"))
    document = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoking_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    objects = ProxyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "entry"],
                condition=Q(revoked_at=None),
                name="one_live_proxy_per_voter",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="a_proxy_has_a_period"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("recorded_by")),
                name="a_proxy_is_approved_by_a_second_person",
            ),
        ]

    def __str__(self):
        return f"{self.entry} → {self.agent_name}"

    @property
    def instructed(self) -> dict[str, str]:
        """How the owner told the agent to vote, by question."""
        return json.loads(self.instructions or "{}")

    @property
    def ledger_chain(self) -> str:
        return self.entry.ledger_chain


class CastMark(models.Model):
    """That a voter has voted (签到): the only row that names a voter in a secret poll; a day, no time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # no time in it
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="marks")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="marks")
    channel = models.CharField(max_length=10, choices=Channel)
    cast_on = models.DateField()
    proxy = models.ForeignKey(Proxy, models.PROTECT, null=True)
    operator = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    witness = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    replay_hash = models.CharField(max_length=64, blank=True)  # the same form sent twice
    voided = models.BooleanField(default=False)  # by a later vote of the same voter

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "entry"],
                condition=Q(voided=False),
                name="one_live_vote_per_voter",
            ),
            models.CheckConstraint(
                condition=Q(channel="proxy", proxy__isnull=False)
                | (~Q(channel="proxy") & Q(proxy=None)),
                name="a_vote_by_proxy_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(channel="tablet")
                | (Q(operator__isnull=False, witness__isnull=False) & ~Q(operator=F("witness"))),
                name="a_vote_on_the_tablet_has_a_witness",
            ),
        ]

    def __str__(self):
        return f"{self.entry} {self.get_channel_display()}"


class OpenBallot(models.Model):
    """A ballot with a name (记名票), in versions; the last one counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="open_ballots")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="ballots")
    version = models.PositiveSmallIntegerField()
    choices = models.JSONField()  # {"1": {"choice": …, "nonce": …, "code": …}}
    superseded = models.BooleanField(default=False)
    posted = models.BooleanField(default=False)  # its codes are on the board

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "entry", "version"], name="a_ballot_has_one_of_each_version"
            ),
            models.UniqueConstraint(
                fields=["poll", "entry"],
                condition=Q(superseded=False),
                name="one_live_open_ballot_per_voter",
            ),
        ]

    def __str__(self):
        return f"{self.entry_id} v{self.version}"


class SecretBallot(models.Model):
    """A ballot without a name (无记名票): no voter, no time, no serial; one row per question."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="secret_ballots")
    question_no = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=19)
    choice = models.CharField(max_length=200)
    nonce = models.CharField(max_length=64)
    # Until the count, so that floor area can be added up; then kept only if five voters share it.
    area_cent = models.PositiveBigIntegerField(null=True)
    posted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "question_no", "code"], name="a_code_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(nonce__regex=r"^[0-9a-f]{64}$"), name="a_nonce_is_32_bytes"
            ),
        ]

    def __str__(self):
        return self.code


class SealedEnvelope(models.Model):
    """A sealed ballot with the voter's name outside (外信封); destroyed when the poll closes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="envelopes")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=19)
    ciphertext = models.BinaryField()
    superseded = models.BooleanField(default=False)
    posted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "entry", "version"], name="an_envelope_has_one_of_each_version"
            ),
            models.UniqueConstraint(
                fields=["poll", "entry"],
                condition=Q(superseded=False),
                name="one_live_envelope_per_voter",
            ),
        ]

    def __str__(self):
        return self.code


class InnerEnvelope(models.Model):
    """A sealed ballot without a name (内信封), until the scrutineers open it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="inner_envelopes")
    code = models.CharField(max_length=19)
    ciphertext = models.BinaryField()
    superseded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "code"], name="an_envelope_stands_once")
        ]

    def __str__(self):
        return self.code
