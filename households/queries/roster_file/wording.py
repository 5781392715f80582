"""What is wrong with a cell and what to do about it (错误原因), in plain words."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ERRORS = {
    "missing_name": _("没有姓名，请填写承租人或产权人。"),
    "missing_building": _("没有幢号，请填写。"),
    "missing_room": _("没有室号，请填写。"),
    "unknown_tenure": _("“%(text)s”认不出，请填公房或售后公房。"),
    "missing_tenure": _("没有房屋类型，请填公房或售后公房。"),
    "negative_area": _("面积 %(text)s 是负数，请按凭证改正。"),
    "area_not_a_number": _("“%(text)s”不是数字，请按凭证填面积。"),
    "bad_id_number": _("证件号码核对不上，请照证件重填。"),
    "id_number_damaged": _("号码末几位已丢失，请把该列设为文本后重填。"),
    "bad_phone": _("“%(text)s”不是完整号码，请核对后重填。"),
    "bad_count": _("“%(text)s”不是人数，请填整数。"),
    "duplicate_dwelling": _("与第 %(row)s 行是同一套房，请删去一行或补部位。"),
    "ambiguous_dwelling": _("档案里有几户对得上，请补门牌或部位。"),
    "too_long": _("内容太长，请缩短到 %(most)s 字以内。"),
}
WARNINGS = {
    "missing_phone": _("没有电话，收不到短信，请尽量补上。"),
    "missing_id_number": _("没有证件号码，签约前请补上。"),
    "landline": _("这是座机，收不到短信。"),
    "several_phones": _("有几个号码，只导入第一个手机号。"),
    "numeric_phone": _("电话是数字格式，请核对没有少位。"),
    "other_document": _("不是身份证号，按护照或通行证记录。"),
    "area_improbable": _("面积 %(text)s 少见，请核对。"),
    "zero_area": _("面积为 0，按没有填写处理。"),
    "living_above_floor": _("居住面积大于建筑面积，请核对。"),
    "unknown_tag": _("“%(text)s”认不出，没有导入。"),
    "unknown_facility": _("“%(text)s”认不出，请填独用、合用或无。"),
    "unknown_occupancy": _("“%(text)s”认不出，没有导入。"),
    "unclear_yes_or_no": _("“%(text)s”认不出，请填有或无。"),
    "bad_date": _("“%(text)s”不是日期，没有导入。"),
    "odd_name": _("姓名里有数字或符号，请核对。"),
    "several_holders": _("有几个姓名，其余记为共有人，请核对。"),
    "possible_duplicate_person": _("与第 %(row)s 行证件号码相同，请核对。"),
    "duplicate_certificate": _("与第 %(row)s 行凭证号相同，请核对。"),
    "holder_replaced": _("姓名与档案不同，将换为新的承租人/产权人。"),
    "person_not_in_file": _("档案里另有 %(names)s，本次不会删除。"),
    "zone_differs": _("该幢在档案里属%(text)s，本次不改。"),
}


def message(problem: str, **facts: object) -> str:
    """The sentence for a problem, in the reader's language."""
    return gettext(str({**ERRORS, **WARNINGS}[problem])) % facts
