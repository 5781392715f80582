"""Addresses: projects."""

from django.urls import path

from households.views import plan_publicity, projects

urlpatterns = [
    path("projects/", projects.project_list, name="project_list"),
    path("projects/start/", projects.start_project, name="start_project"),
    path("projects/<uuid:pk>/", projects.project_detail, name="project_detail"),
    path("projects/<uuid:pk>/plan-parts/", projects.write_plan_parts, name="write_plan_parts"),
    path("projects/<uuid:pk>/publicise/", plan_publicity.publicise_plan, name="publicise_plan"),
    path("projects/<uuid:pk>/record/", projects.record_stage, name="record_stage"),
    path("projects/<uuid:pk>/advance/", projects.advance_project, name="advance_project"),
    path("projects/<uuid:pk>/freeze/", projects.freeze_roster, name="freeze_roster"),
    path("projects/<uuid:pk>/terms/", projects.set_signing_terms, name="set_signing_terms"),
    path("projects/<uuid:pk>/allowances/", projects.set_allowance_rule, name="set_allowance_rule"),
    path(
        "projects/<uuid:pk>/allowances/compute/",
        projects.compute_allowances,
        name="compute_allowances",
    ),
    path(
        "projects/<uuid:pk>/records/<uuid:record>/document/",
        projects.stage_document,
        name="stage_document",
    ),
]
