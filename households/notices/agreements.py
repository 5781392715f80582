"""What follows a completed agreement (its seal), and whom to tell about agreements."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from households.actions import sealing
from households.models import Agreement, GenerationJob, Residency, Signatory
from households.queries.signing import signature_of


@subscribe("households.complete_agreement")
def see_that_it_is_sealed(entry: Entry) -> None:
    sealing.owe_seal(Agreement.objects.get(pk=entry.subject_id))


@subscribe("households.seal_agreement")
def tell_the_household_it_is_sealed(entry: Entry) -> None:
    agreement = Agreement.objects.get(pk=entry.subject_id)
    tell(
        entry,
        _household(agreement),
        _("您签的协议已盖章存档，可以查看和下载。"),
        link=_page(agreement),
        channels=(),
    )


@subscribe("households.freeze_agreement")
def tell_the_household_of_a_new_version(entry: Entry) -> None:
    """Only where it replaces one they know; that all are ready is told when signing opens."""
    agreement = Agreement.objects.get(pk=entry.subject_id)
    if agreement.supersedes_id is None:
        return
    tell(
        entry,
        _household(agreement),
        _("您家的协议有新版，原来的签名不再有效，请重新阅读并签署。"),
        link=_page(agreement),
    )


@subscribe("households.void_agreement")
def tell_the_household_it_is_void(entry: Entry) -> None:
    agreement = Agreement.objects.get(pk=entry.subject_id)
    if agreement.frozen_at is None:
        return  # they never saw it
    tell(
        entry,
        _household(agreement),
        _("您家的协议已作废。事由请看协议页，或打电话问居委。"),
        link=_page(agreement),
    )


@subscribe("households.decline_agreement")
def tell_the_committee_of_a_refusal(entry: Entry) -> None:
    agreement = Agreement.objects.select_related("household__building").get(pk=entry.subject_id)
    tell(
        entry,
        _staff(agreement.neighbourhood_id, Posting.Office.COMMITTEE),
        _("%(household)s暂不同意签约，请联系。") % {"household": agreement.household},
        link=_page(agreement),
        channels=(),
    )


@subscribe("households.record_death")
@subscribe("households.end_membership")
def tell_the_desk_a_signatory_is_gone(entry: Entry) -> None:
    """Not signed: only a new version helps. Signed: nothing is undone, but people should know."""
    lines = Signatory.objects.filter(
        member=entry.facts["member"], agreement__in=Agreement.objects.live()
    ).exclude(agreement__frozen_at=None)
    for line in lines.select_related("agreement__household", "signature"):
        said = {"home": line.agreement.household.address, "number": line.agreement.number}
        words = (
            _("%(home)s一位签约人签好后已故或迁出，协议 %(number)s 的签名不变，请留意。")
            if signature_of(line)
            else _("%(home)s一位签约人已故或迁出，协议 %(number)s 不能再签，请出新版。")
        )
        tell(
            entry,
            _staff(line.neighbourhood_id, Posting.Office.COMMITTEE),
            words % said,
            link=_page(line.agreement),
            channels=(),
            key=str(line.agreement_id),
        )


@subscribe("households.finish_generation")
def tell_the_asker_it_is_done(entry: Entry) -> None:
    job = GenerationJob.objects.select_related("asked_by").get(pk=entry.subject_id)
    tell(
        entry,
        [job.asked_by],
        _("协议已生成 %(made)s 户，%(failed)s 户未成。") % entry.facts,
        link=reverse("households:generation_detail", args=[job.pk]),
        channels=(),
    )


@subscribe("households.alarm_unsealed")
def tell_the_desk_that_seals_are_late(entry: Entry) -> None:
    tell(
        entry,
        _staff(entry.neighbourhood_id, Posting.Office.COMMITTEE, Posting.Office.ADMINISTRATOR),
        _("有 %(waiting)s 份已签协议超过 15 分钟没盖上章，请查看。") % entry.facts,
        link=reverse("households:sealing_queue"),
    )


def _page(agreement: Agreement) -> str:
    return reverse("households:agreement_detail", args=[agreement.pk])


def _household(agreement: Agreement) -> list[User]:
    live = Residency.objects.live().filter(household=agreement.household_id)
    return list(User.objects.filter(pk__in=live.values("user_id"), is_active=True))


def _staff(neighbourhood_id, *offices: str) -> list[User]:
    """Who holds one of ``offices`` in the neighbourhood, or for its whole sub-district."""
    posts = Posting.objects.live().filter(
        Q(neighbourhood_id=neighbourhood_id)
        | Q(neighbourhood=None, sub_district__neighbourhood=neighbourhood_id),
        office__in=offices,
    )
    return list(User.objects.filter(pk__in=posts.values("user_id"), is_active=True))
