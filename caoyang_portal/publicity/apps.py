from django.apps import AppConfig


class PublicityConfig(AppConfig):
    name = "caoyang_portal.publicity"
    label = "publicity"
    verbose_name = "公示"

    def ready(self):
        from . import notices  # noqa: F401, PLC0415 app ready: subscribes to the ledger
