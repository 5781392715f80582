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
    path("people/", views.person_list, name="person_list"),
    path("people/appoint/", views.appoint, name="appoint"),
    path("people/<uuid:pk>/", views.person_detail, name="person_detail"),
    path("people/<uuid:pk>/disable/", views.disable_account, name="disable_account"),
    path("people/<uuid:pk>/enable/", views.enable_account, name="enable_account"),
    path("people/<uuid:pk>/reset/", views.reset_second_factor, name="reset_second_factor"),
    path("people/postings/<uuid:pk>/end/", views.end_posting, name="end_posting"),
    path("unknown-callers/", views.unknown_callers, name="unknown_callers"),
]
