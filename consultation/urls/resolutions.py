"""Addresses of resolutions: the register for everyone, its desk for the committee."""

from django.urls import path

from consultation.views import resolution_desk as desk
from consultation.views import resolutions

DESK = "resolutions/desk/"
ONE = "resolutions/<uuid:pk>/"

urlpatterns = [
    path("resolutions/", resolutions.resolution_list, name="resolution_list"),
    path(ONE, resolutions.resolution, name="resolution"),
    path(f"{ONE}progress/", resolutions.note_progress, name="note_progress"),
    path(f"{ONE}evidence/", resolutions.add_evidence, name="add_evidence"),
    path(f"{ONE}postpone/", resolutions.postpone_resolution, name="postpone_resolution"),
    path(f"{ONE}done/", resolutions.claim_done, name="claim_done"),
    path(f"{ONE}evaluate/", resolutions.evaluate_resolution, name="evaluate_resolution"),
    path(f"{ONE}reopen/", resolutions.reopen_resolution, name="reopen_resolution"),
    path(f"{ONE}drop/", resolutions.drop_resolution, name="drop_resolution"),
    path(f"{ONE}score/", resolutions.score_resolution, name="score_resolution"),
    path("resolutions/evidence/<uuid:pk>/", resolutions.evidence_file, name="evidence_file"),
    path(DESK, desk.resolution_desk, name="resolution_desk"),
    path(f"{DESK}<uuid:pk>/enter/", desk.enter_resolution, name="enter_resolution"),
    path(f"{DESK}<uuid:pk>/export/", desk.export_resolutions, name="export_resolutions"),
    path(f"{DESK}decisions/<uuid:pk>/", desk.take_decision, name="take_decision"),
    path(f"{DESK}tasks/<uuid:pk>/", desk.take_follow_up, name="take_follow_up"),
]
