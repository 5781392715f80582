"""Self-governance projects (自治项目): team, tasks, money with receipts, and what came of it."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from caoyang_portal.uploads.models import Attachment
from consultation.models import (
    BudgetLine,
    Expense,
    ProjectMember,
    ProjectPhoto,
    ProjectTask,
    Resolution,
    SelfGovernanceProject,
    Topic,
)

State = SelfGovernanceProject.State


@transaction.atomic
def enter_project(
    neighbourhood: Neighbourhood,
    *,
    kind: SelfGovernanceProject.Kind,
    name: str,
    aim: str,
    ends_on: date,
    topic: Topic | None = None,
    resolution: Resolution | None = None,
    by: User,
) -> SelfGovernanceProject:
    """Start preparing one (登记); it is public once it begins."""
    project = SelfGovernanceProject(
        neighbourhood=neighbourhood, kind=kind, name=name.strip(), aim=aim.strip(),
        ends_on=ends_on, topic=topic, resolution=resolution, entered_by=by,
    )  # fmt: skip
    require(by, "consultation.enter_project", project)
    if not (project.name and project.aim):
        raise Refused(_("请写明名称和要做什么"))
    if ends_on < timezone.localdate():
        raise Refused(_("做完的日期不能早于今天"))
    if any(one and one.neighbourhood_id != neighbourhood.pk for one in (topic, resolution)):
        raise Refused(_("议题和决议要是本居民区的"))
    if SelfGovernanceProject.objects.filter(
        neighbourhood=neighbourhood, name=project.name
    ).exists():
        raise Refused(_("已有同名的项目，请换一个名称"))
    project.save(force_insert=True)
    record("consultation.enter_project", project, by=by, kind=str(kind))
    return project


def locked_project(project: SelfGovernanceProject) -> SelfGovernanceProject:
    return (
        SelfGovernanceProject.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood")
        .get(pk=project.pk)
    )


def _refuse_ended(project: SelfGovernanceProject) -> None:
    if not project.is_live:
        raise Refused(_("这个项目%(now)s，不能再改") % {"now": project.get_state_display()})


@transaction.atomic
def begin_project(project: SelfGovernanceProject, *, by: User) -> SelfGovernanceProject:
    """It begins, or goes on after a stop (开始): with somebody who leads it and something to do."""
    project = locked_project(project)
    require(by, "consultation.begin_project", project)
    project.move_to(State.RUNNING)
    if not project.team.filter(role="leader", left_at=None).exists():
        raise Refused(_("还没有带头人"))
    if not project.tasks.exists():
        raise Refused(_("还没有任务"))
    project.begun_at = project.begun_at or timezone.now()
    project.ended_at, project.stop_reason = None, ""
    project.save(update_fields=["state", "begun_at", "ended_at", "stop_reason"])
    record("consultation.begin_project", project, by=by)
    return project


@transaction.atomic
def finish_project(
    project: SelfGovernanceProject, *, result: str, by: User
) -> SelfGovernanceProject:
    """It is done (完成): every task too, and what came of it is written down."""
    project = locked_project(project)
    require(by, "consultation.finish_project", project)
    project.move_to(State.FINISHED)
    if not result.strip():
        raise Refused(_("请写明做成了什么"))
    undone = project.tasks.filter(done_at=None).count()
    if undone:
        raise Refused(_("还有 %(n)s 个任务没有做完") % {"n": undone})
    project.result, project.ended_at = result.strip(), timezone.now()
    project.save(update_fields=["state", "result", "ended_at"])
    record("consultation.finish_project", project, by=by)
    return project


@transaction.atomic
def stop_project(
    project: SelfGovernanceProject, *, reason: str, by: User
) -> SelfGovernanceProject:
    """It stops (停止), with the reason; it may go on later."""
    project = locked_project(project)
    require(by, "consultation.stop_project", project)
    project.move_to(State.STOPPED)
    if not reason.strip():
        raise Refused(_("请写明为什么停"))
    project.stop_reason, project.ended_at = reason.strip()[:300], timezone.now()
    project.save(update_fields=["state", "stop_reason", "ended_at"])
    record("consultation.stop_project", project, by=by)
    return project


@transaction.atomic
def add_project_member(
    project: SelfGovernanceProject,
    *,
    name: str,
    role: ProjectMember.Role,
    user: User | None = None,
    by: User,
) -> ProjectMember:
    """Somebody joins the team (加入)."""
    project = locked_project(project)
    require(by, "consultation.add_project_member", project)
    _refuse_ended(project)
    if not name.strip():
        raise Refused(_("请写姓名"))
    here = project.team.filter(left_at=None)
    if here.filter(name=name.strip()).exists() or (user and here.filter(user=user).exists()):
        raise Refused(_("这位已经在队伍里"))
    member = ProjectMember.objects.create(
        neighbourhood_id=project.neighbourhood_id, project=project, name=name.strip(), role=role,
        user=user,
    )  # fmt: skip
    record("consultation.add_project_member", project, by=by, member=str(member.pk))
    return member


@transaction.atomic
def end_project_member(member: ProjectMember, *, by: User) -> ProjectMember:
    """Somebody leaves the team (退出); what they did stays."""
    project = locked_project(member.project)
    require(by, "consultation.end_project_member", project)
    member = project.team.get(pk=member.pk)
    _refuse_ended(project)
    if member.left_at:
        raise Refused(_("这位已经退出"))
    if member.tasks.filter(done_at=None).exists():
        raise Refused(_("这位还有任务没做完，请先交给别人"))
    member.left_at = timezone.now()
    member.save(update_fields=["left_at"])
    record("consultation.end_project_member", project, by=by, member=str(member.pk))
    return member


@transaction.atomic
def add_project_task(
    project: SelfGovernanceProject, *, text: str, owner: ProjectMember, due_on: date, by: User
) -> ProjectTask:
    """Something is to be done (任务): by whom, until when."""
    project = locked_project(project)
    require(by, "consultation.add_project_task", project)
    _refuse_ended(project)
    if not text.strip():
        raise Refused(_("请写明任务"))
    if owner.project_id != project.pk or owner.left_at:
        raise Refused(_("做这件事的人要在队伍里"))
    task = ProjectTask.objects.create(
        neighbourhood_id=project.neighbourhood_id, project=project, text=text.strip(),
        owner=owner, due_on=due_on,
    )  # fmt: skip
    record("consultation.add_project_task", project, by=by, task=str(task.pk))
    return task


@transaction.atomic
def finish_project_task(task: ProjectTask, *, note: str, by: User) -> ProjectTask:
    """A task is done (做完), and how."""
    project = locked_project(task.project)
    require(by, "consultation.finish_project_task", project)
    task = project.tasks.get(pk=task.pk)
    _refuse_ended(project)
    if task.done_at:
        raise Refused(_("这个任务已经做完"))
    if not note.strip():
        raise Refused(_("请写明怎么做的"))
    task.done_at, task.done_note = timezone.now(), note.strip()
    task.save(update_fields=["done_at", "done_note"])
    record("consultation.finish_project_task", project, by=by, task=str(task.pk))
    return task


@transaction.atomic
def set_budget_line(
    project: SelfGovernanceProject, *, text: str, source: str, planned_cents: int, by: User
) -> BudgetLine:
    """What may be spent on one thing (预算), anew or changed; never below what is spent."""
    project = locked_project(project)
    require(by, "consultation.set_budget_line", project)
    _refuse_ended(project)
    if not (text.strip() and source.strip()) or planned_cents <= 0:
        raise Refused(_("请写明用途、谁出钱和金额"))
    line = project.budget.filter(text=text.strip()).first()
    if line and planned_cents < spent_on(line):
        raise Refused(_("预算不能少于已经花掉的"))
    line, _new = BudgetLine.objects.update_or_create(
        project=project, text=text.strip(),
        defaults={
            "neighbourhood_id": project.neighbourhood_id, "source": source.strip(),
            "planned_cents": planned_cents,
        },
    )  # fmt: skip
    record("consultation.set_budget_line", project, by=by, line=str(line.pk), cents=planned_cents)
    return line


def spent_on(line: BudgetLine) -> int:
    return line.expenses.aggregate(cents=Sum("cents"))["cents"] or 0


@transaction.atomic
def add_expense(
    line: BudgetLine,
    *,
    text: str,
    cents: int,
    spent_day: date,
    receipt: Attachment,
    by: User,
) -> Expense:
    """Money was spent (支出), with its receipt; less than nothing takes a mistake back."""
    project = locked_project(line.project)
    require(by, "consultation.add_expense", project)
    line = project.budget.get(pk=line.pk)
    if project.state != State.RUNNING:
        raise Refused(_("进行中的项目才能登记支出"))
    if receipt.neighbourhood_id != project.neighbourhood_id:
        raise Refused(_("这张票据不属于本居民区"))
    if not text.strip() or cents == 0 or spent_day > timezone.localdate():
        raise Refused(_("请写明买了什么、金额和日期，日期不能晚于今天"))
    if not 0 <= spent_on(line) + cents <= line.planned_cents:
        raise Refused(_("超出预算，请先调整预算"))
    expense = Expense.objects.create(
        neighbourhood_id=project.neighbourhood_id, line=line, text=text.strip(), cents=cents,
        spent_on=spent_day, receipt=receipt, entered_by=by,
    )  # fmt: skip
    record("consultation.add_expense", project, by=by, line=str(line.pk), cents=cents)
    return expense


@transaction.atomic
def add_project_photo(
    project: SelfGovernanceProject,
    *,
    files: Sequence[Attachment],
    when: ProjectPhoto.When,
    caption: str,
    by: User,
) -> list[ProjectPhoto]:
    """Photos of before or now (照片), for everybody to see."""
    project = locked_project(project)
    require(by, "consultation.add_project_photo", project)
    if any(f.neighbourhood_id != project.neighbourhood_id or not f.is_picture for f in files):
        raise Refused(_("请传本居民区的照片"))
    added = [
        ProjectPhoto.objects.create(
            neighbourhood_id=project.neighbourhood_id, project=project, file=file, when=when,
            caption=caption.strip(), added_by=by,
        )
        for file in files
    ]  # fmt: skip
    record("consultation.add_project_photo", project, by=by, files=[f.sha256 for f in files])
    return added
