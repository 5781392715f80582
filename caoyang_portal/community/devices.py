"""A browser in words its owner recognises (设备)."""

from django.utils.translation import gettext as _


def words_for(user_agent: str) -> str:
    """``Mozilla/5.0 (iPhone …) MicroMessenger/8`` -> ``苹果手机，微信``."""
    machines = [
        ("iPhone", _("苹果手机")),
        ("iPad", _("苹果平板")),
        ("HarmonyOS", _("鸿蒙手机")),
        ("Android", _("安卓手机")),
        ("Windows", _("Windows 电脑")),
        ("Macintosh", _("苹果电脑")),
        ("Linux", _("Linux 电脑")),
    ]
    machine = next((words for mark, words in machines if mark in user_agent), _("别的设备"))
    return f"{machine}，{_('微信')}" if "MicroMessenger" in user_agent else machine
