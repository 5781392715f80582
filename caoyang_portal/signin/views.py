"""allauth's views with our limits, and the demo's one-click sign-in (登录)."""

import time

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caoyang_portal.community import actions, limits
from caoyang_portal.community.codes import DEMO_CODE, GUESSES
from caoyang_portal.community.models import User
from caoyang_portal.demo import ACCOUNTS
from caoyang_portal.signin.adapter import TOO_MANY
from caoyang_portal.signin.forms import FirstPasswordForm
from caoyang_portal.signin.middleware import shown, time_left

ANSWER_AFTER = 0.1  # seconds; several times what either number takes


def request_code(request):
    """Phone number → SMS code (获取验证码). Answers no sooner for a number without an account."""
    ready = time.monotonic() + ANSWER_AFTER
    _begin_anew(request)
    answer = account.request_login_code(request)
    if request.method == "POST":
        time.sleep(max(0, ready - time.monotonic()))
    return answer


def confirm_code(request):
    """SMS code → signed in (输入验证码). Guesses are counted in the database, not in the session."""
    if request.method == "POST" and "code_attempt" in request.session:
        attempt = request.session["code_attempt"]
        if not limits.allow(f"login-code:{attempt}", GUESSES, 3600):
            messages.error(request, TOO_MANY)
            return redirect("account_request_login_code")
    return account.confirm_login_code(request)


def password(request):
    """Phone and password of an office holder (工作人员登录)."""
    _begin_anew(request)
    return account.login(request)


def _begin_anew(request) -> None:
    # allauth sends whoever has a code pending back to it, also from a mistyped number.
    if not request.user.is_authenticated:
        clear_login(request)
    if request.method == "POST":
        request.session["shared"] = request.POST.get("shared") == "on"


def sign_out(request):
    """Sign out (退出); the browser forgets what it kept of us."""
    response = account.logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_required
def change_password(request):
    """A new password (修改密码), for whoever has one; residents come in by SMS code."""
    if not request.user.has_usable_password():
        raise Http404
    return account.password_change(request)


@require_GET
def no_sign_up(request):
    """Who opens accounts (没有账号怎么办)."""
    return render(request, "account/no_sign_up.html")


@login_required
@require_http_methods(["GET", "POST"])
def password_first(request):
    """An office holder came in by SMS alone: the password and the second factor are still due.

    Who has no password yet, or none since a reset, sets it here; the code showed whose phone it is.
    """
    user, form = request.user, None
    if user.needs_second_factor and not user.has_usable_password() and "code" in shown(request):
        form = FirstPasswordForm(user, request.POST or None)
        if form.is_valid():
            actions.set_first_password(user, form.cleaned_data["password1"])
            update_session_auth_hash(request, user)
            record_authentication(request, user, "password")
            return redirect("mfa_index")
    status = 422 if form and form.is_bound else 200
    return render(request, "account/password_first.html", {"form": form}, status=status)


@require_GET
def go_on(request):
    """A sign of life from a page that stands open (继续办理): how long it is good for, and its token."""
    if not request.user.is_authenticated:
        return JsonResponse({"left": 0}, status=401)
    return JsonResponse({"left": time_left(request), "token": get_token(request)})


@require_GET
def demo_accounts(request):
    """The people of the demonstration, one click away each (演示账号)."""
    return render(request, "community/demo.html", {"accounts": ACCOUNTS, "code": DEMO_CODE})


@require_POST
def enter_demo(request, key):
    """Sign in as one of them, second factor included; exists with DEMO=1 only."""
    account_of = {entry.key: entry for entry in ACCOUNTS}
    if key not in account_of:
        raise Http404
    user = User.objects.by_phone(account_of[key].phone)
    if user is None:
        messages.error(request, _("演示数据还没有装好，请稍等一会儿。"))
        return redirect("demo:accounts")
    if request.user.is_authenticated:
        get_adapter().logout(request)
    record_authentication(request, user, "password")
    record_authentication(request, user, "mfa", type="demo")
    get_adapter().login(request, user)
    UserSession.objects.create_from_request(request)
    return redirect("/")
