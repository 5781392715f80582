"""Issues are raised, sorted, merged and taken apart again (问题); nothing is deleted."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from caoyang_portal.authority import require
from caoyang_portal.community.models import Neighbourhood, User
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import record
from consultation.models import (
    Congress,
    CongressIssue,
    FaceToFace,
    Matter,
    MergedIssue,
    MergeRecord,
    Resolution,
)
from consultation.queries.congress import is_last_of_its_issues

from .congress import locked_congress, refuse_other_streets, refuse_unless_in
from .resolutions import enter_resolution

State, Source = CongressIssue.State, CongressIssue.Source
MOST_OF_ONE = 10  # issues of one resident in one congress


@transaction.atomic
def put_in_issue(
    congress: Congress, *, neighbourhood: Neighbourhood, text: str, category: Matter, by: User
) -> CongressIssue:
    """Say as a resident what should be done (提出问题); the office sorts it before it is shown."""
    congress = locked_congress(congress)
    issue = _issue(congress, neighbourhood, text, category, Source.RESIDENT)
    issue.raised_by = by
    require(by, "consultation.put_in_issue", issue)
    refuse_unless_in(congress, Congress.State.GATHERING)
    mine = congress.issues.filter(raised_by=by)
    if mine.filter(text=issue.text).exists():
        raise Refused(_("这个问题您已经提过，我们收到了"))
    if mine.count() >= MOST_OF_ONE:
        raise Refused(_("每人最多提 %(n)s 个问题，谢谢您") % {"n": MOST_OF_ONE})
    issue.save(force_insert=True)
    record("consultation.put_in_issue", issue, by=by, number=issue.number)
    return issue


@transaction.atomic
def gather_issue(
    congress: Congress,
    *,
    neighbourhood: Neighbourhood,
    text: str,
    category: Matter,
    source: CongressIssue.Source,
    hearing: FaceToFace | None = None,
    by: User,
) -> CongressIssue:
    """Enter what was said at a hearing, lay in a box or was found by the committee (收录问题)."""
    congress = locked_congress(congress)
    issue = _issue(congress, neighbourhood, text, category, source)
    issue.hearing, issue.entered_by = hearing, by
    require(by, "consultation.gather_issue", issue)
    refuse_unless_in(congress, Congress.State.GATHERING)
    if (source == Source.FACE_TO_FACE) != (hearing is not None):
        raise Refused(_("面对面提出的问题要选是哪一场，别的来源不用选"))
    if hearing and (hearing.congress_id, hearing.neighbourhood_id) != (
        congress.pk, neighbourhood.pk,
    ):  # fmt: skip
        raise Refused(_("这一场面对面不在这个居民区"))
    issue.save(force_insert=True)
    record("consultation.gather_issue", issue, by=by, number=issue.number, source=source)
    return issue


def _issue(
    congress: Congress,
    area: Neighbourhood,
    text: str,
    category: Matter,
    source: CongressIssue.Source,
) -> CongressIssue:
    refuse_other_streets(congress, area)
    if not text.strip():
        raise Refused(_("请写一写是什么问题"))
    last = congress.issues.aggregate(last=Max("number"))["last"] or 0
    return CongressIssue(
        neighbourhood=area, congress=congress, number=last + 1, text=text.strip(),
        category=category, source=source,
    )  # fmt: skip


@transaction.atomic
def sort_issue(
    issue: CongressIssue, *, state: CongressIssue.State, category: Matter, note: str = "", by: User
) -> CongressIssue:
    """List an issue for everybody, or keep a personal request beside with who sees to it (整理)."""
    congress = locked_congress(issue.congress)
    issue = CongressIssue.objects.select_for_update().get(pk=issue.pk)
    require(by, "consultation.sort_issue", issue)
    refuse_unless_in(congress, Congress.State.GATHERING)
    if state not in (State.LISTED, State.PERSONAL):
        raise Refused(_("请选列出，或作为个性诉求"))
    if state == State.PERSONAL and not note.strip():
        raise Refused(_("请写明这个诉求由谁去办"))
    if state != issue.state:
        issue.move_to(state)
    issue.category = category
    if note.strip():
        issue.became, issue.became_on = note.strip(), timezone.localdate()
    issue.save(update_fields=["state", "category", "became", "became_on"])
    record("consultation.sort_issue", issue, by=by, number=issue.number, state=state)
    return issue


@transaction.atomic
def merge_issues(
    congress: Congress,
    *,
    issues: Sequence[CongressIssue],
    target: CongressIssue,
    text: str = "",
    by: User,
) -> MergeRecord:
    """Put issues together into one of them (合并), perhaps in new words; each stays and is restored by undoing."""
    congress = locked_congress(congress)
    require(by, "consultation.merge_issues", congress)
    refuse_unless_in(congress, Congress.State.GATHERING)
    chosen = {issue.pk for issue in issues} | {target.pk}
    found = congress.issues.select_for_update().in_bulk(chosen)
    if len(found) != len(chosen) or len(chosen) < 2:
        raise Refused(_("请至少勾选两个问题"))
    target = found.pop(target.pk)
    if target.state not in (State.RAISED, State.LISTED):
        raise Refused(_("只能合并到待整理或已列出的问题"))
    words = text.strip() or target.text
    merge = MergeRecord.objects.create(
        neighbourhood_id=congress.neighbourhood_id, congress=congress, target=target,
        text_before=target.text, text_after=words, made_by=by,
    )  # fmt: skip
    for issue in found.values():
        before = issue.state
        issue.move_to(State.MERGED)
        issue.merged_into = target
        issue.save(update_fields=["state", "merged_into"])
        MergedIssue.objects.create(
            neighbourhood_id=issue.neighbourhood_id, record=merge, issue=issue, state_before=before
        )
    target.text = words
    target.save(update_fields=["text"])
    record("consultation.merge_issues", merge, by=by, into=target.number, issues=len(found))
    return merge


@transaction.atomic
def undo_merge(merge: MergeRecord, *, by: User) -> MergeRecord:
    """Take a merging back (撤销合并): every issue is again exactly what it was."""
    congress = locked_congress(merge.congress)
    merge = MergeRecord.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    require(by, "consultation.undo_merge", merge)
    refuse_unless_in(congress, Congress.State.GATHERING)
    if merge.undone_at is not None:
        raise Refused(_("这次合并已经撤销"))
    if not is_last_of_its_issues(merge):
        raise Refused(_("这些问题后来又合并过，请先撤销后面那次"))
    for line in merge.lines.select_related("issue"):
        line.issue.merged_into = None
        line.issue.move_to(State(line.state_before))
        line.issue.save(update_fields=["state", "merged_into"])
    target = CongressIssue.objects.select_for_update().get(pk=merge.target_id)
    target.text = merge.text_before
    target.save(update_fields=["text"])
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    record("consultation.undo_merge", merge, by=by, into=target.number)
    return merge


@transaction.atomic
def take_issue(issue: CongressIssue, *, by: User, **values: Any) -> Resolution:
    """Take one of the ten into the register (列入决议), once: who carries it out, until when."""
    issue = CongressIssue.objects.select_for_update().get(pk=issue.pk)
    require(by, "consultation.take_issue", issue)
    if issue.state != State.CHOSEN:
        raise Refused(_("没有列入明年工作，不用登记"))
    if issue.resolution_id:
        raise Refused(_("这件事已经列入决议了"))
    issue.resolution = enter_resolution(issue.neighbourhood, **values, by=by)
    issue.save(update_fields=["resolution"])
    record("consultation.take_issue", issue, by=by, resolution=issue.resolution.number)
    return issue.resolution


@transaction.atomic
def report_issue(issue: CongressIssue, *, became: str, by: User) -> CongressIssue:
    """Say what became of an issue (写进展), for everybody or for whoever made a personal request."""
    issue = CongressIssue.objects.select_for_update().get(pk=issue.pk)
    require(by, "consultation.report_issue", issue)
    if issue.state not in (State.PERSONAL, State.CHOSEN, State.KEPT):
        raise Refused(_("结果还没有定，现在还不用写进展"))
    if not became.strip():
        raise Refused(_("请写办得怎样"))
    issue.became, issue.became_on = became.strip(), timezone.localdate()
    issue.save(update_fields=["became", "became_on"])
    record("consultation.report_issue", issue, by=by, number=issue.number)
    return issue
