"""Topics for everyone (议题): the list, one topic with its way, bringing one up, caring about one."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import may
from caoyang_portal.community.models import Building, Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from consultation.actions import topic_upkeep, topics
from consultation.forms import topics as forms
from consultation.models import Poll, Topic, TopicSupport
from consultation.queries import topics as queries
from households.models import Household

PER_PAGE = 20
NOTHING = {"q": "", "column": "", "state": "", "form": "", "building": ""}


@require_GET
def topic_list(request):
    """What residents brought up, under the four words, with the next promised day of each."""
    places = _homes(request)
    shown = Topic.objects.public()
    if places:
        shown = shown.filter(neighbourhood__in=places)
    columns = queries.columns(shown)
    wanted = NOTHING | forms.FindForm(request.GET).wanted()
    context = {
        "page": Paginator(
            narrowed(shown, wanted).select_related("neighbourhood", "merged_into", "building"),
            PER_PAGE,
        ).get_page(request.GET.get("page")),
        "columns": columns,
        "wanted": wanted,
        "forms": Topic.Form.choices,
        "buildings": Building.objects.filter(neighbourhood__in=places),
        "today": timezone.localdate(),
        "query": query_without_page(request),
    }
    return render(request, "consultation/topics/topic_list.html", context)


def narrowed(shown, wanted):
    """Of ``shown`` what the filters ask for, the soonest promised first, then the newest."""
    if wanted["column"]:
        states = {column.key: column.states for column in queries.COLUMNS}
        shown = shown.filter(state__in=states.get(wanted["column"], ()))
    for name in ("state", "form", "building"):
        if wanted[name]:
            shown = shown.filter(**{name: wanted[name]})
    if wanted["q"]:
        text = wanted["q"]
        shown = shown.filter(Q(title__icontains=text) | Q(text__icontains=text) | Q(number=text))
    return shown


def query_without_page(request) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


def _homes(request):
    """The neighbourhoods the reader lives in."""
    if not request.user.is_authenticated:
        return []
    homes = Household.objects.of(request.user).values("neighbourhood_id")
    return list(Neighbourhood.objects.filter(pk__in=homes))


@require_GET
def topic(request, pk):
    """The next promised day first, then what is to be read, and every step so far."""
    seen = Topic.objects.visible_to(request.user).select_related(
        "neighbourhood", "proposed_by", "building", "payer", "merged_into"
    )
    one = get_object_or_404(seen, pk=pk)
    user = request.user
    mine = user.is_authenticated and one.proposed_by_id == user.pk
    context = {
        "topic": one,
        "way": queries.way_of(one),
        "steps": one.steps.all(),
        "supporters": queries.supporters(one),
        "mine": mine,
        "i_care": user.is_authenticated and one.supports.filter(user=user).exists(),
        "may_care": not mine and one.is_live and may(user, "consultation.support_topic", one),
        "may_withdraw": mine and one.state in ("proposed", "screened"),
        "merged": one.merged.filter(is_private=False, screened_at__isnull=False),
        "meetings": one.agenda.exclude(meeting__state="draft")
        .filter(meeting__is_public=True)
        .select_related("meeting")
        .order_by("meeting__starts_at"),
        "polls": one.polls.exclude(state=Poll.State.DRAFT),
        "resolutions": one.resolutions.filter(is_public=True),
        "projects": one.projects.exclude(state="planned"),
        "photos": one.photos.all() if _may_see_photos(user, one) else [],
        "late": one.is_late(timezone.localdate()),
        "on_desk": may(user, "consultation.see_topic_desk", one),
        "back": reverse("consultation:topic_list"),
    }
    return render(request, "consultation/topics/topic.html", context)


def _may_see_photos(user, one) -> bool:
    own = user.is_authenticated and one.proposed_by_id == user.pk
    return one.photos_shown or own or may(user, "consultation.see_proposer", one)


@require_GET
def topic_photo(request, pk, photo):
    one = get_object_or_404(Topic.objects.visible_to(request.user), pk=pk)
    if not _may_see_photos(request.user, one):
        raise Http404
    return serve(request, get_object_or_404(one.photos, pk=photo))


@login_required
@require_GET
def my_topics(request):
    """What I brought up, and what I care about."""
    caring = TopicSupport.objects.filter(user=request.user).values("topic_id")
    about = Topic.objects.filter(Q(proposed_by=request.user) | Q(pk__in=caring))
    seen = Topic.objects.visible_to(request.user).filter(pk__in=about.values("pk"))
    context = {
        "page": Paginator(
            seen.select_related("merged_into", "building", "neighbourhood"), PER_PAGE
        ).get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "back": reverse("consultation:topic_list"),
    }
    return render(request, "consultation/topics/my_topics.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def propose_topic(request):
    """First a sentence; then what is alike, and the rest: so that no photo is chosen twice."""
    places = _homes(request)
    first = forms.TitleForm(request.GET if "title" in request.GET else None)
    titled = request.method == "POST" or first.is_valid()
    title = first.cleaned_data["title"] if first.is_bound and first.is_valid() else ""
    form = forms.TellForm(
        request.POST or None, request.FILES or None, places=places, initial={"title": title}
    )

    def propose(by, photos, neighbourhood=None, **values):
        place = neighbourhood or places[0]
        kept = taken_in(photos, place, by)
        return topics.propose_topic(place, **values, photos=kept, by=by)

    def page():
        context = {
            "places": places,
            "form": form if titled else first,
            "titled": titled,
            "alike": queries.alike(places, title) if titled else [],
            "back": reverse("consultation:topic_list"),
        }
        return render(request, "consultation/topics/propose.html", context)

    if not places:
        return page()
    return by_form(
        request,
        form,
        propose,
        said=lambda one: _("收到了，编号 %(number)s") % {"number": one.number},
        to=lambda one: reverse("consultation:topic", args=[one.pk]),
        page=page,
    )


def taken_in(photos, place, by) -> list:
    """The pictures, cleaned and kept, before the act begins."""
    return [intake.take_in(one, neighbourhood_id=place.pk, by=by) for one in photos]


@login_required
@require_POST
def support_topic(request, pk):
    return _tap(request, pk, topic_upkeep.support_topic, _("记下了，有进展会告诉您"))


@login_required
@require_POST
def end_support(request, pk):
    return _tap(request, pk, topic_upkeep.end_support, _("好的，不再告诉您"))


@login_required
@require_POST
def withdraw_topic(request, pk):
    return _tap(request, pk, topics.withdraw_topic, _("已撤回"))


def _tap(request, pk, act, said):
    one = get_object_or_404(Topic.objects.visible_to(request.user), pk=pk)
    to = reverse("consultation:topic", args=[pk])
    return by_button(request, partial(act, one), said=said, to=to)
