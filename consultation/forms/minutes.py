"""What is asked of those who write, correct and sign minutes (纪要)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import User
from consultation.forms.voting import CodeForm
from consultation.minutes_text import TEXTS, Body, tasks_as_text, tasks_from
from consultation.models import MinutesCorrection

LONG = 20_000
MOST_SECTIONS = 40
COMMAS = str.maketrans({"，": "、", ",": "、", "；": "、", ";": "、"})


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _area(label, rows=3, **more):
    return forms.CharField(
        label=label, required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": rows}),
        **more,
    )  # fmt: skip


class SectionForm(forms.Form):
    """One point of the agenda."""

    key = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    title = forms.CharField(label=_("议程"), max_length=160)
    discussion = _area(_("讨论"), 6, help_text=_("每行一条，可以写成“姓名：说了什么”"))
    views_for = _area(_("赞成的意见"))
    views_against = _area(_("不同的意见"))
    decision = _area(_("决定"))
    dissent = _area(_("保留意见"), 2)
    tasks = _area(_("要办的事"), 2, help_text=_("每行一件：谁 ｜ 办什么 ｜ 什么时候"))

    def as_section(self, spare_key: str) -> Body:
        given = self.cleaned_data
        texts = {name: given[name] for name in TEXTS}
        return {
            "key": given["key"] or spare_key,
            "title": given["title"],
            **texts,
            "tasks": tasks_from(given["tasks"]),
        }


SectionFormSet = forms.formset_factory(
    SectionForm, extra=0, can_delete=True, max_num=MOST_SECTIONS, absolute_max=MOST_SECTIONS
)


class BodyForm(forms.Form):
    """The whole text: who was there, each point of the agenda, last words, whose names are hidden."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    host = forms.CharField(label=_("主持"), max_length=80)
    recorders = forms.CharField(label=_("记录"), max_length=200)
    present = _area(_("到会的人"), 6, help_text=_("每行一位：姓名，身份"))
    absent = _area(_("请假或没到的人"), 2, help_text=_("每行一位"))
    count = forms.IntegerField(label=_("到会人数"), min_value=0, max_value=100_000)
    summary = _area(_("到会说明"), 2)
    quorum = forms.CharField(label=_("法定人数"), max_length=300, required=False)
    closing = _area(_("其他"), 3)
    hidden = _area(_("公开版还要隐去的名字"), 2, help_text=_("每行一个。到会的人和居民会自动隐去"))
    unnamed = _area(_("公开版不具名的人"), 2, help_text=_("每行一位，公开版写成“一位居民”"))

    def __init__(self, *args, body: Body, add: bool = False, **kwargs):
        kwargs.setdefault("initial", _as_given(body))
        super().__init__(*args, **kwargs)
        first = [
            section | {"tasks": tasks_as_text(section["tasks"])} for section in body["sections"]
        ]
        self.sections = SectionFormSet(
            self.data if self.is_bound else None, initial=first, prefix="part"
        )
        self.sections.extra = 1 if add else 0

    def clean(self):
        if not self.sections.is_valid():
            raise forms.ValidationError(_now("每一段都要有标题；文字不能太长。"))
        return self.cleaned_data

    def changes(self) -> Body:
        """The parts of the body that this form writes."""
        given = self.cleaned_data
        kept = [form for form in self.sections if not form.cleaned_data.get("DELETE")]
        keys = {form.cleaned_data["key"] for form in kept}
        spare = (f"n{n}" for n in range(1, 10_000) if f"n{n}" not in keys)
        return {
            "people": {
                "host": given["host"],
                "recorders": _names(given["recorders"]),
                "present": [_person(line) for line in _lines(given["present"])],
                "absent": _lines(given["absent"]),
                "count": given["count"],
                "summary": given["summary"],
                "quorum": given["quorum"],
            },
            "sections": [
                form.as_section(form.cleaned_data["key"] or next(spare)) for form in kept
            ],
            "closing": given["closing"],
            "hidden": _lines(given["hidden"]),
            "unnamed": _lines(given["unnamed"]),
        }


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.translate(COMMAS).split("、") if name.strip()]


def _person(line: str) -> dict[str, str]:
    name, _comma, role = line.translate(COMMAS).partition("、")
    return {"name": name.strip(), "role": role.strip()}


def _as_given(body: Body) -> dict:
    people = body["people"]
    return {
        "host": people["host"],
        "recorders": "、".join(people["recorders"]),
        "present": "\n".join(
            "，".join(filter(None, (one["name"], one["role"]))) for one in people["present"]
        ),
        "absent": "\n".join(people["absent"]),
        "count": people["count"],
        "summary": people["summary"],
        "quorum": people["quorum"],
        "closing": body["closing"],
        "hidden": "\n".join(body["hidden"]),
        "unnamed": "\n".join(body["unnamed"]),
    }


class PhotoForm(forms.Form):
    """A photo for the minutes."""

    photo = forms.FileField(label=_("照片"), widget=forms.FileInput(attrs={"accept": "image/*"}))
    caption = forms.CharField(label=_("说明"), max_length=60, required=False)
    when = forms.ChoiceField(
        label=_("什么时候拍的"),
        required=False,
        choices=[("", _("开会时")), ("before", _("改造前")), ("after", _("改造后"))],
    )
    is_public = forms.BooleanField(label=_("公开版也放这张"), required=False)


class SendForm(forms.Form):
    """Who signs, and how many working days everybody has to correct."""

    recorder = forms.ModelChoiceField(User.objects.none(), label=_("记录人"), empty_label=None)
    representatives = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("签字的代表"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    on_paper = _area(_("在纸上签字的代表"), 2, help_text=_("没有账号的人，每行一位"))
    correction_days = forms.IntegerField(
        label=_("更正期（工作日）"), min_value=1, max_value=60, initial=5
    )

    def __init__(self, *args, recorders, there, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recorder"].queryset = recorders
        self.fields["representatives"].queryset = there

    def clean_on_paper(self):
        return _lines(self.cleaned_data["on_paper"])


class CorrectionForm(forms.Form):
    """What is wrong, and what it should say."""

    section = forms.ChoiceField(label=_("哪一段不对"), required=False)
    text = forms.CharField(
        label=_("应该怎么写"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写明应该怎么写")},
    )

    def __init__(self, *args, body: Body, **kwargs):
        super().__init__(*args, **kwargs)
        points = [(part["key"], part["title"]) for part in body["sections"]]
        self.fields["section"].choices = [*points, ("", _now("整份纪要"))]


class DeskCorrectionForm(CorrectionForm):
    """The same, said by somebody at the desk."""

    name = forms.CharField(label=_("谁提的"), max_length=80)
    field_order = ["name", "section", "text"]


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("为什么不改"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class SignForm(CodeForm):
    """The code from the phone, and which text it is for."""

    text_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)


class PaperSignatureForm(forms.Form):
    """A signature given on paper."""

    fingerprint = forms.CharField(
        label=_("纸上的版本指纹"), max_length=20, help_text=_("页脚左边的 8 个字符")
    )
    signed_on = forms.DateField(
        label=_("签字日期"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    scan = forms.FileField(label=_("签字页的扫描件或照片"))


class AddendumForm(forms.Form):
    """What is added to sealed minutes."""

    text = forms.CharField(
        label=_("补记内容"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 8})
    )
    reason = forms.CharField(label=_("为什么补记"), max_length=300)
    correction = forms.ModelChoiceField(
        MinutesCorrection.objects.none(),
        label=_("因为哪条备注"),
        required=False,
        empty_label=_("不因为备注"),
    )

    def __init__(self, *args, minutes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["correction"].queryset = minutes.corrections.filter(
            state=MinutesCorrection.State.REMARK
        )


class FindMinutesForm(forms.Form):
    """A word that stands in the minutes."""

    q = forms.CharField(max_length=100, required=False)
    year = forms.IntegerField(required=False, min_value=2000, max_value=2200)
