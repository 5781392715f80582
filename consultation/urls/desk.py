"""Addresses: preparing, running and counting a poll."""

urlpatterns: list = []
