"""Shape of input about the congress: its frame, representatives, hearings, issues."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, normalise_phone
from consultation.models import Congress, CongressIssue, FaceToFace, Matter, Representative
from consultation.queries.representative_file import HEADINGS, MOST, Written, read_lines
from households.forms.projects import DateInput, MomentInput
from households.queries.roster_file.cells import word

LARGEST = 32_000  # of a small number's column


def words(label, rows=4, **more):
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, **{"max_length": 4000} | more)


def small(name, **more):
    """A number field of the congress with its own label."""
    label = Congress._meta.get_field(name).verbose_name
    return forms.IntegerField(label=label, min_value=1, max_value=400, **more)


class CongressForm(forms.Form):
    """What may be changed about a congress."""

    theme = forms.CharField(label=_("主题"), max_length=120, required=False)
    ballot_kind = forms.ChoiceField(
        label=_("票选办法"), choices=Congress.BallotKind.choices, widget=forms.RadioSelect
    )
    place = forms.CharField(label=_("会场"), max_length=160, required=False)
    live_url = forms.URLField(label=_("直播地址"), required=False, assume_scheme="https")
    replay_url = forms.URLField(label=_("回放地址"), required=False, assume_scheme="https")
    assign_working_days = small("assign_working_days")
    return_working_days = small("return_working_days")
    result_days = small("result_days")
    co_months = small("co_months")
    feedback_months = small("feedback_months")
    extension_months = small("extension_months")
    warn_days = small("warn_days")
    ladder_days = small("ladder_days")
    legal_basis = forms.CharField(label=_("依据"), max_length=300, required=False)


class PrepareForm(CongressForm):
    neighbourhood = forms.ModelChoiceField(Neighbourhood.objects.none(), label=_("承办的居民区"))
    term = forms.IntegerField(label=_("第几届"), min_value=1, max_value=99)
    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2100)
    field_order = ["neighbourhood", "term", "year"]

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = areas


class FreezeForm(forms.Form):
    opens_at = forms.DateTimeField(label=_("票选开始"), widget=MomentInput)
    closes_at = forms.DateTimeField(label=_("票选截止"), widget=MomentInput)


class HoldForm(forms.Form):
    held_on = forms.DateField(label=_("召开日期"), widget=DateInput)
    place = forms.CharField(label=_("会场"), max_length=160)
    replay_url = forms.URLField(label=_("回放地址"), required=False, assume_scheme="https")


class AreaForm(forms.Form):
    """About one area of the congress."""

    neighbourhood = forms.ModelChoiceField(Neighbourhood.objects.none(), label=_("居民区"))

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = areas
        if len(areas) == 1:
            self.fields["neighbourhood"].initial = areas[0]


class RepresentativeForm(AreaForm):
    name = forms.CharField(label=_("姓名"), max_length=80)
    phone = forms.CharField(
        label=_("手机号"),
        max_length=30,
        required=False,
        help_text=_("代表在门户登录用的号码。不用手机的可以不填，书面意见由街道代录"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    category = forms.ChoiceField(label=_("类别"), choices=Representative.Category.choices)
    way = forms.ChoiceField(label=_("怎样产生"), choices=Representative.Way.choices)
    since = forms.DateField(label=_("任期起"), widget=DateInput)
    until = forms.DateField(label=_("任期止"), widget=DateInput)

    def clean_phone(self):
        given = self.cleaned_data["phone"]
        phone = normalise_phone(given)
        if given and not phone:
            raise forms.ValidationError(_("手机号是 11 位数字，请核对"))
        return phone

    def clean_category(self):
        return Representative.Category(self.cleaned_data["category"])


class RepresentativesFileForm(forms.Form):
    """A list of them in Excel."""

    file = forms.FileField(
        label=_("名单文件"),
        help_text=_("Excel 文件（.xlsx），照模板填，一次最多 300 人"),
        widget=forms.FileInput({"accept": ".xlsx"}),
        error_messages={"required": _("请先选择名单文件")},
    )


class RepresentativesForm(forms.Form):
    """The rows of that list, brought back by the page that showed them."""

    table = forms.JSONField(widget=forms.HiddenInput)

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.areas = areas
        self.table: list[Written] = []

    def clean_table(self):
        given = self.cleaned_data["table"]
        try:
            self.table = [
                (int(row), {of: word(str(cells[of])) for of in HEADINGS}) for row, cells in given
            ]
        except (TypeError, ValueError, KeyError) as odd:
            raise forms.ValidationError(_("请重新上传名单")) from odd
        return self.table[:MOST]

    def clean(self):
        lines = read_lines(self.cleaned_data.get("table", []), self.areas)
        if any(line.problems for line in lines):
            raise forms.ValidationError(_("名单有错误，一个也没有登记。请看每一行的说明"))
        return {"people": [line.values for line in lines]}


class EndRepresentativeForm(forms.Form):
    ended_on = forms.DateField(label=_("最后一天"), widget=DateInput, initial=timezone.localdate)
    reason = forms.CharField(label=_("原因"), max_length=200)


class HearingForm(AreaForm):
    held_on = forms.DateField(label=_("日期"), widget=DateInput)
    place = forms.CharField(label=_("地点"), max_length=160)
    present = forms.ModelMultipleChoiceField(
        Representative.objects.none(),
        label=_("到场的代表"),
        widget=forms.CheckboxSelectMultiple,
    )
    came = forms.IntegerField(label=_("来了多少居民"), min_value=0, max_value=LARGEST)
    summary = words(_("记录"), required=False)

    def __init__(self, *args, seats, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["present"].queryset = seats
        self.fields["present"].label_from_instance = lambda seat: (
            f"{seat.name}（{seat.neighbourhood.name}，{seat.get_category_display()}）"
        )


class IssueForm(AreaForm):
    """What a resident would like to be done."""

    category = forms.ChoiceField(label=_("分类"), choices=Matter.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("什么问题"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一次写一个问题，200 字以内。例如：三号楼感应灯坏了半年。请不要写别人的姓名"),
    )

    def clean_category(self):
        return Matter(self.cleaned_data["category"])

    def clean_text(self):
        return " ".join(self.cleaned_data["text"].split())


class GatherForm(IssueForm):
    source = forms.ChoiceField(label=_("来源"), choices=CongressIssue.Source.choices[:3])
    hearing = forms.ModelChoiceField(
        FaceToFace.objects.none(),
        label=_("哪一场面对面"),
        required=False,
        help_text=_("来源是面对面的才选"),
    )
    field_order = ["neighbourhood", "source", "hearing", "category", "text"]

    def __init__(self, *args, hearings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hearing"].queryset = hearings


class SortForm(forms.Form):
    STATES = [
        (CongressIssue.State.LISTED.value, _("列出，大家都看得到")),
        (CongressIssue.State.PERSONAL.value, _("个性诉求，另行办理，不公开")),
    ]
    state = forms.ChoiceField(label=_("怎样处理"), choices=STATES, widget=forms.RadioSelect)
    category = forms.ChoiceField(label=_("分类"), choices=Matter.choices)
    note = forms.CharField(
        label=_("由谁去办"),
        max_length=300,
        required=False,
        help_text=_("个性诉求要写，提的人看得到"),
    )

    def clean_state(self):
        return CongressIssue.State(self.cleaned_data["state"])


class MergeForm(forms.Form):
    """Which of the ticked ones the others go into, and in which words it goes on."""

    issues = forms.ModelMultipleChoiceField(
        CongressIssue.objects.none(), widget=forms.MultipleHiddenInput
    )
    target = forms.ModelChoiceField(
        CongressIssue.objects.none(),
        label=_("合并到哪一个"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    text = forms.CharField(
        label=_("合并后的写法"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不写就照上面选的那一个"),
    )

    def __init__(self, *args, issues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["issues"].queryset = issues
        self.fields["target"].queryset = issues

    def clean_text(self):
        return " ".join(self.cleaned_data["text"].split())


class ReportForm(forms.Form):
    became = words(_("办得怎样"), max_length=1000)


class FindIssueForm(forms.Form):
    """A word or a number, an area, a category, a state; what makes no sense asks for nothing."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=[("", ""), *CongressIssue.State.choices])
    area = forms.SlugField(required=False, max_length=50)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *Matter.choices])

    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
