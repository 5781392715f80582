"""What the household list may be searched by, and what may be done to a selection of it."""

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Posting, User, WorkZone
from households.documents.exports import COLUMNS
from households.models import Agreement, CareTag, Household, ListLook
from households.queries.listing import NO_AGREEMENT, ORDERS
from households.queries.messaging import TEMPLATES
from households.rules import files as parts

MOST_PICKED = 5000
PAGE_SIZES = ("50", "100", "200")
ANY = ("", _("不限"))
SHOWN_COLUMNS = {  # of the list; the part that must be visible
    "holders": (_("承租人/产权人"), parts.HOLDERS),
    "tenure": (_("房屋类型"), None),
    "area": (_("居住面积"), parts.AREAS),
    "stage": (_("协议"), parts.STAGE),
    "contact": (_("最近联系"), parts.VISITS),
    "next": (_("下次联系"), parts.VISITS),
    "responsible": (_("责任人"), None),
}


def _live_stages():
    return [(s, Agreement.State(s).label) for s in Agreement.LIVE]


class ListForm(forms.Form):
    """The words of the list's address. What a person may not see is no field of theirs."""

    q = forms.CharField(label=_("查找"), required=False, max_length=120)
    zone = forms.ModelChoiceField(None, label=_("工区"), required=False, empty_label=ANY[1])
    building = forms.ModelChoiceField(None, label=_("幢号"), required=False, empty_label=ANY[1])
    tenure = forms.ChoiceField(
        label=_("房屋类型"), required=False, choices=[ANY, *Household.Tenure.choices]
    )
    stage = forms.ChoiceField(label=_("协议"), required=False)
    special = forms.ChoiceField(
        label=_("特殊情形"),
        required=False,
        choices=[ANY, ("any", _("有特殊情形")), *[c for c in Household.Special.choices if c[0]]],
    )
    occupancy = forms.ChoiceField(
        label=_("居住情况"), required=False, choices=[ANY, *Household.Occupancy.choices]
    )
    silent = forms.ChoiceField(
        label=_("多久没联系"),
        required=False,
        choices=[ANY, ("7", _("七天以上")), ("14", _("十四天以上")), ("30", _("三十天以上"))],
    )
    contacted = forms.ChoiceField(
        label=_("最近联系过"),
        required=False,
        choices=[ANY, ("1", _("今天和昨天")), ("7", _("七天内")), ("30", _("三十天内"))],
    )
    responsible = forms.ChoiceField(label=_("责任人"), required=False)
    care = forms.ChoiceField(
        label=_("关爱标签"), required=False, choices=[ANY, *CareTag.Kind.choices]
    )
    due = forms.BooleanField(label=_("今天要联系"), required=False)
    missing = forms.BooleanField(label=_("差一位共有人"), required=False)
    objection = forms.BooleanField(label=_("有异议"), required=False)
    sort = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    per = forms.ChoiceField(label=_("每页"), required=False, choices=[(n, n) for n in PAGE_SIZES])
    density = forms.ChoiceField(label=_("行距"), required=False, choices=ListLook.Density.choices)

    NEEDS = {
        "stage": parts.STAGE,
        "special": parts.STAGE,
        "missing": parts.STAGE,
        "objection": parts.STAGE,
        "silent": parts.VISITS,
        "contacted": parts.VISITS,
        "due": parts.VISITS,
        "occupancy": parts.STRATEGY,
        "care": parts.CARE,
    }

    def __init__(
        self,
        data=None,
        *,
        user: User,
        seen: frozenset[str],
        cols=(),
        look: ListLook | None = None,
        **kwargs,
    ):
        self.usual_density = look.density if look else ListLook.Density.COMFORTABLE.value
        if data is not None:  # what the address does not say is as one likes it
            data = {"density": self.usual_density, **{name: data[name] for name in data}}
        super().__init__(data, auto_id="by_%s", **kwargs)
        visible = [n for n, (_l, need) in SHOWN_COLUMNS.items() if need is None or need in seen]
        usual = [name for name in visible if look and name in look.columns] or visible
        self.columns = [name for name in visible if name in cols] or usual
        self.are_columns_chosen = self.columns != usual
        for name, part in self.NEEDS.items():
            if part not in seen:
                del self.fields[name]
        places = user.places("committee", "designer", "building_leader")
        self.fields["zone"].queryset = WorkZone.objects.filter(neighbourhood__in=places)
        self.fields["building"].queryset = Building.objects.filter(neighbourhood__in=places)
        if "stage" in self.fields:
            self.fields["stage"].choices = [ANY, (NO_AGREEMENT, _("未出协议")), *_live_stages()]
        self.fields["responsible"].choices = [
            ANY,
            ("me", _("我负责的")),
            ("nobody", _("还没有人负责")),
            *[(str(one.pk), str(one)) for one in colleagues(places)],
        ]

    def clean_sort(self):
        words = [w for w in self.cleaned_data["sort"].split(",") if w.removeprefix("-") in ORDERS]
        return ",".join(words[:2])

    def values(self) -> dict:
        """The values that are in order; a word somebody made up simply does not filter."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}

    def words(self, **other) -> str:
        """The address's query with ``other`` changed; empty values are left out."""
        kept = {name: self.data.get(name, "") for name in self.fields} | other
        if kept.get("per") == PAGE_SIZES[0]:
            del kept["per"]
        if kept.get("density") == self.usual_density:
            del kept["density"]
        words = [(name, value) for name, value in kept.items() if value]
        if self.are_columns_chosen:
            words += [("cols", name) for name in self.columns]
        return urlencode(words)

    @property
    def is_compact(self) -> bool:
        return self.cleaned_data.get("density") == ListLook.Density.COMPACT

    @property
    def is_new_look(self) -> bool:
        """Other than remembered, so that it may be remembered."""
        return self.are_columns_chosen or self.cleaned_data.get("density") not in (
            "",
            self.usual_density,
        )


def colleagues(places) -> list[User]:
    """Who may be responsible for a household there."""
    today = timezone.localdate()
    return list(
        User.objects.filter(
            Q(posting__until=None) | Q(posting__until__gte=today),
            posting__since__lte=today,
            posting__neighbourhood__in=places,
            posting__office__in=[Posting.Office.COMMITTEE, Posting.Office.BUILDING_LEADER],
            is_active=True,
        )
        .distinct()
        .order_by("name", "pk")
    )


class SelectionForm(forms.Form):
    """Which households: those ticked on any page, or everything the search finds."""

    picks = forms.CharField(required=False, widget=forms.HiddenInput, max_length=MOST_PICKED * 37)
    everything = forms.BooleanField(required=False, widget=forms.HiddenInput)
    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=500)

    def clean(self):
        values = super().clean()
        words = [*values.get("picks", "").split(","), *self.data.getlist("pick")[:MOST_PICKED]]
        ids = set()
        for word in filter(None, words):
            try:
                ids.add(UUID(word))
            except ValueError:
                raise forms.ValidationError(_("选中的户有误，请回到列表重新选")) from None
        values["ids"] = ids
        if not ids and not values.get("everything"):
            raise forms.ValidationError(_("请先选至少一户"))
        return values

    def kept(self) -> dict[str, str]:
        """The hidden fields of the next page."""
        if self.cleaned_data["everything"]:
            return {"everything": "1", "query": self.cleaned_data["query"]}
        return {
            "picks": ",".join(map(str, sorted(self.cleaned_data["ids"]))),
            "query": self.cleaned_data["query"],
        }

    def search(self) -> dict[str, str]:
        return dict(parse_qsl(self.cleaned_data["query"]))


class AssignForm(forms.Form):
    """Who takes the households over."""

    responsible = forms.ModelChoiceField(
        None, label=_("交给谁"), required=False, empty_label=_("不指派（清空）")
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        people = colleagues(user.places("committee"))
        self.fields["responsible"].queryset = User.objects.filter(
            pk__in=[one.pk for one in people]
        ).order_by("name", "pk")


class PlanContactForm(forms.Form):
    """On which day."""

    on = forms.DateField(
        label=_("联系日期"),
        required=False,
        help_text=_("留空就是清除原来的日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class TagForm(forms.Form):
    """Which care tag, on or off."""

    do = forms.ChoiceField(
        label=_("要做什么"),
        choices=[("add", _("加上标签")), ("remove", _("去掉标签"))],
        widget=forms.RadioSelect,
        initial="add",
    )
    kind = forms.ChoiceField(label=_("关爱标签"), choices=CareTag.Kind.choices)


class MessageForm(forms.Form):
    """Which of the messages; ``key`` is born with the page, so that sent twice it is one."""

    template = forms.ChoiceField(
        label=_("发哪一条"),
        choices=[(name, label) for name, (label, _text) in TEMPLATES.items()],
        widget=forms.RadioSelect,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class LookForm(forms.Form):
    """The columns and the density on the screen."""

    columns = forms.MultipleChoiceField(
        choices=[(name, label) for name, (label, _need) in SHOWN_COLUMNS.items()]
    )
    density = forms.ChoiceField(choices=ListLook.Density.choices)


class LettersForm(forms.Form):
    """Nothing to fill in; the page says what it means."""


class ExportForm(forms.Form):
    """Which columns, masked or not, what for."""

    columns = forms.MultipleChoiceField(
        label=_("要哪些列"),
        choices=[(name, label) for name, (label, _value) in COLUMNS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("用途"), max_length=200, help_text=_("住户在自己的档案里会看到这句话")
    )
    is_unmasked = forms.BooleanField(
        label=_("姓名和手机号不遮盖"),
        required=False,
        help_text=_("只在确实需要打电话时勾选"),
    )


class SaveFilterForm(forms.Form):
    """A name for the search on the screen."""

    name = forms.CharField(label=_("给这个筛选起个名字"), max_length=40)
    is_shared = forms.BooleanField(label=_("同事也能用"), required=False)
    is_default = forms.BooleanField(label=_("我打开列表就用它"), required=False)
    query = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
