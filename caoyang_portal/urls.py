"""Every address of the portal."""

from django.conf import settings
from django.urls import include, path

from caoyang_portal import breaches, health
from caoyang_portal.middleware import REPORTS

urlpatterns = [
    path("", include("caoyang_portal.calendars.urls")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path(REPORTS.lstrip("/"), breaches.csp_report, name="csp_report"),
    path("", include("caoyang_portal.community.urls")),
    path("", include("households.urls")),
    path("", include("consultation.urls")),
    path("", include("suggestions.urls")),
    path("", include("caoyang_portal.referrals.urls")),
    path("accounts/", include("caoyang_portal.signin.urls")),
    path("", include("caoyang_portal.publicity.urls")),
    path("", include("caoyang_portal.notices.urls")),
    path("", include("caoyang_portal.ledger.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("caoyang_portal.signin.demo_urls")))
