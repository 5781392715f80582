"""The portal's addresses as they are with DEMO=1."""

from django.urls import include, path

from caoyang_portal.urls import urlpatterns as plain

urlpatterns = [*plain, path("demo/", include("caoyang_portal.signin.demo_urls"))]
