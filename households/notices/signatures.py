"""Whom to tell of a signature (签约通知): the signer, the others of the household, the committee."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.community.models import User
from caoyang_portal.ledger.entries import subscribe
from caoyang_portal.ledger.wording import label_acts
from caoyang_portal.notices.sending import tell
from households.models import Agreement, Mandate, Residency, Signature
from households.queries.signing import signatories_with_signatures, signature_of

label_acts(
    {
        "households.ask_signing_code": gettext_lazy("发送签约验证码"),
        "households.sign_agreement": gettext_lazy("签署协议"),
        "households.complete_agreement": gettext_lazy("全户签齐"),
    }
)


@subscribe("households.sign_agreement")
def send_receipt(entry):
    """The receipt to whoever signed, or for whom it was signed (回执)."""
    signature = Signature.objects.select_related("agreement", "signatory").get(
        receipt_number=entry.facts["receipt"]
    )
    readers = User.objects.filter(
        pk__in=Residency.objects.live()
        .filter(member=signature.signatory.member_id)
        .values("user_id")
    )
    text = _("您的协议已签好，回执号 %(receipt)s，协议指纹 %(print)s。如有疑问请打电话给居委。")
    tell(
        entry,
        {*readers, *([signature.signer] if signature.signer else [])},
        text % {"receipt": signature.receipt_number, "print": signature.agreement.fingerprint},
        link=f"/sign/{signature.agreement_id}/receipt/",
        key="receipt",
    )


@subscribe("households.sign_agreement")
def remind_the_others(entry):
    """Those of the household who have not signed yet: it is their turn (还差您一位)."""
    agreement = Agreement.objects.get(pk=entry.subject_id)
    if agreement.state != Agreement.State.SIGNING:
        return
    missing = [
        line.member_id
        for line in signatories_with_signatures(agreement)
        if signature_of(line) is None
    ]
    residents = Residency.objects.live().filter(member__in=missing).values("user_id")
    agents = Mandate.objects.to_sign(timezone.localdate(entry.at)).filter(principal__in=missing)
    readers = User.objects.filter(pk__in=residents) | User.objects.filter(
        pk__in=agents.values("agent_id")
    )
    text = (
        _("您家的协议，家里人已签，还差您一位。请打开曹杨社区门户签约，或到居委办理。")
        if len(missing) == 1
        else _("您家的协议，家里有人已签，还等您签。请打开曹杨社区门户签约，或到居委办理。")
    )
    tell(entry, readers.distinct(), text, link=f"/sign/{agreement.pk}/", key="turn")
