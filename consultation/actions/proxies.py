"""Written mandates to vote (表决委托): recorded by one, approved by another, revoked at any time."""

from datetime import date

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.canonical import canonical_json
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from consultation.choices import fixed
from consultation.models import Poll, Proxy, RollEntry
from households.actions.letters import open_account

from .ballots import Given
from .locking import in_words, refuse_unless


def record_proxy(
    entry: RollEntry,
    *,
    agent_name: str,
    agent_phone: str,
    instructions: Given,
    valid_from: date,
    valid_to: date,
    document: Attachment,
    by: User,
) -> Proxy:
    """Enter a mandate with its document and how the owner instructed (登记表决委托).

    In a secret poll the instructions stay on the paper, between owner and agent.
    """
    with in_words(), transaction.atomic():
        entry = RollEntry.objects.select_related("poll__kind").get(pk=entry.pk)
        proxy = Proxy(
            neighbourhood_id=entry.neighbourhood_id, poll=entry.poll, entry=entry,
            agent_name=agent_name, agent_phone=agent_phone, valid_from=valid_from,
            valid_to=valid_to, document=document, recorded_by=by,
        )  # fmt: skip
        require(by, "consultation.record_proxy", proxy)
        refuse_unless(entry.poll, Poll.State.FROZEN, Poll.State.OPEN)
        _refuse_unfit(proxy, instructions)
        proxy.save(force_insert=True)
        record("consultation.record_proxy", proxy, by=by, document=document.sha256)
    return proxy


def _refuse_unfit(proxy: Proxy, instructions: Given) -> None:
    poll = proxy.poll
    if proxy.valid_to < proxy.valid_from:
        raise Refused(_("委托的结束日期早于开始日期"))
    if proxy.document.neighbourhood_id != proxy.neighbourhood_id:
        raise Refused(_("委托书不属于这个居民区"))
    if poll.is_secret and instructions:
        raise Refused(_("无记名表决不登记怎么投，意见写在委托书上交给受托人"))
    if not poll.is_secret:
        options = dict(poll.questions.annotate(n=Count("options")).values_list("number", "n"))
        proxy.instructions = canonical_json(fixed(poll, options, instructions))


@transaction.atomic
def approve_proxy(proxy: Proxy, *, by: User) -> Proxy:
    """A second member of staff has read the document (复核); from now on the agent may vote."""
    proxy = Proxy.objects.select_for_update(of=("self",)).select_related("entry").get(pk=proxy.pk)
    require(by, "consultation.approve_proxy", proxy)
    if proxy.revoked_at or proxy.approved_by_id:
        raise Refused(_("这份委托已撤销") if proxy.revoked_at else _("这份委托已复核"))
    if proxy.valid_to < timezone.localdate():
        raise Refused(_("这份委托已过期"))
    proxy.agent = open_account(proxy.agent_phone, proxy.agent_name)
    if proxy.agent == by:
        raise Refused(_("受托人不能复核自己的委托，请另一位同事办理"))
    proxy.approved_by = by
    proxy.save(update_fields=["agent", "approved_by"])
    record("consultation.approve_proxy", proxy, by=by)
    return proxy


@transaction.atomic
def revoke_proxy(proxy: Proxy, *, reason: str, by: User) -> Proxy:
    """The owner takes the power back (撤销委托); a vote already cast by it stands."""
    proxy = Proxy.objects.select_for_update(of=("self",)).select_related("entry").get(pk=proxy.pk)
    require(by, "consultation.revoke_proxy", proxy)
    if proxy.revoked_at:
        raise Refused(_("这份委托已撤销"))
    if not reason.strip():
        raise Refused(_("请写明原因"))
    proxy.revoked_at, proxy.revoking_reason = timezone.now(), reason.strip()
    proxy.save(update_fields=["revoked_at", "revoking_reason"])
    record("consultation.revoke_proxy", proxy, by=by)
    return proxy
