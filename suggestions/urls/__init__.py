"""Addresses of the app, by noun."""

from . import campaigns, points, suggestions

app_name = "suggestions"
urlpatterns = [
    *points.urlpatterns,
    *suggestions.urlpatterns,
    *campaigns.urlpatterns,
]
