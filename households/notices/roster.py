"""Whom to tell about a roster (名册): the person who asked, who may have closed the page meanwhile."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.ledger.wording import label_acts
from caoyang_portal.notices.sending import tell
from households.models import ImportBatch

label_acts(
    {
        "households.upload_roster": gettext_lazy("上传名册"),
        "households.check_roster": gettext_lazy("核对名册"),
        "households.choose_columns": gettext_lazy("确认名册表头"),
        "households.finish_check": gettext_lazy("名册核对完成"),
        "households.start_import": gettext_lazy("开始导入名册"),
        "households.import_batch": gettext_lazy("导入名册"),
        "households.finish_import": gettext_lazy("名册导入完成"),
        "households.undo_import": gettext_lazy("撤销名册导入"),
        "households.discard_batch": gettext_lazy("放弃名册"),
        "households.give_up_on_batch": gettext_lazy("名册未能完成"),
        "households.take_snapshot": gettext_lazy("冻结基准日名册"),
    }
)


@subscribe("households.finish_check")
def tell_it_is_checked(entry: Entry) -> None:
    facts = entry.facts
    _tell(
        entry,
        _("名册核对完成：%(rows)s 行，%(errors)s 行有错误。")
        % {"rows": facts["rows"], "errors": facts["errors"]},
    )


@subscribe("households.finish_import")
def tell_it_is_imported(entry: Entry) -> None:
    facts = entry.facts
    _tell(
        entry,
        _("名册导入完成：新增 %(new)s 户，更新 %(changed)s 户。")
        % {"new": facts["new"], "changed": facts["changed"]},
    )


@subscribe("households.give_up_on_batch")
def tell_it_was_given_up(entry: Entry) -> None:
    _tell(entry, _("名册没有完成，请打开看原因。"))


def _tell(entry: Entry, text: str) -> None:
    batch = ImportBatch.objects.select_related("uploaded_by", "imported_by").get(
        pk=entry.subject_id
    )
    asked = batch.imported_by or batch.uploaded_by
    if asked is not None:
        link = reverse("households:import_detail", args=[batch.pk])
        tell(entry, [asked], text, link=link, channels=())
