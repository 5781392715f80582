"""Addresses of the ledger."""

from datetime import date

from django.urls import path, register_converter

from . import views


class DayConverter:
    """``2026-11-22``; a day there is not is an address there is not."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value):
        return date.fromisoformat(value)

    def to_url(self, value):
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "ledger"
urlpatterns = [
    path("ledger/entries/", views.entry_list, name="entry_list"),
    path("ledger/dead-letters/", views.dead_letters, name="dead_letters"),
    path("ledger/dead-letters/<int:pk>/retry/", views.retry_delivery, name="retry_delivery"),
    path("checkpoints/", views.checkpoint_list, name="checkpoint_list"),
    path("checkpoints/<day:day>/page.pdf", views.checkpoint_page, name="checkpoint_page"),
    path("checkpoints/<day:day>/anchor.json", views.checkpoint_anchor, name="checkpoint_anchor"),
]
