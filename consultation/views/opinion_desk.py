"""The desk of written opinions: the congress office sees all of its street, a department its own (书面意见办理)."""

from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Organisation
from caoyang_portal.deeds import by_form
from caoyang_portal.exports import XLSX, csv_text, workbook
from caoyang_portal.uploads.intake import take_in
from consultation.actions import opinion_answers as answers
from consultation.actions import opinions as actions
from consultation.forms import opinions as forms
from consultation.models import (
    Congress,
    Matter,
    OpinionHandling,
    OpinionReply,
    Representative,
    WrittenOpinion,
)
from consultation.models.opinions import HANDLERS, WATCHERS
from consultation.queries import opinions as queries

from .congress_desk import congress_here
from .desk import GET_OR_POST, allowed, form_page
from .opinions import about, open_congresses

PER_PAGE = 50
State = WrittenOpinion.State
HOME = "consultation:desk_opinions"


def staff_only(request) -> None:
    if not request.user.holds(*WATCHERS, *HANDLERS):
        raise Http404


def opinions_here(request):
    """All of one's street for the office, one's department's for its people."""
    office = WrittenOpinion.objects.of_office(request.user)
    return (office | WrittenOpinion.objects.of_handler(request.user)).distinct()


def one(request, pk) -> WrittenOpinion:
    found = opinions_here(request).select_related(
        "congress__sub_district", "representative", "neighbourhood"
    )
    return get_object_or_404(found, pk=pk)


def home(opinion) -> str:
    return reverse("consultation:desk_opinion", args=[opinion.pk])


@login_required
@require_GET
def desk_opinions(request):
    """What is due first; found by word, state, what is late, category and grade."""
    staff_only(request)
    today = timezone.localdate()
    wanted = forms.FindOpinionForm(request.GET).wanted()
    here = WrittenOpinion.objects.filter(pk__in=opinions_here(request).values("pk"))
    found = queries.found(here, today, **wanted)
    page = Paginator(queries.with_clocks(queries.queue(found)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    congresses = Congress.objects.of_staff(request.user).select_related("sub_district")
    runs = request.user.holds("street_official")
    context = {
        "page": page,
        "lines": queries.lines(page, today),
        "wanted": wanted,
        "query": urlencode({name: value for name, value in wanted.items() if value}),
        "states": State.choices,
        "kinds": Matter.choices,
        "grades": WrittenOpinion.Grade.choices,
        "runs": runs,
        "congresses": [
            (congress, queries.content(congress)) for congress in congresses.order_by("-year")[:3]
        ]
        if request.user.holds(*WATCHERS)
        else [],
    }
    return render(request, "consultation/congress/desk_opinions.html", context)


OFFICE_ACTS = ("receive_opinion", "assign_opinion", "study_opinion")
HANDLING_ACTS = (
    "ask_return", "settle_return", "ask_extension", "settle_extension", "submit_result",
    "reply_opinion",
)  # fmt: skip


def _open_acts(opinion, handling) -> set[str]:
    """What may be done with a part of an opinion as it stands, by whoever has the right."""
    lead = handling.role == OpinionHandling.Role.LEAD
    if handling.ended_on or handling.round != opinion.round:
        return set()
    found = set()
    if lead and opinion.state == State.ASSIGNED:
        found |= {"submit_result"}
        today = timezone.localdate()
        if handling.return_asked_on is None and today <= handling.return_until:
            found |= {"ask_return"}
    if lead and opinion.state == State.RETURN_ASKED:
        found |= {"settle_return"}
    if lead and opinion.state == State.RESULT_IN:
        found |= {"reply_opinion"}
    if (
        lead
        and opinion.state in (State.ASSIGNED, State.RESULT_IN)
        and not handling.extension_months
    ):
        found |= {"ask_extension"}
    if handling.waits_for_extension:
        found |= {"settle_extension"}
    if not lead and not handling.result and opinion.state in (State.ASSIGNED, State.RESULT_IN):
        found |= {"submit_result"}
    return found


@login_required
@require_GET
def desk_opinion(request, pk):
    """One opinion: everything that happened, every period, every way on for whoever looks."""
    found = one(request, pk)
    context = about(request, found, back=reverse(HOME))
    can = allowed(request.user, found, *OFFICE_ACTS)
    open_for = {
        "receive_opinion": State.WRITTEN,
        "assign_opinion": State.RECEIVED,
        "study_opinion": State.UNSATISFIED,
    }
    context["can"] = {act: can[act] and found.state == open_for[act] for act in OFFICE_ACTS}
    context["parts"] = [
        (
            handling,
            [
                act
                for act in HANDLING_ACTS
                if act in _open_acts(found, handling)
                and may(request.user, f"consultation.{act}", handling)
            ],
        )
        for handling in context["handlings"]
    ]
    context["answers"] = [
        (
            reply,
            reply.is_open_promise and may(request.user, "consultation.keep_promise", reply),
        )
        for reply in context["replies"]
    ]
    return render(request, "consultation/congress/desk_opinion.html", context)


@login_required
@GET_OR_POST
def enter_opinion(request):
    """The office enters what a representative without a login handed in on paper."""
    street = [
        post.sub_district_id
        for post in request.user.live_postings
        if post.office == "street_official"
    ]
    if not street:
        raise Http404
    seats = (
        Representative.objects.live(timezone.localdate())
        .filter(sub_district_id__in=street, user=None)
        .select_related("neighbourhood")
    )
    form = forms.PaperOpinionForm(
        request.POST or None, congresses=open_congresses(seats), seats=seats
    )

    def enter(congress, by, **values):
        return actions.write_opinion(congress, by=by, **values)

    notes = [_("照代表写的录，不要改。")]
    page = partial(
        form_page, request, None, form, _("代录书面意见"), _("录入"), notes=notes,
        back=reverse(HOME),
    )  # fmt: skip
    return by_form(request, form, enter, said=_("已录入，请登记编号"), to=home, page=page)


def _form(request, opinion, form, act, heading, button, *, said, notes=()):
    to = home(opinion)
    first = f"{opinion.number} {opinion.title}".strip()
    page = partial(form_page, request, None, form, heading, button, notes=[first, *notes], back=to)
    return by_form(request, form, act, said=said, to=to, page=page)


@login_required
@GET_OR_POST
def receive_opinion(request, pk):
    opinion = one(request, pk)
    require(request.user, "consultation.receive_opinion", opinion)
    first = {"category": opinion.category, "grade": opinion.grade}
    form = forms.ReceiveForm(request.POST or None, initial=first)
    act = partial(actions.receive_opinion, opinion)
    days = opinion.congress.assign_working_days
    notes = [opinion.text, _("登记以后 %(n)s 个工作日内要交办。") % {"n": days}]
    return _form(
        request, opinion, form, act, _("登记书面意见"), _("登记"), said=_("已登记，请交办"),
        notes=notes,
    )  # fmt: skip


@login_required
@GET_OR_POST
def assign_opinion(request, pk):
    opinion = one(request, pk)
    require(request.user, "consultation.assign_opinion", opinion)
    departments = Organisation.objects.filter(
        kind=Organisation.Kind.DEPARTMENT, sub_district=opinion.congress.sub_district_id
    )
    form = forms.AssignForm(request.POST or None, departments=departments.order_by("name"))
    act = partial(actions.assign_opinion, opinion)
    refused = [
        _("%(who)s退回：%(why)s") % {"who": part.department, "why": part.return_reason}
        for part in opinion.handlings.filter(return_agreed=True).select_related("department")
    ]
    if not departments:
        refused.append(_("还没有部门。请管理员在“人员和岗位”里任命部门经办人。"))
    return _form(
        request, opinion, form, act, _("交办书面意见"), _("交办"), said=_("已交办，部门会收到通知"),
        notes=refused,
    )  # fmt: skip


@login_required
@GET_OR_POST
def study_opinion(request, pk):
    opinion = one(request, pk)
    require(request.user, "consultation.study_opinion", opinion)
    form = forms.StudyForm(request.POST or None)
    act = partial(actions.study_opinion, opinion)
    remarks = opinion.replies.exclude(remark="").values_list("remark", flat=True)
    return _form(
        request, opinion, form, act, _("研究不满意的书面意见"), _("保存"), said=_("已告诉代表"),
        notes=[_("代表说：%(words)s") % {"words": words} for words in remarks],
    )  # fmt: skip


def handling_here(request, pk) -> OpinionHandling:
    found = OpinionHandling.objects.select_related(
        "opinion__congress", "opinion__representative", "department"
    )
    here = opinions_here(request).values("pk")
    return get_object_or_404(found.filter(opinion__in=here), pk=pk)


@login_required
@GET_OR_POST
def ask_return(request, pk):
    part = handling_here(request, pk)
    require(request.user, "consultation.ask_return", part)
    form = forms.ReturnForm(request.POST or None)
    notes = [_("退回要街道同意。不能自己转给别的部门，答复以前期限照算。")]
    act = partial(actions.ask_return, part)
    return _form(
        request, part.opinion, form, act, _("申请退回"), _("申请退回"), said=_("已申请，请等街道答复"),
        notes=notes,
    )  # fmt: skip


@login_required
@GET_OR_POST
def settle_return(request, pk):
    part = handling_here(request, pk)
    require(request.user, "consultation.settle_return", part)
    form = forms.SettleForm(request.POST or None)
    act = partial(actions.settle_return, part)
    return _form(
        request, part.opinion, form, act, _("答复退回申请"), _("答复"), said=_("已答复"),
        notes=[str(part.department), part.return_reason],
    )  # fmt: skip


@login_required
@GET_OR_POST
def ask_extension(request, pk):
    part = handling_here(request, pk)
    require(request.user, "consultation.ask_extension", part)
    form = forms.ExtensionForm(request.POST or None)
    most = part.opinion.congress.extension_months
    notes = [_("最多 %(n)s 个月，只能申请一次。同意以前期限照算。") % {"n": most}]
    act = partial(actions.ask_extension, part)
    return _form(
        request, part.opinion, form, act, _("申请延长"), _("申请延长"), said=_("已申请，请等街道答复"),
        notes=notes,
    )  # fmt: skip


@login_required
@GET_OR_POST
def settle_extension(request, pk):
    part = handling_here(request, pk)
    require(request.user, "consultation.settle_extension", part)
    form = forms.SettleForm(request.POST or None)
    act = partial(actions.settle_extension, part)
    asked = _("%(who)s申请延长 %(n)s 个月") % {"who": part.department, "n": part.extension_months}
    return _form(
        request, part.opinion, form, act, _("答复延长申请"), _("答复"), said=_("已答复"),
        notes=[asked, part.extension_reason],
    )  # fmt: skip


@login_required
@GET_OR_POST
def submit_result(request, pk):
    part = handling_here(request, pk)
    require(request.user, "consultation.submit_result", part)
    form = forms.ResultForm(request.POST or None, initial={"result": part.result})
    act = partial(answers.submit_result, part)
    return _form(
        request, part.opinion, form, act, _("报办理结果"), _("上报"), said=_("办理结果已上报"),
        notes=[part.opinion.text],
    )  # fmt: skip


@login_required
@GET_OR_POST
def reply_opinion(request, pk):
    part = handling_here(request, pk)
    require(request.user, "consultation.reply_opinion", part)
    form = forms.ReplyForm(request.POST or None, initial={"text": part.result})
    act = partial(answers.reply_opinion, part)
    return _form(
        request, part.opinion, form, act, _("答复书面意见"), _("答复代表"), said=_("答复已送到代表"),
        notes=[part.opinion.text, _("答复以后不能再改。")],
    )  # fmt: skip


@login_required
@GET_OR_POST
def keep_promise(request, pk):
    here = opinions_here(request).values("pk")
    reply = get_object_or_404(
        OpinionReply.objects.select_related("opinion"), pk=pk, opinion__in=here
    )
    require(request.user, "consultation.keep_promise", reply)
    form = forms.KeepForm(request.POST or None, request.FILES or None)

    def keep(note, proof, by):
        taken = take_in(proof, neighbourhood_id=reply.neighbourhood_id, by=by)
        return answers.keep_promise(reply, note=note, proof=taken, by=by)

    notes = [reply.promise, _("期限 %(day)s") % {"day": reply.promise_due}]
    return _form(
        request, reply.opinion, form, keep, _("登记承诺办成"), _("登记"), said=_("已登记，代表会收到通知"),
        notes=notes,
    )  # fmt: skip


@login_required
@require_POST
def export_opinions(request, pk):
    """The file of a congress's opinions; who took it, and whether with whole names, is recorded."""
    congress = congress_here(request, pk)
    form = forms.ExportForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    reason = given.get("reason", "")
    whole = actions.export_opinions(congress, reason=reason, by=request.user)
    opinions = congress.opinions.exclude(number="").order_by("number")
    rows = queries.table(opinions, whole_names=whole)
    name = f"{_('书面意见')} {congress.year}"
    if given.get("file") == "csv":
        content, media, name = (
            csv_text(rows, queries.headings()),
            "text/csv; charset=utf-8",
            f"{name}.csv",
        )
    else:
        mark = f"{request.user} {timezone.localtime():%Y-%m-%d %H:%M} {reason}"
        content, media, name = (
            workbook(rows, queries.headings(), watermark=mark, title=_("书面意见")), XLSX,
            f"{name}.xlsx",
        )  # fmt: skip
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
