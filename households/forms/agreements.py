"""Shape of input about agreements, their templates and their files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building
from caoyang_portal.uploads.intake import MAX_BYTES
from households.models import Agreement, AgreementTemplate, Household
from households.queries.agreements import MATERIALS, OVERTAKEN

EDITOR = {"rows": 28, "spellcheck": "false", "class": "editor"}


class TemplateForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80)
    key_points = forms.CharField(
        label=_("三句话要点"),
        max_length=600,
        help_text=_("一行一句，最多三句，居民最先看到"),
        widget=forms.Textarea({"rows": 3}),
    )
    body = forms.CharField(
        label=_("正文"),
        max_length=60_000,
        help_text=_("每章用 <h2> 开头。可用的标签有段落、列表和表格，其余会被去掉"),
        widget=forms.Textarea(EDITOR),
    )
    changes = forms.CharField(
        label=_("较上一版的变化"),
        max_length=1000,
        required=False,
        help_text=_("第二版起必填，居民能看到"),
        widget=forms.Textarea({"rows": 3}),
    )


class PreviewForm(forms.Form):
    """Which household's figures to look at the template with."""

    household = forms.ModelChoiceField(
        Household.objects.none(), label=_("用哪一户预览"), empty_label=None
    )

    def __init__(self, *args, households, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["household"].queryset = households


class ListForm(forms.Form):
    """The filters of the staff's list."""

    q = forms.CharField(label=_("编号、姓名或室号"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部状态")),
            (OVERTAKEN, _("要出新版")),
            (MATERIALS, _("材料待核对")),
            *Agreement.State.choices,
        ],
    )
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("楼栋"), required=False, empty_label=_("全部楼栋")
    )

    def __init__(self, *args, buildings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = buildings


class MakeForm(forms.Form):
    """Which text to make one household's agreement from."""

    template = forms.ModelChoiceField(
        AgreementTemplate.objects.none(), label=_("协议范本"), empty_label=None
    )

    def __init__(self, *args, templates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("事由"), max_length=300, widget=forms.Textarea({"rows": 3}))


class SupersedeForm(MakeForm, ReasonForm):
    """A new version: from which text, and why."""


class StartGenerationForm(MakeForm):
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("范围"), required=False, empty_label=_("全部楼栋")
    )

    def __init__(self, *args, buildings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = buildings


class HashForm(forms.Form):
    """The hash of a file that was worked out where the file is."""

    sha256 = forms.RegexField(r"^[0-9a-fA-F]{64}$")


class VerifyForm(forms.Form):
    """A file to be looked at."""

    file = forms.FileField(
        label=_("PDF 文件"),
        help_text=_("不超过 10 MB，看过就删，不保存"),
        error_messages={"required": _("请选择要查验的 PDF 文件。")},
        widget=forms.ClearableFileInput({"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 10 MB，请换一份。"))
        return file
