from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "caoyang_portal.calendars"
    label = "calendars"
    verbose_name = "工作日"
