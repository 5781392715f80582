"""Addresses by which suggestions are found and taken away: list, feed, files, interface, figures."""

from django.urls import path

from suggestions.views import figures, opening, saved_views, search

HERE = "suggestions/"
API = "api/v1/"

urlpatterns = [
    path(HERE, search.suggestion_list, name="suggestion_list"),
    path(f"{HERE}feed.atom", opening.suggestion_feed, name="suggestion_feed"),
    path(f"{HERE}open-data/", opening.open_data, name="open_data"),
    path(f"{HERE}open-data.csv", opening.open_data_csv, name="open_data_csv"),
    path(f"{HERE}open-data.json", opening.open_data_json, name="open_data_json"),
    path(f"{HERE}figures/", figures.suggestion_figures, name="suggestion_figures"),
    path(f"{HERE}figures.csv", figures.suggestion_figures_csv, name="suggestion_figures_csv"),
    path("desk-views/<slug:desk>/save/", saved_views.save_view, name="save_view"),
    path("desk-views/<uuid:pk>/drop/", saved_views.drop_view, name="drop_view"),
    path(f"{API}suggestions/", opening.api_suggestions, name="api_suggestions"),
    path(f"{API}suggestions/<uuid:pk>/", opening.api_suggestion, name="api_suggestion"),
    path(f"{API}openapi.json", opening.api_description, name="api_description"),
]
