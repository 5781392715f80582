"""Addresses of the app, by noun."""

from . import campaigns, claims, drafts, mailboxes, points, search, suggestions

app_name = "suggestions"
urlpatterns = [
    *points.urlpatterns,
    *mailboxes.urlpatterns,
    *search.urlpatterns,
    *suggestions.urlpatterns,
    *claims.urlpatterns,
    *drafts.urlpatterns,
    *campaigns.urlpatterns,
]
