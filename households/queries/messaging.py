"""Whom an SMS to many households reaches (群发短信), in which words, at what cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.confidential import blind_index
from caoyang_portal.notices.models import Preference
from households.models import Household, Member

# Read over once, sent as they are: nobody's own words go out to a thousand people by one click.
TEMPLATES = {
    "come_and_sign": (
        _("请来签约"),
        "【%(place)s居委】您家的协议可以签了。请登录门户，或带身份证到居委办理。电话%(phone)s",
    ),
    "read_plan": (
        _("请看方案"),
        "【%(place)s居委】您家的改造方案出来了，请登录门户查看。看不了请来居委。电话%(phone)s",
    ),
    "bring_papers": (
        _("请补材料"),
        "【%(place)s居委】您家签约还差材料，请带房本和身份证到居委。电话%(phone)s",
    ),
    "we_visit": (
        _("近日上门"),
        "【%(place)s居委】工作人员近日上门走访，会出示工作证。不方便请来电%(phone)s",
    ),
}


@dataclass(frozen=True)
class Audience:
    """Who gets it, and of how many households nobody does."""

    readers: list[User]
    households: int
    unreached: int
    unwilling: int

    def cost(self, text: str) -> int:
        """How many SMS are paid for."""
        return len(self.readers) * parts(text)


def text_of(name: str, place: Neighbourhood) -> str:
    return TEMPLATES[name][1] % {"place": place.name, "phone": place.committee_phone}


def parts(text: str) -> int:
    """As operators count: 70 characters in one, 67 in each of several."""
    return 1 if len(text) <= 70 else ceil(len(text) / 67)


def audience(households: Iterable[Household]) -> Audience:
    """The right holders with a telephone and an account, each once.

    A number without an account gets nothing: its letter has not been issued yet.
    """
    homes = {home.pk for home in households}
    members = Member.objects.filter(
        household_id__in=homes,
        role__in=[Member.Role.HOLDER, Member.Role.CO_OWNER],
        left_at=None,
        is_deceased=False,
    ).exclude(phone_index="")
    home_of: dict[str, set] = {}
    for member in members.only("phone", "household_id"):
        home_of.setdefault(blind_index(member.phone, "user"), set()).add(member.household_id)
    known = list(User.objects.filter(phone_index__in=home_of, is_active=True).order_by("pk"))
    off = set(
        Preference.objects.filter(user__in=known, channel="sms", on=False).values_list(
            "user_id", flat=True
        )
    )
    readers = [user for user in known if user.pk not in off]
    reached = set().union(*(home_of[user.phone_index] for user in readers))
    return Audience(readers, len(homes), len(homes - reached), len(off))
