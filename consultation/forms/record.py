"""Shape of input while notes are taken: contributions, decisions, photos, recordings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consultation.models import AgendaItem, Attendance, Contribution, ShowOfHands, UnnamedSpeaker


class OfTheAgenda(forms.Form):
    """Something that belongs to a point of the agenda, or to none."""

    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=_("哪一项议程"), required=False, empty_label=_("不属于哪一项")
    )  # fmt: skip

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.agenda.all()


class ContributionForm(OfTheAgenda):
    """What somebody said."""

    speaker = forms.ModelChoiceField(
        Attendance.objects.none(), label=_("谁说的"), required=False, empty_label=_("（不写是谁）")
    )  # fmt: skip
    is_unnamed = forms.BooleanField(
        label=_("不署名（记成“居民甲”）"), required=False,
        help_text=_("选了是谁：同一个人这次会上都用同一个称呼。没选：一个新的称呼"),
    )  # fmt: skip
    label = forms.ModelChoiceField(
        UnnamedSpeaker.objects.none(), label=_("前面不署名说过话的"), required=False,
        empty_label=_("不是"),
    )  # fmt: skip
    stance = forms.ChoiceField(
        label=_("意见"), choices=Contribution.Stance.choices, initial=Contribution.Stance.NEUTRAL
    )
    text = forms.CharField(
        label=_("说了什么"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ["speaker", "is_unnamed", "label", "stance", "text", "item"]

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, meeting=meeting, auto_id="said_%s", **kwargs)
        self.fields["speaker"].queryset = meeting.attendances.all()
        self.fields["label"].queryset = meeting.unnamed_speakers.all()
        if not meeting.unnamed_speakers.exists():
            del self.fields["label"]

    def clean_stance(self):
        return Contribution.Stance(self.cleaned_data["stance"])


class CorrectionForm(forms.Form):
    """A contribution put right; ``version`` is the one that was read."""

    stance = forms.ChoiceField(label=_("意见"), choices=Contribution.Stance.choices)
    text = forms.CharField(
        label=_("说了什么"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_stance(self):
        return Contribution.Stance(self.cleaned_data["stance"])


class NotedForm(OfTheAgenda):
    """A decision as it was taken."""

    text = forms.CharField(
        label=_("决定了什么"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    responsible = forms.CharField(label=_("谁来办"), max_length=120, required=False)
    due = forms.CharField(
        label=_("什么时候办好"), max_length=80, required=False, help_text=_("照会上说的写")
    )
    show = forms.ModelChoiceField(
        ShowOfHands.objects.none(), label=_("依据哪次举手表决"), required=False,
        empty_label=_("没有举手"),
    )  # fmt: skip
    field_order = ["text", "responsible", "due", "item", "show"]

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, meeting=meeting, auto_id="decided_%s", **kwargs)
        self.fields["show"].queryset = meeting.shows.filter(is_adopted=True)


class PhotoForm(OfTheAgenda):
    file = forms.FileField(
        label=_("照片"), help_text=_("JPG 或 PNG，10 MB 以内。拍摄地点和手机型号不会留下。")
    )
    caption = forms.CharField(label=_("照片说明"), max_length=120, required=False)
    is_public = forms.BooleanField(
        label=_("可以放进公开的纪要"), required=False, help_text=_("照片上的人都同意了才勾")
    )
    field_order = ["file", "caption", "item", "is_public"]


class AudioForm(forms.Form):
    file = forms.FileField(label=_("录音"), help_text=_("M4A、MP3 或 WAV，50 MB 以内。加密保存。"))
    consent = forms.CharField(
        label=_("怎么征得同意的"), max_length=300,
        help_text=_("例如：开会前主持人说明要录音，没有人反对"),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="sound_%s", **kwargs)
