"""Shape of input about draft laws and opinions on their articles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.errors import shown_on
from households.forms.projects import DateInput
from suggestions.draft_files import text_of_word_file
from suggestions.draft_text import MOST_CHARACTERS
from suggestions.models import ArticleOpinion, ConsultationActivity, DraftArticle, DraftLaw
from suggestions.models.drafts import PAST_FIGURES

from .fields import area_field


class _OfAPlace(forms.Form):
    """Whoever works in several places says in which."""

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["neighbourhood"] = forms.ModelChoiceField(
                Neighbourhood.objects.filter(pk__in=[place.pk for place in places]),
                label=_("居民区"),
            )
            self.order_fields(["neighbourhood"])


class StartDraftForm(_OfAPlace):
    title = forms.CharField(label=_("草案名称"), max_length=120)
    level = forms.ChoiceField(label=_("哪一级"), choices=DraftLaw.Level, initial="city")
    asked_by_body = forms.CharField(
        label=_("谁来征求意见"), max_length=120, help_text=_("例如：市人大常委会法工委")
    )
    source_ref = forms.CharField(label=_("来文编号"), max_length=80, required=False)
    received_on = forms.DateField(label=_("收到日期"), widget=DateInput)
    city_due_on = forms.DateField(
        label=_("上报截止"), widget=DateInput, help_text=_("来文要求哪天前报上去")
    )
    due_on = forms.DateField(
        label=_("我们收意见到哪天"),
        widget=DateInput,
        required=False,
        help_text=_("要留出整理的时间。不填就是上报截止前五个工作日"),
    )


class DueForm(forms.Form):
    city_due_on = forms.DateField(label=_("上报截止"), widget=DateInput)
    due_on = forms.DateField(label=_("我们收意见到哪天"), widget=DateInput)
    reason = area_field(_("为什么改"), 3, max_length=300, help_text=_("会公开"))


class PastDraftForm(_OfAPlace):
    title = forms.CharField(label=_("草案名称"), max_length=120)
    level = forms.ChoiceField(label=_("哪一级"), choices=DraftLaw.Level, initial="city")
    received_on = forms.DateField(
        label=_("哪天收到的"), widget=DateInput, help_text=_("记不清就写那一年的一月一日")
    )
    past_activities = forms.IntegerField(label=_("活动几场"), min_value=0, max_value=9999)
    past_people = forms.IntegerField(label=_("参加几人次"), min_value=0, max_value=999_999)
    past_raised = forms.IntegerField(label=_("提出几条"), min_value=0, max_value=99_999)
    past_submitted = forms.IntegerField(label=_("报送几条"), min_value=0, max_value=99_999)
    past_adopted = forms.IntegerField(label=_("采纳几条"), min_value=0, max_value=99_999)

    def clean(self):
        """The numbers go together."""
        values = super().clean()
        values["figures"] = {name: values.pop(name) for name in PAST_FIGURES if name in values}
        return values


class ImportForm(forms.Form):
    name = forms.CharField(label=_("这一稿叫什么"), max_length=60, initial=_("征求意见稿"))
    is_final = forms.BooleanField(label=_("这是通过的文本"), required=False)
    file = forms.FileField(
        label=_("Word 文件（.docx）"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
    text = area_field(
        _("或者把全文贴在这里"),
        12,
        required=False,
        max_length=MOST_CHARACTERS,
        help_text=_("每一条另起一行，用“第一条”开头"),
    )

    def clean(self):
        """A file, where there is one, becomes the text."""
        values = super().clean()
        file = values.pop("file", None)
        if file:
            with shown_on(self):
                values["text"] = text_of_word_file(file)
        elif not values.get("text") and not self.errors:
            self.add_error("text", _("请选一个文件，或者贴上全文"))
        return values


class ExplainForm(forms.Form):
    note = area_field(
        _("大白话"), 4, max_length=3000, help_text=_("这一条管什么、对居民意味着什么，一两句说清")
    )
    terms = area_field(
        _("难懂的词"), 4, max_length=2000, required=False, help_text=_("一行一个，写成：词＝意思")
    )

    def clean_terms(self):
        lines = [line.strip() for line in self.cleaned_data["terms"].splitlines() if line.strip()]
        lines = [line.replace("=", "＝", 1) if "＝" not in line else line for line in lines]
        if any(not all(part.strip() for part in line.partition("＝")) for line in lines):
            raise forms.ValidationError(_("每行请写成：词＝意思"))
        return "\n".join(lines)


class ActivityForm(forms.Form):
    kind = forms.ChoiceField(label=_("方式"), choices=ConsultationActivity.Kind)
    title = forms.CharField(label=_("名称"), max_length=120)
    held_on = forms.DateField(label=_("日期"), widget=DateInput)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    people = forms.IntegerField(label=_("参加人数"), min_value=1, max_value=99_999)
    meeting_ref = forms.CharField(
        label=_("对应的会议"),
        max_length=80,
        required=False,
        help_text=_("会议的名称或编号，没有就不写"),
    )
    words = area_field(_("说明"), 3, required=False)


class AskForm(forms.Form):
    words = area_field(_("问了谁、怎么说"), 3, help_text=_("会公开，请不要写个人的姓名电话"))


class EndForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("结果"), choices=DraftLaw.Outcome, widget=forms.RadioSelect
    )
    words = area_field(
        _("结果说明"),
        3,
        max_length=300,
        required=False,
        help_text=_("例如：某月某日通过，某月某日起施行"),
    )


class OpinionForm(forms.Form):
    """What somebody says of an article."""

    kind = forms.ChoiceField(
        label=_("您希望怎么改"), choices=ArticleOpinion.Kind, widget=forms.RadioSelect,
        error_messages={"required": _("请选一项")},
    )  # fmt: skip
    text = area_field(
        _("您的意见"),
        5,
        max_length=3000,
        help_text=_("用自己的话说就行，会原话报上去"),
        error_messages={"required": _("请写下您的意见")},
    )
    reason = area_field(_("为什么"), 3, required=False)
    role = forms.ChoiceField(
        label=_("您的身份"),
        choices=ArticleOpinion.Role,
        initial=ArticleOpinion.Role.RESIDENT,
        help_text=_("只公开身份，不公开姓名"),
    )


class EnterOpinionForm(OpinionForm):
    article = forms.ModelChoiceField(
        DraftArticle.objects.none(), label=_("哪一条"), required=False, empty_label=_("整部草案")
    )
    activity = forms.ModelChoiceField(
        ConsultationActivity.objects.none(), label=_("在哪场活动上说的"), required=False,
        empty_label=_("不在活动上"),
    )  # fmt: skip
    is_verbatim = forms.BooleanField(label=_("原话，没有改过"), required=False, initial=True)
    speaker_name = forms.CharField(
        label=_("谁说的"),
        max_length=80,
        required=False,
        help_text=_("只用来告诉他结果，加密保存，不写进报送件。不愿留名就不写"),
    )
    field_order = [
        "article", "activity", "kind", "text", "reason", "is_verbatim", "role", "speaker_name",
    ]  # fmt: skip

    def __init__(self, *args, articles, activities, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["article"].queryset = articles
        self.fields["activity"].queryset = activities
        self.fields["text"].help_text = _("照他的原话写")


class ReviewForm(forms.Form):
    accept = forms.TypedChoiceField(
        label=_("列入报送吗"),
        choices=[("yes", _("列入")), ("no", _("不列入"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = area_field(
        _("说明"), 3, required=False, help_text=_("不列入要写明原因，提意见的人会看到")
    )


class _OpinionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.number} {obj.place}：{obj.text[:40]}"


class MergeOpinionForm(forms.Form):
    into = _OpinionChoice(ArticleOpinion.objects.none(), label=_("并入哪一条"))

    def __init__(self, *args, opinions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = opinions.select_related("article")


class BatchForm(forms.Form):
    to_body = forms.CharField(label=_("报送给谁"), max_length=120)


RESULT_CHOICES = [
    (state.value, state.label) for state in ArticleOpinion.State if state in ArticleOpinion.RESULTS
]


class ResultForm(forms.Form):
    result = forms.TypedChoiceField(
        label=_("结果"), choices=RESULT_CHOICES, coerce=ArticleOpinion.State,
        widget=forms.RadioSelect,
    )  # fmt: skip
    final_article = forms.ModelChoiceField(
        DraftArticle.objects.none(), label=_("写在通过文本的哪一条"), required=False,
        empty_label=_("没有对应的条文"),
    )  # fmt: skip
    words = area_field(_("说明"), 3, required=False, help_text=_("提意见的人会看到"))

    def __init__(self, *args, articles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["final_article"].queryset = articles
