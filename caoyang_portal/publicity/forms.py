"""Shape of input about publicities."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood

from .models import Publicity, PublicityObjection

MOST_FILES = 5


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A few files of one go, or none."""

    widget = FilesInput

    def clean(self, data, initial=None):
        files = data or []
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("一次最多 %(n)s 个文件") % {"n": MOST_FILES})
        return [super(FilesField, self).clean(one, initial) for one in files]


class PublicityForm(forms.Form):
    """What may be changed while it is a draft."""

    title = forms.CharField(label=_("题目"), max_length=120)
    body = forms.CharField(
        label=_("正文"),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=60_000,
        required=False,
        help_text=_("谁都能看到。不要写身份证号、电话、病情这类个人信息"),
    )
    legal_basis = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("哪一部法规、哪一条，或居民区的哪条约定")
    )
    days = forms.IntegerField(label=_("公示几天"), min_value=1, max_value=365)
    counted_in = forms.ChoiceField(
        label=_("天数按"), choices=Publicity.CountedIn.choices, widget=forms.RadioSelect
    )
    opinion_days = forms.IntegerField(
        label=_("期满后再听取意见几天"),
        min_value=0,
        max_value=90,
        help_text=_("规划公示是 7 天。没有就填 0"),
    )
    answer_days = forms.IntegerField(label=_("几个工作日内答复异议"), min_value=1, max_value=60)


class DraftForm(PublicityForm):
    """A new one: the above, and whose it is."""

    neighbourhood = forms.ModelChoiceField(Neighbourhood.objects.none(), label=_("居民区"))
    field_order = ["neighbourhood"]

    def __init__(self, *args, neighbourhoods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = neighbourhoods
        if len(neighbourhoods) == 1:
            self.fields["neighbourhood"].initial = neighbourhoods[0]


class FileForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("例如：总平面图"))
    file = forms.FileField(label=_("文件"), help_text=_("PDF 或照片，10 MB 以内"))


class MoreDaysForm(forms.Form):
    days = forms.IntegerField(label=_("几天"), min_value=1, max_value=90)
    reason = forms.CharField(label=_("原因"), max_length=300, help_text=_("会公开"))


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("撤回的原因"), max_length=300, help_text=_("会公开"))
    sure = forms.BooleanField(label=_("我知道撤回以后不能恢复"))


class PlaceForm(forms.Form):
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("哪一幢"), required=False, empty_label=_("不在楼里")
    )
    place = forms.CharField(
        label=_("地点"), max_length=120, help_text=_("例如：门厅公告栏、小区大门口")
    )

    def __init__(self, *args, publicity, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = Building.objects.filter(
            neighbourhood=publicity.neighbourhood_id
        )


class PutUpForm(forms.Form):
    put_up_on = forms.DateField(label=_("哪天贴出的"), widget=DateInput)
    photo = forms.FileField(
        label=_("照片"),
        required=False,
        help_text=_("拍下公示和周围，看得出是哪里。没有照片，期满证明会写明"),
    )


class TakenOffForm(forms.Form):
    taken_down_on = forms.DateField(label=_("哪天撤下的"), widget=DateInput)


class ObjectionForm(forms.Form):
    """An objection as a resident writes it."""

    text = forms.CharField(
        label=_("您的意见"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=3000,
        help_text=_("哪里不合适，您希望怎么改。会公开，请不要写电话和身份证号"),
        error_messages={"required": _("请写下您的意见")},
    )
    home = forms.CharField(
        label=_("您住哪里"), max_length=120, required=False, help_text=_("只有居委看得到")
    )
    for_household = forms.BooleanField(label=_("这是我们全家的意见"), required=False)
    is_unnamed = forms.BooleanField(label=_("公开时不写我的姓"), required=False)
    files = FilesField(  # type: ignore[assignment]
        label=_("照片或文件"), required=False, help_text=_("只有居委看得到。照片或 PDF，最多 5 个")
    )


class EnterObjectionForm(forms.Form):
    """The same, taken down by staff."""

    channel = forms.ChoiceField(
        label=_("怎么提的"),
        choices=[one for one in PublicityObjection.Channel.choices if one[0] != "online"],
        widget=forms.RadioSelect,
    )
    raised_on = forms.DateField(
        label=_("哪天提的"), widget=DateInput, help_text=_("期内提的，过后也可以补录")
    )
    name = forms.CharField(label=_("姓名"), max_length=80)
    home = forms.CharField(label=_("住址"), max_length=120, required=False)
    text = forms.CharField(
        label=_("原话"), widget=forms.Textarea(attrs={"rows": 6}), max_length=3000
    )
    is_unnamed = forms.BooleanField(label=_("公开时不写姓"), required=False)
    files = FilesField(  # type: ignore[assignment]
        label=_("书面材料"), required=False, help_text=_("照片或 PDF")
    )

    def clean_channel(self):
        return PublicityObjection.Channel(self.cleaned_data["channel"])


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("结果"), choices=PublicityObjection.Outcome.choices, widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("答复和理由"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=3000,
        help_text=_("会公开，也会告诉提意见的人"),
    )

    def clean_outcome(self):
        return PublicityObjection.Outcome(self.cleaned_data["outcome"])


class WhyForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("会公开"))


class FindForm(forms.Form):
    """Words of a search; strange ones find nothing."""

    q = forms.CharField(max_length=100, required=False)
