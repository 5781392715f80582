"""Whom to tell about a congress: its representatives, the areas' committees, who raised an issue."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.community.models import Posting, User
from caoyang_portal.ledger.entries import Entry, subscribe
from caoyang_portal.notices.sending import tell
from consultation.actions.congress_ballot import take_up_ten
from consultation.models import Congress, CongressIssue, Poll


def _congress(entry: Entry) -> Congress:
    return Congress.objects.select_related("sub_district").get(pk=entry.subject_id)


def _seated(congress: Congress):
    seats = congress.representatives.live(timezone.localdate()).exclude(user=None)
    return User.objects.filter(pk__in=seats.values("user_id"))


def _page(congress_id) -> str:
    return reverse("consultation:congress", args=[congress_id])


@subscribe("consultation.start_gathering")
def tell_representatives_to_listen(entry: Entry) -> None:
    congress = _congress(entry)
    text = _("%(year)s 年社区代表会议开始征集问题，请您多听听居民的话。")
    tell(entry, _seated(congress), text % {"year": congress.year}, link=_page(congress.pk))


@subscribe("consultation.freeze_candidates")
def tell_the_areas_to_vote(entry: Entry) -> None:
    congress = _congress(entry)
    posts = Posting.objects.live().filter(
        neighbourhood__sub_district=congress.sub_district_id, office="committee"
    )
    committees = User.objects.filter(pk__in=posts.values("user_id"))
    text = _("社区代表会议的候选问题已定，请为本居民区起草票选。")
    link = reverse("consultation:desk_congress", args=[congress.pk])
    tell(entry, committees, text, link=link)


@subscribe("consultation.publish_result")
def take_up_the_ten_once_all_is_published(entry: Entry) -> None:
    """The follow-up of the last area's result; doing it twice does nothing."""
    poll = Poll.objects.filter(pk=entry.subject_id, area_ballot__isnull=False).first()
    if poll is not None:
        take_up_ten(poll.area_ballot.congress)


@subscribe("consultation.take_up_ten")
def tell_what_was_chosen(entry: Entry) -> None:
    congress = _congress(entry)
    text = _("十大问题票选结果已出，前十列入 %(year)s 年工作，请到门户看。")
    raised = congress.issues.filter(state=CongressIssue.State.CHOSEN).exclude(raised_by=None)
    merged = CongressIssue.objects.filter(
        congress=congress, merged_into__state=CongressIssue.State.CHOSEN
    ).exclude(raised_by=None)
    people = User.objects.filter(
        pk__in=[
            *raised.values_list("raised_by", flat=True),
            *merged.values_list("raised_by", flat=True),
        ]
    )
    link = _page(congress.pk)
    tell(entry, [*_seated(congress), *people], text % {"year": congress.next_year}, link=link)


@subscribe("consultation.sort_issue")
@subscribe("consultation.report_issue")
def tell_who_raised_it(entry: Entry) -> None:
    issue = CongressIssue.objects.select_related("raised_by").get(pk=entry.subject_id)
    if issue.raised_by is None:
        return
    text = _("您提的第 %(n)s 号问题有了新进展，请到门户看。")
    link = reverse("consultation:congress_issues", args=[issue.congress_id])
    tell(entry, [issue.raised_by], text % {"n": issue.number}, link=link)
