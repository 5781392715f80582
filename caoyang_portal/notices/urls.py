"""Addresses of messages."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("messages/", views.notice_list, name="notice_list"),
    path("messages/read/", views.read_notices, name="read_notices"),
    path("messages/preferences/", views.preferences, name="preferences"),
    path("notices/unsent/", views.sending_list, name="sending_list"),
    path("notices/unsent/<uuid:pk>/retry/", views.retry_sending, name="retry_sending"),
    path("demo/outbox/", views.demo_outbox, name="demo_outbox"),
]
