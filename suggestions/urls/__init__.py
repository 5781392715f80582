"""Addresses of the app, by noun."""

from . import campaigns, points

app_name = "suggestions"
urlpatterns = [
    *points.urlpatterns,
    *campaigns.urlpatterns,
]
