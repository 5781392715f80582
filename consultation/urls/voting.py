"""Addresses: voting, results, and how anyone recounts them."""

from django.urls import path

from consultation.views import objecting, voting, voting_public

POLL = "polls/<slug:code>"
VOTE = f"{POLL}/vote/<slug:number>"  # the number on the roll: an id would stand in the log

urlpatterns = [
    path("polls/", voting_public.poll_list, name="poll_list"),
    path(f"{POLL}/", voting_public.poll, name="poll"),
    path(f"{POLL}/notice.pdf", voting_public.poll_notice, name="poll_notice"),
    path(f"{POLL}/result.pdf", voting_public.poll_result_notice, name="poll_result_notice"),
    path(f"{POLL}/board/", voting_public.poll_board, name="poll_board"),
    path(f"{POLL}/bundle.json", voting_public.poll_bundle, name="poll_bundle"),
    path(f"{POLL}/check/", voting_public.check_ballot, name="check_ballot"),
    path(f"{POLL}/roll/", voting_public.poll_roll, name="poll_roll"),
    path(f"{POLL}/objections/", objecting.poll_objections, name="poll_objections"),
    path(f"{POLL}/vote/", voting.my_votes, name="my_votes"),
    path(f"{VOTE}/", voting.start, name="vote"),
    path(f"{VOTE}/<int:question>/", voting.question, name="vote_question"),
    path(f"{VOTE}/check/", voting.check, name="vote_check"),
    path(f"{VOTE}/code/", voting.send_code, name="vote_code"),
    path(f"{VOTE}/confirm/", voting.confirm, name="vote_confirm"),
    path(f"{VOTE}/receipt/", voting.receipt, name="vote_receipt"),
    path(f"{VOTE}/receipt.json", voting.receipt_file, name="vote_receipt_file"),
    path(f"{VOTE}/receipt/forget/", voting.forget_receipt, name="forget_receipt"),
]
