"""Addresses of minutes, by their meeting; the desk comes first, no meeting is called ``desk``."""

from django.urls import path

from consultation.views import minutes, minutes_desk, minutes_signing

DESK = "minutes/desk/"
ONE = f"{DESK}<uuid:pk>/"
PUBLIC = "minutes/<uuid:pk>/"

urlpatterns = [
    path(DESK, minutes_desk.desk_minutes_list, name="desk_minutes_list"),
    path(ONE, minutes_desk.desk_minutes, name="desk_minutes"),
    path(f"{ONE}draft/", minutes_desk.draft_minutes, name="draft_minutes"),
    path(f"{ONE}edit/", minutes_desk.edit_minutes, name="edit_minutes"),
    path(f"{ONE}photos/add/", minutes_desk.add_minutes_photo, name="add_minutes_photo"),
    path(f"{ONE}photos/remove/", minutes_desk.remove_minutes_photo, name="remove_minutes_photo"),
    path(f"{ONE}preview/", minutes_desk.preview_minutes, name="preview_minutes"),
    path(f"{ONE}draft.pdf", minutes_desk.draft_minutes_pdf, name="draft_minutes_pdf"),
    path(f"{ONE}send/", minutes_desk.send_minutes, name="send_minutes"),
    path(f"{ONE}correction/", minutes_desk.enter_correction, name="enter_correction"),
    path(
        f"{DESK}corrections/<uuid:pk>/accept/", minutes_desk.accept_correction,
        name="accept_correction",
    ),
    path(
        f"{DESK}corrections/<uuid:pk>/answer/", minutes_desk.answer_correction,
        name="answer_correction",
    ),
    path(f"{ONE}signing/", minutes_signing.start_signing, name="start_signing"),
    path(f"{ONE}reopen/", minutes_signing.reopen_minutes, name="reopen_minutes"),
    path(
        f"{DESK}signatories/<uuid:pk>/paper/", minutes_signing.enter_minutes_signature,
        name="enter_minutes_signature",
    ),
    path(
        f"{DESK}signatories/<uuid:pk>/excuse/", minutes_signing.excuse_signatory,
        name="excuse_signatory",
    ),
    path(
        f"{DESK}signatures/<uuid:pk>/scan/", minutes_signing.minutes_signature_scan,
        name="minutes_signature_scan",
    ),
    path(f"{ONE}progress/", minutes_signing.minutes_progress, name="minutes_progress"),
    path(
        f"{DESK}papers/<uuid:pk>/retry/", minutes_signing.retry_minutes_paper,
        name="retry_minutes_paper",
    ),
    path(f"{ONE}addendum/", minutes_signing.add_addendum, name="add_addendum"),
    path("minutes/", minutes.minutes_list, name="minutes_list"),
    path(PUBLIC, minutes.minutes_page, name="minutes_page"),
    path(f"{PUBLIC}correct/", minutes.raise_correction, name="raise_correction"),
    path(f"{PUBLIC}sign/", minutes_signing.sign_minutes, name="sign_minutes"),
    path(f"{PUBLIC}sign/code/", minutes_signing.ask_minutes_code, name="ask_minutes_code"),
    path(f"{PUBLIC}minutes.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path(f"{PUBLIC}full.pdf", minutes.full_minutes_pdf, name="full_minutes_pdf"),
    path(
        f"{PUBLIC}addenda/<int:number>.pdf", minutes.minutes_addendum_pdf,
        name="minutes_addendum_pdf",
    ),
    path(
        f"{PUBLIC}addenda/<int:number>/full.pdf", minutes.full_minutes_addendum_pdf,
        name="full_minutes_addendum_pdf",
    ),
    path(f"{PUBLIC}photos/<int:number>/", minutes.minutes_photo, name="minutes_photo"),
]  # fmt: skip
