"""Every page a person can open, looked over: axe, small screens, large type, targets for a finger."""

import pytest

from households.models import SigningProgress
from tests.conftest import EVERYONE
from tests.households.paperwork import sign
from tests.journeys.browsing import AXE, come_in, look_over
from tests.matrix.asking import url_of
from tests.matrix.roles import people as people_of
from tests.matrix.row import Row, of
from tests.matrix.rows import GROUPS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Handed over as files, or for machines.
NO_PAGES = {
    "livez", "readyz", "signin:go_on", "ledger:checkpoint_page", "ledger:checkpoint_anchor",
    "households:board_json", "households:proof_json", "households:import_template",
    "households:import_errors", "households:stage_document", "households:drawing_file",
    "households:agreement_pdf", "households:sealed_pdf", "households:certificate_pdf",
    "households:sign_material_file", "consultation:poll_notice", "consultation:poll_bundle",
    "consultation:poll_result_notice",
    "consultation:proxy_document", "consultation:delivery_proof",
    "consultation:stray_page", "consultation:paper_scan", "consultation:promise_proof", "publicity:publicity_file",
    "publicity:notice", "publicity:certificate", "publicity:place_photo",
    "publicity:objection_file",
    "consultation:topic_photo", "consultation:meeting_calendar", "consultation:calendar_feed",
    "consultation:meeting_notice", "consultation:meeting_paper", "consultation:draw_file",
    "consultation:minutes_pdf", "consultation:minutes_addendum_pdf",
    "consultation:full_minutes_pdf", "consultation:full_minutes_addendum_pdf",
    "consultation:minutes_photo", "consultation:draft_minutes_pdf",
    "consultation:minutes_signature_scan",
    "consultation:meeting_photo", "consultation:see_meeting_mandate", "consultation:notes_now",
    "suggestions:batch_pdf", "suggestions:batch_docx",
    "consultation:representatives_template",
    "consultation:evidence_file", "consultation:project_photo", "consultation:project_receipt",
    "suggestions:claim_photo", "suggestions:point_poster", "suggestions:draft_suggestion_photo",
    "suggestions:letter_scan", "suggestions:keepsake_photo", "suggestions:keepsake_small_photo",
    "suggestions:keepsake_consent", "suggestions:keepsake_labels",
    "suggestions:suggestion_photo", "suggestions:suggestion_original", "suggestions:outcome_photo",
    "suggestions:suggestion_feed", "suggestions:open_data_csv", "suggestions:open_data_json",
    "suggestions:suggestion_figures_csv", "suggestions:api_suggestions",
    "suggestions:api_suggestion", "suggestions:api_description",
}  # fmt: skip
LEAD_ON = {"households:board_list", "consultation:my_votes"}  # of one: to its own page
# One of each who sees pages of their own; zhao has signed, to hu something is odd.
TWO_WAYS = [("zh-hans", False), ("en", True)]
THREE_WAYS = [*TWO_WAYS, ("zh-hans", True)]  # English words in small type fit where large ones do
AT_ONCE = 30  # pages of one test: two workers share the longest walks
LOOKERS = {
    "passerby": THREE_WAYS, "wang": THREE_WAYS, "zhao": TWO_WAYS, "hu": TWO_WAYS,
    "chen": TWO_WAYS, "lou": TWO_WAYS, "deng": TWO_WAYS, "shen": TWO_WAYS, "adi": TWO_WAYS,
    "gu": TWO_WAYS,
}  # fmt: skip
CONGRESS_DESK = {
    f"consultation:{name}"
    for name in (
        "congress_desk", "prepare_congress", "desk_congress", "edit_congress", "freeze_candidates",
        "desk_representatives", "add_representative", "check_representatives", "desk_hearings", "record_face_to_face",
        "desk_issues", "gather_issue", "sort_issue", "desk_opinions", "desk_opinion",
        "assign_opinion", "enter_opinion", "print_opinion",
    )
}  # fmt: skip
ONLY = {
    "zhao": {"households:home", "households:agreement_detail", "households:board"},
    "hu": set(),
    "deng": {"households:household_list", "households:household_detail", "households:draw_plan",
             "households:plan_detail", "households:plan_list", "households:project_detail",
             "consultation:desk_opinion", "consultation:submit_result", "consultation:reply_opinion",
             "consultation:keep_promise", "suggestions:unit_claims", "suggestions:desk_claim",
             "suggestions:reply_claim", "suggestions:ask_claim_return"},
    "lou": {"households:household_list", "households:household_detail", "households:grid",
            "households:add_visit", "households:board"},
    "gu": {"households:household_list", "households:board", "households:board_list",
           "households:project_detail", *CONGRESS_DESK},
}  # fmt: skip


# Whose pages are not looked at again; the larger type and English need each address once.
SEEN_BY = {"shen": ["chen"], "adi": ["chen", "shen"]}
SEEN_AGAIN_BY = {
    "wang": ["passerby"], "chen": ["passerby", "wang"], "shen": ["wang", "chen"],
    "adi": ["wang", "chen", "shen"],
}  # fmt: skip


def pages(who, *, plain: bool) -> list[Row]:
    """The pages that ``who`` opens of their own neighbourhood's; the first to open one looks."""
    found = [
        row
        for group in GROUPS.values()
        for row in group
        if "GET" in row.methods.split()
        and row.name not in NO_PAGES
        and who in people_of(row.may, "own")
        and 200 in row.answers.get("GET", {200})
        and not row.query
    ]
    if who in ONLY:
        found = [row for row in found if row.name in ONLY[who]]
    earlier = set((SEEN_BY if plain else SEEN_AGAIN_BY).get(who, ()))
    found = [
        row
        for row in found
        if not earlier & people_of(row.may, "own") or (who == "adi" and "agreement" in row.name)
    ]
    return found if plain else list({row.name: row for row in found}.values())


LOOKS = [
    pytest.param(who, language, elder, at, id=f"{who}-{language}{'-elder' * elder}-{at}")
    for who, ways in LOOKERS.items()
    for language, elder in ways
    for at in range(0, max(len(pages(who, plain=not elder)), 1), AT_ONCE)
]


@pytest.mark.parametrize(("who", "language", "elder", "at"), LOOKS)
def test_pages_are_for_everybody(who, language, elder, at, world, new_context, live_server):
    assert who in EVERYONE
    target = world.targets[{"zhao": "other", "hu": "next"}.get(who, "own")]
    rows = pages(who, plain=not elder)[at : at + AT_ONCE]
    if who == "zhao":
        sign(target.agreement, target.agreement.signatories.get(), signer=target.resident)
        rows.append(Row("households:sign_receipt", "GET", "self", of("agreement")))
    if who == "hu":
        SigningProgress.objects.filter(user=target.resident).update(amount_seen=1)
        rows.append(Row("households:sign_notice", "GET", "self", of("agreement")))
    faults = {}
    context = new_context()
    context.add_init_script(path=AXE)
    page = context.new_page()
    errors = []
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.on("dialog", lambda dialog: errors.append(f"dialog {dialog.message}"))
    come_in(context, live_server, world.people[who], elder=elder, language=language)
    for row in rows:
        address = url_of(row, target)
        answer = page.goto(live_server.url + address)
        found = look_over(page, elder=elder, barriers=language == "zh-hans")
        elsewhere = page.url != live_server.url + address and row.name not in LEAD_ON
        if answer.status != 200 or elsewhere:
            found.append(f"{answer.status} at {page.url}")
        if found or errors:
            faults[row.name] = found + errors
        errors.clear()
    assert faults == {}
