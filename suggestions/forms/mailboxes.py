"""Shape of input about mailboxes and their letters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Posting, User
from households.forms.materials import FilesField
from suggestions.models import Category

from .fields import area_field


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class OpenForm(forms.Form):
    opened_at = forms.DateTimeField(label=_("什么时候开的"), widget=MomentInput)
    counted = forms.IntegerField(label=_("数了几封"), min_value=0, max_value=500)
    second = forms.ModelChoiceField(
        User.objects.none(), label=_("第二个人"), help_text=_("一起开箱的同事，请他自己登录确认")
    )

    def __init__(self, *args, place, by, **kwargs):
        super().__init__(*args, **kwargs)
        posts = Posting.objects.live().filter(neighbourhood=place, office="committee")
        colleagues = User.objects.filter(pk__in=posts.values("user_id"), is_active=True)
        self.fields["second"].queryset = colleagues.exclude(pk=by.pk).order_by("name")


class ConfirmForm(forms.Form):
    counted_again = forms.IntegerField(label=_("您数了几封"), min_value=0, max_value=500)
    mismatch = area_field(
        _("数目为什么对不上"), 2, max_length=300, required=False, help_text=_("一样就空着")
    )


class VoidForm(forms.Form):
    reason = area_field(_("为什么作废"), 2, max_length=200)


class LettersForm(forms.Form):
    scans = FilesField(label=_("扫描件"), help_text=_("照片或 PDF，一次最多 3 个"))
    as_one = forms.BooleanField(
        label=_("这几张是同一封信"), required=False, help_text=_("不勾选就一张算一封")
    )


class TextForm(forms.Form):
    text = area_field(
        _("信上写了什么"), 10, max_length=10_000, help_text=_("照原样抄，看不清的字写“□”")
    )


class SuggestionForm(forms.Form):
    category = forms.ChoiceField(
        label=_("分类"), choices=Category.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("建议什么"), max_length=120)
    reasons = area_field(_("为什么"), 6)
    measures = area_field(_("建议怎么办"), 4, required=False)
    proposer_name = forms.CharField(
        label=_("谁写的"), max_length=40, required=False, help_text=_("没有署名就空着")
    )
    proposer_phone = forms.CharField(label=_("电话"), max_length=20, required=False)


class ClaimForm(forms.Form):
    title = forms.CharField(label=_("一句话：是什么事"), max_length=80)
    text = area_field(_("内容"), 6)
    claimant_name = forms.CharField(
        label=_("谁写的"), max_length=40, required=False, help_text=_("没有署名就空着")
    )
    claimant_phone = forms.CharField(label=_("电话"), max_length=20, required=False)


class AsideForm(forms.Form):
    reason = area_field(
        _("为什么都不是"), 2, max_length=200, help_text=_("例如：广告、空白纸、同一封信的重复")
    )


class CloseForm(forms.Form):
    mismatch = area_field(
        _("登记的和数的为什么不一样"), 2, max_length=300, required=False,
        help_text=_("一样就空着"),
    )  # fmt: skip
