"""Shape of input about shows of hands."""

from fractions import Fraction

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation.models import AgendaItem, HandTick, Poll, PollKind, ShowOfHands
from consultation.queries.hands import BY_HEADS
from consultation.tally import Share
from households.forms.projects import MomentInput

PASSES = {
    "half": (_("到会的过半数同意"), Share(Fraction(1, 2), exceeded=True)),
    "two_thirds": (_("到会的三分之二以上同意"), Share(Fraction(2, 3))),
    "three_quarters": (_("到会的四分之三以上同意"), Share(Fraction(3, 4))),
    "all": (_("到会的全部同意"), Share(Fraction(1))),
}


class ShowForm(forms.Form):
    """A question for those present."""

    question = forms.CharField(
        label=_("表决什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一句话，能用“同意”或“不同意”回答"),
    )  # fmt: skip
    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=_("哪一项议程"), required=False, empty_label=_("不属于哪一项")
    )  # fmt: skip
    counting = forms.ChoiceField(
        label=_("怎么数"), choices=ShowOfHands.Counting.choices, widget=forms.RadioSelect
    )
    passes = forms.ChoiceField(
        label=_("怎样算通过"), choices=[(k, v[0]) for k, v in PASSES.items()], initial="half"
    )
    must_hold = forms.ChoiceField(
        label=_("法定人数"), choices=ShowOfHands.MustHold.choices,
        initial=ShowOfHands.MustHold.THROUGHOUT,
    )  # fmt: skip

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.agenda.all()
        if meeting.quorum not in BY_HEADS:
            self.fields["counting"].choices = [
                (ShowOfHands.Counting.TICKS.value, ShowOfHands.Counting.TICKS.label)
            ]
        self.fields["counting"].initial = self.fields["counting"].choices[0][0]

    def clean_passes(self):
        return PASSES[self.cleaned_data["passes"]][1]

    def clean_counting(self):
        return ShowOfHands.Counting(self.cleaned_data["counting"])

    def clean_must_hold(self):
        return ShowOfHands.MustHold(self.cleaned_data["must_hold"])


class TellerForm(forms.Form):
    """What one teller counted."""

    teller = forms.CharField(label=_("计票人"), max_length=80)
    yes = forms.IntegerField(label=_("同意"), min_value=0, max_value=100_000)
    no = forms.IntegerField(label=_("不同意"), min_value=0, max_value=100_000)
    abstain = forms.IntegerField(label=_("弃权"), min_value=0, max_value=100_000)

    def clean_teller(self):
        return self.cleaned_data["teller"].strip()


class TicksForm(forms.Form):
    """One choice each, of those who raised a hand."""

    def __init__(self, *args, voters, **kwargs):
        super().__init__(*args, **kwargs)
        self.voters = list(voters)
        for voter in self.voters:
            self.fields[f"v-{voter}"] = forms.ChoiceField(
                choices=HandTick.Choice.choices, required=False
            )

    def clean(self):
        given = super().clean()
        choices = {voter: given.get(f"v-{voter}") for voter in self.voters}
        return {"choices": {voter: choice for voter, choice in choices.items() if choice}}


class DissentForm(forms.Form):
    dissent = forms.CharField(
        label=_("不同意见"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("不同意的人要求记下来的话，照说的写"),
    )  # fmt: skip


class LinkShowForm(forms.Form):
    poll = forms.ModelChoiceField(Poll.objects.none(), label=_("接到哪一次表决"))

    def __init__(self, *args, show, **kwargs):
        super().__init__(*args, **kwargs)
        live = Poll.objects.filter(neighbourhood=show.neighbourhood_id)
        self.fields["poll"].queryset = live.exclude(state=Poll.State.VOID)


class PollFromShowForm(forms.Form):
    """What a poll needs beside the question."""

    kind = forms.ModelChoiceField(PollKind.objects.none(), label=_("表决种类"))
    code = forms.SlugField(
        label=_("编号"), max_length=60, help_text=_("用在网址里，英文小写、数字和短横，定了不能改")
    )
    opens_at = forms.DateTimeField(label=_("开始"), widget=MomentInput)
    closes_at = forms.DateTimeField(label=_("截止"), widget=MomentInput)

    def __init__(self, *args, show, **kwargs):
        super().__init__(*args, **kwargs)
        usable = PollKind.objects.usable(show.neighbourhood, timezone.localdate())
        ids = [kind.pk for kind in usable if not kind.has_options]
        self.fields["kind"].queryset = PollKind.objects.filter(pk__in=ids).order_by("name")

    def clean_code(self):
        return self.cleaned_data["code"].lower()
