"""Mailboxes (建议邮筒): which are due, opening them by two, each letter beside its scan."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_form
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.views import serve
from suggestions.actions import letters
from suggestions.actions import mailboxes as actions
from suggestions.forms import mailboxes as forms
from suggestions.models import CollectionPoint, Letter, MailboxRound
from suggestions.queries import mailboxes as queries

from .desk import GET_OR_POST, READERS, allowed, form_page, staff_only

PER_PAGE = 50
ACTS = ("confirm_mailbox_round", "void_mailbox_round", "add_letters", "close_mailbox_round")


def _rounds(request):
    return MailboxRound.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))


@login_required
@require_GET
def mailbox_desk(request):
    """Boxes by the day they are due, then every round."""
    staff_only(request)
    today = timezone.localdate()
    here = CollectionPoint.objects.filter(neighbourhood_id__in=request.user.reach(*READERS))
    boxes = queries.boxes(here)
    rounds = queries.with_letters(_rounds(request)).select_related("point", "neighbourhood")
    rounds = rounds.order_by("-opened_at", "-pk")  # sums lose the order
    page = Paginator(rounds, PER_PAGE).get_page(request.GET.get("page"))
    own = request.user.places("committee")
    context = {
        "boxes": [(box, box.is_late(today), box.point.neighbourhood_id in own) for box in boxes],
        "late": sum(box.is_late(today) for box in boxes),
        "page": page,
        "rounds": [(one, one.is_late(today)) for one in page],
    }
    return render(request, "suggestions/mailboxes/desk.html", context)


@login_required
@GET_OR_POST
def open_mailbox(request, pk):
    points = CollectionPoint.objects.filter(neighbourhood_id__in=request.user.places("committee"))
    point = get_object_or_404(points.select_related("neighbourhood"), pk=pk)
    form = forms.OpenForm(
        request.POST or None, place=point.neighbourhood, by=request.user,
        initial={"opened_at": timezone.localtime()},
    )  # fmt: skip
    back = reverse("suggestions:mailbox_desk")
    page = partial(form_page, request, form, _("开箱"), _("开箱"), notes=[point.name], back=back)
    act = partial(actions.open_mailbox, point)
    return by_form(request, form, act, said=_("已登记，等同事确认"), to=_home, page=page)


def _seen(request, pk, act="") -> MailboxRound:
    found = queries.with_letters(_rounds(request))
    found = found.select_related("point", "neighbourhood", "opened_by", "second")
    one = get_object_or_404(found, pk=pk)
    if act:
        require(request.user, f"suggestions.{act}", one)
    return one


def _home(one) -> str:
    return reverse("suggestions:mailbox_round", args=[one.pk])


@login_required
@require_GET
def mailbox_round(request, pk):
    one = _seen(request, pk)
    context = {
        "round": one,
        "letters": one.letters.select_related("suggestion", "claim"),
        "can": allowed(request.user, one, *ACTS),
        "late": one.is_late(timezone.localdate()),
        "back": reverse("suggestions:mailbox_desk"),
    }
    return render(request, "suggestions/mailboxes/round.html", context)


def _deed(request, one, act, form, heading, said, **more):
    page = partial(
        form_page, request, form, heading, heading, notes=[str(one)], back=_home(one), **more
    )
    return by_form(request, form, partial(act, one), said=said, to=_home(one), page=page)


@login_required
@GET_OR_POST
def confirm_mailbox_round(request, pk):
    """The second person counts without being shown the first count."""
    one = _seen(request, pk, "confirm_mailbox_round")
    form = forms.ConfirmForm(request.POST or None)
    return _deed(request, one, actions.confirm_mailbox_round, form, _("确认开箱"), _("已确认"))


@login_required
@GET_OR_POST
def void_mailbox_round(request, pk):
    one = _seen(request, pk, "void_mailbox_round")
    form = forms.VoidForm(request.POST or None)
    act = actions.void_mailbox_round
    return _deed(request, one, act, form, _("这次开箱作废"), _("已作废"), danger=True)


@login_required
@GET_OR_POST
def add_letters(request, pk):
    one = _seen(request, pk, "add_letters")
    form = forms.LettersForm(request.POST or None, request.FILES or None)

    def add(opened, by, scans, as_one):
        place = opened.neighbourhood_id
        kept = [
            intake.take_in(scan, neighbourhood_id=place, by=by, conceal=True) for scan in scans
        ]
        pages = [kept] if as_one else [[page] for page in kept]
        return actions.add_letters(opened, letters=pages, by=by)

    return _deed(request, one, add, form, _("登记信件"), _("已登记"))


@login_required
@GET_OR_POST
def close_mailbox_round(request, pk):
    one = _seen(request, pk, "close_mailbox_round")
    form = forms.CloseForm(request.POST or None)
    return _deed(request, one, actions.close_mailbox_round, form, _("这次开箱办完了"), _("已办完"))


def _letter(request, pk, act="transcribe_letter") -> Letter:
    """A letter is read by the committee of its place alone."""
    here = Letter.objects.filter(round__in=_rounds(request))
    found = here.select_related("round__point", "round__neighbourhood", "suggestion", "claim")
    one = get_object_or_404(found, pk=pk)
    require(request.user, f"suggestions.{act}", one.round)
    return one


def _at(one) -> str:
    return reverse("suggestions:letter", args=[one.pk])


def _beside(request, one, form, heading):
    """The scan on one side, the form on the other."""
    others = one.round.letters.exclude(pk=one.pk).filter(fate=Letter.Fate.WAITING)
    context = {
        "letter": one,
        "scans": one.scans.order_by("uploaded_at", "pk"),
        "form": form,
        "heading": heading,
        "following": others.filter(number__gt=one.number).first() or others.first(),
        "back": _home(one.round),
    }
    return render(request, "suggestions/mailboxes/letter.html", context)


@login_required
@require_GET
def letter(request, pk):
    one = _letter(request, pk)
    open_one = one.fate == Letter.Fate.WAITING and one.round.state == "confirmed"
    form = forms.TextForm(initial={"text": one.text}) if open_one else None
    return _beside(request, one, form, "")


@login_required
@require_GET
def letter_scan(request, pk, scan):
    one = _letter(request, pk)
    return serve(request, get_object_or_404(one.scans, pk=scan))


def _letter_deed(request, one, act, form, heading, said):
    page = partial(_beside, request, one, form, heading)
    return by_form(request, form, partial(act, one), said=said, to=_at(one), page=page)


@login_required
@GET_OR_POST
def transcribe_letter(request, pk):
    one = _letter(request, pk)
    form = forms.TextForm(request.POST or None, initial={"text": one.text})
    return _letter_deed(request, one, actions.transcribe_letter, form, _("抄录"), _("已存"))


@login_required
@GET_OR_POST
def make_letter_a_suggestion(request, pk):
    one = _letter(request, pk, "make_letter_a_suggestion")
    form = forms.SuggestionForm(request.POST or None, initial={"reasons": one.text})
    act = letters.make_letter_a_suggestion
    return _letter_deed(request, one, act, form, _("转为建议"), _("已转为建议"))


@login_required
@GET_OR_POST
def make_letter_a_claim(request, pk):
    one = _letter(request, pk, "make_letter_a_claim")
    form = forms.ClaimForm(request.POST or None, initial={"text": one.text})
    return _letter_deed(
        request, one, letters.make_letter_a_claim, form, _("转为诉求"), _("已转为诉求")
    )


@login_required
@GET_OR_POST
def set_letter_aside(request, pk):
    one = _letter(request, pk, "set_letter_aside")
    form = forms.AsideForm(request.POST or None)
    return _letter_deed(request, one, letters.set_letter_aside, form, _("都不是"), _("已登记"))
