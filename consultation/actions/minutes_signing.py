"""Signing the minutes (签字): host, recorder and representatives, under one hash."""

from datetime import date, datetime

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.codes import issue_code, spend_code
from caoyang_portal.community.models import OneTimeCode, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.notices.sending import send_code
from caoyang_portal.uploads.models import Attachment
from consultation.models import Minutes, MinutesSignatory, MinutesSignature, MinutesVersion
from consultation.queries import minutes as checks

from .locking import first_of
from .minutes import leave_time, locked, refuse_unless, remind_of_corrections
from .minutes_papers import order_papers

log = structlog.get_logger(__name__)

State, Way = Minutes.State, MinutesSignature.Way
CONFIRM = OneTimeCode.Purpose.CONFIRM


@transaction.atomic
def start_signing(
    minutes: Minutes, *, by: User | None = None, today: date | None = None
) -> Minutes:
    """The days for corrections are over and each is settled (开始签字); by staff, or by the clock."""
    minutes = locked(minutes)
    if by is not None:
        require(by, "consultation.start_signing", minutes)
    refuse_unless(minutes, State.SENT)
    first_of(checks.signing(minutes, today or timezone.localdate()))
    minutes.move_to(State.SIGNING)
    minutes.save(update_fields=["state"])
    version = checks.current(minutes)
    record("consultation.start_signing", minutes, by=by, text=version.text_sha256)
    return minutes


def ask_minutes_code(signatory: MinutesSignatory, *, session_key: str, ip: str, by: User) -> None:
    """Send the code that signs this very text (签字验证码)."""
    require(by, "consultation.sign_minutes", signatory)
    minutes = Minutes.objects.get(pk=signatory.minutes_id)
    refuse_unless(minutes, State.SIGNING)
    version = checks.current(minutes)
    code = issue_code(by, CONFIRM, bound_to(version), session_key, ip=ip)
    text = _("您将签字的会议纪要指纹 %(print)s，验证码 %(code)s，5 分钟内有效，请勿告诉他人。")
    said = {"print": version.fingerprint, "code": code.clear}
    with transaction.atomic():
        send_code(by, by.phone, code.clear, text % said)


def bound_to(version: MinutesVersion) -> str:
    return f"minutes:{version.pk}:{version.text_sha256}"


def sign_minutes(
    signatory: MinutesSignatory, *, code: str, text_sha256: str, session_key: str, by: User
) -> MinutesSignature:
    """Sign the text one has read, by the code on one's phone (签字).

    A wrong code is counted and commits; everything else that is refused leaves nothing behind.
    """
    with transaction.atomic():
        minutes, signatory, version = _place(signatory)
        require(by, "consultation.sign_minutes", signatory)
        _refuse_unless_open(minutes, signatory, version)
        if text_sha256 != version.text_sha256:
            raise Refused(_("纪要已更新，请重新看一遍再签。"))
        try:
            proof = spend_code(by, CONFIRM, bound_to(version), code, session_key)
        except Refused as wrong:
            refusal = wrong
        else:
            evidence = {"phone": by.masked_phone, "code": str(proof.pk)}
            evidence |= {"sent_at": proof.sent_at.isoformat()}
            signature = _signed(signatory, version, way=Way.CODE, evidence=evidence)
            record("consultation.sign_minutes", signatory, by=by, text=version.text_sha256)
            _complete(minutes)
            return signature
    raise refusal


@transaction.atomic
def enter_minutes_signature(
    signatory: MinutesSignatory, *, scan: Attachment, signed_on: date, fingerprint: str, by: User
) -> MinutesSignature:
    """Enter a signature given on paper, with its scan (录入纸上签字); the sheet carries the fingerprint."""
    minutes, signatory, version = _place(signatory)
    require(by, "consultation.enter_minutes_signature", signatory)
    _refuse_unless_open(minutes, signatory, version)
    typed = "".join(c for c in fingerprint.upper() if c.isalnum())
    if typed != version.text_sha256[:8].upper():
        raise Refused(_("纸上的指纹和这一版纪要不一样，请核对版本。"))
    if signed_on > timezone.localdate() or signed_on < timezone.localdate(version.written_at):
        raise Refused(_("签字日期不对，请核对。"))
    if scan.neighbourhood_id != minutes.neighbourhood_id:
        raise Refused(_("这份扫描件不属于本居委，请重新上传。"))
    signature = _signed(
        signatory, version, way=Way.PAPER, scan=scan, signed_on=signed_on, entered_by=by
    )
    record(
        "consultation.enter_minutes_signature", signatory, by=by, text=version.text_sha256,
        scan=scan.sha256,
    )  # fmt: skip
    _complete(minutes)
    return signature


@transaction.atomic
def excuse_signatory(signatory: MinutesSignatory, *, reason: str, by: User) -> MinutesSignatory:
    """Somebody cannot or will not sign (注明未签): the sealed minutes say so and why."""
    minutes, signatory, version = _place(signatory)
    require(by, "consultation.excuse_signatory", signatory)
    _refuse_unless_open(minutes, signatory, version)
    if not reason.strip():
        raise Refused(_("请写明没有签的原因"))
    others = minutes.signatories.exclude(pk=signatory.pk)
    if not others.filter(excused="").exists():
        raise Refused(_("至少要有一位签字"))
    signatory.excused = reason.strip()
    signatory.save(update_fields=["excused"])
    record("consultation.excuse_signatory", signatory, by=by)
    _complete(minutes)
    return signatory


@transaction.atomic
def reopen_minutes(minutes: Minutes, *, reason: str, by: User) -> Minutes:
    """Back to corrections (退回更正): a mistake was found before all had signed. What was signed stays
    under the version it was given for; a next version is signed anew."""
    minutes = locked(minutes)
    require(by, "consultation.reopen_minutes", minutes)
    refuse_unless(minutes, State.SIGNING)
    if not reason.strip():
        raise Refused(_("请写明为什么退回"))
    minutes.move_to(State.SENT)
    minutes.save(update_fields=["state"])
    leave_time(minutes, timezone.localdate())
    record("consultation.reopen_minutes", minutes, by=by, until=minutes.corrections_until)
    return minutes


def _place(signatory: MinutesSignatory) -> tuple[Minutes, MinutesSignatory, MinutesVersion]:
    minutes = locked(Minutes(pk=signatory.minutes_id))
    signatory = MinutesSignatory.objects.select_for_update(of=("self",)).get(pk=signatory.pk)
    signatory.minutes = minutes
    return minutes, signatory, checks.current(minutes)


def _refuse_unless_open(
    minutes: Minutes, signatory: MinutesSignatory, version: MinutesVersion
) -> None:
    refuse_unless(minutes, State.SIGNING)
    if signatory.excused:
        raise Refused(_("已注明这位没有签字"))
    if version.signatures.filter(signatory=signatory).exists():
        raise Refused(_("这位已经签过了，不用再签"))


def _signed(
    signatory: MinutesSignatory, version: MinutesVersion, **how: object
) -> MinutesSignature:
    return MinutesSignature.objects.create(
        neighbourhood_id=version.neighbourhood_id,
        signatory=signatory,
        version=version,
        text_sha256=version.text_sha256,
        **how,
    )


def _complete(minutes: Minutes) -> None:
    """When the last one has signed, the sealed files are owed."""
    if checks.unsigned(minutes):
        return
    minutes.move_to(State.SIGNED)
    minutes.signed_at = timezone.now()
    minutes.save(update_fields=["state", "signed_at"])
    order_papers(minutes)
    record("consultation.complete_minutes", minutes, text=checks.current(minutes).text_sha256)


def follow_minutes_clock(now: datetime | None = None) -> None:
    """On to signing when the days are over, or tell the staff what waits (到期). By the clock."""
    today = timezone.localdate(now)
    for minutes in Minutes.objects.due(today):
        try:
            start_signing(minutes, today=today)
        except Refused as refusal:
            log.info("minutes_wait", minutes=str(minutes.pk), because=str(refusal))
            remind_of_corrections(minutes, today=today)
