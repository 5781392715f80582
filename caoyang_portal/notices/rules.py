"""Who may do what with messages."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts


@rules.predicate
def is_its_reader(user, notice) -> bool:
    return user.is_authenticated and notice.reader_id == user.pk


@rules.predicate
def is_oneself(user, preference) -> bool:
    return user.is_authenticated and preference.user_id == user.pk


@rules.predicate
def sees_sendings(user) -> bool:
    return user.is_authenticated and user.holds("committee", "administrator")


@rules.predicate
def serves_its_place(user, sending) -> bool:
    """The committee of the place; a message of no place is the administrators'."""
    if not user.is_authenticated:
        return False
    if sending.neighbourhood_id is None:
        return user.holds("administrator")
    return sending.neighbourhood_id in user.reach("committee", "administrator")


rules.add_perm("notices.read_notices", is_its_reader)
rules.add_perm("notices.set_preference", is_oneself)
rules.add_perm("notices.see_sendings", sees_sendings)
rules.add_perm("notices.retry_sending", serves_its_place)

label_acts(
    {
        "notices.read_notices": _("阅读消息"),
        "notices.set_preference": _("设置接收方式"),
        "notices.retry_sending": _("重新发送"),
    }
)
