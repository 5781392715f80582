"""Shape of input of those who work on suggestions (建议办理)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood, Organisation
from households.forms.projects import DateInput
from suggestions.models import Outcome, Reply, Suggestion

from .fields import area_field

MOST_SPOTS = 6


class WordsForm(forms.Form):
    words = area_field(_("对提出人说的话"), 3, required=False)


class ReasonForm(forms.Form):
    reason = area_field(_("原因"), 3)


class PublishForm(forms.Form):
    title = forms.CharField(
        label=_("公开的题目"), max_length=60, help_text=_("去掉姓名、门牌、电话。原话留着")
    )
    reasons = area_field(_("为什么"), 5)
    measures = area_field(_("建议怎么办"), 4, required=False)
    change_reason = forms.CharField(
        label=_("改了哪里，为什么"), max_length=200, required=False,
        help_text=_("没有改就不写。提出人看得到改动"),
    )  # fmt: skip


class UnitsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class AssignForm(WordsForm):
    unit = forms.ModelChoiceField(Organisation.objects.none(), label=_("主办单位"))
    helping = UnitsField(Organisation.objects.none(), label=_("协办单位"), required=False)
    field_order = ["unit", "helping", "words"]

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = self.fields["helping"].queryset = units


class ReferForm(forms.Form):
    elsewhere = forms.ChoiceField(
        label=_("转到哪里"), widget=forms.RadioSelect,
        choices=[
            choice
            for choice in Suggestion.Elsewhere.choices
            if choice[0] not in (Suggestion.Elsewhere.CLAIM, Suggestion.Elsewhere.TOPIC)
        ],
    )  # fmt: skip
    answer = area_field(_("为什么，怎么去"), 4, help_text=_("提出人会看到，请写清楚地址或电话"))


class ReturnForm(forms.Form):
    reason = area_field(
        _("该由哪个单位办，为什么"), 3, help_text=_("退回要写明正确的单位，居委会重新交办")
    )


class PauseForm(forms.Form):
    reason = area_field(_("为什么暂停"), 3, help_text=_("提出人会看到"))
    until = forms.DateField(label=_("哪天接着办"), widget=DateInput)


class ReplyForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("答复结论"), choices=Reply.Verdict.choices, widget=forms.RadioSelect
    )
    text = area_field(_("答复"), 8, help_text=_("公开的建议，答复也公开。请用老人看得懂的话"))
    why = area_field(_("部分采纳或者不采纳的理由"), 4, required=False)
    promise = forms.CharField(
        label=_("要办成什么"), max_length=200, required=False,
        help_text=_("只作答复、没有要办的事，这三项不填"),
    )  # fmt: skip
    conversion = forms.ChoiceField(
        label=_("转化成什么"), choices=[("", "—"), *Outcome.Conversion.choices], required=False
    )
    due_on = forms.DateField(label=_("最晚哪天办成"), widget=DateInput, required=False)


class ReportForm(forms.Form):
    text = area_field(_("做了什么"), 4, help_text=_("提出人和一起提的人会看到"))
    due_on = forms.DateField(
        label=_("改成哪天办成"), widget=DateInput, required=False, help_text=_("不改日期就不填")
    )


class FinishForm(forms.Form):
    name = forms.CharField(label=_("成果叫什么"), max_length=80, help_text=_("例如：花坛式充电桩"))
    text = area_field(_("办成了什么"), 4)
    photo = forms.FileField(
        label=_("办成以后的照片"), widget=forms.FileInput(attrs={"accept": "image/*"})
    )


class CommendForm(forms.Form):
    words = area_field(_("表扬的话"), 3)


class NoteForm(forms.Form):
    text = area_field(_("备注"), 3, help_text=_("只有办理的人看得到"))


class SuggestionChoice(forms.ModelChoiceField):
    def label_from_instance(self, suggestion):
        return f"{suggestion.number} {suggestion.title}"


class MergeForm(forms.Form):
    into = SuggestionChoice(Suggestion.objects.none(), label=_("并入哪一条"))
    reason = area_field(_("对提出人说的话"), 3, required=False)

    def __init__(self, *args, suggestions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = suggestions


class TemplateForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=60)
    text = area_field(_("内容"), 8)

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["neighbourhood"] = forms.ModelChoiceField(
                Neighbourhood.objects.filter(pk__in=[place.pk for place in places]),
                label=_("居民区"),
            )


class SpotsForm(forms.Form):
    """Rectangles to make unreadable, in percent of the picture: drawn by the script or typed."""

    spots = forms.CharField(
        label=_("遮住哪里"), required=False, max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "data-spots": ""}),
        help_text=_("一行一块：从左、从上、宽、高，都是百分之几。例如 10 20 15 15。也可以在照片上拖"),
    )  # fmt: skip

    def clean_spots(self):
        """The rectangles as numbers; lines of four, each within the picture."""
        found = []
        for line in self.cleaned_data["spots"].splitlines():
            if not line.strip():
                continue
            parts = line.replace(",", " ").replace("，", " ").split()
            if len(parts) != 4 or not all(part.isascii() and part.isdigit() for part in parts):
                raise forms.ValidationError(_("每行写四个数，例如 10 20 15 15"))
            x, y, w, h = (int(part) for part in parts)
            if not (w and h and x + w <= 100 and y + h <= 100):
                raise forms.ValidationError(_("这一块超出了照片：%(line)s"), params={"line": line})
            found.append((x, y, w, h))
        if len(found) > MOST_SPOTS:
            raise forms.ValidationError(_("最多 %(n)s 块"), params={"n": MOST_SPOTS})
        return found
