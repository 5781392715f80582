"""What still keeps a poll from its next step (开始前的检查)."""

from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caoyang_portal.ledger.models import Entry
from consultation.models import Poll, RollJob, Secrecy

from .heads import OF_OWNERS
from .rolls import same_names

LEAST_SCRUTINEERS = 2


def blockers(poll: Poll, now: datetime) -> list[str]:
    """What keeps ``poll`` from its next step; empty when nothing does."""
    match poll.state:
        case Poll.State.DRAFT:
            return announcing(poll, now)
        case Poll.State.ANNOUNCED:
            return [*freezing(poll), *notice(poll)]
        case Poll.State.FROZEN:
            return opening(poll, now)
        case Poll.State.COUNTING:
            return counting(poll)
        case Poll.State.COUNTED:
            return publishing(poll, now)
    return []


def being_built(poll: Poll) -> list[str]:
    if poll.roll_jobs.filter(state__in=RollJob.OPEN).exists():
        return [_("名册正在生成，请稍等。")]
    return []


def announcing(poll: Poll, now: datetime) -> list[str]:
    found = being_built(poll)
    if not poll.questions.exists():
        found.append(_("还没有议项。"))
    if poll.kind.has_options:
        few = poll.questions.annotate(n=Count("options")).filter(n__lt=2)
        found += [_("第 %(n)s 题至少要有两个选项。") % {"n": q.number} for q in few]
    earliest = _day(now) + timedelta(days=poll.kind.notice_days)
    if _day(poll.opens_at) < earliest:
        said = {"days": poll.kind.notice_days, "day": date_format(earliest)}
        found.append(_("要提前 %(days)s 天公告，最早 %(day)s 开始。") % said)
    if poll.secrecy == Secrecy.SEALED and not poll.scrutineer_key:
        found.append(_("双信封表决还没有监票人的公钥。"))
    return found


def freezing(poll: Poll) -> list[str]:
    found = being_built(poll)
    heads = poll.roll.count()
    if not heads:
        found.append(_("还没有名册，没有名册谁也不能投票。"))
    if poll.kind.by_area:
        bare = poll.units.filter(area_cent=0).count()
        if bare:
            found.append(_("名册上有 %(n)s 处房屋没有面积。") % {"n": bare})
    if poll.kind.electorate in OF_OWNERS and poll.roll.filter(units=None).exists():
        found.append(_("名册上有业主没有房屋。"))
    waiting = poll.objections.filter(about="roll", upheld=None).count()
    if waiting:
        found.append(_("有 %(n)s 条名册异议没有答复。") % {"n": waiting})
    return found


def notice(poll: Poll) -> list[str]:
    if poll.announced_at is None:
        return [_("还没有公告。")]
    earliest = _day(poll.announced_at) + timedelta(days=poll.kind.notice_days)
    if _day(poll.opens_at) < earliest:
        said = {"days": poll.kind.notice_days, "day": date_format(earliest)}
        return [_("要提前 %(days)s 天公告，最早 %(day)s 开始。") % said]
    return []


def opening(poll: Poll, now: datetime) -> list[str]:
    found = notice(poll)
    if now < poll.opens_at:
        when = date_format(timezone.localtime(poll.opens_at), "DATETIME_FORMAT")
        found.append(_("还没到开始时间：%(when)s。") % {"when": when})
    if now >= poll.closes_at:
        found.append(_("截止时间已过，请另起一次表决。"))
    return found


def advice(poll: Poll) -> list[str]:
    """What a person should look at, though it keeps nothing from going on."""
    found = []
    if poll.kind.electorate in OF_OWNERS:
        names = same_names(poll)
        if names:
            found.append(_("名册上有同名的业主，请核对是不是同一人：") + "、".join(names[:20]))
    if poll.kind.by_area and poll.is_secret:
        found.append(_("按面积计票又无记名时，各选项的面积要由监票人见证。建议记名表决。"))
    return found


def counting(poll: Poll) -> list[str]:
    """What keeps a closed poll from being counted."""
    papers = poll.papers.aggregate(
        keyed=Count("pk", filter=Q(state="scanned")), differ=Count("pk", filter=Q(state="differs"))
    )
    found = []
    if papers["keyed"]:
        found.append(_("还有 %(n)s 张纸质票没有录完。") % {"n": papers["keyed"]})
    if papers["differ"]:
        found.append(_("还有 %(n)s 张纸质票两次录入不一致。") % {"n": papers["differ"]})
    stray = poll.stray_scans.filter(paper=None, dropped_reason="").count()
    if stray:
        found.append(_("还有 %(n)s 页扫描没有认出是哪张票。") % {"n": stray})
    if poll.inner_envelopes.filter(superseded=False).exclude(ciphertext=b"").exists():
        found.append(_("密封票还没有由监票人开启。"))
    return found


def publishing(poll: Poll, now: datetime) -> list[str]:
    """What keeps a counted poll from being published."""
    result = poll.result
    found = []
    if _day(now) <= result.objections_until:
        found.append(
            _("结果异议期到 %(day)s 为止。") % {"day": date_format(result.objections_until)}
        )
    waiting = poll.objections.filter(about="result", upheld=None).count()
    if waiting:
        found.append(_("有 %(n)s 条结果异议没有答复。") % {"n": waiting})
    if poll.objections.filter(about="result", upheld=True).exists():
        found.append(_("有结果异议成立，这次表决不能公布，请作废后重新表决。"))
    if result.notice_id is None:
        found.append(_("结果公告还在盖章，请稍等。"))
    return found


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def database_now() -> datetime:
    """This very moment by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def reminded_today(poll: Poll) -> bool:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    reminders = Entry.objects.of(poll.ledger_chain).filter(act="consultation.remind")
    return reminders.filter(at__gte=midnight).exists()


def what_follows(poll: Poll) -> list[str]:
    """What the result obliges somebody to do, a line for each thing."""
    if not poll.kind.follow_up:
        return []
    label = poll.kind.get_follow_up_display()
    found = []
    for question in poll.result.shown["questions"]:
        if question.get("passed"):
            found.append(f"{label}：{question['text']}")
        for option in question.get("elected", []):
            found.append(f"{label}：{question['options'][option]}")
    return found
