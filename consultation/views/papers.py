"""The paper desk: printing, scans, blind keying, differences (纸质票)."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_form
from caoyang_portal.errors import Refused
from caoyang_portal.htmx import part
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from consultation.actions import paper as actions
from consultation.actions import paper_jobs
from consultation.forms import papers as forms
from consultation.forms.polls import WhyForm
from consultation.models import PaperBallot, PaperJob, Poll, StrayScan
from consultation.queries import papers as queries

from .desk import GET_OR_POST, PER_PAGE, allowed, at, form_page, home, poll_of_voters

JOB = "consultation/desk/paper_job.html"
KEY = "consultation/desk/key_paper.html"
VOTING = (Poll.State.OPEN, Poll.State.COUNTING)


@login_required
@require_GET
def desk_papers(request, pk):
    return _page(request, poll_of_voters(request, pk))


def _page(request, poll, **more):
    """Counts of each stage, and the ways on from each."""
    context = {
        "poll": poll,
        "stages": queries.stages(poll),
        "mine": queries.to_key(poll, request.user).count(),
        "settle": queries.to_settle(poll, request.user).first(),
        "jobs": poll.paper_jobs.select_related("asked_by", "building")[:10],
        "aside": poll.papers.filter(state=PaperBallot.State.SET_ASIDE).order_by("serial")[:50],
        "can": allowed(request.user, poll, "order_ballots", "hand_in_scans"),
        "prints": poll.state in (Poll.State.FROZEN, Poll.State.OPEN),
        "takes": poll.state in VOTING,
        "order": forms.OrderForm(poll=poll, auto_id="order_%s"),
        "scans": forms.ScansForm(auto_id="scans_%s"),
        "back": home(poll),
    }
    return render(request, "consultation/desk/papers.html", context | more)


@login_required
@require_POST
def order_ballots(request, pk):
    poll = poll_of_voters(request, pk)
    require(request.user, "consultation.order_ballots", poll)
    form = forms.OrderForm(request.POST, poll=poll, auto_id="order_%s")
    return by_form(
        request,
        form,
        partial(paper_jobs.order_ballots, poll),
        said=lambda job: _("%(n)s 张票正在排版") % {"n": job.total},
        to=lambda job: at("paper_job", job),
        page=partial(_page, request, poll, order=form),
    )


@login_required
@require_POST
def hand_in_scans(request, pk):
    poll = poll_of_voters(request, pk)
    require(request.user, "consultation.hand_in_scans", poll)
    form = forms.ScansForm(request.POST, request.FILES, auto_id="scans_%s")

    def hand_in(scans, by):
        place = poll.neighbourhood_id
        kept = [intake.take_in(file, neighbourhood_id=place, by=by) for file in scans]
        return paper_jobs.hand_in_scans(poll, files=kept, by=by)

    return by_form(
        request,
        form,
        hand_in,
        said=_("扫描件已收到，正在读"),
        to=lambda job: at("paper_job", job),
        page=partial(_page, request, poll, scans=form),
    )


def _job(request, pk) -> PaperJob:
    jobs = PaperJob.objects.visible_to(request.user).select_related("poll", "building", "asked_by")
    return get_object_or_404(jobs, pk=pk)


@login_required
@require_GET
def paper_job(request, pk):
    """How far a job is; the page may be closed, the job goes on."""
    job = _job(request, pk)
    context = {"job": job, "back": at("desk_papers", job.poll)}
    return render(request, part(request, JOB, "progress"), context)


@login_required
@require_POST
def download_ballots(request, pk):
    job = _job(request, pk)
    try:
        attachment = paper_jobs.download_ballots(job, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(at("paper_job", job))
    return serve(request, attachment, download=True)


@login_required
@require_GET
def desk_strays(request, pk):
    return _strays(request, poll_of_voters(request, pk))


def _strays(request, poll, form=None):
    """Pages whose code could not be read, or that are in already: a person says what they are."""
    pages = poll.stray_scans.filter(paper=None, dropped_reason="").order_by("pk")
    context = {
        "poll": poll,
        "page": Paginator(pages, PER_PAGE).get_page(request.GET.get("page")),
        "form": form or forms.DropForm(poll=poll),
        "can": allowed(request.user, poll, "name_stray_scan", "drop_stray_scan"),
        "ticked": form.data.getlist("pages") if form else [],
        "back": at("desk_papers", poll),
    }
    return render(request, "consultation/desk/strays.html", context)


@login_required
@require_POST
def drop_stray_scans(request, pk):
    poll = poll_of_voters(request, pk)
    require(request.user, "consultation.drop_stray_scan", poll)
    form = forms.DropForm(request.POST, poll=poll)

    def drop(pages, reason, by):
        for page in pages:
            actions.drop_stray_scan(page, reason=reason, by=by)

    page = partial(_strays, request, poll, form)
    return by_form(request, form, drop, said=_("已剔除"), to=at("desk_strays", poll), page=page)


def _stray(request, pk) -> StrayScan:
    stray = get_object_or_404(StrayScan.objects.select_related("scan"), pk=pk)
    stray.poll = poll_of_voters(request, stray.poll_id)
    return stray


@login_required
@require_GET
def stray_page(request, pk):
    return serve(request, _stray(request, pk).scan)


@login_required
@GET_OR_POST
def name_stray_scan(request, pk):
    """By the serial printed under the code, where scanner and library gave up."""
    stray = _stray(request, pk)
    require(request.user, "consultation.name_stray_scan", stray)
    form = forms.SerialForm(request.POST or None)
    to = at("desk_strays", stray.poll)
    context = {"poll": stray.poll, "stray": stray, "form": form, "back": to}
    return by_form(
        request,
        form,
        partial(actions.name_stray_scan, stray),
        said=lambda paper: _("已认作 %(serial)s") % {"serial": paper.serial},
        to=to,
        page=lambda: render(request, "consultation/desk/name_stray.html", context),
    )


def _paper(request, pk) -> PaperBallot:
    paper = get_object_or_404(PaperBallot.objects.select_related("entry", "scan"), pk=pk)
    paper.poll = poll_of_voters(request, paper.poll_id)
    return paper


@login_required
@require_GET
def paper_scan(request, pk):
    """The scan of a ballot; whoever keys it sees this, never what another has read."""
    paper = _paper(request, pk)
    if paper.scan is None:
        raise Http404
    return serve(request, paper.scan)


@login_required
@require_GET
def desk_keying(request, pk):
    """On to the next ballot this person may key."""
    poll = poll_of_voters(request, pk)
    paper = queries.to_key(poll, request.user).first()
    if paper is None:
        messages.success(request, _("没有要您录的票了。"))
        return redirect(at("desk_papers", poll))
    return redirect(at("key_paper", paper))


@login_required
@GET_OR_POST
def key_paper(request, pk):
    """What stands on the scan, read by one person; the second does not see what the first read."""
    return _keying(request, pk, "key_paper", actions.key_paper, "desk_keying")


@login_required
@GET_OR_POST
def settle_paper(request, pk):
    """A third person decides what two read differently."""
    return _keying(request, pk, "settle_paper", actions.settle_paper, "desk_papers")


def _keying(request, pk, act, do, then):
    paper = _paper(request, pk)
    require(request.user, f"consultation.{act}", paper)
    form = forms.KeyForm(request.POST or None, poll=paper.poll)
    settles = act == "settle_paper"
    ready = {True: PaperBallot.State.DIFFERS, False: PaperBallot.State.SCANNED}[settles]
    context = {
        "poll": paper.poll,
        "paper": paper,
        "form": form,
        "settles": settles,
        "ready": paper.state == ready,
        "differing": queries.differing(paper) if settles and paper.state == ready else [],
        "voted": queries.voted_already(paper),
        "back": at("desk_papers", paper.poll),
    }

    def key(by, **_answers):
        return do(paper, choices=form.answers(), by=by)

    return by_form(
        request, form, key, said=_decided if settles else _outcome, to=at(then, paper.poll),
        page=lambda: render(request, KEY, context),
    )  # fmt: skip


def _decided(paper):
    return paper.reason or _("已裁定，已计入")


def _outcome(paper):
    said = {
        PaperBallot.State.SCANNED: _("已录入，等另一位同事再录一次"),
        PaperBallot.State.DIFFERS: _("已录入。和第一次不一样，请第三位同事看扫描件裁定"),
        PaperBallot.State.COUNTED: _("已录入，两次一致，已计入"),
        PaperBallot.State.SET_ASIDE: paper.reason,
    }
    return said[PaperBallot.State(paper.state)]


@login_required
@GET_OR_POST
def set_paper_aside(request, pk):
    paper = _paper(request, pk)
    require(request.user, "consultation.set_paper_aside", paper)
    form = WhyForm(request.POST or None)
    to = at("desk_papers", paper.poll)
    page = partial(
        form_page, request, paper.poll, form, _("这张票不计入"), _("不计入"), notes=[paper.serial],
        danger=True, back=to,
    )  # fmt: skip
    act = partial(actions.set_paper_aside, paper)
    return by_form(request, form, act, said=_("已列为不计入"), to=to, page=page)
