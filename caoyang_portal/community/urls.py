"""Addresses of the portal's front door (社区)."""

from django.urls import path

from caoyang_portal.community import views

app_name = "community"
urlpatterns = [
    path("", views.start, name="start"),
    path("elder/", views.elder, name="elder"),
    path("language/", views.language, name="language"),
    path("me/", views.me, name="me"),
    path("me/sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("unknown-callers/", views.unknown_callers, name="unknown_callers"),
]
