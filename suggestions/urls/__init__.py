"""Addresses of the app, by noun."""

from . import points

app_name = "suggestions"
urlpatterns = [
    *points.urlpatterns,
]
