"""Shape of input about meetings: draft, change, series, agenda, links, reasons."""

import datetime as dt

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caoyang_portal.community.models import Building, Neighbourhood, Posting, User, Venue
from consultation.models import Meeting, Poll, Topic
from households.forms.projects import MomentInput

MOST_MINUTES = 12 * 60
HOSTS = ("committee", "building_leader", "street_official")


def possible_hosts(neighbourhoods):
    """Office holders of the place and of its street."""
    streets = [place.sub_district_id for place in neighbourhoods]
    posts = Posting.objects.live().filter(
        Q(neighbourhood__in=neighbourhoods) | Q(neighbourhood=None, sub_district__in=streets),
        office__in=HOSTS,
    )
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("name", "pk")


class PlaceFields(forms.Form):
    """When, where and for how many: what may change until the meeting begins."""

    starts_at = forms.DateTimeField(label=_("开始"), widget=MomentInput)
    lasts = forms.IntegerField(
        label=_("开多久（分钟）"), min_value=10, max_value=MOST_MINUTES, initial=90
    )
    mode = forms.ChoiceField(
        label=_("方式"), choices=Meeting.Mode.choices, widget=forms.RadioSelect
    )
    venue = forms.ModelChoiceField(
        Venue.objects.none(),
        label=_("场所"),
        required=False,
        help_text=_("选了就同时订下；被占用的会告诉您是谁订的"),
    )
    place = forms.CharField(
        label=_("地点"),
        max_length=160,
        required=False,
        help_text=_("印在通知上。选了场所可以不写"),
    )
    live_url = forms.URLField(
        label=_("线上或直播链接"), required=False, assume_scheme="https", max_length=200
    )
    host = forms.ModelChoiceField(User.objects.none(), label=_("主持人"))
    capacity = forms.IntegerField(
        label=_("名额"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("不填就是不限"),
    )
    observers = forms.IntegerField(
        label=_("旁听席"), min_value=0, max_value=10_000, required=False, initial=0
    )
    registration_until = forms.DateTimeField(
        label=_("报名截止"), widget=MomentInput, required=False, help_text=_("不填就到开会为止")
    )
    takes_questions = forms.BooleanField(label=_("接受居民提问"), required=False)

    def __init__(self, *args, neighbourhoods, **kwargs):
        super().__init__(*args, **kwargs)
        venues = Venue.objects.in_use().filter(neighbourhood__in=neighbourhoods)
        self.fields["venue"].queryset = venues.order_by("name")
        self.fields["host"].queryset = possible_hosts(neighbourhoods)

    def clean_mode(self):
        return Meeting.Mode(self.cleaned_data["mode"])

    def clean_observers(self):
        return self.cleaned_data["observers"] or 0

    def clean(self):
        found = super().clean()
        lasts = found.pop("lasts", None)
        if lasts and found.get("starts_at"):
            found["ends_at"] = found["starts_at"] + dt.timedelta(minutes=lasts)
        return found


class MeetingForm(PlaceFields):
    """A draft, whole."""

    title = forms.CharField(label=_("会议名称"), max_length=120)
    purpose = forms.CharField(
        label=_("为什么开"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text=_("一两句话，居民看得懂"),
    )
    convenor = forms.CharField(label=_("召集人"), max_length=120)
    building = forms.ModelChoiceField(
        Building.objects.none(),
        label=_("哪一幢"),
        required=False,
        help_text=_("整个居民区的会议不用选"),
    )
    recorders = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("记录人"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_public = forms.BooleanField(label=_("居民都能报名"), required=False)
    notice_days = forms.IntegerField(label=_("提前几天通知"), min_value=0, max_value=90)
    quorum = forms.ChoiceField(
        label=_("法定人数"), choices=Meeting.Quorum.choices, widget=forms.RadioSelect
    )
    quorum_part = forms.IntegerField(
        label=_("到会至少（分子）"), min_value=1, max_value=100, required=False
    )
    quorum_whole = forms.IntegerField(
        label=_("几分之几（分母）"), min_value=1, max_value=100, required=False
    )
    quorum_exceeded = forms.BooleanField(label=_("要超过，不只是达到"), required=False)
    roll = forms.ModelChoiceField(
        Poll.objects.none(),
        label=_("按哪次表决的名册"),
        required=False,
        help_text=_("只列名册已冻结的表决"),
    )
    field_order = [
        "neighbourhood", "title", "purpose", "convenor", "starts_at", "lasts", "mode", "venue",
        "place", "live_url", "host", "recorders", "building", "is_public", "capacity", "observers",
        "registration_until", "takes_questions", "notice_days", "quorum", "quorum_part",
        "quorum_whole", "quorum_exceeded", "roll",
    ]  # fmt: skip

    def __init__(self, *args, form_of_meeting, neighbourhoods, **kwargs):
        super().__init__(*args, neighbourhoods=neighbourhoods, **kwargs)
        self.fields["notice_days"].help_text = form_of_meeting.notice_basis
        self.fields["recorders"].queryset = possible_hosts(neighbourhoods)
        self.fields["building"].queryset = Building.objects.filter(
            neighbourhood__in=neighbourhoods
        ).order_by("neighbourhood", "number")
        frozen = Poll.objects.filter(neighbourhood__in=neighbourhoods).exclude(roll_hash="")
        self.fields["roll"].queryset = frozen.order_by("-drafted_at")

    def clean_quorum_part(self):
        return self.cleaned_data["quorum_part"] or 1

    def clean_quorum_whole(self):
        return self.cleaned_data["quorum_whole"] or 2


class DraftMeetingForm(MeetingForm):
    """A new one: for the neighbourhood it is held in."""

    neighbourhood = forms.ModelChoiceField(Neighbourhood.objects.none(), label=_("居民区"))

    def __init__(self, *args, neighbourhoods, **kwargs):
        super().__init__(*args, neighbourhoods=neighbourhoods, **kwargs)
        self.fields["neighbourhood"].queryset = neighbourhoods
        if len(neighbourhoods) == 1:
            self.fields["neighbourhood"].initial = neighbourhoods[0]


class SeriesForm(DraftMeetingForm):
    """Many at once: the first one, how often, how many."""

    name = forms.CharField(
        label=_("系列名称"), max_length=80, help_text=_("例如：周六议事厅。已有的名称就接着排")
    )
    every_weeks = forms.TypedChoiceField(
        label=_("多久一次"),
        choices=[(1, _("每周")), (2, _("每两周")), (4, _("每四周"))],
        coerce=int,
        widget=forms.RadioSelect,
        initial=1,
    )
    times = forms.IntegerField(label=_("排几次"), min_value=1, max_value=60, initial=8)
    skip_holidays = forms.BooleanField(
        label=_("遇到法定节假日就跳过"), required=False, initial=True
    )
    agenda = forms.CharField(
        label=_("每次的议程"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
        help_text=_("每行一项，后面可以写分钟，例如：居民说事 40"),
    )
    field_order = [
        "name",
        "every_weeks",
        "times",
        "skip_holidays",
        "agenda",
        *MeetingForm.field_order,
    ]

    def clean_agenda(self):
        lines = [line.strip() for line in self.cleaned_data["agenda"].splitlines() if line.strip()]
        return [_point(line) for line in lines]

    def clean(self):
        found = super().clean()
        if "every_weeks" in found:
            found["rhythm"] = str(dict(self.fields["every_weeks"].choices)[found["every_weeks"]])
        return found


def _point(line):
    """``居民说事 40`` is forty minutes, without a number ten."""
    title, _space, minutes = line.rpartition(" ")
    if title and minutes.isdigit() and 0 < int(minutes) <= MOST_MINUTES:
        return title.strip()[:160], int(minutes)
    return line[:160], 10


class ChangeForm(PlaceFields):
    """What may change after everybody was told."""

    reason = forms.CharField(
        label=_("来不及提前通知的原因"),
        max_length=200,
        required=False,
        help_text=_("改了时间、又不够提前几天的，要写，会告诉大家"),
    )


class AgendaItemForm(forms.Form):
    title = forms.CharField(label=_("议程"), max_length=160)
    minutes = forms.IntegerField(label=_("分钟"), min_value=1, max_value=MOST_MINUTES, initial=10)
    presenter = forms.CharField(label=_("介绍人"), max_length=80, required=False)
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("关联的议题"), required=False)

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        topics = Topic.objects.live().filter(neighbourhood_id=meeting.neighbourhood_id)
        linked = Topic.objects.filter(agenda__meeting=meeting)
        self.fields["topic"].queryset = Topic.objects.filter(
            Q(pk__in=topics.values("pk")) | Q(pk__in=linked.values("pk"))
        ).order_by("-proposed_at")


class PaperForm(forms.Form):
    paper = forms.FileField(label=_("材料"), help_text=_("PDF 或照片，10 MB 以内"))


class LinksForm(forms.Form):
    live_url = forms.URLField(label=_("线上或直播链接"), required=False, assume_scheme="https")
    replay_url = forms.URLField(label=_("回放链接"), required=False, assume_scheme="https")


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("取消的原因"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300
    )


def first_values(meeting: Meeting) -> dict:
    """What the forms start with."""
    names = (
        "title", "purpose", "convenor", "building", "mode", "venue", "place", "live_url", "host",
        "capacity", "observers", "registration_until", "takes_questions", "is_public",
        "notice_days", "quorum", "quorum_part", "quorum_whole", "quorum_exceeded", "roll",
    )  # fmt: skip
    first = {name: getattr(meeting, name) for name in names}
    first["starts_at"] = timezone.localtime(meeting.starts_at)
    first["lasts"] = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
    return first
