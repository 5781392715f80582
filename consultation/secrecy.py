"""What each level of secrecy promises, and what it does not (公开方式的说明): on notice, ballot and page."""

from django.utils.translation import gettext_lazy as _

from consultation.models import Secrecy

PROMISES = {
    Secrecy.OPEN: (
        _("记名：同一名册上的人能看到每一票怎么投的，谁都能重新算一遍。"),
        _("不保密：您怎么投，同一名册上的人看得到。"),
    ),
    Secrecy.SEPARATED: (
        _("无记名：谁投了票和投了什么分开存放，不记时间，不记先后。"),
        _("不能防：表决进行时，管理电脑的人有可能对上；也不能防有人逼您出示回执。"),
    ),
    Secrecy.SEALED: (
        _("双信封：票用监票人的锁封好，截止前谁也打不开，截止后先去掉姓名再开。"),
        _("不能防：投票那一瞬间网站看得到您的选择；也不能防有人逼您出示回执。"),
    ),
}


def promise(secrecy: str) -> tuple[str, str]:
    """What is promised, and what is not."""
    kept, not_kept = PROMISES[Secrecy(secrecy)]
    return str(kept), str(not_kept)
