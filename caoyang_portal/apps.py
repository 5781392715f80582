from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "caoyang_portal"
    verbose_name = "曹杨社区门户"

    def ready(self):
        from caoyang_portal import checks  # noqa: F401, PLC0415 app ready
        from caoyang_portal.documents import checks as seal_checks  # noqa: F401, PLC0415 app ready
