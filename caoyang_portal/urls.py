"""Every address of the portal."""

from django.urls import include, path

urlpatterns = [
    path("", include("caoyang_portal.community.urls")),
    path("accounts/", include("allauth.urls")),
]
