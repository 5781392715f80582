"""Addresses of the app, by noun."""

from . import agreements, board, files, plans, projects, roster, signing

app_name = "households"
urlpatterns = [
    *files.urlpatterns,
    *roster.urlpatterns,
    *projects.urlpatterns,
    *plans.urlpatterns,
    *agreements.urlpatterns,
    *signing.urlpatterns,
    *board.urlpatterns,
]
