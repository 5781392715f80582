"""Addresses: the signing boards."""

from django.urls import path

from households.views import board

urlpatterns = [
    path("board/", board.board_list, name="board_list"),
    path("board/<uuid:pk>/", board.board, name="board"),
    path("board/<uuid:pk>/grid/", board.grid, name="grid"),
    path("board/<uuid:pk>/publish/", board.publish_board, name="publish_board"),
    path("open/", board.public_list, name="public_list"),
    path("open/<slug:code>/", board.public_board, name="public_board"),
    path("open/<slug:code>/board.json", board.board_json, name="board_json"),
    path("open/<slug:code>/proof.json", board.proof_json, name="proof_json"),
    path("open/<slug:code>/check/", board.check_inclusion, name="check_inclusion"),
]
