from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "caoyang_portal.calendars"
    label = "calendars"
    verbose_name = "工作日"

    def ready(self):
        from . import checks  # noqa: F401, PLC0415 checks register when the models are there
