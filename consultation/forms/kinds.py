"""Shape of input about kinds of polls: a new version, in plain words."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Neighbourhood
from consultation.models import PollKind, Secrecy
from households.forms.projects import DateInput


class KindForm(forms.ModelForm):
    """What the administrator may change from one version to the next."""

    neighbourhood = forms.ModelChoiceField(Neighbourhood.objects.none(), label=_("给哪个居民区用"))
    valid_from = forms.DateField(label=_("生效日期"), widget=DateInput)
    why = forms.CharField(
        label=_("为什么改"), max_length=300, help_text=_("例如：法规 2027 年续期，比例不变")
    )
    secrecies = forms.MultipleChoiceField(
        label=_("公开方式"), choices=Secrecy.choices, widget=forms.CheckboxSelectMultiple
    )
    field_order = ["neighbourhood", "valid_from", "why"]

    class Meta:
        model = PollKind
        fields = (
            "name", "matter", "legal_basis", "method", "electorate", "by_area", "quorum_part",
            "quorum_whole", "pass_part", "pass_whole", "pass_exceeded", "pass_of_all",
            "silent_rule", "silent_clause", "most_choices", "exactly", "places", "ties",
            "scale_from", "scale_to", "satisfied_from", "notice_days", "objection_days",
            "secrecies", "revote", "follow_up",
        )  # fmt: skip
        help_texts = {
            "quorum_part": _("例如 2/3 写 2。没有要求写 0"),
            "quorum_whole": _("例如 2/3 写 3"),
            "pass_part": _("例如 3/4 写 3"),
            "pass_whole": _("例如 3/4 写 4"),
            "pass_exceeded": _("“过半数”要勾，“以上”不勾"),
            "silent_clause": _("未答复的要计入，必须抄下议事规则的条文"),
        }

    def __init__(self, *args, neighbourhoods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = neighbourhoods
        if self.instance.neighbourhood_id or len(neighbourhoods) == 1:
            self.fields["neighbourhood"].initial = (
                self.instance.neighbourhood_id or neighbourhoods[0].pk
            )
        self.initial["valid_from"] = timezone.localdate()

    def clean(self):
        given = super().clean()
        for part, whole in (("quorum_part", "quorum_whole"), ("pass_part", "pass_whole")):
            if not given.get(whole) or given.get(part, 0) > given[whole]:
                self.add_error(part, _("分子不能大过分母，分母不能是 0"))
        if not given.get("pass_part"):
            self.add_error("pass_part", _("通过比例要大于 0"))
        low, high = given.get("scale_from", 0), given.get("scale_to", 0)
        if not low < high or not low <= given.get("satisfied_from", 0) <= high:
            self.add_error("scale_to", _("最高分要大过最低分，满意的分数要在中间"))
        if not given.get("most_choices") or not given.get("places"):
            self.add_error("most_choices", _("选几项、入选几项都要大于 0"))
        return given

    def changes(self):
        """What differs from the version this one follows."""
        names = set(self.Meta.fields) & set(self.changed_data)
        return {name: self.cleaned_data[name] for name in names}

    def _post_clean(self):
        """The version at hand stays as it is: a new one is made of the changes."""
