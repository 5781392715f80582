"""What every page of the desk asks first, and the page of one form."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from caoyang_portal.authority import may

READERS = ("committee", "administrator", "street_official", "auditor")
GET_OR_POST = require_http_methods(["GET", "POST"])
FORM = "suggestions/desk_form.html"


def staff_only(request) -> None:
    if not request.user.holds(*READERS):
        raise Http404


def allowed(user, subject, *acts: str) -> dict[str, bool]:
    """Which acts get a button: each by its own rule."""
    return {act: may(user, f"suggestions.{act}", subject) for act in acts}


def form_page(request, form, heading: str, button: str, **context):
    """A page of one form; with its files, notes and the way ``back``."""
    context |= {
        "form": form,
        "heading": heading,
        "button": button,
        "has_file": form.is_multipart(),
    }
    return render(request, FORM, context)
