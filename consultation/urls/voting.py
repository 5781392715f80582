"""Addresses: voting, results, and how anyone recounts them."""

urlpatterns: list = []
