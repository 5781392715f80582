"""Addresses of collection points."""

from django.urls import path

from suggestions.views import points as views

DESK = "points/desk/"
ONE = f"{DESK}<uuid:pk>/"

urlpatterns = [
    path("points/", views.point_list, name="point_list"),
    path(DESK, views.point_desk, name="point_desk"),
    path(f"{DESK}places/<uuid:pk>/add/", views.add_point, name="add_point"),
    path(ONE, views.desk_point, name="desk_point"),
    path(f"{ONE}edit/", views.edit_point, name="edit_point"),
    path(f"{ONE}hours/", views.set_point_hours, name="set_point_hours"),
    path(f"{ONE}close/", views.close_point, name="close_point"),
    path(f"{ONE}reopen/", views.reopen_point, name="reopen_point"),
    path(f"{ONE}poster/", views.point_poster, name="point_poster"),
    path("points/<uuid:pk>/", views.point, name="point"),
]
