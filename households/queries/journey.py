"""One person's way to the signature (签约办理): which step is open, which is done, where to go on."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from caoyang_portal.community.models import OneTimeCode, User
from households.models import (
    Agreement,
    Material,
    Project,
    Signatory,
    Signature,
    SigningProgress,
)

from .agreements import chapters
from .signing import (
    Cosigner,
    Oddities,
    allowance_total,
    bound_to,
    closed_because,
    cosigners,
    next_to_sign,
    oddities,
    overtaken_because,
    signed_by_me,
)
from .templates import Chapter


@dataclass(frozen=True)
class Task:
    """One line of the task list."""

    label: str
    hint: str
    url_name: str
    state: str  # done, open, closed
    reason: str = ""  # why it is closed


@dataclass
class Journey:
    """Everything the pages of one signing ask for, each fetched when asked."""

    agreement: Agreement
    reader: User
    progress: SigningProgress
    now: datetime

    @cached_property
    def lines(self) -> list[Cosigner]:
        return cosigners(self.agreement, self.reader)

    @cached_property
    def mine(self) -> Cosigner | None:
        """Where the reader signs next."""
        return next_to_sign(self.lines)

    @cached_property
    def receipts(self) -> list[Signature]:
        return signed_by_me(self.lines, self.reader)

    @property
    def is_cosigner(self) -> bool:
        return any(line.is_mine for line in self.lines)

    @property
    def missing(self) -> int:
        """How many still have to sign."""
        return sum(line.signature is None for line in self.lines)

    @cached_property
    def closed(self) -> str:
        return closed_because(self.agreement, self.now) or self.overtaken

    @cached_property
    def overtaken(self) -> str:
        """Why this version will be replaced before all have signed; "" when it need not be."""
        if self.agreement.state not in Agreement.UNSIGNED:
            return ""
        return overtaken_because(line.signatory for line in self.lines)

    @property
    def on_paper(self) -> bool:
        return self.agreement.project.agreement_mode == Project.AgreementMode.PAPER

    @cached_property
    def chapters(self) -> list[Chapter]:
        return chapters(self.agreement)

    @cached_property
    def total(self) -> Decimal:
        return allowance_total(self.agreement)

    @cached_property
    def oddities(self) -> Oddities:
        return oddities(self.agreement, self.progress, self.total)

    @property
    def is_odd(self) -> bool:
        """Whether there is something to say before going on that was not said yet."""
        return bool(self.oddities.sentences) and (
            self.oddities.digest != self.progress.oddities_seen
        )

    def idempotency_key(self, signatory: Signatory) -> UUID:
        """Born with the draft, one per signatory: however often it is sent, it is one signature."""
        return uuid5(self.progress.idempotency_key, str(signatory.pk))

    @property
    def read_all(self) -> bool:
        return self.progress.chapters_read >= len(self.chapters)

    @property
    def prepared(self) -> bool:
        """The three things one should know before the text."""
        seen = self.progress
        return None not in (seen.plan_seen_at, seen.details_seen_at, seen.signatories_seen_at)

    @property
    def next_step(self) -> str:
        """The first step that is not done: where a resumed journey goes on."""
        seen = self.progress
        steps = [
            (seen.identity_confirmed_at, "sign_identity"),
            (seen.plan_seen_at, "sign_plan"),
            (seen.details_seen_at, "sign_details"),
            (seen.signatories_seen_at, "sign_people"),
            (seen.checked_at or self.read_all, "sign_read"),
            (seen.checked_at, "sign_check"),
            (not self.is_odd, "sign_notice"),
        ]
        return next((name for done, name in steps if not done), "sign_name")

    def reaches(self, step: str) -> bool:
        """Whether everything that must come before ``step`` is done."""
        if step == "sign_identity":
            return True
        if step in ("sign_tasks", "sign_plan", "sign_details", "sign_people", "sign_materials"):
            return self.progress.identity_confirmed_at is not None
        if step.startswith("sign_material_"):
            return self.progress.identity_confirmed_at is not None
        if step == "sign_read":
            return self.prepared
        if step in ("sign_check", "sign_notice"):
            return self.prepared and self.read_all
        return self.next_step == "sign_name"

    @property
    def is_checked(self) -> bool:
        """Whether all was read and checked; what is odd was said before the code was sent."""
        return self.prepared and self.progress.checked_at is not None

    def tasks(self) -> list[Task]:
        seen = self.progress
        missing = [
            name
            for done, name in [
                (seen.plan_seen_at, _("① 看改造方案")),
                (seen.details_seen_at, _("② 看本户明细")),
                (seen.signatories_seen_at, _("③ 确认谁来签")),
            ]
            if not done
        ]
        reason = _("请先完成：%(tasks)s") % {"tasks": "、".join(missing)} if missing else ""
        return [
            _task(_("① 看改造方案"), _("家里会变成什么样"), "sign_plan", seen.plan_seen_at),
            _task(_("② 看本户明细"), _("面积和补贴"), "sign_details", seen.details_seen_at),
            _task(_("③ 确认谁来签"), _("哪些人要签名"), "sign_people", seen.signatories_seen_at),
            self._materials_task,
            self._signing_task(reason),
        ]

    @property
    def _materials_task(self) -> Task:
        again = Material.objects.filter(
            household=self.agreement.household_id,
            item__project=self.agreement.project_id,
            state=Material.State.RETURNED,
        )
        label, hint = _("④ 上传材料"), _("可以跳过，原件带到居委")
        if again.exists():
            return Task(label, _("有材料要再交一份"), "sign_materials", "open")
        return _task(label, hint, "sign_materials", self.progress.materials_seen_at)

    def _signing_task(self, reason: str) -> Task:
        label, hint = _("⑤ 核对并签字"), _("读协议、核对、签名")
        if self.receipts and self.mine is None:
            return Task(label, _("您已签好"), "sign_receipt", "done")
        if self.mine is None and not self.on_paper:
            reason = _("这份协议由承租人、产权人或共有人签。")
        elif self.closed:
            reason = self.closed
        url_name = self.next_step if self.prepared else "sign_read"
        return Task(label, hint, url_name, "closed" if reason else "open", reason)

    @property
    def code_on_its_way(self) -> OneTimeCode | None:
        """The live code for the next signature, if one was sent."""
        if self.mine is None:
            return None
        return (
            OneTimeCode.objects.filter(
                user=self.reader,
                purpose=OneTimeCode.Purpose.SIGN,
                bound_to=bound_to(self.agreement, self.mine.signatory),
                used_at=None,
                expires_at__gt=self.now,
                tries_left__gt=0,
            )
            .order_by("-sent_at")
            .first()
        )


def _task(label: str, hint: str, url_name: str, done: datetime | None) -> Task:
    return Task(label, hint, url_name, "done" if done else "open")


def journey_of(agreement: Agreement, reader: User) -> Journey:
    """``reader``'s way to ``agreement``; nothing is written by looking."""
    found = SigningProgress.objects.filter(agreement=agreement, user=reader).first()
    progress = found or SigningProgress(agreement=agreement, user=reader)
    return Journey(agreement, reader, progress, timezone.now())


def checked_journey(agreement_id: UUID, reader: User) -> Journey | None:
    """The way of somebody who has checked it all and now signs: only what the act is asked with.

    Whether they still may is for the act to say; whoever has not checked goes the long way.
    """
    progress = (
        SigningProgress.objects.filter(agreement=agreement_id, user=reader)
        .select_related("agreement__project")
        .only(
            *("idempotency_key", "plan_seen_at", "details_seen_at", "signatories_seen_at"),
            *("checked_at", "agreement__state", "agreement__project__agreement_mode"),
        )
        .first()
    )
    if progress is None or progress.agreement.state == Agreement.State.SUPERSEDED:
        return None
    journey = Journey(progress.agreement, reader, progress, timezone.now())
    return journey if journey.is_checked else None
