"""Addresses of mailboxes and their letters; all of them staff's."""

from django.urls import path

from suggestions.views import mailboxes as views

DESK = "mailboxes/desk/"
ROUND = f"{DESK}rounds/<uuid:pk>/"
LETTER = f"{DESK}letters/<uuid:pk>/"

urlpatterns = [
    path(DESK, views.mailbox_desk, name="mailbox_desk"),
    path(f"{DESK}points/<uuid:pk>/open/", views.open_mailbox, name="open_mailbox"),
    path(ROUND, views.mailbox_round, name="mailbox_round"),
    path(f"{ROUND}confirm/", views.confirm_mailbox_round, name="confirm_mailbox_round"),
    path(f"{ROUND}void/", views.void_mailbox_round, name="void_mailbox_round"),
    path(f"{ROUND}letters/", views.add_letters, name="add_letters"),
    path(f"{ROUND}close/", views.close_mailbox_round, name="close_mailbox_round"),
    path(LETTER, views.letter, name="letter"),
    path(f"{LETTER}scans/<uuid:scan>/", views.letter_scan, name="letter_scan"),
    path(f"{LETTER}text/", views.transcribe_letter, name="transcribe_letter"),
    path(f"{LETTER}suggestion/", views.make_letter_a_suggestion, name="make_letter_a_suggestion"),
    path(f"{LETTER}claim/", views.make_letter_a_claim, name="make_letter_a_claim"),
    path(f"{LETTER}aside/", views.set_letter_aside, name="set_letter_aside"),
]
