"""A look for the family (给家人看): a link that shows one agreement, masked, for seven days."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from households.models import Agreement, ShareLink

MOST_LIVE = 5


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def share_agreement(agreement: Agreement, *, by: User) -> str:
    """Make a link; the token is given out once and kept only as a hash."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    link = ShareLink(
        neighbourhood_id=agreement.neighbourhood_id,
        agreement=agreement,
        token_hash=token_hash(token),
        created_by=by,
        created_at=now,
        expires_at=now + timedelta(days=ShareLink.DAYS),
    )
    require(by, "households.share_agreement", link)
    if agreement.frozen_at is None:
        raise Refused(_("协议还没有定稿，定稿以后再发给家人。"))
    if agreement.share_links.live(now).count() >= MOST_LIVE:
        raise Refused(_("还有 5 个链接没有收回，请先收回一个。"))
    link.save()
    record("households.share_agreement", link, by=by, number=agreement.number)
    return token


@transaction.atomic
def revoke_share_link(link: ShareLink, *, by: User) -> ShareLink:
    """Take a link back (收回链接); from now on it shows nothing."""
    link = (
        ShareLink.objects.select_for_update(of=("self",))
        .select_related("agreement", "neighbourhood")
        .get(pk=link.pk)
    )
    require(by, "households.revoke_share_link", link)
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        record("households.revoke_share_link", link, by=by, number=link.agreement.number)
    return link
