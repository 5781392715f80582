"""Shape of input at the paper desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building
from consultation.models import StrayScan
from households.forms.materials import FilesInput

from .answers import AnswersForm
from .polls import WhyForm

MOST_FILES = 20


class ScansField(forms.FileField):
    """Scans of one go: PDF or photographs."""

    widget = FilesInput

    def clean(self, data, initial=None):
        files = data or [None]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("一次最多 20 个文件，请分几次传。"))
        return [super(ScansField, self).clean(one, initial) for one in files]


class ScansForm(forms.Form):
    scans = ScansField(
        label=_("扫描件"),
        help_text=_("多页 PDF 或照片。每个 10 MB 以内，一次总共 28 MB 以内"),
        error_messages={"required": _("请先选文件")},
    )


class OrderForm(forms.Form):
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("哪一幢"), required=False, empty_label=_("全部")
    )

    def __init__(self, *args, poll, **kwargs):
        super().__init__(*args, **kwargs)
        if poll.is_secret:  # ballots are alike
            del self.fields["building"]
        else:
            self.fields["building"].queryset = Building.objects.filter(
                rollentry__poll=poll
            ).distinct()


class SerialForm(forms.Form):
    serial = forms.CharField(
        label=_("票号"), max_length=24, help_text=_("印在二维码旁边，例如 0C5Q-KVJ3-4WQ6")
    )


class DropForm(WhyForm):
    """Pages that are no ballot, or are in already."""

    pages = forms.ModelMultipleChoiceField(
        StrayScan.objects.none(),
        label=_("扫描页"),
        error_messages={"required": _("请先勾选"), "invalid_choice": _("请重新勾选")},
    )

    def __init__(self, *args, poll, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pages"].queryset = poll.stray_scans.filter(paper=None, dropped_reason="")


class KeyForm(AnswersForm):
    """What stands on a scan; the spoilt too."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, on_paper=True, **kwargs)
