"""What is read on the way to a signature (签约): who signs, what is still missing, what looks odd."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db.models import Count, DateTimeField, Func, Max, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.community.models import User
from households.models import (
    Agreement,
    AllowanceItem,
    Mandate,
    Member,
    PlanRemark,
    Project,
    Residency,
    Signatory,
    Signature,
    SigningProgress,
)

Mode = Project.AgreementMode


class DatabaseClock(Func):
    """This very moment by the database's clock, also after waiting for a lock."""

    function = "clock_timestamp"
    output_field = DateTimeField()


def shown_time(moment: datetime) -> str:
    """Date and time as people here read them (Asia/Shanghai)."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def closed_because(agreement: Agreement, now: datetime) -> str:
    """Why ``agreement`` cannot be signed at ``now``, in a sentence; "" when it can."""
    if agreement.takes_signatures(now):
        return ""
    said = {
        Agreement.State.DRAFT: _("协议已更新，请重新核对新的版本。"),
        Agreement.State.SUPERSEDED: _("协议已更新，请重新核对新的版本。"),
        Agreement.State.DECLINED: _("您家已说暂不同意。改变主意请打电话给居委。"),
        Agreement.State.VOID: _("这份协议已失效，不用再签。"),
        Agreement.State.LAPSED: _("这份协议已失效，不用再签。"),
        Agreement.State.SIGNED: _("这份协议已经全部签好，不用再签。"),
        Agreement.State.EFFECTIVE: _("这份协议已经全部签好，不用再签。"),
    }
    state = Agreement.State(agreement.state)
    return said[state] if state in said else _outside_the_period(agreement.project, now)


def overtaken_because(signatories: Iterable[Signatory]) -> str:
    """Why only a new version helps: who has to sign is gone; "" when nobody is."""
    for line in signatories:
        if line.member.is_gone and signature_of(line) is None:
            who = {"who": line.member.masked_name}
            if line.member.is_deceased:
                return _("%(who)s已故，这份协议不能再签。居委会出新版，请等通知。") % who
            return _("%(who)s已迁出，这份协议不能再签。居委会出新版，请等通知。") % who
    return ""


def _outside_the_period(project: Project, now: datetime) -> str:
    if project.signing_opens_at and now < project.signing_opens_at:
        return _("还没到签约时间。%(when)s开始签约。") % {
            "when": shown_time(project.signing_opens_at)
        }
    if project.signing_closes_at and now >= project.signing_closes_at:
        return _("签约已于%(when)s截止。请打电话给居委。") % {
            "when": shown_time(project.signing_closes_at)
        }
    return _("现在不在签约期内。请打电话给居委。")


def consent_sentence(project: Project) -> str:
    """What the signatory says yes to with an electronic signature, and what is kept as evidence."""
    if project.agreement_mode == Mode.LICENSED:
        return _(
            "我同意用电子签名签署本协议。签名由持牌的电子认证机构认证（《电子签名法》第十六条）。"
        )
    return _(
        "我同意用电子签名签署本协议。我们双方约定：发到我手机的验证码，加上我的手写签名或输入的姓名，"
        "就是我本人可靠的签名，与手写签名效力相同（《电子签名法》第十三条、第十四条）。"
    )


def presence_sentence() -> str:
    """What the signatory says yes to at the committee's tablet."""
    return _(
        "我同意在居委的平板上手写签署本协议。两位工作人员在场，核对了我的证件。"
        "我们双方约定：这样的签名是可靠的，与纸上签名效力相同（《电子签名法》第十三条、第十四条）。"
    )


def signatories_with_signatures(agreement: Agreement) -> QuerySet[Signatory]:
    """Who must sign, in order, each with the signature there is; encrypted columns left alone."""
    return (
        Signatory.objects.filter(agreement=agreement)
        .select_related("member", "signature")
        .defer(
            "member__phone",
            "member__id_number",
            "signature__strokes",
            "signature__evidence",
        )
        .order_by("order")
    )


def signature_of(signatory: Signatory) -> Signature | None:
    """The signature of a row of ``signatories_with_signatures``."""
    return signatory.signature if hasattr(signatory, "signature") else None


def bound_to(agreement: Agreement, signatory: Signatory) -> str:
    """What a signing code is good for: one signatory's signature under one text."""
    return f"{agreement.pk}:{agreement.document_sha256}:{signatory.pk}"


@dataclass(frozen=True)
class Cosigner:
    """One line of "who signs" (谁来签)."""

    signatory: Signatory
    signature: Signature | None
    is_me: bool
    mandate: Mandate | None  # by which the reader signs for this person
    agent: str  # who else may sign for them

    @property
    def member(self) -> Member:
        return self.signatory.member

    @property
    def is_mine(self) -> bool:
        """Whether the reader may sign here."""
        return self.is_me or self.mandate is not None


def cosigners(agreement: Agreement, reader: User) -> list[Cosigner]:
    """Everyone who must sign, as ``reader`` sees them."""
    mine = set(
        Residency.objects.live()
        .filter(user=reader, household=agreement.household_id)
        .values_list("member_id", flat=True)
    )
    mandates = {}
    for mandate in (
        Mandate.objects.to_sign(timezone.localdate())
        .filter(household=agreement.household_id)
        .order_by("recorded_at")
    ):
        mandates[mandate.principal_id] = mandate
    lines = []
    for signatory in signatories_with_signatures(agreement):
        mandate = mandates.get(signatory.member_id)
        is_agent = mandate is not None and mandate.agent_id == reader.pk
        lines.append(
            Cosigner(
                signatory=signatory,
                signature=signature_of(signatory),
                is_me=signatory.member_id in mine,
                mandate=mandate if is_agent else None,
                agent=mandate.agent_name if mandate and not is_agent else "",
            )
        )
    return lines


def next_to_sign(lines: list[Cosigner]) -> Cosigner | None:
    """The first line at which the reader may still sign; oneself before one's principals."""
    mine = [line for line in lines if line.is_mine and line.signature is None]
    return min(mine, key=lambda line: not line.is_me, default=None)


def signed_by_me(lines: list[Cosigner], reader: User) -> list[Signature]:
    """The reader's own receipts: what they signed, and what was signed with them at the counter."""
    return [
        line.signature
        for line in lines
        if line.signature and (line.is_mine or line.signature.signer_id == reader.pk)
    ]


def allowances(agreement: Agreement) -> list[AllowanceItem]:
    """The sums the household is to receive, in the project's order."""
    return list(
        AllowanceItem.objects.filter(
            project=agreement.project_id, household=agreement.household_id
        ).order_by("rule__order", "code")
    )


def allowance_total(agreement: Agreement) -> Decimal:
    items = AllowanceItem.objects.filter(
        project=agreement.project_id, household=agreement.household_id
    )
    return items.aggregate(total=Sum("amount"))["total"] or Decimal("0.00")


@dataclass(frozen=True)
class Oddities:
    """What the signatory should know before going on (请留意)."""

    sentences: tuple[str, ...]

    @property
    def digest(self) -> str:
        return sha256("\n".join(self.sentences).encode()).hexdigest() if self.sentences else ""


def oddities(agreement: Agreement, progress: SigningProgress, total: Decimal) -> Oddities:
    """What changed since the last visit, and whether somebody of the household objects."""
    found = []
    if progress.amount_seen is not None and progress.amount_seen != total:
        found.append(
            _("金额变了：上次看到 %(before)s 元，现在是 %(after)s 元。")
            % {"before": f"{progress.amount_seen:,.2f}", "after": f"{total:,.2f}"}
        )
    before = agreement.supersedes_id and SigningProgress.objects.filter(
        agreement=agreement.supersedes_id, user=progress.user_id
    )
    if before and before.exists():
        found.append(_("协议换了新版本：您上次看的是旧版，请看清变化。"))
    objects = PlanRemark.objects.filter(
        plan__household=agreement.household_id,
        kind=PlanRemark.Kind.OBJECTION,
        state=PlanRemark.State.OPEN,
    ).exclude(raised_by=progress.user_id)
    if objects.exists():
        found.append(_("家里有人对方案提了异议，居委还没有答复。"))
    return Oddities(tuple(found))


def partly_signed_agreements(seen: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Signed by some and not by all, the longest waiting first."""
    return (
        seen.filter(state=Agreement.State.SIGNING)
        .select_related("household__building", "project")
        .annotate(
            signed=Count("signatories__signature"),
            needed=Count("signatories"),
            last_at=Max("signatures__signed_at"),
        )
        .order_by("last_at", "pk")
    )
