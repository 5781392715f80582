"""Shape of input about who comes to a meeting: invitations, lots, signing up."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Organisation, normalise_phone
from consultation.models import AgendaItem, Draw, Invitation, MeetingQuestion
from consultation.queries.invitees import DOORS, HOLDERS, HOUSEHOLDS
from households.models import Household
from households.queries.search import find_households

MOST_NAMES = 200
GROUPS = [
    (HOUSEHOLDS, _("每户一位代表")),
    (HOLDERS, _("承租人、产权人和共有人")),
    (DOORS, _("受影响的几个门牌，每户一位")),
]


def _lines(text: str) -> list[str]:
    parts = text.replace("，", "\n").replace("、", "\n").replace(",", "\n").splitlines()
    return [line.strip() for line in parts if line.strip()]


class GroupForm(forms.Form):
    """A group of the neighbourhood's people."""

    role = forms.ChoiceField(label=_("请他们以什么身份来"), choices=Invitation.Role.choices)
    group = forms.ChoiceField(label=_("哪一组"), choices=GROUPS, widget=forms.RadioSelect)
    building = forms.ModelChoiceField(
        Building.objects.none(), label=_("哪一幢"), required=False, help_text=_("不选就是全居民区")
    )
    doors = forms.CharField(
        label=_("门牌"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text=_("只有选“几个门牌”时要写，每行一个，照档案里的写"),
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.fields["building"].queryset = Building.objects.filter(
            neighbourhood_id=meeting.neighbourhood_id
        )

    def clean_doors(self):
        return _lines(self.cleaned_data["doors"])

    def clean(self):
        found = super().clean()
        if found.get("group") == DOORS:
            known = set(
                Household.objects.filter(
                    neighbourhood_id=self.meeting.neighbourhood_id, door__in=found.get("doors", [])
                ).values_list("door", flat=True)
            )
            strange = [door for door in found.get("doors", []) if door not in known]
            if not known or strange:
                self.add_error(
                    "doors",
                    _("档案里没有这样的门牌：%(doors)s") % {"doors": "、".join(strange)}
                    if strange
                    else _("请写门牌"),
                )
        return found


class DrawForm(GroupForm):
    """How many of a group are drawn, and how."""

    wanted = forms.IntegerField(label=_("抽几位"), min_value=1, max_value=1000)
    spread = forms.ChoiceField(
        label=_("怎么分"), choices=Draw.Spread.choices, widget=forms.RadioSelect,
        initial=Draw.Spread.PROPORTIONAL,
    )  # fmt: skip
    seed = forms.CharField(
        label=_("种子"),
        max_length=80,
        required=False,
        help_text=_("当众摇号的，写摇出的数字；不写由机器随机产生。种子会公开"),
    )


class NamesForm(forms.Form):
    """People and bodies by name."""

    role = forms.ChoiceField(label=_("请他们以什么身份来"), choices=Invitation.Role.choices)
    names = forms.CharField(
        label=_("姓名或单位"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=8000,
        required=False,
        help_text=_("每行一位"),
    )
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("单位和部门"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        street = meeting.neighbourhood.sub_district_id
        self.fields["organisations"].queryset = Organisation.objects.filter(
            Q(neighbourhood=None) | Q(neighbourhood_id=meeting.neighbourhood_id),
            sub_district_id=street,
        ).order_by("kind", "name")

    def clean_names(self):
        names = _lines(self.cleaned_data["names"])
        if len(names) > MOST_NAMES or any(len(name) > 80 for name in names):
            raise forms.ValidationError(_("一次最多 200 位，每位最多 80 字"))
        return names


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("yes", _("来")), ("no", _("不来"))])


class RegisterForm(forms.Form):
    """Signing up: only what the meeting leaves open is asked."""

    is_online = forms.TypedChoiceField(
        label=_("您怎么参加"),
        choices=[("no", _("到现场")), ("yes", _("在线上"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    is_observer = forms.TypedChoiceField(
        label=_("您想"),
        choices=[("no", _("参加讨论")), ("yes", _("旁听"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    needs = forms.CharField(
        label=_("要我们帮什么"),
        max_length=120,
        required=False,
        help_text=_("例如：坐轮椅、听不清、要讲上海话"),
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        if meeting.mode != "hybrid":
            del self.fields["is_online"]
        if not meeting.observers:
            del self.fields["is_observer"]


class RegisterByPhoneForm(RegisterForm):
    """Somebody else's: their name, and how they can be reached."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        required=False,
        help_text=_("候补的要留，有名额了打电话告诉"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    home = forms.CharField(
        label=_("哪一户"), max_length=60, required=False, help_text=_("例如：3号楼101")
    )
    field_order = ["name", "phone", "home", "is_online", "is_observer", "needs"]

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, meeting=meeting, **kwargs)
        self.meeting = meeting

    def clean_phone(self):
        given = self.cleaned_data["phone"].strip()
        phone = normalise_phone(given)
        if given and not phone:
            raise forms.ValidationError(_("手机号是 11 位数字"))
        return phone

    def clean_home(self):
        text = self.cleaned_data["home"].strip()
        if not text:
            return None
        homes = Household.objects.filter(neighbourhood_id=self.meeting.neighbourhood_id)
        found = list(find_households(homes, text)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("没有找到这一户") if not found else _("不止一户，请写完整的门牌和室号")
            )
        return found[0]

    def clean(self):
        found = super().clean()
        found["household"] = found.pop("home", None)
        return found


class ExportForm(forms.Form):
    """Names leave the portal whole only with a reason."""

    reason = forms.CharField(max_length=120, required=False)


class AskForm(forms.Form):
    """A question of one's own."""

    text = forms.CharField(
        label=_("您想问什么"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500,
        help_text=_("一次问一件事。请不要写别人的姓名、电话和门牌"),
    )
    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=_("问哪一项"), required=False, empty_label=_("不限哪一项")
    )
    is_unnamed = forms.BooleanField(label=_("不公开我的姓"), required=False)

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.agenda.all()
        if not meeting.agenda.exists():
            del self.fields["item"]


class EnterQuestionForm(AskForm):
    """A question from the hall."""

    name = forms.CharField(
        label=_("谁问的"), max_length=80, required=False, help_text=_("不愿意说的可以不写")
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, meeting=meeting, **kwargs)
        del self.fields["is_unnamed"]


class ApproveForm(forms.Form):
    shown_text = forms.CharField(
        label=_("公开的文字"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500,
        help_text=_("去掉姓名、电话和门牌，意思不要改"),
    )


class RejectForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么不采用"), max_length=200, help_text=_("会告诉提问的人")
    )


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(MeetingQuestion.objects.none(), label=_("并入哪一个"))

    def __init__(self, *args, question, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = question.meeting.questions.public().exclude(pk=question.pk)


class ReplyForm(forms.Form):
    answer = forms.CharField(
        label=_("怎么回答的"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        help_text=_("一两句话，给没到场的人看"),
    )
