"""What each form of meeting is for (会议形式): when it is held, who convenes, how many days before it is told.

A table in the code, not in the database: its sentences are quotations of law and custom that an
office does not edit. What an office does decide, the days of notice, the convenor and the quorum,
is set for each meeting; this table only gives the default and says where that comes from.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from consultation.models import Topic

Form = Topic.Form
BEFORE, DURING, AFTER, ANY_TIME = _("决定以前"), _("办的时候"), _("办完以后"), _("随时")
COMMITTEE = _("居委会（在居民区党组织领导下）")
L6 = "上海市居民委员会工作条例"
THREE = f"{L6}第十六条、第十七条"
DESIGN = _("本系统的默认值，法规没有规定天数，请按实际情况改")
CUSTOM = _("居民区自治约定")


@dataclass(frozen=True)
class FormOfMeeting:
    """One form: its default notice is flagged where no law names the days."""

    form: Form
    purpose: Any
    when: Any
    convenor: Any
    notice_days: int
    notice_basis: Any
    legal_basis: Any
    is_law: bool = False  # the days of notice are the law's, not our default
    per_building: bool = False

    @property
    def name(self) -> str:
        return str(self.form.label)

    @property
    def convenor_on_paper(self) -> str:
        """The convenor without the explanation in brackets."""
        return str(self.convenor).partition("（")[0]


def _form(form: Form, purpose: Any, when: Any, convenor: Any = COMMITTEE, **more: Any):
    values: dict[str, Any] = {"notice_days": 3, "notice_basis": DESIGN, "legal_basis": CUSTOM}
    values |= more
    return form, FormOfMeeting(form, purpose, when, convenor, **values)


FORMS: dict[str, FormOfMeeting] = dict(
    [
        _form(
            Form.HEARING,
            _("政府或居委要办的事，动手以前先听居民的具体意见"),
            BEFORE,
            _("居委会（居委会主任牵头听证小组；政府部门委托的由居委会决定召开）"),
            notice_days=7,
            legal_basis=f"{THREE}；上海市居民区听证会、协调会、评议会制度试行办法第三至六条",
        ),
        _form(
            Form.COORDINATION,
            _("居民之间的公共事务和一般利益矛盾，坐下来商量解决"),
            DURING,
            legal_basis=THREE,
        ),
        _form(
            Form.REVIEW,
            _("事情办完，由居民评议居委会、街道、派驻机构和公共服务单位"),
            AFTER,
            legal_basis=f"{THREE}、第十八条、第二十九条",
        ),
        _form(
            Form.COUNCIL_ROOM,
            _("把难办的事当议题，商量成一个自治项目"),
            ANY_TIME,
            _("居民区党组织"),
            legal_basis=_("红色议事厅制度（曹杨）"),
        ),
        _form(Form.TEA_TABLE, _("几个人一张桌子，先把话说开"), ANY_TIME, notice_days=1),
        _form(
            Form.SATURDAY_HALL,
            _("每个星期六，谁有事谁来说"),
            ANY_TIME,
            legal_basis=_("周六议事厅（居民议事品牌）"),
        ),
        _form(Form.ROUND_TABLE, _("各方围着一件事谈，一轮一轮谈到有结果"), DURING),
        _form(
            Form.HEART_TO_HEART,
            _("在楼里、园区里听大家谈心里话"),
            BEFORE,
            notice_days=1,
            legal_basis=_("三会进楼宇"),
            per_building=True,
        ),
        _form(
            Form.CONSULTATION,
            _("在楼里、园区里商量怎么办"),
            DURING,
            legal_basis=_("三会进楼宇"),
            per_building=True,
        ),
        _form(
            Form.BUILDING_REVIEW,
            _("在楼里、园区里评议办得好不好"),
            AFTER,
            legal_basis=_("三会进楼宇"),
            per_building=True,
        ),
        _form(
            Form.GROUP_CHAT,
            _("楼组群里约好时间，在网上商量"),
            ANY_TIME,
            notice_days=1,
            legal_basis=_("三会上云"),
            per_building=True,
        ),
        _form(
            Form.RESIDENTS_ASSEMBLY,
            _("全体居民、户代表或居民小组代表讨论决定全居民区的事，每年至少一次"),
            BEFORE,
            COMMITTEE,
            notice_days=7,
            notice_basis=_("条例要求会前通知议题和议程，没有写天数；7 天是本系统的默认值"),
            legal_basis=f"{L6}第十一条",
        ),
        _form(
            Form.OWNERS_MEETING,
            _("业主共同决定物业管理的事"),
            BEFORE,
            _("业主委员会（没有业委会的，由街道、居委会指导筹备组）"),
            notice_days=15,
            notice_basis=_("物业管理条例第十四条：会议召开 15 日以前通知全体业主，并告知居委会"),
            legal_basis="民法典第二百七十八条；物业管理条例第十四条；上海市住宅物业管理规定第二十五条",
            is_law=True,
        ),
        _form(
            Form.CONGRESS,
            _("社区代表一起定明年办哪些事，答复书面意见"),
            BEFORE,
            _("街道办事处"),
            notice_days=15,
            notice_basis=_("票选在会前半个月开始；15 天是本系统的默认值"),
            legal_basis="上海市街道办事处条例第十七条",
        ),
    ]
)


def form_of(form: str) -> FormOfMeeting:
    return FORMS[form]
