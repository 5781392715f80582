"""Who may keep a search of a desk (常用查看): whoever works there."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from suggestions.models.suggestions import HANDLERS, READERS


@rules.predicate
def works_at_a_desk(user, view):
    return user.is_authenticated and user.holds(*READERS, *HANDLERS)


@rules.predicate
def keeps_it(user, view):
    return user.is_authenticated and view.owner_id == user.pk


rules.add_perm("suggestions.save_view", works_at_a_desk & keeps_it)
rules.add_perm("suggestions.drop_view", keeps_it)

label_acts(
    {
        "suggestions.save_view": _("保存常用查看"),
        "suggestions.drop_view": _("删除常用查看"),
    }
)
