"""The second member of staff at the counter (见证人): present is who types their own password."""

import structlog
from django.utils.translation import gettext as _

from caoyang_portal.community import limits
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused

log = structlog.get_logger(__name__)

PER_OPERATOR = (20, 600)
PER_PHONE = (5, 600)


def present_witness(phone: str, password: str, *, operator: User) -> User:
    """The user who proves to stand beside ``operator`` (见证人到场); signs nobody in.

    Call it outside a transaction, so that the limits remember every try.
    """
    allowed = limits.allow(f"witness:{operator.pk}", *PER_OPERATOR)
    if not (limits.allow(f"witness:phone:{phone}", *PER_PHONE) and allowed):
        raise Refused(_("密码试得太勤了，请过十分钟再试。"))
    witness = User.objects.by_phone(phone)
    if witness is None:
        User().set_password(password)  # as slow as a known number
    elif witness.has_usable_password() and witness.check_password(password):
        return witness
    log.warning("witness_password_wrong", user_id=str(operator.pk))
    raise Refused(_("见证人的手机号或密码不对，请见证人再输一次。"))
