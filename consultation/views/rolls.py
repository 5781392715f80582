"""The roll of a poll: built, looked at, corrected, exported, objected to (名册)."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Building
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.exports import csv_text
from caoyang_portal.htmx import part
from consultation.actions import roll_jobs
from consultation.actions import rolls as actions
from consultation.forms import rolls as forms
from consultation.models import (
    CastMark,
    Poll,
    PollObjection,
    Proxy,
    RollEntry,
    RollJob,
    RollUnit,
)
from consultation.queries.heads import OF_OWNERS, is_soon_read
from consultation.queries.rolls import roll_table

from .desk import (
    GET_OR_POST,
    PER_PAGE,
    allowed,
    at,
    form_page,
    home,
    not_by_me,
    poll_here,
    poll_of_voters,
)

ROLL = "consultation/desk/roll.html"
JOB = "consultation/desk/roll_job.html"
ACTS = (
    "build_roll", "export_roll", "merge_roll_entries", "correct_roll_unit", "add_roll_unit",
    "remove_roll_unit", "record_proxy",
)  # fmt: skip


def entries_of(poll, query) -> dict:
    """The voters of a poll as a list page shows them: searched, by building, a page of them."""
    entries = poll.roll.select_related("building", "household")
    q, building = forms.FindVoterForm(query).wanted()
    if q:
        entries = entries.filter(
            Q(name__icontains=q) | Q(number__in=_padded(q)) | Exists(_homes_called(q))
        )
    if building:
        entries = entries.filter(building_id=building)
    entries = entries.order_by("number")
    return {
        "page": Paginator(entries, PER_PAGE).get_page(query.get("page")),
        "q": q,
        "building": building,
        "buildings": Building.objects.filter(neighbourhood=poll.neighbourhood_id).order_by(
            "number"
        ),
    }


def _padded(q) -> list[str]:
    """A number of the roll as it is written there: as wide as the roll is long."""
    return [q.zfill(width) for width in range(actions.LEAST_WIDTH, actions.MOST_WIDTH + 1)]


def _homes_called(q):
    return RollUnit.objects.filter(entry=OuterRef("pk"), label__icontains=q)


@login_required
@require_GET
def desk_roll(request, pk):
    return roll_page(request, poll_of_voters(request, pk))


def roll_page(request, poll, **more):
    """Who votes, for which homes; why one owner is one head; what can be done for each."""
    context = entries_of(poll, request.GET)
    shown = context["page"].object_list
    marks = CastMark.objects.filter(voided=False)
    context["page"].object_list = shown.prefetch_related(
        "units",
        Prefetch("marks", marks, to_attr="live_marks"),
        Prefetch("proxies", Proxy.objects.filter(revoked_at=None), to_attr="live_proxies"),
    )
    sums = poll.units.aggregate(homes=Count("pk"), area=Sum("area_cent"))
    job = poll.roll_jobs.first()
    changes = poll.state in Poll.ROLL_MOVES and not (job and job.goes_on)
    context |= {
        "poll": poll,
        "heads": poll.roll.count(),
        "homes": sums["homes"],
        "area": RollUnit(area_cent=sums["area"] or 0).shown_area,
        "job": job,
        "changes": changes,
        "of_owners": poll.kind.electorate in OF_OWNERS,
        "can": allowed(request.user, poll, *ACTS, "receive_envelope"),
        "takes": poll.state == Poll.State.OPEN,
        "not_by_me": not_by_me(request.user, poll),
        "takes_envelopes": poll.is_secret and poll.state in (Poll.State.OPEN, Poll.State.COUNTING),
        "takes_proxies": poll.state in (Poll.State.FROZEN, Poll.State.OPEN),
        "merge": forms.MergeForm(poll=poll, auto_id="merge_%s"),
        "export": forms.ExportForm(auto_id="export_%s"),
        "back": home(poll),
    }
    return render(request, ROLL, context | more)


@login_required
@require_POST
def build_roll(request, pk):
    """A short roll is there when the page comes back; a long one is built by a worker."""
    poll = poll_here(request, pk)
    if not is_soon_read(poll):
        return by_button(
            request,
            partial(roll_jobs.order_roll, poll),
            said=lambda job: _("%(n)s 户的档案正在读，可以先去做别的事") % {"n": job.total},
            to=at("roll_job", poll),
        )
    return by_button(
        request,
        partial(actions.build_roll, poll),
        said=lambda heads: _("名册已生成，共 %(n)s 票") % {"n": heads},
        to=at("desk_roll", poll),
    )


@login_required
@require_GET
def roll_job(request, pk):
    """How far the roll is; it leads on to the roll by itself, and the job goes on without the page."""
    poll = poll_of_voters(request, pk)
    job = poll.roll_jobs.select_related("asked_by").first()
    if job is None or job.state == RollJob.State.DONE:
        to = at("desk_roll", poll)
        return HttpResponseClientRedirect(to) if request.htmx else redirect(to)
    context = {
        "poll": poll,
        "job": job,
        "can": allowed(request.user, poll, "build_roll"),
        "back": at("desk_roll", poll),
    }
    return render(request, part(request, JOB, "progress"), context)


@login_required
@require_POST
def export_roll(request, pk):
    """The roll as a table to take away; who took it, and whether with whole names, is recorded."""
    poll = poll_here(request, pk)
    form = forms.ExportForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    rows = roll_table(poll, whole_names=actions.export_roll(poll, reason=reason, by=request.user))
    headings = [_("名册号"), _("姓名"), _("楼幢"), _("房屋"), _("面积（㎡）"), _("面积依据")]
    response = HttpResponse(csv_text(rows, headings), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(
        True, f"{_('表决名册')} {poll.code}.csv"
    )
    return response


@login_required
@require_POST
def merge_roll_entries(request, pk):
    poll = poll_of_voters(request, pk)
    require(request.user, "consultation.merge_roll_entries", poll)
    form = forms.MergeForm(request.POST, poll=poll, auto_id="merge_%s")

    def merge(entries, reason, by):
        return actions.merge_roll_entries(list(entries), reason=reason, by=by)

    return by_form(
        request,
        form,
        merge,
        said=_("已合并，算一个人"),
        to=at("desk_roll", poll),
        page=partial(roll_page, request, poll, merge=form),
    )


@login_required
@GET_OR_POST
def add_roll_unit(request, pk):
    poll = poll_of_voters(request, pk)
    require(request.user, "consultation.add_roll_unit", poll)
    form = forms.AddUnitForm(request.POST or None)

    def add(by, **_values):
        return actions.add_roll_unit(poll, **form.values(), by=by)

    notes = [_("没有户档案的房屋在这里补登。建设单位未售的房屋合在一起算一个人。")]
    page = partial(
        form_page, request, poll, form, _("补登房屋"), _("补登"), notes=notes,
        back=at("desk_roll", poll),
    )  # fmt: skip
    return by_form(request, form, add, said=_("已补登"), to=at("desk_roll", poll), page=page)


def _unit(request, pk) -> RollUnit:
    """A home on a roll, for whoever may see its poll's voters."""
    unit = get_object_or_404(
        RollUnit.objects.filter(entry__in=RollEntry.objects.visible_to(request.user)), pk=pk
    )
    unit.poll = poll_of_voters(request, unit.poll_id)
    return unit


@login_required
@GET_OR_POST
def correct_roll_unit(request, pk):
    unit = _unit(request, pk)
    require(request.user, "consultation.correct_roll_unit", unit)
    first = {"area": unit.shown_area, "basis": unit.basis, "is_unsold": unit.is_unsold}
    form = forms.UnitForm(request.POST or None, initial=first)

    def correct(by, **_values):
        return actions.correct_roll_unit(unit, **form.values(), by=by)

    to = at("desk_roll", unit.poll)
    page = partial(
        form_page, request, unit.poll, form, _("更正房屋"), _("更正"), notes=[unit.label], back=to
    )
    return by_form(request, form, correct, said=_("已更正"), to=to, page=page)


@login_required
@GET_OR_POST
def remove_roll_unit(request, pk):
    unit = _unit(request, pk)
    require(request.user, "consultation.remove_roll_unit", unit)
    form = forms.WhyForm(request.POST or None)
    to = at("desk_roll", unit.poll)
    page = partial(
        form_page, request, unit.poll, form, _("移出名册"), _("移出"), notes=[unit.label],
        danger=True, back=to,
    )  # fmt: skip
    act = partial(actions.remove_roll_unit, unit)
    return by_form(request, form, act, said=_("已移出名册"), to=to, page=page)


@login_required
@require_GET
def desk_objections(request, pk):
    """What was said against the roll or the result, and what was answered."""
    poll = poll_of_voters(request, pk)
    objections = poll.objections.select_related("raised_by", "answered_by", "household__building")
    page = Paginator(objections.order_by("upheld", "raised_at"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [(one, may(request.user, "consultation.answer_objection", one)) for one in page]
    context = {"poll": poll, "page": page, "rows": rows, "back": home(poll)}
    return render(request, "consultation/desk/objections.html", context)


@login_required
@GET_OR_POST
def answer_objection(request, pk):
    objection = get_object_or_404(PollObjection, pk=pk)
    poll = poll_of_voters(request, objection.poll_id)
    require(request.user, "consultation.answer_objection", objection)
    form = forms.AnswerForm(request.POST or None)
    to = at("desk_objections", poll)
    notes = [objection.text, _("名册有错的，请在名册页更正，再在这里写明。")]
    page = partial(form_page, request, poll, form, _("答复异议"), _("答复"), notes=notes, back=to)
    act = partial(actions.answer_objection, objection)
    return by_form(request, form, act, said=_("已答复"), to=to, page=page)
