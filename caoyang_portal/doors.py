"""Every way into the portal's rooms (入口): the staff's side navigation, the doors of home and start page.

An app not installed has no such URL, and then no door. The names are strings, so that the shell
knows of every app and imports none.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ANY_OFFICE = {
    "committee", "building_leader", "mediator", "designer", "street_official", "auditor",
    "administrator",
}  # fmt: skip
WATCHERS = {"committee", "administrator", "street_official", "auditor"}
CLAIMS = {"committee", "street_official", "auditor"}
WATCHERS_OF_CLAIMS = CLAIMS | {"department", "department_head"}
OPINIONS = {"street_official", "auditor", "department", "department_head"}

# Group, then label, URL name, and the offices that have business there.
ROOMS: list[tuple[Any, list[tuple[Any, str, set[str]]]]] = [
    (
        _("居民户"),
        [
            (_("居民户"), "households:household_list", ANY_OFFICE),
            (_("导入名册"), "households:import_list", {"committee"}),
            (_("寄信和二维码"), "households:letter_jobs", {"committee"}),
            (_("等待核验"), "households:residency_queue", {"committee"}),
            (_("更正申请"), "households:correction_list", {"committee"}),
            (_("谁看过"), "households:reading_list", {"auditor", "administrator"}),
        ],
    ),
    (
        _("改造和签约"),
        [
            (_("改造项目"), "households:project_list", {"committee", "designer", "auditor"}),
            (_("协议"), "households:agreement_list", {"committee", "administrator"}),
            (_("部分已签"), "households:partly_signed", {"committee"}),
            (_("签约进度"), "households:board_list", {"committee", "street_official", "auditor"}),
            (_("等待盖章"), "households:sealing_queue", {"committee", "administrator"}),
        ],
    ),
    (
        _("协商"),
        [
            (_("会议"), "consultation:meeting_desk", WATCHERS),
            (_("场所和预订"), "consultation:venue_desk", WATCHERS),
            (_("会议纪要"), "consultation:desk_minutes_list", WATCHERS),
            (_("议题"), "consultation:topic_desk", WATCHERS),
            (_("决议"), "consultation:resolution_desk", WATCHERS),
            (_("自治项目"), "consultation:project_list", WATCHERS),
            (_("表决"), "consultation:desk", WATCHERS),
            (_("表决种类"), "consultation:kind_list", {"administrator"}),
            (_("公示"), "publicity:desk", WATCHERS),
            (_("社区代表会议"), "consultation:congress_desk", WATCHERS),
            (_("书面意见"), "consultation:desk_opinions", OPINIONS),
            (_("住户守则"), "consultation:rules_desk", WATCHERS),
            (_("业委会评议"), "consultation:evaluations_desk", WATCHERS),
        ],
    ),
    (
        _("建议和诉求"),
        [
            (_("建议"), "suggestions:suggestion_desk", WATCHERS | OPINIONS),
            (_("诉求"), "suggestions:claim_desk", WATCHERS_OF_CLAIMS),
            (_("领导走访"), "suggestions:leader_visits", CLAIMS),
            (_("征集点"), "suggestions:point_desk", WATCHERS),
            (_("建议邮筒"), "suggestions:mailbox_desk", WATCHERS),
            (_("征集令"), "suggestions:campaign_desk", WATCHERS),
            (_("老物件"), "suggestions:keepsake_desk", WATCHERS),
            (_("立法意见"), "suggestions:draft_desk", WATCHERS),
        ],
    ),
    (
        _("消息和管理"),
        [
            (_("街道总览"), "overview:overview", {"street_official"}),
            (_("消息"), "notices:notice_list", ANY_OFFICE | OPINIONS),
            (_("没寄到的通知"), "notices:sending_list", {"committee", "administrator"}),
            (_("人员和岗位"), "community:person_list", {"administrator"}),
            (_("未登记的号码"), "community:unknown_callers", {"committee", "administrator"}),
            (_("台账"), "ledger:entry_list", {"auditor", "administrator"}),
            (_("没送到的记录"), "ledger:dead_letters", {"auditor", "administrator"}),
            (_("工作日"), "calendars:year", {"administrator", "committee"}),
        ],
    ),
]

HOME, START = "home", "start"

# Label, words, URL name, and on which page it stands: a resident's home, the public start page. The
# first five or six of a page stand open, the others under “more”.
DOORS: list[tuple[Any, Any, str, set[str]]] = [
    (_("验真"), _("查一份协议是不是真的"), "households:verify", {START}),
    (_("阳光公示"), _("各幢楼的签约进度"), "households:public_list", {START}),
    (_("诉求"), _("家里、楼里要办的事，看办到哪一步"), "suggestions:my_claims", {HOME}),
    (
        _("建议"),
        _("有好主意说出来，看办到哪一步"),
        "suggestions:suggestion_list",
        {HOME, START},
    ),
    (_("表决"), _("要投票的事，和结果"), "consultation:poll_list", {HOME, START}),
    (_("会议"), _("最近开什么会，报名参加"), "consultation:meeting_list", {HOME, START}),
    (_("议题"), _("提一件事，看走到哪一步"), "consultation:topic_list", {HOME, START}),
    (_("会议纪要"), _("会上说了什么，定了什么"), "consultation:minutes_list", {HOME, START}),
    (_("决议"), _("议定的事谁来办，办好没有"), "consultation:resolution_list", {HOME, START}),
    (_("自治项目"), _("居民自己动手办的事"), "consultation:project_list", {HOME, START}),
    (_("公示"), _("贴出来给大家看的事，有意见可以提"), "publicity:publicity_list", {HOME, START}),
    (
        _("社区代表会议"),
        _("提问题、选出明年先办的十件事"),
        "consultation:congress_list",
        {HOME, START},
    ),
    (_("老物件展"), _("邻居们的老物件、老照片"), "suggestions:keepsake_list", {START}),
    (_("征集令"), _("专门问大家的事，来回答"), "suggestions:campaign_list", {START}),
    (_("征集点"), _("到哪里提建议，几点开门"), "suggestions:point_list", {START}),
    (_("立法意见"), _("正在起草的法规，一条条提意见"), "suggestions:draft_list", {START}),
    (_("住户守则"), _("大家定的规矩，草案可以提意见"), "consultation:rules_list", {HOME}),
    (_("业委会评议"), _("业主每年给业委会打分"), "consultation:evaluation_list", {HOME}),
]


@dataclass(frozen=True)
class Door:
    """One way in: what it is called, where it leads, and whether one stands there already."""

    label: str
    url: str
    words: str = ""
    here: bool = False


@dataclass(frozen=True)
class Wing:
    """Rooms that belong together, under one heading."""

    label: str
    rooms: list[Door]

    @property
    def here(self) -> bool:
        return any(room.here for room in self.rooms)


def rooms_of(user, path: str) -> list[Wing]:
    """The side navigation of an office holder on the page ``path``; empty for others."""
    if not user.is_authenticated:
        return []
    open_ones = [
        (group, [(label, url) for label, name, offices in rooms if (url := _url(name)) and user.holds(*offices)])
        for group, rooms in ROOMS
    ]  # fmt: skip
    urls = [url for _group, rooms in open_ones for _label, url in rooms]
    # /agreements/sealing/ is the room of that name, not the agreements' too.
    here = max((url for url in urls if path.startswith(url)), key=len, default="")
    return [
        Wing(gettext(group), [Door(gettext(label), url, here=url == here) for label, url in rooms])
        for group, rooms in open_ones
        if rooms
    ]


def doors_of(page: str) -> list[Door]:
    """The doors on a resident's home or on the public start page."""
    return [
        Door(gettext(label), url, gettext(words))
        for label, words, name, pages in DOORS
        if page in pages and (url := _url(name))
    ]


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
