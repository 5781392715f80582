"""The public page that says whether a file is real (查验), without sign-in and without names."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from caoyang_portal.community.limits import allow
from caoyang_portal.errors import Refused
from caoyang_portal.htmx import part
from caoyang_portal.network import client_ip
from caoyang_portal.uploads.intake import read_capped
from households.forms.agreements import VerifyForm
from households.queries import verification

PAGE = "households/agreements/verify.html"
TRIES, PER_SECONDS = 60, 600
FILES = 12  # a whole file costs a second of work; a hash costs nothing


@require_http_methods(["GET", "POST"])
def verify(request):
    """A hash or a page's code in the address, or a file; it is looked at and not kept."""
    finding = None
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    asked = request.method == "POST" or "h" in request.GET or "v" in request.GET
    if asked and not allow(f"verify:{client_ip(request)}", TRIES, PER_SECONDS):
        return _page(request, form, None, _("查得太勤了，请过十分钟再试。"), 429)
    if "h" in request.GET:
        finding = verification.by_hash(request.GET["h"])
    elif "v" in request.GET:
        finding = verification.by_page(request.GET["v"])
    elif form.is_valid():
        if not form.cleaned_data["file"]:
            finding = verification.by_hash(form.cleaned_data["sha256"])
        elif not allow(f"verify-file:{client_ip(request)}", FILES, PER_SECONDS):
            return _page(request, form, None, _("查得太勤了，请过十分钟再试。"), 429)
        else:
            try:
                finding = verification.by_file(read_capped(form.cleaned_data["file"]))
            except Refused as refusal:
                form.add_error(None, str(refusal))
    return _page(request, form, finding, "", 422 if form.is_bound and not form.is_valid() else 200)


def _page(request, form, finding, trouble, status):
    page = {"form": form, "finding": finding, "trouble": trouble}
    return render(request, part(request, PAGE, "verdict"), page, status=status)
