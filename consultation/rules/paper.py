"""Who may print, take in and key paper ballots: two of the committee, a third where they differ."""

import rules
from django.utils.translation import gettext_lazy as _

from caoyang_portal.ledger.wording import label_acts
from consultation.models import Keying
from households.rules.offices import is_committee

from .ballots import answers_for_the_entry


@rules.predicate
def has_not_keyed_it(user, paper):
    return not Keying.objects.filter(paper=paper, staff=user.pk).exists()


@rules.predicate
def is_not_their_own_vote(user, paper):
    return paper.entry is None or not answers_for_the_entry(user, paper.entry)


keys = is_committee & has_not_keyed_it & is_not_their_own_vote
for act in (
    "print_papers", "order_ballots", "download_ballots", "hand_in_scans", "take_in_scans",
    "name_stray_scan", "drop_stray_scan",
):  # fmt: skip
    rules.add_perm(f"consultation.{act}", is_committee)
rules.add_perm("consultation.receive_envelope", is_committee)
rules.add_perm("consultation.set_paper_aside", is_committee & is_not_their_own_vote)
rules.add_perm("consultation.key_paper", keys)
rules.add_perm("consultation.settle_paper", keys)

label_acts(
    {
        "consultation.print_papers": _("印制表决票"),
        "consultation.order_ballots": _("排印表决票"),
        "consultation.finish_ballots": _("表决票排印完成"),
        "consultation.download_ballots": _("下载表决票"),
        "consultation.hand_in_scans": _("上传扫描件"),
        "consultation.take_in_scans": _("扫描表决票"),
        "consultation.name_stray_scan": _("认领扫描页"),
        "consultation.drop_stray_scan": _("剔除扫描页"),
        "consultation.receive_envelope": _("签收纸质票信封"),
        "consultation.set_paper_aside": _("纸质票不计入"),
        "consultation.key_paper": _("录入纸质票"),
        "consultation.settle_paper": _("裁定纸质票"),
    }
)
