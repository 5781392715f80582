"""The demonstration's sign-in page; included with DEMO=1 only (演示)."""

from django.urls import path

from caoyang_portal.signin import views

app_name = "demo"
urlpatterns = [
    path("", views.demo_accounts, name="accounts"),
    path("<slug:key>/", views.enter_demo, name="enter"),
]
