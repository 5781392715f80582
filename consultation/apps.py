from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    name = "consultation"
    verbose_name = "协商"

    def ready(self):
        from . import notices  # noqa: F401, PLC0415  app ready: subscribes to the ledger
