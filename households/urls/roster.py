"""Addresses: roster."""

from django.urls import path

from households.views import roster

urlpatterns = [
    path("imports/", roster.import_list, name="import_list"),
    path("imports/template.xlsx", roster.import_template, name="import_template"),
    path("imports/<uuid:pk>/", roster.import_detail, name="import_detail"),
    path("imports/<uuid:pk>/columns/", roster.choose_columns, name="choose_columns"),
    path("imports/<uuid:pk>/errors.xlsx", roster.import_errors, name="import_errors"),
    path("imports/<uuid:pk>/start/", roster.start_import, name="start_import"),
    path("imports/<uuid:pk>/undo/", roster.undo_import, name="undo_import"),
    path("imports/<uuid:pk>/discard/", roster.discard_batch, name="discard_batch"),
]
