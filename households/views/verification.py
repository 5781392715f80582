"""The public page that says whether a file is real (查验), without sign-in and without names."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from caoyang_portal.community.limits import allow
from caoyang_portal.htmx import part
from caoyang_portal.network import client_ip
from households.forms.agreements import HashForm, VerifyForm
from households.queries import verification

PAGE = "households/agreements/verify.html"
TRIES, PER_SECONDS = 60, 600
FILES = 12  # a whole file costs a second of work; a hash costs nothing


@require_http_methods(["GET", "POST"])
def verify(request):
    """A hash or a page's code in the address, or a file; it is looked at and not kept."""
    asked = request.method == "POST" or "h" in request.GET or "v" in request.GET
    if asked and not allow(f"verify:{client_ip(request)}", TRIES, PER_SECONDS):
        return _too_often(request)
    if "h" in request.GET:
        return _page(request, finding=verification.by_hash(request.GET["h"]))
    if "v" in request.GET:
        return _page(request, finding=verification.by_page(request.GET["v"]))
    if "sha256" in request.POST:
        given = HashForm(request.POST)
        sha256 = given.cleaned_data["sha256"] if given.is_valid() else ""
        return _page(request, finding=verification.by_hash(sha256))
    if request.method == "POST":
        return _look_into(request, VerifyForm(request.POST, request.FILES))
    return _page(request)


def _look_into(request, form):
    if not form.is_valid():
        return _page(request, form=form, status=422)
    if not allow(f"verify-file:{client_ip(request)}", FILES, PER_SECONDS):
        return _too_often(request)
    finding = verification.by_file(form.cleaned_data["file"].read())
    return _page(request, finding=finding)


def _too_often(request):
    return _page(request, trouble=_("查得太勤了，请过十分钟再试。"), status=429)


def _page(request, *, form=None, finding=None, trouble="", status=200):
    page = {"form": form or VerifyForm(), "finding": finding, "trouble": trouble}
    return render(request, part(request, PAGE, "verdict"), page, status=status)
