"""One-time codes for acts that bind (一次性验证码): sign, vote, confirm.

The code goes to the phone on file, is bound to the person, the purpose, the thing (with the hash
of its text) and the browser session, lives five minutes, bears five guesses and works once. A
guess that was compared is counted for good: no refusal further on gives it back, and two hundred
parallel guesses are still five.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from caoyang_portal.community import limits
from caoyang_portal.community.models import OneTimeCode, User
from caoyang_portal.errors import Refused

log = structlog.get_logger(__name__)

DEMO_CODE = "246810"  # with DEMO=1 only, so that a visitor without the phone can sign
LIFETIME = timedelta(minutes=5)
GUESSES = 5
PER_ADDRESS = (30, 600)  # a committee office shares one address


def issue_code(
    user: User, purpose: str, bound_to: str, session_key: str, *, ip: str = ""
) -> OneTimeCode:
    """A new code; its digits are in ``clear`` of the returned object and nowhere else.

    The caller sends them: ``send_code(user, user.phone, code.clear, text)``. An older code of the
    same kind dies. Call it outside a transaction, so that the limits remember every call.
    """
    if ip and not limits.allow(f"code:ip:{ip}", *PER_ADDRESS):
        raise Refused(_("这里发验证码太勤了，请过十分钟再试。"))
    if not limits.allow("sms:all", settings.SMS_HOURLY_BUDGET, 3600):
        log.error("sms_budget_spent", user_id=str(user.pk))
        raise Refused(_("短信一时发不出去。请打电话给居委，或到居委办理。"))
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(
            pk=user.pk
        )  # two requests are counted one by one
        now = timezone.now()
        _refuse_too_many(user, now)
        clear = DEMO_CODE if settings.DEMO else f"{secrets.randbelow(10**6):06}"
        code = OneTimeCode(
            user=user,
            purpose=purpose,
            bound_to=bound_to,
            session_key=_digest(session_key),
            sent_at=now,
            expires_at=now + LIFETIME,
            tries_left=GUESSES,
        )
        code.code_hash = _code_hash(code, clear)
        code.save(force_insert=True)
    code.clear = clear
    log.info("code_issued", user_id=str(user.pk), purpose=purpose, code_id=str(code.pk))
    return code


def verify_code(
    user: User, purpose: str, bound_to: str, code: str, session_key: str
) -> OneTimeCode:
    """The code row that ``code`` proves, used up from now on, in a transaction of its own.

    Call it before the transaction of an act, never inside: one that is rolled back would give
    the guess back.
    """
    with transaction.atomic(durable=True):
        try:
            return spend_code(user, purpose, bound_to, code, session_key)
        except Refused as wrong:
            refusal = wrong
    raise refusal


def spend_code(
    user: User, purpose: str, bound_to: str, code: str, session_key: str
) -> OneTimeCode:
    """The same inside the transaction of the act, so that both are kept or neither is.

    A refusal has counted the guess: the caller catches it, lets the transaction commit, and raises
    it again outside. Nothing may be refused after it. The lock is held until then, so that of two
    hundred parallel guesses each sees what the one before it used up.
    """
    issued = (
        OneTimeCode.objects.select_for_update()
        .filter(user=user, purpose=purpose, bound_to=bound_to, session_key=_digest(session_key))
        .order_by("-sent_at")
        .first()
    )
    if issued is None:
        raise Refused(_("请先获取验证码。"))
    now = timezone.now()
    told = {"user_id": str(user.pk), "purpose": purpose, "code_id": str(issued.pk)}
    if issued.used_at is not None or issued.expires_at <= now or issued.tries_left == 0:
        log.warning("code_dead", **told)
        raise Refused(_("这个验证码已失效，请重新获取。"))
    right = constant_time_compare(issued.code_hash, _code_hash(issued, _digits(code)))
    issued.tries_left -= 1
    issued.used_at = now if right else None
    issued.save(update_fields=["tries_left", "used_at"])
    if not right:
        log.warning("code_wrong", **told)
        raise Refused(_("验证码不对，请看短信里最新的 6 位数字。"))
    log.info("code_right", **told)
    return issued


def _refuse_too_many(user: User, now: datetime) -> None:
    recent = list(
        OneTimeCode.objects.filter(user=user, sent_at__gt=now - timedelta(days=1)).values_list(
            "sent_at", flat=True
        )
    )

    for most, seconds in settings.CODES_PER_PERSON:
        if sum(1 for sent_at in recent if sent_at > now - timedelta(seconds=seconds)) >= most:
            if seconds <= 60:
                raise Refused(_("验证码刚刚发过，请过一分钟再试。"))
            raise Refused(_("验证码发得太多了。请打电话给居委，或到居委办理。"))


def _code_hash(code: OneTimeCode, clear: str) -> str:
    return salted_hmac(
        "caoyang_portal.community.codes", f"{code.pk}:{clear}", algorithm="sha256"
    ).hexdigest()


def _digits(code: str) -> str:
    """What was typed without the blanks and full-width forms of a phone's keyboard."""
    return "".join(str(int(c)) for c in code if c.isdecimal())


def _digest(session_key: str) -> str:
    # Not the key itself: whoever reads this table must not be able to take over a session.
    return hashlib.sha256(session_key.encode()).hexdigest()
