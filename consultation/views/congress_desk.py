"""The desk of a congress: its course, who sits in it, where residents were heard (社区代表会议办公)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from consultation.actions import congress as actions
from consultation.forms import congress as forms
from consultation.models import Congress, FaceToFace
from consultation.models.congress import RUNNERS
from consultation.queries import congress as queries

from .congress import steps_of
from .desk import GET_OR_POST, allowed, form_page

PER_PAGE = 50
ACTS = (
    "edit_congress", "start_gathering", "freeze_candidates", "reopen_gathering", "hold_congress",
    "close_congress", "add_representative",
)  # fmt: skip
SAID = {
    "start_gathering": gettext_lazy("开始征集问题了，大家都看得到"),
    "reopen_gathering": gettext_lazy("名单已取消，可以再征集"),
    "close_congress": gettext_lazy("这次社区代表会议已结束"),
}


def staff_only(request) -> None:
    if not request.user.holds(*RUNNERS):
        raise Http404


def congress_here(request, pk) -> Congress:
    """The congress, for those who work in its sub-district."""
    congresses = Congress.objects.of_staff(request.user)
    return get_object_or_404(congresses.select_related("sub_district", "neighbourhood"), pk=pk)


def at(name, congress) -> str:
    return reverse(f"consultation:{name}", args=[congress.pk])


def areas_of_staff(request, congress):
    """The areas one works for: all of the street's for its office, one's own for a committee."""
    reach = request.user.reach("street_official", "committee")
    return congress.areas.filter(pk__in=reach).order_by("name")


def desk_page(request, congress, template, **context):
    context = {"congress": congress, "back": at("desk_congress", congress)} | context
    return render(request, f"consultation/congress/desk_{template}.html", context)


@login_required
@require_GET
def congress_desk(request):
    staff_only(request)
    congresses = Congress.objects.of_staff(request.user).select_related("sub_district")
    page = Paginator(congresses.order_by("-year", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "may_prepare": request.user.holds("street_official")}
    return render(request, "consultation/congress/desk_list.html", context)


@login_required
@GET_OR_POST
def prepare_congress(request):
    areas = Neighbourhood.objects.filter(pk__in=request.user.reach("street_official"))
    if not areas:
        raise Http404
    fresh = Congress()
    first = {name: getattr(fresh, name) for name in forms.CongressForm.base_fields}
    last = Congress.objects.of_staff(request.user).order_by("-year").first()
    first |= {"year": timezone.localdate().year, "term": last.term if last else 1}
    form = forms.PrepareForm(request.POST or None, initial=first, areas=areas.order_by("name"))
    return by_form(
        request,
        form,
        actions.prepare_congress,
        said=_("已建立，请登记社区代表"),
        to=lambda congress: at("desk_congress", congress),
        page=partial(
            form_page, request, None, form, _("筹备社区代表会议"), _("建立"),
            back=reverse("consultation:congress_desk"),
        ),
    )  # fmt: skip


@login_required
@require_GET
def desk_congress(request, pk):
    """Where it stands, what keeps it from its next step, and every way on."""
    congress = congress_here(request, pk)
    own = request.user.places("committee")
    ballots = {ballot.neighbourhood_id: ballot for ballot in queries.live_ballots(congress)}
    return desk_page(
        request,
        congress,
        "congress",
        steps=steps_of(congress),
        figures=queries.figures(congress),
        missing=queries.blockers(congress),
        unheard=queries.unheard(congress),
        can=allowed(request.user, congress, *ACTS),
        ballots=[
            (area, ballots.get(area.pk), area.pk in own)
            for area in congress.areas.order_by("name")
        ]
        if congress.state != Congress.State.PREPARING
        else [],
        back=reverse("consultation:congress_desk"),
    )


@login_required
@GET_OR_POST
def edit_congress(request, pk):
    congress = congress_here(request, pk)
    require(request.user, "consultation.edit_congress", congress)
    first = {name: getattr(congress, name) for name in forms.CongressForm.base_fields}
    form = forms.CongressForm(request.POST or None, initial=first)
    home = at("desk_congress", congress)
    notes = [_("已经开始的期限不会因为这里改了就变。")]
    page = partial(
        form_page, request, None, form, _("修改社区代表会议"), _("保存"), notes=notes, back=home
    )
    act = partial(actions.edit_congress, congress)
    return by_form(request, form, act, said=_("已保存"), to=home, page=page)


@login_required
@GET_OR_POST
def freeze_candidates(request, pk):
    congress = congress_here(request, pk)
    require(request.user, "consultation.freeze_candidates", congress)
    form = forms.FreezeForm(request.POST or None)
    home = at("desk_congress", congress)
    notes = [
        _("列出的问题按编号排成候选名单，定下以后各居民区都用这一份。"),
        _("票选开始以前要先公告，时间请留足。"),
        *queries.freezing(congress),
    ]
    return by_form(
        request,
        form,
        partial(actions.freeze_candidates, congress),
        said=_("候选名单已定，各居民区可以起草票选"),
        to=home,
        page=partial(
            form_page, request, None, form, _("定下候选名单"), _("定下"), notes=notes, back=home
        ),
    )


@login_required
@GET_OR_POST
def hold_congress(request, pk):
    congress = congress_here(request, pk)
    require(request.user, "consultation.hold_congress", congress)
    first = {"held_on": congress.held_on or timezone.localdate(), "place": congress.place}
    form = forms.HoldForm(
        request.POST or None, initial=first | {"replay_url": congress.replay_url}
    )
    home = at("desk_congress", congress)
    page = partial(form_page, request, None, form, _("登记会议召开"), _("登记"), back=home)
    act = partial(actions.hold_congress, congress)
    return by_form(request, form, act, said=_("已登记"), to=home, page=page)


def _button(request, pk, name):
    congress = congress_here(request, pk)
    act = partial(getattr(actions, name), congress)
    return by_button(request, act, said=SAID[name], to=at("desk_congress", congress))


@login_required
@require_POST
def start_gathering(request, pk):
    return _button(request, pk, "start_gathering")


@login_required
@require_POST
def reopen_gathering(request, pk):
    return _button(request, pk, "reopen_gathering")


@login_required
@require_POST
def close_congress(request, pk):
    return _button(request, pk, "close_congress")


@login_required
@require_GET
def desk_representatives(request, pk):
    congress = congress_here(request, pk)
    seats = congress.representatives.select_related("neighbourhood").order_by(
        "ended_on", "neighbourhood__name", "category", "name"
    )
    page = Paginator(seats, PER_PAGE).get_page(request.GET.get("page"))
    return desk_page(
        request,
        congress,
        "people",
        page=page,
        rows=[(seat, may(request.user, "consultation.end_representative", seat)) for seat in page],
        may_add=may(request.user, "consultation.add_representative", congress),
    )


@login_required
@GET_OR_POST
def add_representative(request, pk):
    congress = congress_here(request, pk)
    require(request.user, "consultation.add_representative", congress)
    form = forms.RepresentativeForm(request.POST or None, areas=areas_of_staff(request, congress))
    to = at("desk_representatives", congress)
    return by_form(
        request,
        form,
        partial(actions.add_representative, congress),
        said=_("社区代表已登记"),
        to=to,
        page=partial(form_page, request, None, form, _("登记社区代表"), _("登记"), back=to),
    )


@login_required
@GET_OR_POST
def end_representative(request, pk, seat):
    congress = congress_here(request, pk)
    found = get_object_or_404(congress.representatives, pk=seat)
    require(request.user, "consultation.end_representative", found)
    form = forms.EndRepresentativeForm(request.POST or None)
    to = at("desk_representatives", congress)
    notes = [found.name, _("写过的书面意见照样办。")]
    page = partial(
        form_page, request, None, form, _("结束代表任期"), _("结束"), notes=notes, back=to
    )
    act = partial(actions.end_representative, found)
    return by_form(request, form, act, said=_("任期已结束"), to=to, page=page)


@login_required
@require_GET
def desk_hearings(request, pk):
    """Which areas were heard, which not yet; and every hearing."""
    congress = congress_here(request, pk)
    return desk_page(
        request,
        congress,
        "hearings",
        areas=queries.coverage(congress, timezone.localdate()),
        page=Paginator(queries.hearings_of(congress), PER_PAGE).get_page(request.GET.get("page")),
        may_add=bool(areas_of_staff(request, congress))
        and congress.state in (Congress.State.PREPARING, Congress.State.GATHERING),
    )


@login_required
@GET_OR_POST
def record_face_to_face(request, pk):
    congress = congress_here(request, pk)
    areas = areas_of_staff(request, congress)
    # Whoever may enter none here may not enter any.
    area = areas.first() or congress.neighbourhood
    require(request.user, "consultation.record_face_to_face", FaceToFace(neighbourhood=area))
    seats = congress.representatives.live(timezone.localdate()).select_related("neighbourhood")
    form = forms.HearingForm(
        request.POST or None, areas=areas, seats=seats.order_by("neighbourhood__name", "name")
    )
    to = at("desk_hearings", congress)
    return by_form(
        request,
        form,
        partial(actions.record_face_to_face, congress),
        said=_("这一场已登记"),
        to=to,
        page=partial(form_page, request, None, form, _("登记社区代表面对面"), _("登记"), back=to),
    )
