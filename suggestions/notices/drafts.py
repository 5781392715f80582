"""Whom to tell about a draft law: residents, whoever said something, the desk of its days."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from households.models import Residency
from suggestions.draft_paces import COMING, TO_THE_STREET
from suggestions.models import ArticleOpinion, DraftLaw, OpinionBatch

QUIET = (
    "wechat",
)  # on the portal and by WeChat; an SMS to everybody would soon be read by nobody
MOST = 14  # of a title within one SMS


def _short(draft: DraftLaw) -> str:
    return draft.title if len(draft.title) <= MOST else draft.title[: MOST - 1] + "…"


def tell_residents(entry: Entry) -> None:
    draft = DraftLaw.objects.get(pk=entry.subject_id)
    homes = Residency.objects.live().filter(neighbourhood_id=draft.neighbourhood_id)
    residents = User.objects.filter(pk__in=homes.values("user_id"), is_active=True)
    text = _("《%(title)s》请您提意见，收到 %(day)s。一条一条看，看不懂的也可以问。")
    said = {"title": _short(draft), "day": date_format(draft.due_on)}
    link = reverse("suggestions:draft", args=[draft.pk])
    tell(entry, residents, text % said, link=link, channels=QUIET)


def tell_the_speaker(entry: Entry) -> None:
    """Of one opinion, and of those that were put together with it."""
    lead = ArticleOpinion.objects.get(pk=entry.facts["opinion"])
    _tell_of(entry, [lead, *lead.merged.all()], entry.facts["state"])


@subscribe("suggestions.submit_batch")
def tell_the_speakers_of_a_batch(entry: Entry) -> None:
    batch = OpinionBatch.objects.get(pk=entry.facts["batch"])
    _tell_of(entry, batch.opinions.all(), ArticleOpinion.State.SUBMITTED)


def _tell_of(entry: Entry, opinions: Iterable[ArticleOpinion], state: str) -> None:
    """Each speaker once how it stood then: of one opinion by its article, of several by their number."""
    found = ArticleOpinion.objects.filter(
        pk__in=[one.pk for one in opinions], speaker__isnull=False
    ).select_related("draft", "article", "speaker")
    by_speaker: dict[User, list[ArticleOpinion]] = defaultdict(list)
    for one in found:
        if one.speaker is not None:
            by_speaker[one.speaker].append(one)
    for speaker, theirs in by_speaker.items():
        one = theirs[0]
        said = {
            "title": _short(one.draft), "place": one.place, "n": len(theirs),
            "state": ArticleOpinion.State(state).label,
        }  # fmt: skip
        text = (
            _("您对《%(title)s》%(place)s的意见：%(state)s。详情请登录门户看。")
            if len(theirs) == 1
            else _("您对《%(title)s》的 %(n)s 条意见：%(state)s。详情请登录门户看。")
        )
        tell(entry, [speaker], text % said, link=reverse("suggestions:my_opinions"))


for act in ("open_draft", "reopen_draft"):
    subscribe(f"suggestions.{act}")(tell_residents)
for act in ("review_opinion", "merge_opinion", "unmerge_opinion", "record_result"):
    subscribe(f"suggestions.{act}")(tell_the_speaker)


@subscribe("suggestions.warn_draft")
def tell_the_desk(entry: Entry) -> None:
    """The committee before the day and after it, then the street."""
    draft = DraftLaw.objects.select_related("neighbourhood").get(pk=entry.subject_id)
    rungs = entry.facts["rungs"]
    said = {
        "title": _short(draft), "step": draft.next_step,
        "day": date_format(date.fromisoformat(entry.facts["next_on"])),
    }  # fmt: skip
    text = (
        _("《%(title)s》%(day)s 到期：%(step)s。请抓紧。")
        if rungs == [COMING]
        else _("《%(title)s》答应 %(day)s 前：%(step)s。现在超期了，请马上处理。")
    )
    posts = Posting.objects.live().filter(
        neighbourhood=draft.neighbourhood_id, office=Posting.Office.COMMITTEE
    )
    people = list(User.objects.filter(pk__in=posts.values("user_id"), is_active=True))
    if TO_THE_STREET in rungs:
        street = Posting.objects.live().filter(
            sub_district=draft.neighbourhood.sub_district_id, office=Posting.Office.STREET_OFFICIAL
        )
        people += User.objects.filter(pk__in=street.values("user_id"), is_active=True)
    tell(entry, people, text % said, link=reverse("suggestions:desk_draft", args=[draft.pk]))
