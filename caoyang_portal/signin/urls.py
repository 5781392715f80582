"""Addresses of signing in: of allauth's views those we want, under allauth's names (登录)."""

from allauth.account import views as account
from django.urls import include, path

from caoyang_portal.signin import views

urlpatterns = [
    path("login/code/", views.request_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_code, name="account_confirm_login_code"),
    path("login/", views.password, name="account_login"),
    path("logout/", views.sign_out, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.change_password, name="account_change_password"),
    # Accounts are opened by the committee, and a forgotten password is set anew by the administrator:
    # these two answer with that sentence.
    path("signup/", views.no_sign_up, name="account_signup"),
    path(
        "",
        include(
            (
                [
                    path("password-first/", views.password_first, name="password_first"),
                    path("go-on/", views.go_on, name="go_on"),
                ],
                "signin",
            )
        ),
    ),
    path("2fa/", include("allauth.mfa.urls")),
]
