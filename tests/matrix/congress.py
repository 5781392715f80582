"""Rows for the addresses of the congress and of written opinions, and the things they are about."""

import datetime as dt

from django.utils import timezone

from caoyang_portal.community.models import Organisation, Posting
from caoyang_portal.uploads.intake import keep
from consultation.models import (
    Congress,
    CongressIssue,
    FaceToFace,
    MergedIssue,
    MergeRecord,
    OpinionClock,
    OpinionHandling,
    OpinionReply,
    Representative,
    WrittenOpinion,
)
from tests.matrix.row import AWAY, Row, of, prefixed

OURS = "consultation:"
STAFF_HERE = "committee street auditor administrator"
ANY_STAFF = "any_committee any_street any_auditor any_administrator"
SEE_OPINIONS = "street auditor handler"
DAY = dt.timedelta(days=1)


def congress_of(place, clerk, people) -> dict:
    """A congress that gathers, with a hearing, three issues, a merging; and a department with its clerk."""
    today, street = timezone.localdate(), place.sub_district
    here = {"neighbourhood": place}
    congress = Congress.objects.create(
        **here, sub_district=street, term=1, year=today.year, state="gathering",
        theme="一起办好明年的事", live_url="https://live.example/1", prepared_by=clerk,
    )  # fmt: skip
    seat = Representative.objects.create(
        **here, sub_district=street, term=1, name="周律师", category="non_voting", votes=False,
        way="invited", since=today - 30 * DAY, until=today + 300 * DAY, added_by=clerk,
    )  # fmt: skip
    hearing = FaceToFace.objects.create(
        **here, congress=congress, held_on=today - DAY, place="居委会", came=21, recorded_by=clerk
    )
    hearing.present.add(seat)
    issues = [
        CongressIssue.objects.create(
            **here, congress=congress, number=n, text=text, category="safety", source="box",
            state="listed", entered_by=clerk,
        )
        for n, text in enumerate(("楼道灯坏了", "楼道太黑", "弄堂口堵车"), 1)
    ]  # fmt: skip
    merge = MergeRecord.objects.create(
        **here, congress=congress, target=issues[0], text_before="楼道灯坏了",
        text_after="楼道灯坏了", made_by=clerk,
    )  # fmt: skip
    MergedIssue.objects.create(**here, record=merge, issue=issues[1], state_before="listed")
    issues[1].state, issues[1].merged_into = "merged", issues[0]
    issues[1].save()
    department = Organisation.objects.create(sub_district=street, kind="department", name="市政科")
    if place.code == "caoyang-one":
        Posting.objects.create(
            user=people["deng"], office="department", sub_district=street,
            organisation=department, since=today - 300 * DAY,
        )  # fmt: skip
        vars(people["deng"]).pop("_live_postings", None)
    return {
        "congress": congress, "seat": seat, "issue": issues[0], "last_issue": issues[2],
        "merge": merge, "department": department,
    }  # fmt: skip


def opinion_of(resident, place, proof) -> dict:
    """The opinion of a resident who sits in the congress: answered, its promise kept, to be rated."""
    today, clerk = timezone.localdate(), place.clerk
    here = {"neighbourhood": place.neighbourhood}
    seat = Representative.objects.create(
        **here, sub_district=place.neighbourhood.sub_district, term=1, user=resident,
        name=resident.name, category="building_leader", way="elected", since=today - 30 * DAY,
        until=today + 300 * DAY, added_by=clerk,
    )  # fmt: skip
    opinion = WrittenOpinion.objects.create(
        **here, congress=place.congress, representative=seat, title="路口装反光镜",
        text="丁字路口看不见来车。", category="traffic", state="replied", entered_by=resident,
        number=f"{today.year}-{resident.phone[-4:]}", received_on=today - 20 * DAY,
        round_from=today - 20 * DAY,
    )  # fmt: skip
    handling = OpinionHandling.objects.create(
        **here, opinion=opinion, round=1, department=place.department, role="lead",
        assigned_on=today - 15 * DAY, assigned_by=clerk, return_until=today, result="已去看过。",
        result_on=today - 5 * DAY, result_by=clerk,
    )  # fmt: skip
    reply = OpinionReply.objects.create(
        **here, opinion=opinion, round=1, department=place.department, reply_class="B",
        text="列入计划。", replied_on=today, replied_by=clerk, promise="装好", promise_due=today + DAY,
        kept_on=today, kept_note="装好了",
        kept_proof=keep(
            proof, "mirror.png", "image/png", neighbourhood_id=place.neighbourhood.pk, by=clerk
        ),
    )  # fmt: skip
    OpinionClock.objects.create(
        **here, opinion=opinion, round=1, kind="promise", starts_on=today, due_on=today + DAY
    )
    return {"opinion": opinion, "handling": handling, "reply": reply, "own_seat": seat}


def _desk(names: str, methods: str, **more) -> list[Row]:
    """Of the street's office; the other staff of the street know it and have no right."""
    more = {
        "may": "street", "sees": "committee auditor administrator", "thing": of("congress"),
        "shared": True,
    } | more  # fmt: skip
    return prefixed(OURS, names, methods, more.pop("may"), **more)


def _of_opinion(names: str, methods: str, **more) -> list[Row]:
    more = {"may": "street", "sees": "auditor handler", "thing": of("opinion")} | more
    return prefixed(OURS, names, methods, more.pop("may"), **more)


CONGRESS: list[Row] = [
    Row("consultation:congress_list", "GET", "everybody"),
    *prefixed(
        OURS, "congress congress_issues congress_opinions", "GET", "everybody",
        thing=of("congress"), shared=True,
    ),
    Row("consultation:put_in_issue", "GET POST", "neighbours", of("congress"), shared=True),
    Row("consultation:congress_desk", "GET", ANY_STAFF),
    Row("consultation:prepare_congress", "GET POST", "any_street"),
    *_desk(
        "desk_congress desk_representatives desk_hearings desk_issues", "GET", may=STAFF_HERE,
        sees="",
    ),
    *_desk("edit_congress freeze_candidates hold_congress add_representative", "GET POST"),
    *_desk("check_representatives", "GET POST"),
    *_desk("representatives_template", "GET"),
    *_desk(
        "start_gathering reopen_gathering close_congress export_opinions import_representatives",
        "POST",
    ),
    *_desk("end_representative", "GET POST", thing=of("congress", seat="seat")),
    *_desk(
        "record_face_to_face gather_issue", "GET POST", may="committee street",
        sees="auditor administrator",
    ),
    *_desk("sort_issue", "GET POST", thing=of("issue")),
    *_desk(
        "report_issue", "GET POST", thing=of("issue"), may="committee street",
        sees="auditor administrator",
    ),
    *_desk(
        "take_issue", "GET POST", thing=of("issue"), may="committee",
        sees="street auditor administrator",
    ),
    *_desk(
        "merge_issues", "GET POST", answers={"GET": {200, AWAY}},
        query=lambda target: {"issues": [str(target.issue.pk), str(target.last_issue.pk)]},
    ),
    *_desk("undo_merge", "POST", thing=of("merge")),
    *_desk(
        "draft_top_ten", "POST", thing=of("congress", area="neighbourhood.code"), may="committee",
        sees="street auditor administrator",
    ),
]  # fmt: skip

OPINIONS: list[Row] = [
    Row("consultation:my_opinions", "GET", "representatives"),
    Row("consultation:write_opinion", "GET POST", "representatives"),
    Row("consultation:opinion", "GET", "self", of("opinion")),
    Row("consultation:print_opinion", "GET", f"self {SEE_OPINIONS}", of("opinion")),
    Row("consultation:rate_opinion", "GET POST", "self", of("opinion"), sees=SEE_OPINIONS),
    Row("consultation:withdraw_opinion", "POST", "self", of("opinion"), sees=SEE_OPINIONS),
    Row("consultation:promise_proof", "GET", f"self {SEE_OPINIONS}", of("reply")),
    Row("consultation:desk_opinions", "GET", "any_street any_auditor any_handler"),
    Row("consultation:enter_opinion", "GET POST", "any_street"),
    *_of_opinion("desk_opinion", "GET", may=SEE_OPINIONS, sees=""),
    *_of_opinion("receive_opinion assign_opinion study_opinion", "GET POST"),
    *_of_opinion(
        "ask_return ask_extension submit_result reply_opinion", "GET POST", thing=of("handling"),
        may="handler", sees="street auditor",
    ),
    *_of_opinion("settle_return settle_extension", "GET POST", thing=of("handling")),
    *_of_opinion(
        "keep_promise", "GET POST", thing=of("reply"), may="handler", sees="street auditor"
    ),
]  # fmt: skip
