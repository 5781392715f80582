"""Answers as people read them, and back as a form gives them (选择的说法)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation.choices import Answer
from consultation.models import PollKind, Question
from consultation.tally import ABSTAIN, SPOILT

Method = PollKind.Method
SEVERAL = (Method.MULTIPLE, Method.TOP)

OPINION_WORDS = {
    "yes": gettext_lazy("同意"),
    "no": gettext_lazy("不同意"),
    "abstain": gettext_lazy("弃权"),
    "spoilt": gettext_lazy("废票"),
}


def choice_words(kind: PollKind, question: Question, answer: str) -> str:
    """An answer in its one form, in words; of several options each by its own."""
    if answer in (ABSTAIN, SPOILT) or kind.method == Method.BINARY:
        return str(OPINION_WORDS[answer])
    if kind.method == Method.SCORE:
        return _("%(n)s 分") % {"n": answer}
    names = {str(option.number): option.text for option in question.options.all()}
    if kind.method == Method.RANKED:
        return " > ".join(names[number] for number in answer.split(">"))
    return _("、").join(names[number] for number in answer.split(","))


def as_given(kind: PollKind, answer: str) -> Answer:
    """An answer in its one form, as the form would have given it."""
    if kind.method in SEVERAL and answer != ABSTAIN:
        return answer.split(",")
    if kind.method == Method.RANKED and answer != ABSTAIN:
        return answer.split(">")
    return answer
