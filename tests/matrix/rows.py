"""A row for every address of the portal: who gets through, who is told 403, what the rest are told.

Whoever is not named is a stranger and gets 404; a passer-by is sent to sign in. The names of kinds
are those of ``roles``; a row without a ``thing`` asks for nothing in particular.
"""

from tests.matrix.attendance import AT_THE_DOOR, HANDS_UP, RECORD
from tests.matrix.campaigns import CAMPAIGNS
from tests.matrix.claims import ABOUT_CLAIMS
from tests.matrix.congress import CONGRESS, OPINIONS
from tests.matrix.drafts import DRAFTS
from tests.matrix.house_rules import HOUSE_RULES
from tests.matrix.keepsakes import KEEPSAKES
from tests.matrix.mailboxes import MAILBOXES
from tests.matrix.meetings import DESK_OF_MEETINGS, MEETINGS
from tests.matrix.minutes import DESK_OF_MINUTES, MINUTES_READ
from tests.matrix.points import POINTS
from tests.matrix.polls import DESK_OF_POLLS, VOTING
from tests.matrix.publicity import PUBLICITY
from tests.matrix.resolutions import RESOLUTIONS, SELF_GOVERNANCE
from tests.matrix.row import AWAY, Row, of, prefixed, rows
from tests.matrix.search import SEARCH
from tests.matrix.suggestions import SUGGESTIONS
from tests.matrix.topics import ABOUT_TOPICS
from tests.matrix.world import DAY

HOME = "households:"
FILE = "self leader committee designer"  # who meets the household itself
PLACE = "neighbours leaders committee designer mediator street auditor administrator"
PLAN = "self committee designer"
DESK = "committee administrator"  # where agreements are made
ANY_DESK = "any_committee any_administrator"
FILE_READERS = "any_committee any_leader any_designer"


PUBLIC = [
    Row("community:start", "GET", "passerby", away="signed_in"),
    *rows("community:elder community:language", "POST", "everybody", answers={"POST": {AWAY}}),
    *rows("livez readyz", "GET", "everybody", answers={"GET": {200, 503}}),
    Row("csp_report", "POST", "everybody", answers={"POST": {415}}),  # a form is no report
    *rows("households:verify", "GET POST", "everybody"),
    *rows("ledger:checkpoint_list", "GET", "everybody"),
    *rows(
        "ledger:checkpoint_page ledger:checkpoint_anchor", "GET", "everybody",
        thing=lambda target: {"day": DAY}, shared=True,
    ),
    *prefixed(
        HOME, "public_board board_json proof_json check_inclusion", "GET", "everybody",
        thing=lambda target: {"code": target.project.code}, shared=True,
    ),
    Row("households:public_list", "GET", "everybody"),
    Row("households:sign", "GET", "everybody", of("agreement")),
    Row("households:shared_agreement", "GET", "everybody", lambda target: {"token": target.token}),
    Row(
        "households:shared_agreement", "GET", "", lambda target: {"token": target.token + "x"},
        passerby=404,
    ),
    Row("notices:demo_outbox", "GET", "", passerby=404),  # exists in a demonstration only
]  # fmt: skip

SIGNING_IN = [
    *rows(
        "account_request_login_code account_login", "GET POST", "passerby", away="signed_in"
    ),
    Row("account_confirm_login_code", "GET POST", "", away="signed_in"),
    Row("account_logout", "GET POST", "signed_in", passerby=AWAY, answers={"POST": {AWAY}}),
    *rows("account_inactive account_signup", "GET", "everybody"),
    Row("account_reauthenticate", "GET POST", "", stranger=403),  # nobody here has a password
    Row("account_change_password", "GET POST", ""),
    Row("signin:password_first", "GET POST", "signed_in"),
    Row("signin:go_on", "GET", "signed_in", passerby=401),
    *rows("mfa_index mfa_list_webauthn", "GET", "second_factor"),
    *rows("mfa_activate_totp mfa_add_webauthn", "GET POST", "second_factor"),
    # Nothing to take off, to show or to rename yet.
    *rows(
        "mfa_deactivate_totp mfa_view_recovery_codes mfa_download_recovery_codes", "GET", ""
    ),
    Row("mfa_generate_recovery_codes", "GET POST", "second_factor", answers={"GET": {200, AWAY}}),
    *rows(
        "mfa_remove_webauthn mfa_edit_webauthn", "GET POST", "", thing=lambda target: {"pk": 1}
    ),
    Row("mfa_authenticate", "GET POST", "", away="second_factor"),
    *rows("mfa_reauthenticate mfa_reauthenticate_webauthn", "GET POST", "", sees="second_factor"),
    Row("mfa_login_webauthn", "GET POST", "", away="second_factor"),
]  # fmt: skip

EVERYONE_S_OWN = [
    *rows("community:me notices:notice_list calendars:year", "GET", "signed_in"),
    Row("notices:preferences", "GET POST", "signed_in"),
    Row("community:end_session", "POST", "self", of("session")),
    Row(
        "notices:read_notices", "POST", "self",
        data=lambda target: {"notices": [target.notice.pk]},
    ),
    *prefixed(HOME, "home counter_needed my_file project_list import_template", "GET", "signed_in"),
    Row("households:my_file", "GET", "self", query=lambda target: {"household": target.household.pk}),
    *prefixed(HOME, "link disown_letter ask_correction", "GET POST", "signed_in"),
    Row(
        "households:ask_correction", "GET POST", "self",
        query=lambda target: {"household": target.household.pk},
    ),
    Row("households:board_list", "GET", "signed_in", answers={"GET": {200, AWAY}}),
]  # fmt: skip

JOURNEY = [
    *prefixed(
        HOME,
        "sign_identity sign_plan sign_details sign_people sign_materials sign_read sign_check"
        " sign_name",
        "GET POST", "self", thing=of("agreement"),
    ),
    *prefixed(HOME, "sign_tasks sign_full_text", "GET", "self", thing=of("agreement")),
    Row(
        "households:sign_chapter", "GET POST", "self",
        lambda target: {"pk": target.agreement.pk, "number": 1},
    ),
    Row("households:sign_material_hand_in", "POST", "self", of("agreement")),
    Row(
        "households:sign_material_file", "GET", "self",
        of("agreement", file_pk="material_file"),
    ),
    Row(
        "households:sign_material_take_back", "POST", "self",
        of("agreement", file_pk="material_file"),
    ),
    Row("households:sign_notice", "GET POST", "", of("agreement"), away="self"),  # nothing is odd
    Row("households:sign_code", "POST", "self", of("agreement")),
    Row("households:sign_receipt", "GET", "", of("agreement"), away="self"),  # not signed yet
]  # fmt: skip

FILES = [
    Row(
        "households:household_list", "GET",
        f"{FILE_READERS} any_street any_auditor any_administrator any_mediator", stranger=403,
    ),
    Row("households:save_filter", "POST", FILE_READERS, stranger=403),
    *prefixed(HOME, "drop_filter set_default_filter", "POST", "clerk", thing=of("filter")),
    Row("households:keep_look", "POST", FILE_READERS, stranger=403),
    *prefixed(
        HOME,
        "assign_responsible export_households issue_letters tag_households message_households",
        "POST", "any_committee", stranger=403,
    ),
    Row("households:undo_tags", "POST", "signed_in"),  # what one did oneself, else nothing
    Row("households:export_detail", "GET", "clerk", of("export"), shared=True),
    Row("households:download_export", "POST", "clerk", of("export"), shared=True),
    Row("households:group_message", "GET", "committee", of("group_message"), shared=True),
    Row("households:cancel_group_message", "POST", "committee", of("group_message"), shared=True),
    Row("households:plan_contact", "POST", "any_committee any_leader", stranger=403),
    Row("households:reading_list", "GET", "any_auditor any_administrator any_committee"),
    *prefixed(HOME, "letter_jobs residency_queue correction_list", "GET", "any_committee"),
    Row("households:letter_job", "GET", "committee", of("job"), shared=True),
    Row("households:download_letters", "POST", "committee", of("job"), shared=True),
    Row("households:settle_correction", "GET POST", "committee", of("correction"), sees="self"),
    *prefixed(
        HOME, "household_detail household_timeline", "GET", "leader committee designer",
        thing=of("household"), sees=FILE,
    ),
    *prefixed(
        HOME,
        "edit_household mark_special write_strategy read_care_tags add_care_tag add_member"
        " link_at_counter record_mandate make_agreement",
        "GET POST", "committee", thing=of("household"), sees=FILE,
    ),
    *prefixed(
        HOME, "add_visit add_contact", "GET POST", "committee leader",
        thing=of("household"), sees=FILE,
    ),
    Row("households:print_file", "POST", "committee", of("household"), sees=FILE),
    Row(
        "households:edit_fact", "GET POST", "committee",
        lambda target: {"pk": target.household.pk, "only": "floor"}, sees=FILE,
    ),
    Row(
        "households:show_fact", "GET", "", sees="self",
        thing=lambda target: {"pk": target.household.pk, "only": "floor"}, away="committee",
    ),  # the part is htmx's; without it one is led to the file
    Row("households:remove_care_tag", "POST", "committee", of("household", tag_pk="tag"), sees=FILE),
    Row(
        "households:remove_contact", "POST", "committee leader",
        of("household", contact_pk="contact"), sees=FILE,
    ),
    Row(
        "households:unmask_contact", "GET POST", "committee leader",
        of("household", contact_pk="contact"), sees=FILE,
    ),
    *prefixed(
        HOME, "edit_member end_membership record_death unmask_id_number", "GET POST", "committee",
        thing=of("household", member_pk="member"), sees=FILE,
    ),
    Row(
        "households:unmask_phone", "GET POST", "committee leader",
        of("household", member_pk="member"), sees=FILE,
    ),
    Row(
        "households:decline_residency", "POST", "committee",
        of("household", residency_pk="waiting"), sees="self", away="",
    ),
    Row(
        "households:end_residency", "GET POST", "committee",
        of("household", residency_pk="waiting"), sees=FILE,
    ),
    Row(
        "households:approve_mandate", "POST", "colleague",
        of("household", mandate_pk="mandate"), sees="self clerk",
    ),
    Row(
        "households:revoke_mandate", "GET POST", "committee",
        of("household", mandate_pk="mandate"), sees=FILE,
    ),
    Row(
        "households:read_mandate_document", "POST", "committee",
        of("household", mandate_pk="mandate"), sees="self",
    ),
]  # fmt: skip

ROSTER = [
    Row("households:import_list", "GET POST", "any_committee", stranger=403),
    *prefixed(HOME, "import_detail import_errors", "GET", "committee", thing=of("batch"), shared=True),
    Row("households:choose_columns", "GET POST", "committee", of("batch"), shared=True),
    *prefixed(
        HOME, "start_import undo_import discard_batch", "POST", "committee",
        thing=of("batch"), shared=True,
    ),
]  # fmt: skip

PROJECTS = [
    Row("households:start_project", "GET POST", "any_committee"),
    Row("households:project_detail", "GET", PLACE, of("project"), shared=True),
    *prefixed(
        HOME,
        "write_plan_parts record_stage advance_project freeze_roster set_signing_terms"
        " set_allowance_rule compute_allowances publish_board publicise_plan",
        "POST", "committee", thing=of("project"), sees=PLACE, shared=True,
    ),
    Row(
        "households:stage_document", "GET", PLACE, of("project", record="stage_record"), shared=True
    ),
    Row(
        "households:material_items", "GET POST", "committee", of("project"), sees=PLACE, shared=True
    ),
    Row(
        "households:drop_material_item", "POST", "committee",
        of("project", item_pk="material_item"), sees=PLACE, shared=True,
    ),
    Row("households:plan_list", "GET", PLACE, of("project"), shared=True),
    Row("households:board", "GET", PLACE, of("project"), shared=True),
    Row("households:grid", "GET", "committee leaders", of("project"), away=PLACE, shared=True),
]  # fmt: skip

PLANS = [
    Row(
        "households:draw_plan", "GET POST", "committee designer",
        of("project", household="household"), sees=FILE,
    ),
    Row("households:plan_detail", "GET", PLAN, of("plan")),
    Row("households:plan_detail", "GET", "committee designer", of("draft_plan")),
    Row("households:drawing_file", "GET", PLAN, of("plan", drawing="drawing")),
    Row("households:add_drawing", "POST", "committee designer", of("plan"), sees=PLAN),
    Row("households:publish_plan", "POST", "committee", of("plan"), sees=PLAN),
    Row("households:confirm_plan", "POST", "self", of("plan"), sees=PLAN),
    Row("households:enter_plan_confirmation", "POST", "committee", of("plan"), sees=PLAN),
    Row("households:raise_remark", "POST", "self", of("plan"), sees=PLAN),
    Row("households:answer_remark", "POST", "committee designer", of("remark"), sees=PLAN),
    Row("households:withdraw_remark", "POST", "self", of("remark"), sees=PLAN),
]  # fmt: skip

AGREEMENTS = [
    Row("households:template_list", "GET", DESK, of("project"), shared=True),
    Row(
        "households:draft_template", "GET POST", "committee", of("project"),
        sees="administrator", shared=True,
    ),
    Row("households:template_detail", "GET", DESK, of("template"), shared=True),
    Row(
        "households:edit_template", "GET POST", "committee", of("draft"),
        sees="administrator", shared=True,
    ),
    Row(
        "households:preview_template", "GET", "", of("template"), away=DESK, shared=True
    ),  # of no household: back to the text
    Row(
        "households:publish_template", "POST", "committee", of("draft"), sees="administrator",
        shared=True,
    ),
    Row("households:start_generation", "GET", DESK, of("project"), shared=True),
    Row(
        "households:start_generation", "POST", "committee", of("project"), sees="administrator",
        shared=True,
    ),
    Row("households:generation_detail", "GET", DESK, of("generation"), shared=True),
    Row(
        "households:cancel_generation", "POST", "committee", of("generation"),
        sees="administrator", shared=True,
    ),
    *prefixed(HOME, "agreement_list sealing_queue", "GET", ANY_DESK),
    Row("households:partly_signed", "GET", "any_committee"),
    Row("households:retry_sealing", "POST", DESK, of("sealing")),
    *prefixed(
        HOME, "agreement_detail agreement_text agreement_pdf sealed_pdf certificate_pdf",
        "GET", f"self {DESK}", thing=of("agreement"),
    ),
    Row("households:freeze_agreement", "POST", "committee", of("agreement"), sees=f"self {DESK}"),
    Row(
        "households:supersede_agreement", "GET POST", "committee", of("agreement"),
        sees="self administrator",
    ),
    Row(
        "households:decline_agreement", "GET POST", "self committee", of("agreement"),
        sees="administrator",
    ),
    Row(
        "households:reconsider_agreement", "POST", "self committee", of("agreement"),
        sees="administrator",
    ),
    Row("households:void_agreement", "GET POST", DESK, of("agreement"), sees="self"),
    Row("households:share_agreement", "POST", "self", of("agreement"), sees=DESK),
    Row(
        "households:revoke_share_link", "POST", "self committee", of("link"), sees="administrator"
    ),
    Row(
        "households:note_material_seen", "POST", "committee", of("agreement"),
        sees="self administrator",
        data=lambda target: {"key": f"{target.material_item.pk}:{target.member.pk}"},
    ),
    Row(
        "households:read_material", "POST", "committee",
        of("agreement", file_pk="material_file"), sees="self administrator",
    ),
    Row(
        "households:check_material", "POST", "committee",
        of("agreement", material_pk="material"), sees="self administrator",
    ),
    Row(
        "households:return_material", "GET POST", "committee",
        of("agreement", material_pk="material"), sees="self administrator",
    ),
    *prefixed(
        HOME, "sign_on_tablet enter_paper_signature", "GET POST", "committee",
        thing=of("agreement"), sees="self administrator",
    ),
]  # fmt: skip

UPKEEP = [
    Row("community:unknown_callers", "GET", ANY_DESK, stranger=403),
    Row("community:person_list", "GET", "any_administrator", stranger=403),
    Row("community:appoint", "GET POST", "any_administrator", stranger=403),
    Row("community:person_detail", "GET", "administrator", of("clerk"), shared=True),
    *rows(
        "community:disable_account community:enable_account community:reset_second_factor",
        "GET POST", "administrator", thing=of("clerk"), shared=True,
    ),
    Row("community:end_posting", "POST", "administrator", of("clerk_post"), shared=True),
    Row("notices:sending_list", "GET", ANY_DESK, stranger=403),
    Row(
        "notices:retry_sending", "POST", DESK, of("sending"), shared=True,
        sees="signed_in -any_committee -any_administrator",
    ),
    *rows(
        "ledger:entry_list ledger:dead_letters", "GET", "any_auditor any_administrator",
        stranger=403,
    ),
    Row(
        "ledger:retry_delivery", "POST", "administrator", of("delivery"), shared=True,
        sees="signed_in -any_auditor -any_administrator auditor",
    ),
    *prefixed(
        "calendars:", "set_special_day import_special_days", "POST", "any_administrator",
        stranger=403,
    ),
    Row(
        "calendars:remove_special_day", "POST", "any_administrator", stranger=403,
        data=lambda target: {"day": DAY.isoformat()},
    ),
]  # fmt: skip

GROUPS = {
    "minutes": MINUTES_READ,
    "desk of minutes": DESK_OF_MINUTES,
    "public": PUBLIC,
    "signing in": SIGNING_IN,
    "everyone's own": EVERYONE_S_OWN,
    "journey": JOURNEY,
    "files": FILES,
    "roster": ROSTER,
    "projects": PROJECTS,
    "plans": PLANS,
    "agreements": AGREEMENTS,
    "upkeep": UPKEEP,
    "voting": VOTING,
    "desk of polls": DESK_OF_POLLS,
    "meetings": MEETINGS,
    "desk of meetings": DESK_OF_MEETINGS,
    "congress": CONGRESS,
    "written opinions": OPINIONS,
    "publicity": PUBLICITY,
    "topics": ABOUT_TOPICS,
    "house rules": HOUSE_RULES,
    "resolutions": RESOLUTIONS,
    "self-governance": SELF_GOVERNANCE,
    "door of a meeting": AT_THE_DOOR,
    "shows of hands": HANDS_UP,
    "record of a meeting": RECORD,
    "collection points": POINTS,
    "mailboxes": MAILBOXES,
    "keepsakes": KEEPSAKES,
    "draft laws": DRAFTS,
    "suggestions": SUGGESTIONS,
    "finding suggestions": SEARCH,
    "campaigns": CAMPAIGNS,
    "claims": ABOUT_CLAIMS,
}
