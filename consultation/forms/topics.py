"""Shape of input about topics: what residents bring up, what the committee answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, Organisation
from consultation.actions.topic_checks import How
from consultation.models import Poll, Topic
from households.forms.materials import FilesField
from households.forms.projects import DateInput

YES_NO = [("yes", _("是")), ("no", _("不是"))]
ENTERED = [
    choice
    for choice in Topic.Source.choices
    if choice[0] not in (Topic.Source.RESIDENT, Topic.Source.OBJECTION)
]


def area_field(label, rows=4, **more):
    more.setdefault("max_length", 2000)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


class FindForm(forms.Form):
    """What to look for in a list; anything strange finds everything."""

    q = forms.CharField(required=False, max_length=100, strip=True)
    column = forms.CharField(required=False, max_length=10)
    state = forms.ChoiceField(required=False, choices=[("", ""), *Topic.State.choices])
    form = forms.ChoiceField(required=False, choices=[("", ""), *Topic.Form.choices])
    building = forms.UUIDField(required=False)

    def wanted(self) -> dict:
        """What was asked for and is well formed."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class TitleForm(forms.Form):
    title = forms.CharField(
        label=_("一句话：是什么事"), max_length=60, help_text=_("例如：菜场的地太滑，老人怕摔")
    )


class TellForm(TitleForm):
    """What is brought up, however it comes."""

    text = area_field(
        _("再说详细一点"), 5, required=False, help_text=_("在哪里、什么时候、您想怎么办")
    )
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("和哪一幢有关"), required=False, empty_label=_("整个小区")
    )
    photos = FilesField(
        label=_("照片"), required=False, help_text=_("最多 3 张。别拍到别人的脸和门牌"),
        widget=FilesField.widget(attrs={"accept": "image/*"}),
    )  # fmt: skip
    is_unnamed = forms.BooleanField(
        label=_("不公开我的姓名"),
        required=False,
        help_text=_("公开时写“一位居民”，居委看得到是谁"),
    )
    field_order = ["neighbourhood", "title", "text", "building", "photos", "is_unnamed"]

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = Building.objects.filter(neighbourhood__in=places)
        if len(places) > 1:
            self.fields["neighbourhood"] = forms.ModelChoiceField(
                Neighbourhood.objects.filter(pk__in=[place.pk for place in places]),
                label=_("居民区"),
            )
            self.order_fields(self.field_order)

    def clean_photos(self):
        return [photo for photo in self.cleaned_data["photos"] if photo]


class EnterForm(TellForm):
    """For somebody at the counter, or the committee's own."""

    source = forms.ChoiceField(label=_("来源"), choices=ENTERED, initial=Topic.Source.STAFF)
    source_ref = forms.CharField(
        label=_("来源编号"), max_length=80, required=False, help_text=_("例如建议或诉求的编号")
    )
    proposer_name = forms.CharField(
        label=_("提出人"),
        max_length=80,
        required=False,
        help_text=_("没有账号的居民写姓名，进展要当面或打电话告诉。居委自己提的不用写"),
    )
    field_order = [
        "neighbourhood", "title", "text", "source", "source_ref", "proposer_name", "building",
        "photos", "is_unnamed",
    ]  # fmt: skip


class PromisingForm(forms.Form):
    """Every step promises the next."""

    next_on = forms.DateField(
        label=_("下一步最晚哪天"),
        widget=DateInput,
        required=False,
        help_text=_("按工作日算好了，可以改。提出人会看到，到期没有进展会催办"),
    )


class _YesNo(forms.TypedChoiceField):
    """A question without an answer on it."""

    def __init__(self, **kwargs):
        super().__init__(
            choices=YES_NO, coerce=lambda value: value == "yes", widget=forms.RadioSelect, **kwargs
        )


class ScreenForm(PromisingForm):
    """Three questions, none of them answered beforehand."""

    is_duplicate = _YesNo(label=_("和别的议题重复吗？"))
    is_ours = _YesNo(label=_("居民自己商量得了吗？"))
    is_personal = _YesNo(label=_("只是一家一户的事吗？"))
    title = forms.CharField(
        label=_("公开的题目"), max_length=60, help_text=_("去掉姓名、门牌、电话。原话留着")
    )
    text = area_field(_("公开的内容"), 5, required=False)
    photos_shown = forms.BooleanField(label=_("照片可以公开"), required=False)
    note = area_field(_("对大家说的话"), 3, required=False)
    field_order = [
        "is_duplicate", "is_ours", "is_personal", "title", "text", "photos_shown", "note",
        "next_on",
    ]  # fmt: skip


class PayerForm(PromisingForm):
    payer = forms.ModelChoiceField(Organisation.objects.none(), label=_("谁来买单（出力出钱）"))
    words = area_field(_("对大家说的话"), 3, required=False)
    field_order = ["payer", "words", "next_on"]

    def __init__(self, *args, payers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["payer"].queryset = payers


class ApproveForm(PayerForm):
    body = forms.CharField(
        label=_("哪个党组织批准的"), max_length=120, help_text=_("例如：曹杨二村居民区党总支")
    )
    form = forms.ChoiceField(label=_("怎样商量"), choices=[("", _("请选择")), *Topic.Form.choices])
    field_order = ["body", "form", "payer", "words", "next_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["payer"].required = False


class WordsForm(PromisingForm):
    words = area_field(_("对大家说的话"), 3, required=False)
    field_order = ["words", "next_on"]


class DecideForm(PromisingForm):
    how = forms.ChoiceField(
        label=_("在哪里议定的"),
        choices=[
            (How.MEETING, _("开会议定")),
            (How.POLL, _("表决决定")),
            (How.ELSEWHERE, _("门户以外议定（写在结果里）")),
        ],
        widget=forms.RadioSelect,
    )
    conclusion = area_field(_("议定的结果"), 5)
    field_order = ["how", "conclusion", "next_on"]


class EvaluateForm(forms.Form):
    satisfied = forms.IntegerField(label=_("满意几人"), min_value=0, max_value=100_000)
    dissatisfied = forms.IntegerField(label=_("不满意几人"), min_value=0, max_value=100_000)
    words = area_field(_("大家怎么说"), 4)


class DeclineForm(forms.Form):
    answer = area_field(_("为什么不列入"), 4, help_text=_("提出人会看到，请写清楚"))
    instead = forms.ChoiceField(
        label=_("可以找哪里"), choices=Topic.Instead.choices, widget=forms.RadioSelect
    )
    is_private = forms.BooleanField(
        label=_("只有提出人和居委看得到"), required=False, help_text=_("一家一户的事不公开")
    )


class TopicChoice(forms.ModelChoiceField):
    def label_from_instance(self, topic):
        return f"{topic.number} {topic.title}"


class MergeForm(forms.Form):
    into = TopicChoice(Topic.objects.none(), label=_("并入哪一个"))
    reason = area_field(_("对大家说的话"), 3, required=False)

    def __init__(self, *args, topics, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = topics


class ReopenForm(PromisingForm):
    reason = area_field(_("为什么重新商量"), 3)
    field_order = ["reason", "next_on"]


class PromiseForm(forms.Form):
    next_step = forms.CharField(label=_("下一步"), max_length=120)
    next_on = forms.DateField(label=_("最晚哪天"), widget=DateInput)
    reason = area_field(_("为什么改日期"), 3, help_text=_("提出人会看到"))


class LinkPollForm(forms.Form):
    poll = forms.ModelChoiceField(Poll.objects.none(), label=_("哪次表决"))

    def __init__(self, *args, polls, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["poll"].queryset = polls
