"""Addresses of the app: voting is for residents and everyone, the desk for those who run a poll."""

from . import desk, voting

app_name = "consultation"
urlpatterns = [*voting.urlpatterns, *desk.urlpatterns]
