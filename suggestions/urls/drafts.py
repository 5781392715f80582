"""Addresses: draft laws and opinions on their articles."""

from django.urls import path

from suggestions.views import draft_batches, draft_desk, draft_opinions, drafts

DESK = "drafts/desk/"
DRAFT = f"{DESK}<uuid:pk>/"
OPINION = f"{DESK}opinions/<uuid:pk>/"
BATCH = f"{DESK}batches/<uuid:pk>/"

urlpatterns = [
    path("drafts/", drafts.draft_list, name="draft_list"),
    path("drafts/figures/", drafts.draft_figures, name="draft_figures"),
    path("drafts/mine/", drafts.my_opinions, name="my_opinions"),
    path("drafts/<uuid:pk>/", drafts.draft, name="draft"),
    path("drafts/<uuid:pk>/opinion/", drafts.raise_opinion, name="raise_opinion"),
    path(DESK, draft_desk.draft_desk, name="draft_desk"),
    path(f"{DESK}start/", draft_desk.start_draft, name="start_draft"),
    path(f"{DESK}past/", draft_desk.enter_past_draft, name="enter_past_draft"),
    path(DRAFT, draft_desk.desk_draft, name="desk_draft"),
    path(f"{DRAFT}import/", draft_desk.import_draft, name="import_draft"),
    path(f"{DRAFT}open/", draft_desk.open_draft, name="open_draft"),
    path(f"{DRAFT}close/", draft_desk.close_draft, name="close_draft"),
    path(f"{DRAFT}reopen/", draft_desk.reopen_draft, name="reopen_draft"),
    path(f"{DRAFT}due/", draft_desk.change_draft_due, name="change_draft_due"),
    path(f"{DRAFT}ask/", draft_desk.ask_about_results, name="ask_about_results"),
    path(f"{DRAFT}end/", draft_desk.end_draft, name="end_draft"),
    path(f"{DRAFT}activity/", draft_desk.enter_activity, name="enter_activity"),
    path(f"{DESK}activities/<uuid:pk>/", draft_desk.change_activity, name="change_activity"),
    path(f"{DESK}articles/<uuid:pk>/", draft_desk.explain_article, name="explain_article"),
    path(f"{DRAFT}opinion/", draft_opinions.enter_opinion, name="enter_opinion"),
    path(f"{OPINION}review/", draft_opinions.review_opinion, name="review_opinion"),
    path(f"{OPINION}merge/", draft_opinions.merge_opinion, name="merge_opinion"),
    path(f"{OPINION}unmerge/", draft_opinions.unmerge_opinion, name="unmerge_opinion"),
    path(f"{OPINION}result/", draft_opinions.record_result, name="record_result"),
    path(f"{OPINION}speaker/", draft_opinions.see_speaker, name="see_speaker"),
    path(f"{OPINION}told/", draft_opinions.note_speaker_told, name="note_speaker_told"),
    path(f"{DRAFT}submit/", draft_batches.submit_batch, name="submit_batch"),
    path(BATCH, draft_batches.batch, name="batch"),
    path(f"{BATCH}pdf/", draft_batches.batch_pdf, name="batch_pdf"),
    path(f"{BATCH}docx/", draft_batches.batch_docx, name="batch_docx"),
]
