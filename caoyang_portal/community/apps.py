from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "caoyang_portal.community"
    label = "community"
    verbose_name = "社区"
