"""The placeholders of an agreement's text (占位符): what each stands for, and how it is found out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from households.models import (
    AgreementTemplate,
    AllowanceItem,
    Household,
    Member,
    Plan,
    Project,
)


class Kind(StrEnum):
    """How a value is written out."""

    TEXT = "text"
    AREA = "area"
    MONEY = "money"
    DATE = "date"
    NUMBER = "number"
    LIST = "list"


@dataclass(frozen=True)
class Facts:
    """All that the text of one household's agreement may speak of."""

    household: Household
    project: Project
    template: AgreementTemplate
    number: str
    members: Sequence[Member]
    signers: Sequence[Member]
    plan: Plan | None
    allowances: Sequence[AllowanceItem]

    @property
    def holder(self) -> Member | None:
        return next((m for m in self.members if m.role == Member.Role.HOLDER), None)


@dataclass(frozen=True)
class Placeholder:
    """One name that a template may use."""

    name: str
    kind: Kind
    label: str | Promise
    source: str | Promise  # where the value comes from, for the editor's list
    value: Callable[[Facts], object]

    def shown(self, facts: Facts) -> SafeString:
        """The value as the agreement prints it, escaped; "" when the file does not have it."""
        value = self.value(facts)
        if value is None or value == "":
            return SafeString("")
        return _WRITERS[self.kind](value)


def _text(value: object) -> SafeString:
    return format_html("{}", str(value))


def _area(value: Decimal) -> SafeString:
    return format_html("{} 平方米", f"{value:.2f}")


def _money(value: Decimal) -> SafeString:
    return format_html("{} 元", f"{value:,.2f}")


def _date(value: date | datetime) -> SafeString:
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html("{} 年 {} 月 {} 日", day.year, day.month, day.day)


def _list(rows: Sequence[Sequence[str]]) -> SafeString:
    """The first row names the columns."""
    head = format_html_join("", "<th>{}</th>", ((cell,) for cell in rows[0]))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows[1:]),
    )
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)


_WRITERS: dict[Kind, Callable] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _text,
    Kind.AREA: _area,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.LIST: _list,
}


def _co_owners(facts: Facts) -> str:
    names = [m.name for m in facts.members if m.role == Member.Role.CO_OWNER]
    return "、".join(names) or "无"


def _allowances(facts: Facts) -> list[list[str]] | None:
    if not facts.allowances:
        return None
    rows = [["项目", "计算方法", "金额（元）"]]
    rows += [[item.name, item.formula_text, f"{item.amount:,.2f}"] for item in facts.allowances]
    total = sum((item.amount for item in facts.allowances), Decimal(0))
    return [*rows, ["合计", "", f"{total:,.2f}"]]


def _allowance_total(facts: Facts) -> Decimal | None:
    if not facts.allowances:
        return None
    return sum((item.amount for item in facts.allowances), Decimal(0))


def _members(facts: Facts) -> list[list[str]]:
    rows = [["姓名", "身份", "与承租人（产权人）关系"]]
    return rows + [[m.name, m.get_role_display(), m.relation or "—"] for m in facts.members]


def _added_area(facts: Facts) -> Decimal | None:
    plan = facts.plan
    if plan is None or plan.area_before is None or plan.area_after is None:
        return None
    return plan.area_after - plan.area_before


def _of_plan(field: str) -> Callable[[Facts], object]:
    return lambda facts: getattr(facts.plan, field) if facts.plan else None


def _of_household(field: str) -> Callable[[Facts], object]:
    return lambda facts: getattr(facts.household, field)


def _of_project(field: str) -> Callable[[Facts], object]:
    return lambda facts: getattr(facts.project, field)


_FILE, _PLAN, _PROJECT, _MONEY = _("户档案"), _("改造方案"), _("改造项目"), _("补贴项")

_ALL = [
    Placeholder("agreement_number", Kind.TEXT, _("协议编号"), _PROJECT, lambda f: f.number),
    Placeholder("household_address", Kind.TEXT, _("房屋地址"), _FILE, _of_household("address")),
    Placeholder("building", Kind.TEXT, _("幢号"), _FILE, lambda f: f.household.building.name),
    Placeholder("room", Kind.TEXT, _("室号"), _FILE, _of_household("room")),
    Placeholder(
        "tenure", Kind.TEXT, _("房屋类型"), _FILE, lambda f: f.household.get_tenure_display()
    ),
    Placeholder(
        "certificate_number", Kind.TEXT, _("凭证号"), _FILE, _of_household("certificate_number")
    ),
    Placeholder(
        "holder_name",
        Kind.TEXT,
        _("承租人（产权人）姓名"),
        _FILE,
        lambda f: f.holder.name if f.holder else None,
    ),
    Placeholder("co_owner_names", Kind.TEXT, _("共有人姓名"), _FILE, _co_owners),
    Placeholder(
        "signatory_names",
        Kind.TEXT,
        _("签约人姓名"),
        _FILE,
        lambda f: "、".join(m.name for m in f.signers),
    ),
    Placeholder("members", Kind.LIST, _("家庭成员"), _FILE, _members),
    Placeholder("living_area", Kind.AREA, _("居住面积"), _FILE, _of_household("living_area")),
    Placeholder("usable_area", Kind.AREA, _("使用面积"), _FILE, _of_household("usable_area")),
    Placeholder("floor_area", Kind.AREA, _("建筑面积"), _FILE, _of_household("floor_area")),
    Placeholder(
        "kitchen_before",
        Kind.TEXT,
        _("现有厨房"),
        _FILE,
        lambda f: f.household.get_kitchen_display(),
    ),
    Placeholder(
        "toilet_before",
        Kind.TEXT,
        _("现有卫生间"),
        _FILE,
        lambda f: f.household.get_toilet_display(),
    ),
    Placeholder("plan_summary", Kind.TEXT, _("改造方案说明"), _PLAN, _of_plan("summary")),
    Placeholder("plan_version", Kind.NUMBER, _("改造方案版本"), _PLAN, _of_plan("version")),
    Placeholder("area_before", Kind.AREA, _("改造前面积"), _PLAN, _of_plan("area_before")),
    Placeholder("area_after", Kind.AREA, _("改造后面积"), _PLAN, _of_plan("area_after")),
    Placeholder("area_added", Kind.AREA, _("增加面积"), _PLAN, _added_area),
    Placeholder(
        "kitchen_after",
        Kind.TEXT,
        _("改造后厨房"),
        _PLAN,
        lambda f: f.plan.get_kitchen_after_display() if f.plan else None,
    ),
    Placeholder(
        "toilet_after",
        Kind.TEXT,
        _("改造后卫生间"),
        _PLAN,
        lambda f: f.plan.get_toilet_after_display() if f.plan else None,
    ),
    Placeholder("allowances", Kind.LIST, _("补贴明细"), _MONEY, _allowances),
    Placeholder("allowance_total", Kind.MONEY, _("补贴合计"), _MONEY, _allowance_total),
    Placeholder("project_name", Kind.TEXT, _("项目名称"), _PROJECT, _of_project("name")),
    Placeholder(
        "implementer",
        Kind.TEXT,
        _("实施主体"),
        _PROJECT,
        lambda f: f.project.implementer.name if f.project.implementer else None,
    ),
    Placeholder("legal_basis", Kind.TEXT, _("法律依据"), _PROJECT, _of_project("legal_basis")),
    Placeholder("scope", Kind.TEXT, _("更新范围"), _PROJECT, _of_project("scope")),
    Placeholder("resettlement", Kind.TEXT, _("安置方式"), _PROJECT, _of_project("resettlement")),
    Placeholder(
        "effect_condition", Kind.TEXT, _("协议生效条件"), _PROJECT, _of_project("effect_condition")
    ),
    Placeholder(
        "housing_kind", Kind.TEXT, _("安置房屋类型及权属"), _PROJECT, _of_project("housing_kind")
    ),
    Placeholder(
        "works_duration", Kind.TEXT, _("预计工程周期"), _PROJECT, _of_project("works_duration")
    ),
    Placeholder(
        "withdrawal_rule", Kind.TEXT, _("撤回规则"), _PROJECT, _of_project("withdrawal_rule")
    ),
    Placeholder(
        "threshold_pct", Kind.NUMBER, _("生效签约比例"), _PROJECT, _of_project("threshold_pct")
    ),
    Placeholder("baseline_date", Kind.DATE, _("基准日"), _PROJECT, _of_project("baseline_date")),
    Placeholder(
        "signing_opens_on", Kind.DATE, _("签约开始"), _PROJECT, _of_project("signing_opens_at")
    ),
    Placeholder(
        "signing_closes_on", Kind.DATE, _("签约截止"), _PROJECT, _of_project("signing_closes_at")
    ),
]
CATALOGUE = {placeholder.name: placeholder for placeholder in _ALL}
