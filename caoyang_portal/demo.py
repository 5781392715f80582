"""The people of the demonstration (演示账号); the demo loader opens these accounts."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class DemoAccount:
    key: str
    phone: str
    name: str
    office: str  # "" for a resident
    label: Any  # translated when shown
    task: Any  # what there is to see


ACCOUNTS = [
    DemoAccount(
        "resident", "+8613800000001", "王桂芳", "", _("居民"), _("看自己家的方案，签改造协议")
    ),
    DemoAccount(
        "committee",
        "+8613800000002",
        "陈静",
        "committee",
        _("居委干部"),
        _("管一户一档，推进签约"),
    ),
    DemoAccount(
        "neighbour",
        "+8613800000009",
        "周建华",
        "",
        _("居民（曹杨一村）"),
        _("一千四百九十九户中的一户"),
    ),
    DemoAccount(
        "colleague",
        "+8613800000010",
        "林红",
        "committee",
        _("居委干部（见证人）"),
        _("现场签约时作见证，密码见下"),
    ),
    DemoAccount(
        "mediator", "+8613800000003", "李建国", "mediator", _("调解员"), _("接待邻里纠纷")
    ),
    DemoAccount(
        "street",
        "+8613800000004",
        "赵明",
        "street_official",
        _("街道干部"),
        _("看各居民区的签约率"),
    ),
    DemoAccount(
        "department",
        "+8613800000011",
        "何勇",
        "department",
        _("部门经办人"),
        _("办社区代表的书面意见"),
    ),
    DemoAccount(
        "designer",
        "+8613800000005",
        "周岚",
        "designer",
        _("设计师"),
        _("出一户一方案、一户一图纸"),
    ),
    DemoAccount(
        "leader",
        "+8613800000006",
        "孙阿姨",
        "building_leader",
        _("楼组长"),
        _("看本楼的进度，帮邻居"),
    ),
    DemoAccount(
        "auditor", "+8613800000007", "吴敏", "auditor", _("审计员"), _("查台账，看谁看过什么")
    ),
    DemoAccount(
        "administrator",
        "+8613800000008",
        "郑航",
        "administrator",
        _("管理员"),
        _("管账号和工作日"),
    ),
]

# The witness of an assisted signature types their own password; the demonstration's is public.
DEMO_PASSWORD = "caoyang-demo-2019"  # noqa: S105 exists with DEMO=1 only
