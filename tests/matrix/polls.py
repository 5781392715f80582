"""Rows for the addresses of polls: voting is for residents and everyone, the desk for the staff."""

from tests.matrix.row import AWAY, Row, of, prefixed

POLLS = "consultation:"
STAFF_HERE = "committee street auditor administrator"
OTHERS_HERE = "street auditor administrator"
ANY_STAFF = "any_committee any_street any_auditor any_administrator"


def _for(names: str, methods: str, **more) -> list[Row]:
    """Of the committee's, by the poll: those who watch know it and have no right."""
    more = {"may": "committee", "sees": OTHERS_HERE, "thing": of("poll"), "shared": True} | more
    return prefixed(POLLS, names, methods, more.pop("may"), **more)


def _code(target) -> dict:
    return {"code": target.poll.code}


def _code_of_counted(target) -> dict:
    return {"code": target.counted_poll.code}


def _vote(target) -> dict:
    """One's own vote in the open poll."""
    return _code(target) | {"number": target.poll.roll.get(household=target.household).number}


VOTING: list[Row] = [
    Row("consultation:poll_list", "GET", "everybody"),
    *prefixed(
        POLLS, "poll poll_notice poll_board poll_bundle", "GET", "everybody", thing=_code,
        shared=True,
    ),
    *prefixed(
        POLLS, "poll poll_result_notice poll_board poll_bundle", "GET", "everybody",
        thing=_code_of_counted, shared=True,
    ),
    Row("consultation:poll", "GET", "", lambda target: {"code": target.draft_poll.code}, passerby=404),
    Row("consultation:check_ballot", "GET POST", "everybody", _code, shared=True),
    *(
        Row("consultation:poll_roll", "GET", "neighbours committee", thing, shared=True)
        for thing in (_code, _code_of_counted)
    ),
    Row(
        "consultation:poll_objections", "GET POST", "neighbours", _code_of_counted,
        sees=STAFF_HERE, shared=True,
    ),
    Row("consultation:my_votes", "GET", "signed_in", _code, answers={"GET": {200, AWAY}}, shared=True),
    Row("consultation:vote", "GET", "self", _vote),
    Row("consultation:vote_question", "GET POST", "self", lambda target: _vote(target) | {"question": 1}),
    *prefixed(POLLS, "vote_code forget_receipt", "POST", "self", thing=_vote),
    # Nothing is answered yet.
    Row("consultation:vote_confirm", "GET POST", "", _vote, away="self"),
    *prefixed(
        POLLS, "vote_check vote_receipt vote_receipt_file", "GET", "", thing=_vote, away="self"
    ),
]  # fmt: skip

DESK_OF_POLLS: list[Row] = [
    *prefixed(POLLS, "desk kind_list", "GET", ANY_STAFF),
    Row("consultation:choose_kind", "GET", "any_committee"),
    *_for("draft_poll", "GET POST", thing=of("kind_of_polls"), sees=""),
    *_for("kind_history", "GET", thing=of("kind_of_polls"), may=STAFF_HERE, sees=""),
    *_for(
        "revise_kind", "GET POST", thing=of("kind_of_polls"), may="administrator",
        sees="committee street auditor",
    ),
    *_for(
        "end_kind", "POST", thing=of("kind_of_polls"), may="administrator",
        sees="committee street auditor",
    ),
    *_for("desk_poll", "GET", may=STAFF_HERE, sees=""),
    *_for("edit_poll set_questions set_scrutineers", "GET POST", thing=of("draft_poll")),
    *_for("announce_poll freeze_roll open_poll", "POST"),
    *_for("void_poll", "GET POST", may="administrator", sees="committee street auditor"),
    *_for("desk_turnout", "GET", may="committee street administrator", sees="auditor"),
    *_for(
        "desk_roll desk_objections desk_deliveries desk_calls desk_proxies desk_papers desk_strays"
        " desk_counting", "GET",
    ),
    *_for("desk_keying roll_job", "GET", answers={"GET": {AWAY}}),
    *_for(
        "build_roll export_roll merge_roll_entries record_deliveries remind order_ballots"
        " hand_in_scans drop_stray_scans finish_count publish_result", "POST",
    ),
    *_for("add_roll_unit", "GET POST"),
    *_for("open_envelopes", "GET POST", thing=of("draft_poll")),
    *_for("correct_roll_unit remove_roll_unit", "GET POST", thing=of("roll_unit"), sees=""),
    *_for("record_proxy cast_on_tablet", "GET POST", thing=of("entry"), sees=""),
    *_for("receive_envelope", "POST", thing=of("entry"), sees=""),
    *_for("proxy_document", "GET", thing=of("proxy"), sees=""),
    *_for("approve_proxy", "POST", thing=of("proxy"), may="colleague", sees="clerk"),
    *_for("revoke_proxy", "GET POST", thing=of("proxy"), sees=""),
    *_for("answer_objection", "GET POST", thing=of("poll_objection")),
    *_for("delivery_proof", "GET", thing=of("ballot_delivery")),
    *_for("name_stray_scan", "GET POST", thing=of("stray")),
    *_for("stray_page", "GET", thing=of("stray")),
    *_for("paper_job", "GET", thing=of("paper_job"), sees=""),
    *_for("download_ballots", "POST", thing=of("paper_job"), sees=""),
    *_for("key_paper settle_paper set_paper_aside", "GET POST", thing=of("paper")),
    *_for("paper_scan", "GET", thing=of("paper")),
    *_for("desk_result", "GET", thing=of("counted_poll"), may=STAFF_HERE, sees=""),
    *_for("settle_follow_up", "GET POST", thing=of("follow_up")),
]  # fmt: skip
