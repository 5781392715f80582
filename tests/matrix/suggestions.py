"""Rows for the addresses of suggestions, and the suggestions of each home and its place."""

from django.utils import timezone

from caoyang_portal.uploads.intake import keep
from suggestions.actions import suggestion_answers as answers
from suggestions.actions import suggestion_drafts as drafts
from suggestions.actions import suggestion_intake as intake
from suggestions.actions import suggestion_upkeep as upkeep
from suggestions.actions import suggestions as acts
from tests.matrix.row import Row, of, prefixed

OURS = "suggestions:"
STAFF_HERE = "committee street auditor administrator"
ANY_STAFF = "any_committee any_street any_auditor any_administrator any_handler"
TAKE_IN = "committee street"
WORDS = {"category": "traffic", "reasons": "不方便。", "measures": "装一个。"}


def suggestions_of(household, resident, place, picture) -> dict:
    """A fresh one with a photo, one everybody reads that a unit has, one done, one entered and merged; a draft."""
    here, clerk = household.neighbourhood, place.clerk

    def photo(by):
        return keep(picture, "spot.png", "image/png", neighbourhood_id=here.pk, by=by)

    def shown(title):
        one = acts.make_suggestion(here, title=title, **WORDS, by=resident)
        return intake.publish_suggestion(
            one, title=title, reasons=one.reasons, measures=one.measures, by=clerk
        )

    fresh = acts.make_suggestion(
        here, title=f"{household.room} 门口装扶手", building=household.building,
        photos=[photo(resident)], **WORDS, by=resident,
    )  # fmt: skip
    known = shown("花坛边上装充电桩")
    intake.acknowledge_suggestion(known, by=clerk)
    known = intake.assign_suggestion(known, unit=place.department, by=clerk)
    answers.add_suggestion_note(known, text="先看电容量", by=clerk)
    done = _done(shown("办一个社区食堂"), place.department, clerk, photo(clerk))
    entered = acts.enter_suggestion(
        here, title="楼道放椅子", source="counter", proposer_name="李阿婆", confirmed="read_out",
        proposer_phone="+8613900001111", **WORDS, by=clerk,
    )  # fmt: skip
    upkeep.merge_suggestion(entered, into=known, by=clerk)
    draft = drafts.keep_draft(
        here, resident, category="safety", where_said=True, title="装充电桩", reasons="安全"
    )
    drafts.add_draft_photos(draft, [photo(resident)])
    return {
        "suggestion": fresh, "suggestion_photo": fresh.photos.get(), "known_suggestion": known,
        "done_suggestion": done, "outcome": done.outcomes.get(),
        "suggestion_step": entered.steps.first(), "draft_photo": draft.photos.get(),
    }  # fmt: skip


def templates_of(place, clerk) -> dict:
    """Words of the place to begin an answer with."""
    return {
        "reply_template": answers.write_reply_template(
            place, name="采纳", text="谢谢您的建议，我们采纳。", by=clerk
        )
    }


def _done(one, department, clerk, photo):
    """As a department would have led it there; its clerk is nobody's in the neighbourhood next door."""
    intake.acknowledge_suggestion(one, by=clerk)
    one = intake.assign_suggestion(one, unit=department, by=clerk)
    today = timezone.localdate()
    one.replies.create(
        neighbourhood_id=one.neighbourhood_id, round=1, unit=department, verdict="adopted",
        text="采纳。", replied_by=clerk,
    )  # fmt: skip
    one.outcomes.create(
        neighbourhood_id=one.neighbourhood_id, round=1, conversion="benefit", promise="办食堂",
        due_on=today, name="幸福饭堂", done_on=today, done_text="开张了。", done_photo=photo,
        commended_on=today, commendation="谢谢您。",
    )  # fmt: skip
    one.state, one.replied_at = "done", timezone.now()
    one.save(update_fields=["state", "replied_at"])
    return one


def _steps(name: str):
    return lambda target: {"step": name}


def _deeds(names: str, may: str = TAKE_IN, methods: str = "GET POST", **more) -> list[Row]:
    more = {"sees": f"{STAFF_HERE}", "thing": of("suggestion")} | more
    return prefixed(OURS, names, methods, may, **more)


def _of_unit(names: str, **more) -> list[Row]:
    more = {"sees": STAFF_HERE, "thing": of("known_suggestion")} | more
    return prefixed(OURS, names, "GET POST", "handler", **more)


SUGGESTIONS: list[Row] = [
    Row("suggestions:commended_suggestions", "GET", "everybody"),
    Row("suggestions:suggest", "GET", "", away="signed_in"),
    Row("suggestions:make_suggestion", "GET POST", "signed_in", _steps("kind")),
    *[
        Row(
            "suggestions:make_suggestion", "GET POST", "representatives", _steps(step),
            away="signed_in -representatives",
        )
        for step in ("where", "words", "photos", "name")
    ],
    Row(
        "suggestions:make_suggestion", "GET", "representatives", _steps("alike"),
        away="signed_in -representatives",
    ),
    Row("suggestions:make_suggestion", "GET POST", "", _steps("nonsense")),
    Row("suggestions:draft_suggestion_photo", "GET", "self", of("draft_photo")),
    Row("suggestions:drop_draft_photo", "POST", "self", of("draft_photo")),
    Row("suggestions:my_suggestions", "GET", "signed_in"),
    Row("suggestions:suggestion", "GET", f"self {STAFF_HERE}", of("suggestion"), passerby=404),
    Row("suggestions:suggestion", "GET", "everybody", of("known_suggestion")),
    Row("suggestions:suggestion", "GET", "everybody", of("done_suggestion")),
    Row(
        "suggestions:suggestion_photo", "GET", "self",
        of("suggestion", photo="suggestion_photo"), passerby=404,
    ),
    Row("suggestions:outcome_photo", "GET", "everybody", of("outcome")),
    *prefixed(
        OURS, "endorse_suggestion end_endorsement", "POST", "signed_in -self",
        thing=of("known_suggestion"), sees="self",
    ),
    Row("suggestions:withdraw_suggestion", "POST", "self", of("suggestion"), sees=STAFF_HERE),
    Row(
        "suggestions:rate_suggestion", "GET POST", "self", of("done_suggestion"), sees="signed_in"
    ),
    Row("suggestions:suggestion_desk", "GET", ANY_STAFF),
    Row("suggestions:enter_suggestion", "GET POST", "any_committee"),
    *_deeds("desk_suggestion", STAFF_HERE, "GET", sees=""),
    *_deeds("desk_suggestion", f"{STAFF_HERE} handler", "GET", sees="", thing=of("known_suggestion")),
    *_deeds(
        "acknowledge_suggestion publish_suggestion hide_suggestion assign_suggestion"
        " refer_suggestion merge_suggestion pause_suggestion add_suggestion_note"
    ),
    *_deeds("unmerge_suggestion resume_suggestion", methods="POST"),
    *_deeds("commend_suggestion", thing=of("done_suggestion"), sees=f"{STAFF_HERE} handler"),
    *_deeds("read_suggester_phone", "committee", "POST"),
    *_deeds(
        "suggestion_original", "committee", "GET",
        thing=of("suggestion", photo="suggestion_photo"), sees="",
    ),
    *_deeds(
        "show_suggestion_photo", "committee", thing=of("suggestion", photo="suggestion_photo")
    ),
    *_deeds("note_suggestion_told", "committee", "POST", thing=of("suggestion_step")),
    *_of_unit("return_suggestion reply_suggestion report_work finish_work"),
    Row("suggestions:reply_templates", "GET", "any_committee any_street"),
    Row("suggestions:write_reply_template", "GET POST", "any_committee any_street"),
    Row(
        "suggestions:retire_reply_template", "POST", TAKE_IN, of("reply_template"), shared=True
    ),
    *prefixed(
        "referrals:", "suggestion_to_topic suggestion_to_claim", "GET POST", "committee",
        thing=of("suggestion"),
    ),
]  # fmt: skip
