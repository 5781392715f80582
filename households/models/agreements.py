"""Agreements: text, signatories, signatures (协议)."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import ConfidentialField
from caoyang_portal.errors import Refused
from caoyang_portal.ids import new_id
from caoyang_portal.uploads.models import Attachment

from .files import Household, Mandate, Member, own_ids
from .lookups import ids
from .plans import Plan
from .projects import Project
from .templates import AgreementTemplate, at_desk


def _at_home(user: User) -> Q:
    principals = Mandate.objects.to_sign(timezone.localdate()).filter(agent=user)
    mine = Q(household_id__any=own_ids(user)) | Q(
        household_id__any=ids(principals, "household_id")
    )
    return Q(frozen_at__isnull=False) & mine


class AgreementQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """What concerns one's home; all of one's neighbourhood at its desk."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(at_desk(user) | _at_home(user))

    def at_home_of(self, user: User):
        """One's own household's and one's principals', once frozen; no desk opens these."""
        return self.filter(_at_home(user)) if user.is_authenticated else self.none()

    def live(self):
        """Not superseded, declined, lapsed or void."""
        return self.filter(state__in=Agreement.LIVE)

    def signed(self):
        """Signed by everyone who must; these are what the signing rate counts."""
        return self.filter(state__in=Agreement.COUNTED)

    def overtaken(self):
        """Waiting for somebody who has died or left since: only a new version can be signed."""
        gone = Q(member__is_deceased=True) | Q(member__left_at__isnull=False)
        missing = Signatory.objects.filter(gone, agreement=OuterRef("pk"), signature=None)
        return self.filter(Exists(missing), state__in=Agreement.UNSIGNED)


class Agreement(models.Model):
    """One household's agreement (协议): frozen, certified, signed, sealed, effective."""

    class State(models.TextChoices):
        DRAFT = "draft", _("待定稿")
        FROZEN = "frozen", _("待签约")
        SIGNING = "signing", _("部分已签")
        SIGNED = "signed", _("已签约")
        EFFECTIVE = "effective", _("已生效")
        DECLINED = "declined", _("暂不同意")
        LAPSED = "lapsed", _("已失效")
        VOID = "void", _("已作废")
        SUPERSEDED = "superseded", _("已被新版替代")

    MOVES = {
        State.DRAFT: {State.FROZEN, State.VOID, State.SUPERSEDED},
        State.FROZEN: {
            State.SIGNING,
            State.SIGNED,
            State.DECLINED,
            State.LAPSED,
            State.VOID,
            State.SUPERSEDED,
        },
        State.SIGNING: {State.SIGNED, State.DECLINED, State.LAPSED, State.VOID, State.SUPERSEDED},
        State.SIGNED: {State.EFFECTIVE, State.LAPSED, State.VOID, State.SUPERSEDED},
        State.EFFECTIVE: {State.VOID, State.SUPERSEDED},
        State.DECLINED: {  # the household may think again
            State.FROZEN,
            State.SIGNING,
            State.LAPSED,
            State.VOID,
            State.SUPERSEDED,
        },
        State.LAPSED: set(),
        State.VOID: set(),
        State.SUPERSEDED: set(),
    }
    LIVE = ("draft", "frozen", "signing", "signed", "effective", "declined")
    SIGNABLE = ("frozen", "signing")
    UNSIGNED = ("frozen", "signing", "declined")  # before the household, and not signed by all
    COUNTED = ("signed", "effective")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT)
    household = models.ForeignKey(Household, models.PROTECT, related_name="agreements")
    template = models.ForeignKey(AgreementTemplate, models.PROTECT)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True)
    number = models.CharField(_("协议编号"), max_length=60, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    text = ConfidentialField()  # the filled, sanitised HTML exactly as frozen into the file
    text_sha256 = models.CharField(
        _("版本指纹"), max_length=64, blank=True, db_index=True
    )  # printed on every page, before the file itself has a hash
    key_points = ConfidentialField(blank=True, default="")  # filled; one a line
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    document = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+"
    )  # certified PDF
    document_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    signed_at = models.DateTimeField(_("签约时间"), null=True)  # the last signatory's moment
    effective_at = models.DateTimeField(_("生效时间"), null=True)
    sealed = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+"
    )  # final PDF
    sealed_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    sealed_at = models.DateTimeField(null=True)
    certificate = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+"
    )  # 签署证明: a paper of its own, for the sealed file takes no further page
    certificate_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    closing_reason = models.CharField(
        _("事由"), max_length=300, blank=True
    )  # declined, void, superseded

    objects = AgreementQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["project", "state"], name="agreement_by_project")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "household"],
                condition=Q(
                    state__in=["draft", "frozen", "signing", "signed", "effective", "declined"]
                ),
                name="one_live_agreement_per_household",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "void", "superseded"])
                | (~Q(document_sha256="") & Q(frozen_at__isnull=False, document__isnull=False)),
                name="a_frozen_agreement_has_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "effective"]) | Q(signed_at__isnull=False),
                name="a_signed_agreement_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="effective") | Q(effective_at__isnull=False),
                name="an_effective_agreement_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at=None) | ~Q(sealed_sha256=""),
                name="a_sealed_agreement_is_hashed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "void"]) | ~Q(closing_reason=""),
                name="a_closed_agreement_says_why",
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"

    def move_to(self, state: State) -> None:
        if state not in self.MOVES[self.State(self.state)]:
            raise Refused(
                _("%(now)s的协议不能转为%(then)s")
                % {"now": self.get_state_display(), "then": state.label}
            )
        self.state = state

    @property
    def fingerprint(self) -> str:
        """The short form of the document's hash that people compare: ``3F9A-21C7``."""
        head = self.document_sha256[:8].upper()
        return f"{head[:4]}-{head[4:]}"

    def takes_signatures(self, now: datetime) -> bool:
        """Open, and inside the signing period; late signing goes on after the project took effect."""
        project = self.project
        opens_at, closes_at = project.signing_opens_at, project.signing_closes_at
        if self.state not in self.SIGNABLE or opens_at is None or closes_at is None:
            return False
        if project.stage == Project.Stage.SIGNING:
            return opens_at <= now < closes_at
        return project.effective_at is not None


class Signatory(models.Model):
    """A person who must sign (签约人): the holder and every co-owner, each by oneself or by mandate."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatories")
    member = models.ForeignKey(Member, models.PROTECT)
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True)
    order = models.PositiveSmallIntegerField()  # also the PDF field: resident_01

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "member"], name="a_signatory_signs_once"),
            models.UniqueConstraint(fields=["agreement", "order"], name="a_signatory_has_a_place"),
        ]

    def __str__(self):
        return str(self.member)

    @property
    def field_name(self) -> str:
        return f"resident_{self.order:02d}"


class Signature(models.Model):
    """One signatory's act (签名), with its evidence; written once, never changed."""

    class Route(models.TextChoices):
        ONLINE = "online", _("线上签约")
        TABLET = "tablet", _("现场平板")
        PAPER = "paper", _("纸质签署")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    signatory = models.OneToOneField(Signatory, models.PROTECT, related_name="signature")
    route = models.CharField(max_length=10, choices=Route)
    signer = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+"
    )  # online: who signed in
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    operator = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+"
    )  # tablet, paper: staff
    witness = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # second staff
    scan = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)
    document_sha256 = models.CharField(max_length=64)  # the text that was signed
    strokes = ConfidentialField(blank=True, default="")  # JSON vector data of the handwriting
    evidence = ConfidentialField()  # canonical JSON: consent sentence, channel, code facts, device
    evidence_sha256 = models.CharField(
        max_length=64
    )  # goes into the ledger and on the certificate page
    receipt_number = models.CharField(_("回执号"), max_length=20, unique=True)
    idempotency_key = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(route="online")
                | Q(signer__isnull=False, operator=None, witness=None),
                name="an_online_signature_is_the_signer_s_own",
            ),
            models.CheckConstraint(
                condition=Q(route="online") | Q(operator__isnull=False, witness__isnull=False),
                name="an_assisted_signature_has_operator_and_witness",
            ),
            models.CheckConstraint(
                condition=Q(operator=None) | ~Q(operator=F("witness")),
                name="the_witness_is_not_the_operator",
            ),
            models.CheckConstraint(
                condition=~Q(route="paper") | Q(scan__isnull=False),
                name="a_paper_signature_has_its_scan",
            ),
        ]

    def __str__(self):
        return self.receipt_number

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.agreement.household_id}"


class SigningProgress(models.Model):
    """How far a person has come on the way to signing (签约进度); a session may end, this stays."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    agreement = models.ForeignKey(Agreement, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    identity_confirmed_at = models.DateTimeField(null=True)
    plan_seen_at = models.DateTimeField(null=True)
    details_seen_at = models.DateTimeField(null=True)
    signatories_seen_at = models.DateTimeField(null=True)
    chapters_read = models.PositiveSmallIntegerField(default=0)
    materials_seen_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    amount_seen = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    oddities_seen = models.CharField(max_length=64, blank=True)  # hash of the warnings read
    idempotency_key = models.UUIDField(default=new_id)  # born with the draft
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "user"], name="one_progress_per_person")
        ]

    def __str__(self):
        return f"{self.user} {self.agreement}"


class ShareLinkQuerySet(models.QuerySet):
    def live(self, now: datetime):
        return self.filter(revoked_at=None, expires_at__gt=now)


class ShareLink(models.Model):
    """A look at one agreement for the family (给家人看): names masked, seven days, revocable."""

    DAYS = 7

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="share_links")
    token_hash = models.CharField(max_length=64, unique=True)  # whoever holds the token may look
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("有效至"))
    revoked_at = models.DateTimeField(null=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="a_share_link_lives_a_while"
            )
        ]

    def __str__(self):
        return f"{self.agreement} {self.expires_at:%Y-%m-%d}"

    @property
    def household_id(self):
        return self.agreement.household_id

    @property
    def ledger_chain(self) -> str:
        return f"household:{self.household_id}"
