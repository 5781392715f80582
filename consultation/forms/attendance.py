"""Shape of input at the door of a meeting: walk-ins, the paper sheet, roles, mandates."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation.models import Attendance
from households.forms.projects import DateInput, MomentInput


class AdmitForm(forms.Form):
    """One of the list by its key, or a walk-in by name."""

    who = forms.CharField(max_length=60, required=False)
    name = forms.CharField(label=_("姓名"), max_length=80, required=False)
    role = forms.ChoiceField(
        label=_("身份"), choices=Attendance.Role.choices, required=False,
        initial=Attendance.Role.PARTICIPANT,
    )  # fmt: skip

    def clean(self):
        given = super().clean()
        if not given.get("who") and not given.get("name", "").strip():
            raise forms.ValidationError(_("请写姓名，或从名单里选。"))
        return given

    def clean_role(self):
        return Attendance.Role(self.cleaned_data["role"] or Attendance.Role.PARTICIPANT)


class SheetForm(forms.Form):
    """One line of the paper sheet."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    role = forms.ChoiceField(
        label=_("身份"), choices=Attendance.Role.choices, initial=Attendance.Role.PARTICIPANT
    )
    arrived_at = forms.DateTimeField(label=_("什么时候到的"), widget=MomentInput)
    left_at = forms.DateTimeField(
        label=_("什么时候走的"),
        widget=MomentInput,
        required=False,
        help_text=_("一直到散会就不填"),
    )

    def clean_role(self):
        return Attendance.Role(self.cleaned_data["role"])


class AttendeeRoleForm(forms.Form):
    role = forms.ChoiceField(label=_("身份"), choices=Attendance.Role.choices)

    def clean_role(self):
        return Attendance.Role(self.cleaned_data["role"])


class EntryForm(forms.Form):
    """A head of the roll, by its number."""

    entry = forms.CharField(
        label=_("名册号"), max_length=8, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )

    def __init__(self, *args, roll, **kwargs):
        super().__init__(*args, **kwargs)
        self.roll = roll

    def clean_entry(self):
        wanted = self.cleaned_data["entry"].strip().lstrip("0")
        found = wanted.isdecimal() and self.roll.roll.filter(number__regex=f"^0*{wanted}$").first()
        if not found:
            raise forms.ValidationError(_("名册上没有这个号。"))
        return found


class MeetingMandateForm(EntryForm):
    """A written mandate as it was handed in."""

    scope = forms.CharField(
        label=_("委托办什么"), max_length=200, initial=_("本次会议全部事项"),
        help_text=_("照委托书上写的"),
    )  # fmt: skip
    mandated_on = forms.DateField(label=_("委托书的日期"), widget=DateInput)
    document = forms.FileField(
        label=_("委托书"), help_text=_("照片（JPG、PNG）或 PDF，10 MB 以内。")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mandated_on"].initial = timezone.localdate
