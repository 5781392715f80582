from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = "居民与户"

    def ready(self):
        from . import notices  # noqa: F401, PLC0415  app ready: subscribes to the ledger
