"""Shape of input on the boards."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _


class HashField(forms.CharField):
    """A sha256 in hex, however it was typed: capitals, spaces, groups."""

    def to_python(self, value):
        return "".join(super().to_python(value).split()).replace("-", "").lower()


class CheckInclusionForm(forms.Form):
    """The hash of one's sealed agreement, as printed on its certificate."""

    sha256 = HashField(
        label=_("协议文件的指纹（64 位）"),
        max_length=160,
        validators=[RegexValidator(r"^[0-9a-f]{64}$", _("请填写证书页上完整的 64 位指纹"))],
    )


class FindProjectForm(forms.Form):
    """A word of a project's name, or of its neighbourhood's."""

    q = forms.CharField(required=False, max_length=100)
