"""Rows for the register of resolutions and for self-governance projects, and those of a place."""

import datetime as dt

from django.utils import timezone

from caoyang_portal.uploads.intake import keep
from consultation.actions import resolutions, self_governance
from consultation.models import FollowUp, Meeting, MeetingDecision
from tests.matrix.row import Row, of, prefixed

SPACE = "consultation:"
STAFF_HERE = "committee street auditor administrator"
OTHERS_HERE = "street auditor administrator"
ANY_STAFF = "any_committee any_street any_auditor any_administrator"
DAY = dt.timedelta(days=1)


def resolutions_of(place, clerk, poll, picture) -> dict:
    """A private one with proof, a public one, what is not taken yet, a project with a receipt."""
    later = timezone.localdate() + 9 * DAY
    photo = lambda name: keep(picture, name, "image/png", neighbourhood_id=place.pk, by=clerk)  # noqa: E731
    given = {"due_on": later, "responsible_name": "王师傅", "by": clerk}
    private = resolutions.enter_resolution(place, text="某户漏水", is_public=False, **given)
    public = resolutions.enter_resolution(place, text="铺防滑砖", **given)
    [proof] = resolutions.add_evidence(
        private, files=[photo("after.png")], when="after", caption="修好了", by=clerk
    )
    now = timezone.now()
    held = Meeting.objects.create(
        neighbourhood=place, form="review", title="评议会", convenor="居委会", host=clerk,
        place="门厅", starts_at=now - DAY, ends_at=now, state="held", announced_at=now - 9 * DAY,
        opened_at=now - DAY, closed_at=now, drafted_by=clerk, is_public=False,
    )  # fmt: skip
    planned = self_governance.enter_project(
        place, kind="one_key", name="筹备的", aim="想办法。", ends_on=later, by=clerk
    )
    project = self_governance.enter_project(
        place, kind="shiheyuan", name="楼道议事角", aim="清楼道。", ends_on=later, by=clerk
    )
    member = self_governance.add_project_member(project, name="王桂芳", role="leader", by=clerk)
    task = self_governance.add_project_task(
        project, text="清杂物", owner=member, due_on=later, by=clerk
    )
    self_governance.begin_project(project, by=clerk)
    line = self_governance.set_budget_line(
        project, text="油漆", source="自治金", planned_cents=10_000, by=clerk
    )
    [before] = self_governance.add_project_photo(
        project, files=[photo("before.png")], when="before", caption="原来", by=clerk
    )
    return {
        "private_resolution": private,
        "resolution": public,
        "proof": proof,
        "untaken_decision": MeetingDecision.objects.create(
            neighbourhood=place, meeting=held, number=1, text="修灯", noted_by=clerk
        ),
        "untaken_task": FollowUp.objects.create(
            neighbourhood=place, poll=poll, number=9, text="公布守则"
        ),
        "planned_project": planned,
        "self_project": project,
        "project_member": member,
        "project_task": task,
        "project_photo": before,
        "expense": self_governance.add_expense(
            line, text="漆", cents=100, spent_day=timezone.localdate(), receipt=photo("r.png"),
            by=clerk,
        ),
    }  # fmt: skip


def _for(names: str, methods: str, **more) -> list[Row]:
    given = {"may": "committee", "sees": OTHERS_HERE, "shared": True} | more
    return prefixed(SPACE, names, methods, given.pop("may"), **given)


RESOLUTIONS: list[Row] = [
    Row("consultation:resolution_list", "GET", "everybody"),
    *_for("resolution", "GET", may="everybody", thing=of("resolution"), sees=""),
    *_for("resolution", "GET", may=STAFF_HERE, thing=of("private_resolution"), sees="", passerby=404),
    *_for("evidence_file", "GET", thing=of("proof"), sees="", passerby=404),
    *_for(
        "note_progress add_evidence postpone_resolution claim_done evaluate_resolution"
        " reopen_resolution drop_resolution",
        "GET POST", thing=of("private_resolution"),
    ),
    *_for("score_resolution", "GET POST", may="", thing=of("resolution"), sees=""),
    Row("consultation:resolution_desk", "GET", ANY_STAFF),
    *_for("enter_resolution", "GET POST", thing=of("neighbourhood"), sees=""),
    *_for("export_resolutions", "POST", thing=of("neighbourhood")),
    *_for("take_decision", "GET POST", thing=of("untaken_decision"), sees=""),
    *_for("take_follow_up", "GET POST", thing=of("untaken_task"), sees=""),
]  # fmt: skip

SELF_GOVERNANCE: list[Row] = [
    Row("consultation:project_list", "GET", "everybody"),
    *_for("enter_project", "GET POST", thing=of("neighbourhood"), sees=""),
    *_for("project", "GET", may="everybody", thing=of("self_project"), sees=""),
    *_for("project", "GET", may=STAFF_HERE, thing=of("planned_project"), sees="", passerby=404),
    *_for("project_photo", "GET", may="everybody", thing=of("project_photo"), sees=""),
    *_for("begin_project", "POST", thing=of("planned_project")),
    *_for(
        "finish_project stop_project add_project_member add_project_task set_budget_line"
        " add_expense add_project_photo",
        "GET POST", thing=of("self_project"), sees="signed_in",
    ),
    *_for("end_project_member", "POST", thing=of("project_member"), sees="signed_in"),
    *_for("finish_project_task", "GET POST", thing=of("project_task"), sees="signed_in"),
    *_for("project_receipt", "GET", thing=of("expense"), sees="signed_in"),
]  # fmt: skip
