"""Addresses of claims: one's own, the desk, the units, the callbacks, leaders' visits."""

from django.urls import path

from suggestions.views import claim_callbacks as calls
from suggestions.views import claim_desk as desk
from suggestions.views import claim_handling as handling
from suggestions.views import claims, leader_visits

CLAIM = "claims/<uuid:pk>/"
DESK = "claims/desk/"
ON_DESK = f"{DESK}<uuid:pk>/"
PART = f"{DESK}dispatches/<uuid:pk>/"
VISITS = f"{DESK}visits/"

urlpatterns = [
    path("claims/", claims.my_claims, name="my_claims"),
    path("claims/make/", claims.make_claim, name="make_claim"),
    path(CLAIM, claims.claim, name="claim"),
    path(f"{CLAIM}withdraw/", claims.withdraw_claim, name="withdraw_claim"),
    path(f"{CLAIM}rate/", claims.rate_claim, name="rate_claim"),
    path(f"{CLAIM}photos/<uuid:photo>/", claims.claim_photo, name="claim_photo"),
    path(DESK, desk.claim_desk, name="claim_desk"),
    path(f"{DESK}enter/", desk.enter_claim, name="enter_claim"),
    path(f"{DESK}unit/", desk.unit_claims, name="unit_claims"),
    path(f"{DESK}callbacks/", calls.claim_callbacks, name="claim_callbacks"),
    path(f"{DESK}warnings/", calls.claim_warnings_list, name="claim_warnings"),
    path(f"{DESK}figures/", calls.claim_figures_page, name="claim_figures"),
    path(ON_DESK, desk.desk_claim, name="desk_claim"),
    path(f"{ON_DESK}accept/", desk.accept_claim, name="accept_claim"),
    path(f"{ON_DESK}refer/", desk.refer_claim, name="refer_claim"),
    path(f"{ON_DESK}merge/", desk.merge_claim, name="merge_claim"),
    path(f"{ON_DESK}unmerge/", desk.unmerge_claim, name="unmerge_claim"),
    path(f"{ON_DESK}pause/", desk.pause_claim, name="pause_claim"),
    path(f"{ON_DESK}resume/", desk.resume_claim, name="resume_claim"),
    path(f"{ON_DESK}team/", desk.form_claim_team, name="form_claim_team"),
    path(f"{ON_DESK}phone/", desk.see_claimant_phone, name="see_claimant_phone"),
    path(f"{DESK}steps/<uuid:pk>/told/", desk.note_claim_told, name="note_claim_told"),
    path(f"{ON_DESK}contact/", handling.note_contact, name="note_contact"),
    path(f"{ON_DESK}whistle/", handling.whistle_claim, name="whistle_claim"),
    path(f"{PART}return/", handling.ask_claim_return, name="ask_claim_return"),
    path(f"{PART}return/settle/", handling.settle_claim_return, name="settle_claim_return"),
    path(f"{PART}extension/", handling.ask_claim_extension, name="ask_claim_extension"),
    path(
        f"{DESK}extensions/<uuid:pk>/",
        handling.settle_claim_extension,
        name="settle_claim_extension",
    ),
    path(f"{PART}reply/", handling.reply_claim, name="reply_claim"),
    path(f"{ON_DESK}callback/", calls.call_back_claim, name="call_back_claim"),
    path(f"{ON_DESK}unreached/", calls.note_unreached, name="note_unreached"),
    path(f"{ON_DESK}supervise/", calls.supervise_claim, name="supervise_claim"),
    path(f"{ON_DESK}close/", calls.close_claim, name="close_claim"),
    path(VISITS, leader_visits.leader_visits, name="leader_visits"),
    path(f"{VISITS}record/", leader_visits.record_leader_visit, name="record_leader_visit"),
    path(f"{VISITS}<uuid:pk>/", leader_visits.leader_visit, name="leader_visit"),
    path(
        f"{VISITS}findings/<uuid:pk>/answer/", leader_visits.answer_finding, name="answer_finding"
    ),
    path(f"{VISITS}findings/<uuid:pk>/claim/", leader_visits.claim_finding, name="claim_finding"),
]
