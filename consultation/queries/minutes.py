"""What minutes begin with, what still keeps them from their next step, whose names are hidden (纪要)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import StrIndex
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal import documents
from caoyang_portal.community.models import Posting, User
from caoyang_portal.uploads.models import Attachment
from consultation.minutes_text import Body, named, words_of
from consultation.models import (
    Attendance,
    Invitation,
    Meeting,
    Minutes,
    MinutesCorrection,
    MinutesPaper,
    MinutesSignatory,
    MinutesSignature,
    MinutesVersion,
    Presence,
    Registration,
)
from consultation.models.minutes import was_there
from households.models import Member

from .attendance import attended

State = Minutes.State
WAITING = MinutesCorrection.State.WAITING


@dataclass(frozen=True)
class Person:
    """Somebody who was there, or was to be."""

    name: str
    role: str
    user_id: object = None


def current(minutes: Minutes) -> MinutesVersion:
    """The version that counts: the latest."""
    version = minutes.versions.order_by("-number").first()
    assert version is not None
    return version


def people_there(meeting: Meeting) -> list[Person]:
    """Who came; where attendance was not taken, who signed up or was asked and did not say no."""
    came = attended(meeting)
    if came:
        return [Person(one.name, one.get_role_display(), one.user_id) for one in came]
    asked = Invitation.objects.filter(meeting=meeting).exclude(answer=Invitation.Answer.NO)
    coming = Registration.objects.filter(meeting=meeting, state=Registration.State.COMING)
    found: dict[object, Person] = {}
    for one in asked:
        found[one.user_id or one.name] = Person(one.name, one.get_role_display(), one.user_id)
    for signed_up in coming:
        key = signed_up.user_id or signed_up.name
        found.setdefault(key, Person(signed_up.name, _("居民"), signed_up.user_id))
    return list(found.values())


def users_there(meeting: Meeting) -> QuerySet[User]:
    """Whose accounts hear of the minutes and may correct them: exactly those of ``was_there``."""
    came = set(
        Presence.objects.filter(meeting=meeting, voided=False).values_list(
            "attendance__user", flat=True
        )
    )
    if not came:
        said_yes = Invitation.objects.filter(meeting=meeting, answer=Invitation.Answer.YES)
        coming = Registration.objects.filter(meeting=meeting, state=Registration.State.COMING)
        came = {*said_yes.values_list("user", flat=True), *coming.values_list("user", flat=True)}
    came |= {meeting.host_id, *meeting.recorders.values_list("pk", flat=True)}
    return User.objects.filter(pk__in=came - {None}, is_active=True)


def recorders_of(minutes: Minutes) -> QuerySet[User]:
    """Who may sign as the recorder: who kept the record, or wrote the minutes."""
    kept = minutes.meeting.recorders.values_list("pk", flat=True)
    return User.objects.filter(pk__in=[*kept, minutes.drafted_by_id])


def facts_of(meeting: Meeting) -> dict[str, str]:
    """The meeting as it stands at the head of its minutes; in Chinese, the binding text."""
    starts, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    with translation.override(settings.LANGUAGE_CODE):
        form, mode = str(meeting.get_form_display()), str(meeting.get_mode_display())
    return {
        "title": meeting.title,
        "form": form,
        "purpose": meeting.purpose,
        "convenor": meeting.convenor,
        "mode": mode,
        "place": meeting.place,
        "starts": f"{starts:%Y-%m-%d %H:%M}",
        "ends": f"{ends:%Y-%m-%d %H:%M}" if ends.date() != starts.date() else f"{ends:%H:%M}",
    }


# ---- names ----


def names_to_hide(minutes: Minutes, body: Body) -> set[str]:
    """Everybody the public version masks: who had to do with the meeting, and every resident and
    worker of the neighbourhood whose name stands in the text. Of the latter a name of two
    characters may be a word; those are asked about (``namesakes``)."""
    found = named(body) | _names_around(minutes.meeting)
    found |= set(minutes.corrections.values_list("name", flat=True))
    found |= set(minutes.signatories.values_list("name", flat=True))
    found |= {name for name in _known_in(body, minutes.neighbourhood_id) if len(name) > 2}
    return {name.strip() for name in found if len(name.strip()) >= 2}


def _names_around(meeting: Meeting) -> set[str]:
    found = {meeting.host.name, *meeting.recorders.values_list("name", flat=True)}
    for people in (Invitation, Registration, Attendance):
        found |= set(people.objects.filter(meeting=meeting).values_list("name", flat=True))
    return found | set(meeting.agenda.exclude(presenter="").values_list("presenter", flat=True))


def _known_in(body: Body, neighbourhood_id: UUID) -> set[str]:
    """Names of the neighbourhood's people that stand in the text, blanks or not."""
    text = "".join(words_of(body).split())
    members = Member.objects.filter(neighbourhood=neighbourhood_id).exclude(name="")
    staff = User.objects.filter(
        pk__in=Posting.objects.filter(neighbourhood=neighbourhood_id).values("user")
    ).exclude(name="")
    found: set[str] = set()
    for people in (members, staff):
        standing = people.alias(at=StrIndex(Value(text), F("name"))).filter(at__gt=0)
        found |= set(standing.order_by().values_list("name", flat=True).distinct())
    return found


def namesakes(minutes: Minutes, body: Body) -> list[str]:
    """Words of two characters that are also a resident's name: a person decides whether to mask."""
    masked = names_to_hide(minutes, body)
    short = {name for name in _known_in(body, minutes.neighbourhood_id) if len(name) == 2}
    return sorted(short - masked)


# ---- what keeps minutes from their next step ----


def blockers(minutes: Minutes, today: date) -> list[str]:
    """What keeps ``minutes`` from its next step; empty when nothing does."""
    match minutes.state:
        case State.DRAFT:
            return sending(minutes)
        case State.SENT:
            return signing(minutes, today)
        case State.SIGNING:
            return completing(minutes)
    return []


def sending(minutes: Minutes) -> list[str]:
    body = current(minutes).body
    found = []
    if not any(part["discussion"] or part["decision"] for part in body["sections"]):
        found.append(_("还没有写讨论或决定。"))
    if not body["people"]["host"]:
        found.append(_("还没有写主持人。"))
    if not (body["people"]["count"] or body["people"]["summary"]):
        found.append(_("还没有写到会情况。"))
    photos = [photo["id"] for photo in body["photos"]]
    if Attachment.objects.filter(pk__in=photos).count() < len(photos):
        found.append(_("有照片已经被删除，请从纪要里去掉。"))
    unprintable = documents.missing_glyphs(words_of(body))
    if unprintable:
        found.append(_("这些字印不出来，请换写法：%(letters)s") % {"letters": unprintable})
    return found


def signing(minutes: Minutes, today: date) -> list[str]:
    found = []
    waiting = minutes.corrections.filter(state=WAITING).count()
    if waiting:
        found.append(_("有 %(n)s 条更正还没有答复。") % {"n": waiting})
    until = minutes.corrections_until
    if until is not None and today <= until:
        found.append(_("更正期到 %(day)s 为止。") % {"day": date_format(until)})
    return found


def completing(minutes: Minutes) -> list[str]:
    missing = [str(one) for one in unsigned(minutes)]
    if missing:
        return [_("还等这些人签字：%(names)s") % {"names": _("、").join(missing)}]
    return []


def unsigned(minutes: Minutes) -> list[MinutesSignatory]:
    """Who still has to sign the version that counts."""
    signed = current(minutes).signatures.values("signatory")
    return list(minutes.signatories.filter(excused="").exclude(pk__in=signed))


# ---- papers ----


@dataclass(frozen=True)
class Progress:
    """How far the sealed files are."""

    done: int
    total: int
    failed: Sequence[MinutesPaper]

    @property
    def goes_on(self) -> bool:
        return self.done < self.total and not self.failed


def progress(papers: Sequence[MinutesPaper]) -> Progress:
    return Progress(
        done=sum(paper.steps for paper in papers),
        total=len(papers) * MinutesPaper.STEPS,
        failed=[paper for paper in papers if paper.state == MinutesPaper.State.FAILED],
    )


@documents.registers
def sealed_paper(sha256: str) -> documents.Registered | None:
    """What a file with this hash is, for the public page of verification."""
    papers = MinutesPaper.objects.select_related("minutes__meeting", "addendum")
    paper = papers.filter(sha256=sha256, state=MinutesPaper.State.DONE).first()
    if paper is None or not sha256:
        return None
    at = timezone.localtime(paper.sealed_at).strftime("%Y-%m-%d %H:%M:%S ")
    number, later = paper.minutes.number, 0
    words = _("这是会议纪要（%(which)s），%(at)s盖章存证，之后没有改动。")
    if paper.addendum:
        number = f"{number}+{paper.addendum.number}"
        words = _("这是会议纪要的补记（%(which)s），%(at)s盖章存证，之后没有改动。")
    else:
        later = paper.minutes.addenda.count()
    return documents.Registered(
        words % {"which": paper.get_audience_display(), "at": at},
        number,
        paper.sealed_at,
        _("注意：这份纪要后来有 %(n)s 份补记，请一起看。") % {"n": later} if later else "",
    )


# ---- lists ----


def public_titles(page: Iterable[Minutes]) -> list[str]:
    """The masked title of each, in one query."""
    versions = MinutesVersion.objects.filter(minutes__in=[one.pk for one in page])
    latest = dict(
        versions.order_by("number").values_list("minutes", "public_body__meeting__title")
    )
    return [latest[one.pk] for one in page]


@dataclass(frozen=True)
class Waiting:
    """Minutes that wait for somebody: to be read and corrected, or to be signed."""

    minutes: Minutes
    title: str
    to_sign: bool


def waiting_for(user: User) -> list[Waiting]:
    """What ``user`` has to sign, and what they may still correct."""
    latest = MinutesVersion.objects.filter(minutes=OuterRef("minutes")).order_by("-number")
    given = MinutesSignature.objects.filter(signatory=OuterRef("pk"), version=OuterRef("latest"))
    to_sign = (
        MinutesSignatory.objects.filter(user=user, excused="", minutes__state=State.SIGNING)
        .annotate(latest=Subquery(latest.values("pk")[:1]))
        .filter(~Exists(given))
    )
    to_read = Minutes.objects.filter(
        state=State.SENT, meeting__in=Meeting.objects.filter(was_there(user))
    )
    found = list(
        Minutes.objects.filter(
            Q(pk__in=to_sign.values("minutes")) | Q(pk__in=to_read.values("pk"))
        )
        .select_related("meeting")
        .order_by("corrections_until")[:20]
    )
    return [
        Waiting(one, title, one.state == State.SIGNING)
        for one, title in zip(found, public_titles(found), strict=True)
    ]


def public_papers(minutes: Minutes) -> dict[object, MinutesPaper]:
    """The sealed public files: under ``None`` that of the minutes, else by the number of the addendum."""
    done = minutes.papers.filter(
        audience=MinutesPaper.Audience.PUBLIC, state=MinutesPaper.State.DONE
    ).select_related("addendum")
    return {paper.addendum.number if paper.addendum else None: paper for paper in done}
