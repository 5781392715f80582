"""Whom to tell about files, letters and corrections; and what these acts are called."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.ledger.wording import label_acts
from caoyang_portal.notices.sending import tell
from households.models import CorrectionRequest, GroupMessage, Residency

label_acts(
    {
        "households.read_file": gettext_lazy("查看档案"),
        "households.unmask_number": gettext_lazy("查看完整号码"),
        "households.unmask_contact": gettext_lazy("查看联系人电话"),
        "households.read_care_tags": gettext_lazy("查看关爱标签"),
        "households.print_file": gettext_lazy("打印档案"),
        "households.edit_household": gettext_lazy("修改档案"),
        "households.mark_special": gettext_lazy("登记特殊情形"),
        "households.write_strategy": gettext_lazy("更新一户一策"),
        "households.assign_responsible": gettext_lazy("指派责任人"),
        "households.plan_contact": gettext_lazy("定联系日期"),
        "households.add_member": gettext_lazy("登记成员"),
        "households.edit_member": gettext_lazy("修改成员信息"),
        "households.end_membership": gettext_lazy("成员迁出"),
        "households.record_death": gettext_lazy("登记已故"),
        "households.add_visit": gettext_lazy("走访"),
        "households.add_contact": gettext_lazy("登记联系人"),
        "households.remove_contact": gettext_lazy("移除联系人"),
        "households.add_care_tag": gettext_lazy("添加关爱标签"),
        "households.remove_care_tag": gettext_lazy("移除关爱标签"),
        "households.issue_letters": gettext_lazy("发告知书"),
        "households.print_letters": gettext_lazy("告知书已排版"),
        "households.download_letters": gettext_lazy("下载告知书"),
        "households.link_by_letter": gettext_lazy("家人凭码关联"),
        "households.ask_for_counter_check": gettext_lazy("有人申请柜台核验"),
        "households.disown_letter": gettext_lazy("告知书送错人"),
        "households.link_at_counter": gettext_lazy("柜台核验关联"),
        "households.decline_residency": gettext_lazy("退回关联申请"),
        "households.end_residency": gettext_lazy("解除账号关联"),
        "households.record_mandate": gettext_lazy("登记授权委托"),
        "households.approve_mandate": gettext_lazy("复核授权委托"),
        "households.revoke_mandate": gettext_lazy("撤销授权委托"),
        "households.read_mandate_document": gettext_lazy("查看授权委托书"),
        "households.ask_correction": gettext_lazy("申请更正"),
        "households.settle_correction": gettext_lazy("答复更正申请"),
        "households.export_households": gettext_lazy("导出名单"),
        "households.save_filter": gettext_lazy("保存筛选"),
        "households.drop_filter": gettext_lazy("删除筛选"),
        "households.set_default_filter": gettext_lazy("默认筛选"),
        "households.write_export": gettext_lazy("名单已写好"),
        "households.download_export": gettext_lazy("下载名单"),
        "households.add_care_tags": gettext_lazy("添加关爱标签"),
        "households.remove_care_tags": gettext_lazy("移除关爱标签"),
        "households.restore_care_tags": gettext_lazy("恢复关爱标签"),
        "households.send_group_message": gettext_lazy("群发短信"),
        "households.cancel_group_message": gettext_lazy("撤回短信"),
        "households.release_group_message": gettext_lazy("短信发出"),
    }
)


@subscribe("households.link_by_letter")
@subscribe("households.link_at_counter")
def tell_the_family_somebody_joined(entry: Entry) -> None:
    """Whoever already belongs to the household hears of another login, in case it is a stranger's."""
    joined = Residency.objects.get(pk=entry.subject_id)
    family = User.objects.filter(
        pk__in=Residency.objects.live()
        .filter(household_id=joined.household_id)
        .exclude(user_id=joined.user_id)
        .values("user_id")
    )
    tell(
        entry,
        family,
        _("有一位家人的账号关联了您家。如果不认识，请马上打电话给居委。"),
        link=reverse("households:my_file"),
    )


@subscribe("households.ask_correction")
@subscribe("households.disown_letter")
def tell_the_committee_of_a_correction(entry: Entry) -> None:
    request = CorrectionRequest.objects.select_related("household").get(pk=entry.subject_id)
    tell(
        entry,
        _committee(request.neighbourhood_id),
        _("%(home)s申请更正，请核实后答复。") % {"home": request.household.address},
        link=reverse("households:settle_correction", args=[request.pk]),
        channels=(),
    )


@subscribe("households.ask_for_counter_check")
def tell_the_committee_somebody_will_come(entry: Entry) -> None:
    waiting = Residency.objects.select_related("household").get(pk=entry.subject_id)
    tell(
        entry,
        _committee(waiting.neighbourhood_id),
        _("有人拿着%(home)s的告知书，要来柜台核验。") % {"home": waiting.household.address},
        link=reverse("households:residency_queue"),
        channels=(),
    )


@subscribe("households.settle_correction")
def tell_who_asked(entry: Entry) -> None:
    request = CorrectionRequest.objects.select_related("asked_by").get(pk=entry.subject_id)
    tell(
        entry,
        [request.asked_by],
        _("您申请的更正有答复了，请登录查看。"),
        link=reverse("households:ask_correction"),
    )


@subscribe("households.release_group_message")
def send_the_group_message(entry: Entry) -> None:
    message = GroupMessage.objects.get(pk=entry.subject_id)
    tell(entry, User.objects.filter(pk__in=message.readers), message.text)


def _committee(neighbourhood_id) -> list[User]:
    posts = Posting.objects.live().filter(
        office=Posting.Office.COMMITTEE, neighbourhood_id=neighbourhood_id
    )
    return [post.user for post in posts.select_related("user")]
