"""What was answered, question by question, as the desk takes it down (选择)."""

from django import forms
from django.utils.translation import gettext as _

from consultation.models import PollKind
from consultation.tally import ABSTAIN, OPINIONS, SPOILT
from consultation.wording import OPINION_WORDS, SEVERAL

Method = PollKind.Method


class AnswersForm(forms.Form):
    """A field for each question; nothing is chosen beforehand, and no choice stands out."""

    def __init__(self, *args, poll, on_paper=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.numbers = []
        for question in poll.questions.prefetch_related("options"):
            name = f"q{question.number}"
            self.numbers.append(str(question.number))
            self.fields[name] = _field(poll.kind, question, on_paper)

    def opinions(self):
        """The fields of the questions, for a page that shows them by themselves."""
        return [self[f"q{number}"] for number in self.numbers]

    def answers(self):
        """By question, in the form ``choices.fixed`` takes."""
        return {number: self.cleaned_data[f"q{number}"] for number in self.numbers}


def _field(kind, question, on_paper):
    label = f"{question.number}. {question.text}"
    missing = {"required": _("第 %(n)s 题还没有选。") % {"n": question.number}}
    if kind.method == Method.RANKED:
        return RankedField(label=label, question=question, on_paper=on_paper)
    choices = _choices(kind, question)
    if on_paper:
        choices.append((SPOILT, _("废票，看不出怎么选")))
    if kind.method not in SEVERAL:
        return forms.ChoiceField(
            label=label, choices=choices, widget=forms.RadioSelect, error_messages=missing
        )
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=missing,
        help_text=_hint(kind),
    )


def _choices(kind, question):
    if kind.method == Method.BINARY:
        return [(name, OPINION_WORDS[name]) for name in OPINIONS]
    abstain = (ABSTAIN, OPINION_WORDS[ABSTAIN])
    if kind.method == Method.SCORE:
        steps = range(kind.scale_from, kind.scale_to + 1)
        return [*((str(n), str(n)) for n in steps), abstain]
    return [*((str(o.number), o.text) for o in question.options.all()), abstain]


def _hint(kind):
    said = {"most": kind.most_choices}
    return _("要选满 %(most)s 项") % said if kind.exactly else _("最多选 %(most)s 项") % said


class RankedField(forms.CharField):
    """Numbers of options in the order of preference: ``3 1 2``."""

    def __init__(self, *, question, on_paper, **kwargs):
        options = "；".join(f"{o.number} {o.text}" for o in question.options.all())
        words = _("从最喜欢的写起，写编号，用空格隔开。弃权写 0。")
        if on_paper:
            words += _("废票写 X。")
        super().__init__(help_text=f"{options}。{words}", max_length=200, **kwargs)
        self.on_paper = on_paper

    def clean(self, value):
        text = super().clean(value).upper().replace("，", " ").replace(",", " ").replace("、", " ")
        if text.strip() == "0":
            return ABSTAIN
        if text.strip() == "X" and self.on_paper:
            return SPOILT
        return text.replace(">", " ").split()
