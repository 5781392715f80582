"""Addresses of suggestions: the desk for those who work on them, the rest for everyone."""

from django.urls import path

from suggestions.views import suggestion_answering as answering
from suggestions.views import suggestion_desk as desk
from suggestions.views import suggestion_making as making
from suggestions.views import suggestions

HERE = "suggestions/"
DESK = f"{HERE}desk/"
ON_DESK = f"{DESK}<uuid:pk>/"
ONE = f"{HERE}<uuid:pk>/"

urlpatterns = [
    path(f"{HERE}new/", making.suggest, name="suggest"),
    path(f"{HERE}new/<slug:step>/", making.make_suggestion, name="make_suggestion"),
    path(
        f"{HERE}new/photos/<uuid:pk>/",
        making.draft_suggestion_photo,
        name="draft_suggestion_photo",
    ),
    path(f"{HERE}new/photos/<uuid:pk>/drop/", making.drop_draft_photo, name="drop_draft_photo"),
    path(f"{HERE}mine/", suggestions.my_suggestions, name="my_suggestions"),
    path(f"{HERE}outcomes/", suggestions.commended_suggestions, name="commended_suggestions"),
    path(f"{HERE}outcomes/<uuid:pk>/photo/", suggestions.outcome_photo, name="outcome_photo"),
    path(ONE, suggestions.suggestion, name="suggestion"),
    path(f"{ONE}endorse/", suggestions.endorse_suggestion, name="endorse_suggestion"),
    path(f"{ONE}endorse/end/", suggestions.end_endorsement, name="end_endorsement"),
    path(f"{ONE}withdraw/", suggestions.withdraw_suggestion, name="withdraw_suggestion"),
    path(f"{ONE}rate/", suggestions.rate_suggestion, name="rate_suggestion"),
    path(f"{ONE}photos/<uuid:photo>/", suggestions.suggestion_photo, name="suggestion_photo"),
    path(DESK, desk.suggestion_desk, name="suggestion_desk"),
    path(f"{DESK}enter/", desk.enter_suggestion, name="enter_suggestion"),
    path(f"{DESK}templates/", answering.reply_templates, name="reply_templates"),
    path(f"{DESK}templates/write/", answering.write_reply_template, name="write_reply_template"),
    path(
        f"{DESK}templates/<uuid:pk>/retire/",
        answering.retire_reply_template,
        name="retire_reply_template",
    ),
    path(f"{DESK}steps/<uuid:pk>/told/", desk.note_suggestion_told, name="note_suggestion_told"),
    path(ON_DESK, desk.desk_suggestion, name="desk_suggestion"),
    path(f"{ON_DESK}acknowledge/", desk.acknowledge_suggestion, name="acknowledge_suggestion"),
    path(f"{ON_DESK}publish/", desk.publish_suggestion, name="publish_suggestion"),
    path(f"{ON_DESK}hide/", desk.hide_suggestion, name="hide_suggestion"),
    path(f"{ON_DESK}assign/", desk.assign_suggestion, name="assign_suggestion"),
    path(f"{ON_DESK}refer/", desk.refer_suggestion, name="refer_suggestion"),
    path(f"{ON_DESK}merge/", desk.merge_suggestion, name="merge_suggestion"),
    path(f"{ON_DESK}unmerge/", desk.unmerge_suggestion, name="unmerge_suggestion"),
    path(f"{ON_DESK}pause/", desk.pause_suggestion, name="pause_suggestion"),
    path(f"{ON_DESK}resume/", desk.resume_suggestion, name="resume_suggestion"),
    path(f"{ON_DESK}phone/", desk.read_suggester_phone, name="read_suggester_phone"),
    path(f"{ON_DESK}photos/<uuid:photo>/", desk.suggestion_original, name="suggestion_original"),
    path(
        f"{ON_DESK}photos/<uuid:photo>/show/",
        desk.show_suggestion_photo,
        name="show_suggestion_photo",
    ),
    path(f"{ON_DESK}return/", answering.return_suggestion, name="return_suggestion"),
    path(f"{ON_DESK}reply/", answering.reply_suggestion, name="reply_suggestion"),
    path(f"{ON_DESK}work/", answering.report_work, name="report_work"),
    path(f"{ON_DESK}finish/", answering.finish_work, name="finish_work"),
    path(f"{ON_DESK}commend/", answering.commend_suggestion, name="commend_suggestion"),
    path(f"{ON_DESK}notes/", answering.add_suggestion_note, name="add_suggestion_note"),
]
