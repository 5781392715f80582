"""The desk of publicities (公示办理): drafts, days, objections, the certificate."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.authority import may, require
from caoyang_portal.community.models import Neighbourhood
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.publicity import actions, forms, queries
from caoyang_portal.publicity.models import (
    READERS,
    Publicity,
    PublicityFile,
    PublicityObjection,
)
from caoyang_portal.uploads import intake

GET_OR_POST = require_http_methods(["GET", "POST"])
PER_PAGE = 20
FIRST = {
    "days": 10,
    "opinion_days": 0,
    "answer_days": 7,
    "counted_in": Publicity.CountedIn.CALENDAR,
}
ACTS = (
    "edit_publicity", "post_publicity", "extend_publicity", "publish_again", "withdraw_publicity",
    "take_down_publicity", "order_certificate", "add_posting_place", "enter_objection",
    "see_objectors",
)  # fmt: skip


@login_required
@require_GET
def desk(request):
    """Every publicity of one's places, with its days and what waits for an answer."""
    if not request.user.holds(*READERS):
        raise Http404
    found = Publicity.objects.visible_to(request.user).select_related("neighbourhood")
    state = request.GET.get("state", "")
    if state in Publicity.State.values:
        found = found.filter(state=state)
    page = Paginator(found.order_by("-drafted_at", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    today = timezone.localdate()
    owed = {}
    for objection in PublicityObjection.objects.waiting().filter(publicity__in=list(page)):
        owed.setdefault(objection.publicity_id, []).append(objection.is_late(today))
    context = {
        "page": page,
        "rows": [(one, one.days_left(today), owed.get(one.pk, [])) for one in page],
        "states": Publicity.State.choices,
        "state": state,
        "may_draft": request.user.holds("committee"),
    }
    return render(request, "publicity/desk/list.html", context)


def here(request, pk) -> Publicity:
    """The publicity, for those who work in its place."""
    found = Publicity.objects.visible_to(request.user).select_related(
        "neighbourhood", "drafted_by", "follows", "certificate"
    )
    return get_object_or_404(found, pk=pk)


def home(publicity) -> str:
    return reverse("publicity:desk_publicity", args=[publicity.pk])


def form_page(request, publicity, form, heading, button, **context):
    """A page of one form, with its notes and the way back."""
    context |= {"publicity": publicity, "form": form, "heading": heading, "button": button}
    context["has_file"] = form.is_multipart()
    context.setdefault("back", home(publicity) if publicity else reverse("publicity:desk"))
    return render(request, "publicity/desk/form.html", context)


@login_required
@GET_OR_POST
def draft_publicity(request):
    places = Neighbourhood.objects.filter(pk__in=request.user.places("committee"))
    if not places:
        raise Http404
    form = forms.DraftForm(request.POST or None, initial=FIRST, neighbourhoods=places)
    return by_form(
        request,
        form,
        actions.draft_publicity,
        said=_("草稿已建立，请登记张贴点，再发布"),
        to=home,
        page=partial(form_page, request, None, form, _("起草公示"), _("建立草稿")),
    )


@login_required
@require_GET
def desk_publicity(request, pk):
    """Where it stands, what its places prove, what was said, and every way on."""
    publicity = here(request, pk)
    today = timezone.localdate()
    names = may(request.user, "publicity.see_objectors", publicity)
    objections = publicity.objections.select_related("raised_by", "entered_by", "answered_by")
    page = Paginator(objections.prefetch_related("files__file"), 50).get_page(
        request.GET.get("page")
    )
    is_draft = publicity.state == Publicity.State.DRAFT
    context = {
        "publicity": publicity,
        "files": publicity.files.select_related("file"),
        "missing": queries.posting(publicity) if is_draft else [],
        "unproved": queries.unproved(publicity) if publicity.posted_at else [],
        "proofs": queries.proofs(publicity),
        "extensions": publicity.extensions.select_related("by"),
        "register": queries.register(publicity, today),
        "page": page,
        "rows": [
            (one, one.is_late(today), may(request.user, "publicity.answer_objection", one))
            for one in page
        ],
        "names": names,
        "days_left": publicity.days_left(today),
        "can": {act: may(request.user, f"publicity.{act}", publicity) for act in ACTS},
        "followed": Publicity.objects.filter(follows=publicity).first(),
        "back": reverse("publicity:desk"),
    }
    return render(request, "publicity/desk/page.html", context)


@login_required
@GET_OR_POST
def edit_publicity(request, pk):
    publicity = here(request, pk)
    require(request.user, "publicity.edit_publicity", publicity)
    initial = {name: getattr(publicity, name) for name in forms.PublicityForm.base_fields}
    form = forms.PublicityForm(request.POST or None, initial=initial)

    def edit(by, **changes):
        return actions.edit_publicity(publicity, changes=changes, by=by)

    return by_form(
        request, form, edit, said=_("已保存"), to=home(publicity),
        page=partial(form_page, request, publicity, form, _("修改公示"), _("保存")),
    )  # fmt: skip


@login_required
@GET_OR_POST
def add_publicity_file(request, pk):
    publicity = here(request, pk)
    require(request.user, "publicity.add_publicity_file", publicity)
    form = forms.FileForm(request.POST or None, request.FILES or None)

    def add(name, file, by):
        kept = intake.take_in(file, neighbourhood_id=publicity.neighbourhood_id, by=by)
        return actions.add_publicity_file(publicity, name=name, file=kept, by=by)

    return by_form(
        request, form, add, said=_("附件已添加"), to=home(publicity),
        page=partial(form_page, request, publicity, form, _("添加公示附件"), _("添加")),
    )  # fmt: skip


@login_required
@require_POST
def remove_publicity_file(request, pk):
    files = PublicityFile.objects.filter(
        publicity__in=Publicity.objects.visible_to(request.user)
    ).select_related("publicity", "file")
    file = get_object_or_404(files, pk=pk)
    act = partial(actions.remove_publicity_file, file)
    return by_button(request, act, said=_("附件已去掉"), to=home(file.publicity))


@login_required
@require_POST
def post_publicity(request, pk):
    publicity = here(request, pk)
    act = partial(actions.post_publicity, publicity)
    return by_button(request, act, said=_("公示已发布，请打印张贴并拍照"), to=home(publicity))


@login_required
@GET_OR_POST
def extend_publicity(request, pk):
    publicity = here(request, pk)
    require(request.user, "publicity.extend_publicity", publicity)
    form = forms.MoreDaysForm(request.POST or None, initial={"days": publicity.days})
    return by_form(
        request, form, partial(actions.extend_publicity, publicity), said=_("公示已延长"),
        to=home(publicity),
        page=partial(form_page, request, publicity, form, _("延长公示"), _("延长")),
    )  # fmt: skip


@login_required
@GET_OR_POST
def publish_again(request, pk):
    publicity = here(request, pk)
    require(request.user, "publicity.publish_again", publicity)
    form = forms.MoreDaysForm(request.POST or None, initial={"days": publicity.days})
    notes = [_("内容改了要再公示一次。原来的公示、异议和答复都保留。")]
    return by_form(
        request, form, partial(actions.publish_again, publicity),
        said=_("新的草稿已建立，请改好再发布"), to=home,
        page=partial(
            form_page, request, publicity, form, _("再次公示"), _("建立草稿"), notes=notes
        ),
    )  # fmt: skip


@login_required
@GET_OR_POST
def withdraw_publicity(request, pk):
    publicity = here(request, pk)
    require(request.user, "publicity.withdraw_publicity", publicity)
    form = forms.WithdrawForm(request.POST or None)

    def withdraw(reason, by, **_sure):
        return actions.withdraw_publicity(publicity, reason=reason, by=by)

    return by_form(
        request, form, withdraw, said=_("公示已撤回"), to=home(publicity),
        page=partial(
            form_page, request, publicity, form, _("撤回公示"), _("撤回"), danger=True
        ),
    )  # fmt: skip


@login_required
@require_POST
def take_down_publicity(request, pk):
    publicity = here(request, pk)
    require(request.user, "publicity.take_down_publicity", publicity)
    act = partial(actions.take_down_publicity, publicity)
    return by_button(request, act, said=_("公示已撤下，记录都保留"), to=home(publicity))


@login_required
@require_POST
def order_certificate(request, pk):
    publicity = here(request, pk)
    act = partial(actions.order_certificate, publicity)
    return by_button(request, act, said=_("正在出具，几分钟后可以下载"), to=home(publicity))


@login_required
@GET_OR_POST
def enter_objection(request, pk):
    publicity = here(request, pk)
    require(request.user, "publicity.enter_objection", publicity)
    form = forms.EnterObjectionForm(
        request.POST or None, request.FILES or None, initial={"raised_on": timezone.localdate()}
    )

    def enter(files, by, **values):
        place = publicity.neighbourhood_id
        kept = [intake.take_in(f, neighbourhood_id=place, by=by, conceal=True) for f in files]
        return actions.enter_objection(publicity, **values, files=kept, by=by)

    return by_form(
        request, form, enter, said=_("异议已登记"), to=home(publicity),
        page=partial(form_page, request, publicity, form, _("代录公示异议"), _("登记")),
    )  # fmt: skip


def _objection(request, pk) -> PublicityObjection:
    found = PublicityObjection.objects.filter(
        publicity__in=Publicity.objects.visible_to(request.user)
    )
    return get_object_or_404(found.select_related("publicity", "raised_by"), pk=pk)


@login_required
@GET_OR_POST
def answer_objection(request, pk):
    objection = _objection(request, pk)
    require(request.user, "publicity.answer_objection", objection)
    form = forms.AnswerForm(request.POST or None)
    page = partial(
        form_page, request, objection.publicity, form, _("答复异议"), _("答复"),
        notes=[objection.text],
    )  # fmt: skip
    act = partial(actions.answer_objection, objection)
    return by_form(request, form, act, said=_("已答复"), to=home(objection.publicity), page=page)


@login_required
@GET_OR_POST
def hide_objection(request, pk):
    objection = _objection(request, pk)
    require(request.user, "publicity.hide_objection", objection)
    form = forms.WhyForm(request.POST or None)
    notes = [objection.text, _("隐去以后，公开的登记里只有编号、答复和这里写的原因。")]
    page = partial(
        form_page, request, objection.publicity, form, _("隐去异议正文"), _("隐去"), notes=notes
    )
    act = partial(actions.hide_objection, objection)
    return by_form(request, form, act, said=_("已隐去"), to=home(objection.publicity), page=page)
