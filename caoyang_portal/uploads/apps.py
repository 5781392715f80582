from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "caoyang_portal.uploads"
    label = "uploads"
    verbose_name = "附件"
