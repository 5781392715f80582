"""Searches of a desk are kept by name, and forgotten (常用查看)."""

from django.db import transaction
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from suggestions.models import SavedView

MOST_VIEWS = 12  # of one person on one desk


@transaction.atomic
def save_view(desk: SavedView.Desk, *, name: str, query: str, by: User) -> SavedView:
    """Keep a search under a name (保存查看); the same name again replaces it."""
    view = SavedView(owner=by, desk=desk, name=name.strip(), query=query)
    require(by, "suggestions.save_view", view)
    if not view.name:
        raise Refused(_("请给这个查看起个名字"))
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # a second tap waits for the first
    mine = SavedView.objects.filter(owner=by, desk=desk)
    if mine.exclude(name=view.name).count() >= MOST_VIEWS:
        raise Refused(_("最多保存 %(n)s 个，请先删掉几个") % {"n": MOST_VIEWS})
    view, _new = SavedView.objects.update_or_create(
        owner=by, desk=desk, name=view.name, defaults={"query": query}
    )
    record("suggestions.save_view", view, by=by, desk=str(desk))
    return view


@transaction.atomic
def drop_view(view: SavedView, *, by: User) -> SavedView:
    """Forget a search (删除查看)."""
    view = SavedView.objects.select_for_update().get(pk=view.pk)
    require(by, "suggestions.drop_view", view)
    record("suggestions.drop_view", view, by=by, desk=view.desk)
    SavedView.objects.filter(pk=view.pk).delete()
    return view
