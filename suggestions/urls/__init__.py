"""Addresses of the app, by noun."""

from . import campaigns, claims, drafts, keepsakes, mailboxes, points, search, suggestions

app_name = "suggestions"
urlpatterns = [
    *points.urlpatterns,
    *mailboxes.urlpatterns,
    *keepsakes.urlpatterns,
    *search.urlpatterns,
    *suggestions.urlpatterns,
    *claims.urlpatterns,
    *drafts.urlpatterns,
    *campaigns.urlpatterns,
]
