"""Shape of input about resolutions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Organisation
from consultation.models import Meeting, Resolution, ResolutionEvidence, Topic
from households.forms.materials import FilesField
from households.forms.projects import DateInput

from .topics import area_field

TABLES = [("csv", "CSV"), ("xlsx", "Excel")]


class FindForm(forms.Form):
    q = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(
        required=False, choices=[("", ""), ("late", ""), *Resolution.State.choices]
    )

    def wanted(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "state")}


class BodyForm(forms.Form):
    """What, who, until when."""

    text = area_field(_("议定的事"), 3, max_length=1000)
    responsible_body = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("哪个单位来办"), required=False
    )
    responsible_name = forms.CharField(
        label=_("谁来办"),
        max_length=120,
        required=False,
        help_text=_("公开时姓名打码，单位不打码"),
    )
    due_on = forms.DateField(label=_("最晚哪天办好"), widget=DateInput)
    dissent = area_field(
        _("不同意见"), 2, required=False, help_text=_("会上有人不同意，也要写下来")
    )
    is_public = forms.BooleanField(label=_("公开"), required=False, initial=True)

    def __init__(self, *args, bodies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["responsible_body"].queryset = bodies


class EnterForm(BodyForm):
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("哪个议题"), required=False)
    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("哪次会议"), required=False)
    field_order = ["text", "topic", "meeting"]

    def __init__(self, *args, topics, meetings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = topics
        self.fields["meeting"].queryset = meetings


class ProgressForm(forms.Form):
    text = area_field(_("办到哪一步了"), 3)


class ClaimForm(forms.Form):
    text = area_field(_("怎么办好的"), 3)


class EvidenceForm(forms.Form):
    photos = FilesField(label=_("照片或 PDF"))
    when = forms.ChoiceField(
        label=_("什么时候的"), choices=ResolutionEvidence.When.choices, widget=forms.RadioSelect
    )
    caption = forms.CharField(label=_("说明"), max_length=120)
    is_public = forms.BooleanField(
        label=_("可以公开"), required=False, help_text=_("照片上没有别人的脸、门牌、车牌")
    )


class PostponeForm(forms.Form):
    due_on = forms.DateField(label=_("改到哪天"), widget=DateInput)
    reason = area_field(_("为什么改期"), 3)


class DropForm(forms.Form):
    reason = area_field(_("为什么不再办"), 3, max_length=300)


class ReopenForm(forms.Form):
    reason = area_field(_("为什么重新办"), 3)
    due_on = forms.DateField(label=_("最晚哪天办好"), widget=DateInput)


class ReviewForm(forms.Form):
    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("哪次评议会"))

    def __init__(self, *args, meetings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings


class EvaluateForm(ReviewForm):
    hall_satisfied = forms.IntegerField(
        label=_("会场举手满意几人"), min_value=0, max_value=10_000, initial=0,
        help_text=_("自己在手机上打过分的不要再算"),
    )  # fmt: skip
    hall_dissatisfied = forms.IntegerField(
        label=_("会场举手不满意几人"), min_value=0, max_value=10_000, initial=0
    )
    text = area_field(_("大家怎么说"), 3)
    due_on = forms.DateField(
        label=_("如果大家不满意，最晚哪天重新办好"), widget=DateInput, required=False
    )


class ScoreForm(ReviewForm):
    is_satisfied = forms.TypedChoiceField(
        label=_("办得怎么样？"),
        choices=[("yes", _("满意")), ("no", _("不满意"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label=_("想说的话"), max_length=200, required=False)


class TableForm(forms.Form):
    table = forms.ChoiceField(choices=TABLES)
