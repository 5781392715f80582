"""Addresses of the floors under a signature and under a vote."""

from tests.bench import minimal, minimal_votes

urlpatterns = [*minimal.urlpatterns, *minimal_votes.urlpatterns]
