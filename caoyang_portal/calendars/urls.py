"""Addresses of the calendar."""

from django.urls import path

from . import views

app_name = "calendars"
urlpatterns = [
    path("calendar/", views.year, name="year"),
    path("calendar/set/", views.set_special_day, name="set_special_day"),
    path("calendar/remove/", views.remove_special_day, name="remove_special_day"),
    path("calendar/import/", views.import_special_days, name="import_special_days"),
]
