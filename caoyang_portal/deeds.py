"""From a form to an act to an answer (办理): what a view that changes something does."""

from django.contrib import messages  # noqa: TID251 for views
from django.shortcuts import redirect  # noqa: TID251 for views

from caoyang_portal.errors import Refused, shown_on


def by_form(request, form, act, *, said, to, page):
    """Do ``act`` with what ``form`` holds and lead on ``to``; else ``page()`` comes back filled.

    The act is called with the form's values and ``by``. ``said`` and ``to`` may be functions of
    what it returned. A form that is wrong, or whose act is refused, makes the page a 422.
    """
    if form.is_valid():
        with shown_on(form):
            done = act(**form.cleaned_data, by=request.user)
            messages.success(request, said(done) if callable(said) else said)
            return redirect(to(done) if callable(to) else to)
    answer = page()
    answer.status_code = 422 if form.is_bound else 200
    return answer


def by_button(request, act, *, said, to):
    """The same for an act that needs no words: a refusal is said on the page one is led back ``to``."""
    try:
        done = act(by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said(done) if callable(said) else said)
    return redirect(to)
