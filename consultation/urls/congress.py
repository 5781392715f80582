"""Addresses: the congress for everybody, its desk, written opinions and their desk."""

from django.urls import path

from consultation.views import (
    congress,
    congress_desk,
    congress_issues,
    opinion_desk,
    opinions,
    representatives,
)

DESK = "congress/desk/"
ONE = f"{DESK}<uuid:pk>/"
HANDLING = "opinions/desk/handlings/<uuid:pk>/"
OPINION = "opinions/desk/<uuid:pk>/"

urlpatterns = [
    path("congress/", congress.congress_list, name="congress_list"),
    path("congress/<uuid:pk>/", congress.congress, name="congress"),
    path("congress/<uuid:pk>/issues/", congress.congress_issues, name="congress_issues"),
    path("congress/<uuid:pk>/issues/new/", congress.put_in_issue, name="put_in_issue"),
    path("congress/<uuid:pk>/opinions/", congress.congress_opinions, name="congress_opinions"),
    path(DESK, congress_desk.congress_desk, name="congress_desk"),
    path(f"{DESK}prepare/", congress_desk.prepare_congress, name="prepare_congress"),
    path(ONE, congress_desk.desk_congress, name="desk_congress"),
    path(f"{ONE}edit/", congress_desk.edit_congress, name="edit_congress"),
    path(f"{ONE}start/", congress_desk.start_gathering, name="start_gathering"),
    path(f"{ONE}freeze/", congress_desk.freeze_candidates, name="freeze_candidates"),
    path(f"{ONE}reopen/", congress_desk.reopen_gathering, name="reopen_gathering"),
    path(f"{ONE}hold/", congress_desk.hold_congress, name="hold_congress"),
    path(f"{ONE}close/", congress_desk.close_congress, name="close_congress"),
    path(f"{ONE}people/", congress_desk.desk_representatives, name="desk_representatives"),
    path(f"{ONE}people/add/", congress_desk.add_representative, name="add_representative"),
    path(
        f"{ONE}people/template/",
        representatives.representatives_template,
        name="representatives_template",
    ),
    path(
        f"{ONE}people/check/", representatives.check_representatives, name="check_representatives"
    ),
    path(
        f"{ONE}people/import/",
        representatives.import_representatives,
        name="import_representatives",
    ),
    path(
        f"{ONE}people/<uuid:seat>/end/",
        congress_desk.end_representative,
        name="end_representative",
    ),
    path(f"{ONE}hearings/", congress_desk.desk_hearings, name="desk_hearings"),
    path(f"{ONE}hearings/add/", congress_desk.record_face_to_face, name="record_face_to_face"),
    path(f"{ONE}issues/", congress_issues.desk_issues, name="desk_issues"),
    path(f"{ONE}issues/add/", congress_issues.gather_issue, name="gather_issue"),
    path(f"{ONE}issues/merge/", congress_issues.merge_issues, name="merge_issues"),
    path(f"{DESK}issues/<uuid:pk>/sort/", congress_issues.sort_issue, name="sort_issue"),
    path(f"{DESK}issues/<uuid:pk>/take/", congress_issues.take_issue, name="take_issue"),
    path(f"{DESK}issues/<uuid:pk>/report/", congress_issues.report_issue, name="report_issue"),
    path(f"{DESK}merges/<uuid:pk>/undo/", congress_issues.undo_merge, name="undo_merge"),
    path(f"{ONE}ballot/<slug:area>/", congress_issues.draft_top_ten, name="draft_top_ten"),
    path("opinions/", opinions.my_opinions, name="my_opinions"),
    path("opinions/new/", opinions.write_opinion, name="write_opinion"),
    path("opinions/<uuid:pk>/", opinions.opinion, name="opinion"),
    path("opinions/<uuid:pk>/print/", opinions.print_opinion, name="print_opinion"),
    path("opinions/<uuid:pk>/rate/", opinions.rate_opinion, name="rate_opinion"),
    path("opinions/<uuid:pk>/withdraw/", opinions.withdraw_opinion, name="withdraw_opinion"),
    path("opinions/replies/<uuid:pk>/proof/", opinions.promise_proof, name="promise_proof"),
    path("opinions/desk/", opinion_desk.desk_opinions, name="desk_opinions"),
    path("opinions/desk/paper/", opinion_desk.enter_opinion, name="enter_opinion"),
    path(f"{ONE}opinions/export/", opinion_desk.export_opinions, name="export_opinions"),
    path(OPINION, opinion_desk.desk_opinion, name="desk_opinion"),
    path(f"{OPINION}receive/", opinion_desk.receive_opinion, name="receive_opinion"),
    path(f"{OPINION}assign/", opinion_desk.assign_opinion, name="assign_opinion"),
    path(f"{OPINION}study/", opinion_desk.study_opinion, name="study_opinion"),
    path(f"{HANDLING}return/", opinion_desk.ask_return, name="ask_return"),
    path(f"{HANDLING}return/settle/", opinion_desk.settle_return, name="settle_return"),
    path(f"{HANDLING}longer/", opinion_desk.ask_extension, name="ask_extension"),
    path(f"{HANDLING}longer/settle/", opinion_desk.settle_extension, name="settle_extension"),
    path(f"{HANDLING}result/", opinion_desk.submit_result, name="submit_result"),
    path(f"{HANDLING}reply/", opinion_desk.reply_opinion, name="reply_opinion"),
    path("opinions/desk/replies/<uuid:pk>/", opinion_desk.keep_promise, name="keep_promise"),
]
