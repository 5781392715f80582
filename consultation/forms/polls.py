"""Shape of input about polls: draft, questions, scrutineers, reasons."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood
from consultation.models import Poll, Secrecy
from consultation.secrecy import PROMISES
from households.forms.projects import MomentInput

TAKEN = {"desk"}  # addresses of our own beside those of polls
MOST_QUESTIONS, MOST_OPTIONS = 30, 60


class PollForm(forms.Form):
    """What may be changed while a poll is a draft."""

    title = forms.CharField(
        label=_("题目"), max_length=120, help_text=_("例如：3 号楼要不要加装电梯")
    )
    explanation = forms.CharField(
        label=_("说明"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=5000,
        help_text=_("为什么要表决，同意了会怎样，不同意会怎样"),
    )
    secrecy = forms.ChoiceField(label=_("公开方式"), widget=forms.RadioSelect)
    opens_at = forms.DateTimeField(label=_("开始"), widget=MomentInput)
    closes_at = forms.DateTimeField(label=_("截止"), widget=MomentInput)

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["secrecy"].choices = [
            (one, f"{Secrecy(one).label}。{PROMISES[Secrecy(one)][0]}{PROMISES[Secrecy(one)][1]}")
            for one in kind.secrecies
        ]

    def clean_secrecy(self):
        return Secrecy(self.cleaned_data["secrecy"])


class DraftForm(PollForm):
    """A new poll: the above, and what stays as it is from the first day."""

    neighbourhood = forms.ModelChoiceField(Neighbourhood.objects.none(), label=_("居民区"))
    code = forms.SlugField(
        label=_("编号"), max_length=60, help_text=_("用在网址里，英文小写、数字和短横，定了不能改")
    )
    scope = forms.ChoiceField(
        label=_("范围"), choices=Poll.Scope.choices, widget=forms.RadioSelect
    )
    building = forms.ModelChoiceField(
        Building.objects.none(),
        label=_("哪一幢"),
        required=False,
        help_text=_("整个小区表决不用选"),
    )
    door = forms.CharField(
        label=_("门牌"), max_length=80, required=False, help_text=_("只有按门牌表决要写")
    )
    field_order = [
        "neighbourhood", "title", "explanation", "code", "scope", "building", "door", "secrecy",
        "opens_at", "closes_at",
    ]  # fmt: skip

    def __init__(self, *args, neighbourhoods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = neighbourhoods
        self.fields["building"].queryset = Building.objects.filter(
            neighbourhood__in=neighbourhoods
        ).order_by("neighbourhood", "number")
        if len(neighbourhoods) == 1:
            self.fields["neighbourhood"].initial = neighbourhoods[0]

    def clean_code(self):
        code = self.cleaned_data["code"].lower()
        if code in TAKEN:
            raise forms.ValidationError(_("这个编号不能用，请换一个"))
        return code

    def clean_scope(self):
        return Poll.Scope(self.cleaned_data["scope"])


class QuestionsForm(forms.Form):
    """All questions as text: a question on a line, its options below, an empty line between."""

    questions = forms.CharField(
        label=_("议项和选项"), widget=forms.Textarea(attrs={"rows": 14}), max_length=40_000
    )

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["questions"].help_text = (
            _("第一行写题目，下面每行写一个选项。题目之间空一行。")
            if kind.has_options
            else _("每行写一个题目。")
        )

    def clean_questions(self):
        lines = [line.strip() for line in self.cleaned_data["questions"].splitlines()]
        if not self.kind.has_options:
            found = [(line, []) for line in lines if line]
        else:
            found = [(block[0], block[1:]) for block in _blocks(lines)]
        if len(found) > MOST_QUESTIONS or any(len(o) > MOST_OPTIONS for _text, o in found):
            raise forms.ValidationError(_("题目最多 30 个，每题选项最多 60 个"))
        if any(len(text) > 300 or any(len(o) > 200 for o in options) for text, options in found):
            raise forms.ValidationError(_("题目最多 300 字，选项最多 200 字"))
        for text, options in found:
            if len(set(options)) != len(options):
                raise forms.ValidationError(_("“%(text)s”有相同的选项") % {"text": text})
        return found


def _blocks(lines):
    block: list[str] = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
        elif block:
            yield block
            block = []


def as_text(questions) -> str:
    """The questions as the form takes them."""
    blocks = [
        "\n".join([question.text, *(option.text for option in question.options.all())])
        for question in questions
    ]
    has_options = any("\n" in block for block in blocks)
    return ("\n\n" if has_options else "\n").join(blocks)


class ScrutineersForm(forms.Form):
    """Who holds the shares, and the public half of the lock they made."""

    names = forms.CharField(
        label=_("监票人"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=400,
        help_text=_("每行一位，至少两位"),
    )
    public_key = forms.RegexField(
        r"^\s*[0-9A-Fa-f\s]{64,90}$",
        label=_("公钥"),
        help_text=_("脚本最后一行 public key 后面的 64 个字符"),
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )

    def clean_names(self):
        return [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]

    def clean_public_key(self):
        return "".join(self.cleaned_data["public_key"].split())


class WhyForm(forms.Form):
    """A reason that stays on the record."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("作废的原因"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300
    )
    sure = forms.BooleanField(label=_("我知道作废以后不能恢复"))
