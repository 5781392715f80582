"""Addresses of self-governance projects."""

from django.urls import path

from consultation.views import self_governance as views

ONE = "self-governance/<uuid:pk>/"  # /projects/ are the renovations

urlpatterns = [
    path("self-governance/", views.project_list, name="project_list"),
    path("self-governance/places/<uuid:pk>/enter/", views.enter_project, name="enter_project"),
    path(ONE, views.project, name="project"),
    path(f"{ONE}begin/", views.begin_project, name="begin_project"),
    path(f"{ONE}finish/", views.finish_project, name="finish_project"),
    path(f"{ONE}stop/", views.stop_project, name="stop_project"),
    path(f"{ONE}team/add/", views.add_project_member, name="add_project_member"),
    path(
        "self-governance/team/<uuid:pk>/end/", views.end_project_member, name="end_project_member"
    ),
    path(f"{ONE}tasks/add/", views.add_project_task, name="add_project_task"),
    path(
        "self-governance/tasks/<uuid:pk>/done/",
        views.finish_project_task,
        name="finish_project_task",
    ),
    path(f"{ONE}budget/", views.set_budget_line, name="set_budget_line"),
    path(f"{ONE}expenses/", views.add_expense, name="add_expense"),
    path("self-governance/receipts/<uuid:pk>/", views.project_receipt, name="project_receipt"),
    path(f"{ONE}photos/", views.add_project_photo, name="add_project_photo"),
    path("self-governance/photos/<uuid:pk>/", views.project_photo, name="project_photo"),
]
