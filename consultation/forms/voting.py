"""What is asked of a voter: one question a page, the code, an objection, a code to look up."""

import re
import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from consultation.choices import Answer
from consultation.models import PollKind, Question
from consultation.tally import ABSTAIN, OPINIONS
from consultation.wording import OPINION_WORDS, SEVERAL
from households.models import Household

Method = PollKind.Method


class AnswerForm(forms.Form):
    """One question; nothing is chosen until the voter chooses. What is wrong ``choices.fixed`` says."""

    def __init__(self, *args, kind: PollKind, question: Question, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.options = list(question.options.all())
        if kind.method == Method.RANKED:
            places = [("", "—"), *((str(n), str(n)) for n in range(1, len(self.options) + 1))]
            for option in self.options:
                self.fields[f"place_{option.number}"] = forms.ChoiceField(
                    label=option.text, choices=places, required=False
                )
        elif kind.method in SEVERAL:
            self.fields["choice"] = forms.MultipleChoiceField(
                choices=self._named(),
                required=False,
                widget=forms.CheckboxSelectMultiple(attrs={"data-count": ""}),
            )
        else:
            self.fields["choice"] = forms.ChoiceField(
                choices=self._single(), required=False, widget=forms.RadioSelect
            )

    def _named(self) -> list[tuple[str, str]]:
        return [(str(option.number), option.text) for option in self.options]

    def _single(self) -> list[tuple[str, str]]:
        if self.kind.method == Method.BINARY:
            return [(name, str(OPINION_WORDS[name])) for name in OPINIONS]
        abstain = (ABSTAIN, str(OPINION_WORDS[ABSTAIN]))
        if self.kind.method == Method.SCORE:
            steps = range(self.kind.scale_from, self.kind.scale_to + 1)
            return [*((str(n), str(n)) for n in steps), abstain]
        return [*self._named(), abstain]

    @property
    def may_abstain_apart(self) -> bool:
        """Whether abstaining is a button of its own, beside boxes or places."""
        return self.kind.method in (*SEVERAL, Method.RANKED)

    def given(self) -> Answer:
        """What was chosen, as ``choices.fixed`` reads it."""
        if self.may_abstain_apart and "abstain" in self.data:
            return ABSTAIN
        if self.kind.method != Method.RANKED:
            return self.cleaned_data["choice"]
        placed = [
            (int(place), str(option.number))
            for option in self.options
            if (place := self.cleaned_data[f"place_{option.number}"])
        ]
        return [number for _place, number in sorted(placed)]

    def clean(self):
        if self.kind.method == Method.RANKED:
            places = [place for place in self.cleaned_data.values() if place]
            if len(set(places)) != len(places):
                raise forms.ValidationError(_("两项不能排在同一位，请改一下。"))
        return self.cleaned_data

    @staticmethod
    def filled(kind: PollKind, answer: Answer) -> dict:
        """The initial values that show an earlier answer again."""
        if kind.method == Method.RANKED and not isinstance(answer, str):
            return {f"place_{number}": str(n) for n, number in enumerate(answer, 1)}
        return {"choice": answer}


class CodeForm(forms.Form):
    """The code from the phone, last thing before the vote counts."""

    code = forms.CharField(
        label=_("短信里的 6 位数字"),
        max_length=12,
        error_messages={"required": _("请输入短信里的 6 位数字。")},
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "spellcheck": "false",
            }
        ),
    )


class ObjectionForm(forms.Form):
    """What is wrong with the roll or the result (异议)."""

    household = forms.ModelChoiceField(
        Household.objects.none(), label=_("哪一户"), required=False, empty_label=_("不针对某一户")
    )
    text = forms.CharField(
        label=_("哪里不对"),
        max_length=2000,
        help_text=_("例如：名册上没有我；面积和房本不一样。"),
        error_messages={"required": _("请写明哪里不对")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, homes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["household"].queryset = homes


LETTERS = str.maketrans({"O": "0", "I": "1", "L": "1"})  # what Crockford's alphabet leaves out


class FindBallotForm(forms.Form):
    """A code as copied by hand from a receipt."""

    code = forms.CharField(
        label=_("回执上的核对码"),
        max_length=40,
        help_text=_("16 位数字和字母，空格、横线、大小写不用管"),
        error_messages={"required": _("请输入回执上的核对码。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self):
        typed = unicodedata.normalize("NFKC", self.cleaned_data["code"]).upper()
        letters = re.sub(r"[^0-9A-Z]", "", typed).translate(LETTERS)
        if not re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", letters):
            raise forms.ValidationError(_("核对码是 16 位，请照回执再抄一遍。"))
        return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


class FindPollForm(forms.Form):
    """A word of the poll's or the place's name."""

    q = forms.CharField(max_length=100, required=False)
