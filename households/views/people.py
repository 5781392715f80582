"""The people of a household and what staff note about them: members, visits, contacts, care."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from caoyang_portal.authority import require
from caoyang_portal.deeds import by_button, by_form
from caoyang_portal.errors import Refused, shown_on
from households.actions import members, visits
from households.actions.locking import Changed
from households.forms.files import CareTagForm, ContactForm, EndingForm, MemberForm, VisitForm
from households.models import CareTag, Contact, Member

from .files import EDIT, detail_context, fact_text, file_of, form_page, visible_household


def _member(household, pk) -> Member:
    return get_object_or_404(Member.objects.filter(household=household), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def add_member(request, pk):
    """Enter a person of the household."""
    household = visible_household(request, pk)
    require(request.user, "households.add_member", household)
    form = MemberForm(request.POST or None, household=household)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            members.add_member(
                household,
                version=form.cleaned_data["version"],
                values=form.values,
                by=request.user,
            )
            messages.success(request, _("成员已登记"))
            return redirect("households:household_detail", pk)
    return form_page(request, household, form, _("登记成员"), _("登记成员"))


@login_required
@require_http_methods(["GET", "POST"])
def edit_member(request, pk, member_pk):
    """Correct what is on file about a person."""
    household = visible_household(request, pk)
    require(request.user, "households.edit_member", household)
    member = _member(household, member_pk)
    form = MemberForm(request.POST or None, instance=member, household=household)
    if request.method == "POST" and form.is_valid():
        try:
            members.edit_member(
                member, version=form.cleaned_data["version"], values=form.values, by=request.user
            )
        except Changed as change:
            return _member_conflict(request, household, member, form, change)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("成员信息已修改"))
            return redirect("households:household_detail", pk)
    return form_page(request, household, form, _("修改成员"), _("保存成员"), member=member)


def _member_conflict(request, household, member, form, change):
    """Both values; numbers masked, for the reason to see them was not asked."""
    data = form.data.copy()
    data["version"] = str(change.version)
    form.data = data
    differing = []
    for name, (now, given) in change.differing.items():
        secret = name in ("phone", "id_number")
        differing.append(
            {
                "label": member._meta.get_field(name).verbose_name,
                "now": _("（不显示）") if secret else fact_text(member, name, now),
                "given": _("（不显示）") if secret else fact_text(member, name, given),
            }
        )
    context = {"household": household, "form": form, "differing": differing}
    return render(request, EDIT, context, status=409)


@login_required
@require_http_methods(["GET", "POST"])
def end_membership(request, pk, member_pk):
    """A person is no longer of the household."""
    household = visible_household(request, pk)
    require(request.user, "households.end_membership", household)
    member = _member(household, member_pk)
    form = EndingForm(request.POST or None)
    heading = _("%(who)s迁出") % {"who": member.name}
    return by_form(
        request,
        form,
        partial(members.end_membership, member),
        said=_("已登记迁出"),
        to=file_of(household),
        page=partial(form_page, request, household, form, heading, _("登记迁出")),
    )


@login_required
@require_http_methods(["GET", "POST"])
def record_death(request, pk, member_pk):
    """A member has died; asked on a page of its own, for it cannot be taken back here."""
    household = visible_household(request, pk)
    require(request.user, "households.record_death", household)
    member = _member(household, member_pk)
    if request.method == "POST":
        die = partial(members.record_death, member)
        return by_button(request, die, said=_("已登记"), to=file_of(household))
    context = {"household": household, "member": member}
    return render(request, "households/files/death.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add_visit(request, pk):
    """Note a visit: from the file's own page, or on a small page for the phone."""
    household = visible_household(request, pk)
    require(request.user, "households.add_visit", household)
    form = VisitForm(request.POST or None, auto_id="visit_%s")
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            visits.add_visit(household, **form.cleaned_data, by=request.user)
            if request.htmx:
                context = detail_context(request, household) | {"just_noted": True}
                return render(request, "households/files/detail.html#visits", context)
            messages.success(request, _("已记下"))
            return redirect("households:household_detail", pk)
    return form_page(request, household, form, _("记一次联系"), _("记下来"), chips=True)


@login_required
@require_http_methods(["GET", "POST"])
def add_contact(request, pk):
    """Note whom to call."""
    household = visible_household(request, pk)
    require(request.user, "households.add_contact", household)
    form = ContactForm(request.POST or None)
    return by_form(
        request,
        form,
        partial(visits.add_contact, household),
        said=_("联系人已登记"),
        to=file_of(household),
        page=partial(form_page, request, household, form, _("登记联系人"), _("登记联系人")),
    )


@login_required
@require_POST
def remove_contact(request, pk, contact_pk):
    """Stop calling this person."""
    household = visible_household(request, pk)
    contact = get_object_or_404(Contact.objects.filter(household=household), pk=contact_pk)
    return by_button(
        request,
        partial(visits.remove_contact, contact),
        said=_("联系人已移除"),
        to=file_of(household),
    )


@login_required
@require_http_methods(["GET", "POST"])
def add_care_tag(request, pk):
    """Note a difficulty of the household."""
    household = visible_household(request, pk)
    require(request.user, "households.add_care_tag", household)
    form = CareTagForm(request.POST or None)
    return by_form(
        request,
        form,
        partial(visits.add_care_tag, household),
        said=_("关爱标签已添加"),
        to=file_of(household),
        page=partial(form_page, request, household, form, _("添加关爱标签"), _("添加标签")),
    )


@login_required
@require_POST
def remove_care_tag(request, pk, tag_pk):
    """The difficulty is over."""
    household = visible_household(request, pk)
    tag = get_object_or_404(CareTag.objects.filter(household=household), pk=tag_pk)
    return by_button(
        request,
        partial(visits.remove_care_tag, tag),
        said=_("关爱标签已移除"),
        to=file_of(household),
    )
