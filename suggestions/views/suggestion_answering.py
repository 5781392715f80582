"""What units do on the desk (答复、落实): answer, return, report, finish; notes, thanks, templates."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.uploads import intake
from suggestions.actions import suggestion_answers as answers
from suggestions.forms import suggestion_desk as forms
from suggestions.models import ReplyTemplate
from suggestions.models.suggestions import STAFF

from .desk import GET_OR_POST, form_page
from .suggestion_desk import asked, deed, home


@login_required
@GET_OR_POST
def return_suggestion(request, pk):
    one = asked(request, pk, "return_suggestion")
    form = forms.ReturnForm(request.POST or None)
    return deed(
        request, one, answers.return_suggestion, form, _("不是我们单位办"), _("退回"), _("已退回")
    )


@login_required
@GET_OR_POST
def reply_suggestion(request, pk):
    """With a template's words, if one was tapped."""
    one = asked(request, pk, "reply_suggestion")
    templates = ReplyTemplate.objects.filter(neighbourhood=one.neighbourhood_id, retired_at=None)
    chosen = next((t for t in templates if str(t.pk) == request.GET.get("template")), None)
    first = {"text": chosen.text} if chosen else {}
    form = forms.ReplyForm(request.POST or None, initial=first)
    context = {"suggestion": one, "form": form, "templates": templates, "back": home(one)}
    return by_form(
        request,
        form,
        partial(answers.reply_suggestion, one),
        said=_("已答复，提出人会收到通知"),
        to=home(one),
        page=lambda: render(request, "suggestions/suggestions/reply.html", context),
    )


@login_required
@GET_OR_POST
def report_work(request, pk):
    one = asked(request, pk, "report_work")
    form = forms.ReportForm(request.POST or None)
    return deed(
        request, one, answers.report_work, form, _("报进展"), _("告诉大家"), _("已告诉大家")
    )


@login_required
@GET_OR_POST
def finish_work(request, pk):
    one = asked(request, pk, "finish_work")
    form = forms.FinishForm(request.POST or None, request.FILES or None)

    def finish(one, *, photo, by, **values):
        kept = intake.take_in(photo, neighbourhood_id=one.neighbourhood_id, by=by)
        return answers.finish_work(one, photo=kept, by=by, **values)

    return deed(
        request, one, finish, form, _("办成了"), _("报已办成"), _("已告诉提出人，请他评价")
    )


@login_required
@GET_OR_POST
def commend_suggestion(request, pk):
    one = asked(request, pk, "commend_suggestion")
    form = forms.CommendForm(request.POST or None)
    return deed(
        request, one, answers.commend_suggestion, form, _("公开表扬"), _("表扬"), _("已表扬")
    )


@login_required
@GET_OR_POST
def add_suggestion_note(request, pk):
    one = asked(request, pk, "add_suggestion_note")
    form = forms.NoteForm(request.POST or None)
    return deed(
        request, one, answers.add_suggestion_note, form, _("写备注"), _("记下"), _("已记下")
    )


def _places(request) -> list[Neighbourhood]:
    places = list(Neighbourhood.objects.filter(pk__in=request.user.reach(*STAFF)).order_by("name"))
    if not places:
        raise Http404
    return places


@login_required
@require_GET
def reply_templates(request):
    """Words in use, by place."""
    places = _places(request)
    found = ReplyTemplate.objects.filter(neighbourhood__in=places, retired_at=None)
    context = {
        "templates": found.select_related("neighbourhood", "written_by"),
        "back": reverse("suggestions:suggestion_desk"),
    }
    return render(request, "suggestions/suggestions/templates.html", context)


@login_required
@GET_OR_POST
def write_reply_template(request):
    """New words, or others under a name that is there."""
    places = _places(request)
    name = request.GET.get("name", "").replace("\x00", "")
    old = ReplyTemplate.objects.filter(
        neighbourhood__in=places, retired_at=None, name=name
    ).first()
    first = (
        {"name": old.name, "text": old.text, "neighbourhood": old.neighbourhood_id} if old else {}
    )
    form = forms.TemplateForm(request.POST or None, places=places, initial=first)

    def write(by, neighbourhood=None, **values):
        return answers.write_reply_template(neighbourhood or places[0], **values, by=by)

    to = reverse("suggestions:reply_templates")
    return by_form(
        request,
        form,
        write,
        said=_("已保存"),
        to=to,
        page=partial(form_page, request, form, _("写答复模板"), _("保存"), back=to, notes=[]),
    )


@login_required
@require_POST
def retire_reply_template(request, pk):
    template = get_object_or_404(ReplyTemplate, pk=pk, neighbourhood__in=_places(request))
    to = reverse("suggestions:reply_templates")
    act = partial(answers.retire_reply_template, template)
    return by_button(request, act, said=_("已停用"), to=to)
