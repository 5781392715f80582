"""Rows for the addresses of claims, and the claims of each home and its place."""

from types import SimpleNamespace

from django.utils import timezone

from caoyang_portal.uploads.intake import keep
from households.models import Visit
from suggestions import claim_limits
from suggestions.actions import claims, dispatches, leader_visits
from suggestions.claim_paces import due
from suggestions.models import ClaimExtension, ClaimLimit, Dispatch
from tests.matrix.row import Row, of, prefixed

OURS = "suggestions:"
COORDINATORS = "committee street"
READERS = "committee street auditor"
SEE_IT = f"{READERS} handler"
ANY_COORDINATOR = "any_committee any_street"
ANY_READER = f"{ANY_COORDINATOR} any_auditor"


def leader_visit_of(place, clerk) -> dict:
    """A leader's visit with two findings."""
    claim_limits.seed(ClaimLimit)
    visit = leader_visits.record_leader_visit(
        place, on=timezone.localdate(), leader="张书记", place="3号楼", met=4, by=clerk,
        findings=["楼道灯不亮", "水压不够"],
    )  # fmt: skip
    return {"leader_visit": visit, "finding": visit.findings.first()}


def claims_of(household, resident, clerk, picture, department) -> SimpleNamespace:
    """One in the hands of a department, with a picture, for which more time is asked."""
    here = household.neighbourhood
    photo = keep(picture, "roof.png", "image/png", neighbourhood_id=here.pk, by=resident)
    claim = claims.make_claim(
        here, title=f"{household.room} 楼顶漏水", text="下雨就漏。", building=household.building,
        photos=[photo], by=resident,
    )  # fmt: skip
    claims.accept_claim(claim, claim_class="help", by=clerk)
    dispatches.note_contact(claim, way=Visit.Way.PHONE, words="明天来看", by=clerk)
    dispatches.whistle_claim(claim, lead=department, by=clerk)
    part = Dispatch.objects.get(claim=claim)
    longer = ClaimExtension.objects.create(
        neighbourhood=here, claim=claim, dispatch=part, round=1, reason="等料",
        until=due("complex", timezone.localdate()), asked_by=resident,
    )  # fmt: skip
    return SimpleNamespace(
        claim=claim, claim_photo=photo, claim_step=claim.steps.first(), claim_part=part,
        claim_extension=longer,
    )  # fmt: skip


def _deeds(names: str, methods: str, may: str = COORDINATORS, **more) -> list[Row]:
    """By those who coordinate; the claimant, whoever handles it and the auditor know it."""
    more = {"sees": "auditor handler", "thing": of("claim")} | more
    return prefixed(OURS, names, methods, may, **more)


ABOUT_CLAIMS: list[Row] = [
    Row("suggestions:my_claims", "GET", "signed_in"),
    Row("suggestions:make_claim", "GET POST", "signed_in"),
    Row("suggestions:claim", "GET", "self", of("claim")),
    Row(
        "suggestions:claim_photo", "GET", f"self {COORDINATORS} handler",
        of("claim", photo="claim_photo"),
    ),
    Row("suggestions:withdraw_claim", "POST", "self", of("claim"), sees=SEE_IT),
    Row("suggestions:rate_claim", "GET POST", "self", of("claim"), sees=SEE_IT),
    Row("suggestions:claim_desk", "GET", f"{ANY_READER} any_handler"),
    Row("suggestions:unit_claims", "GET", "any_handler"),
    Row("suggestions:claim_callbacks", "GET", ANY_COORDINATOR),
    Row("suggestions:claim_warnings", "GET", f"{ANY_READER} any_handler"),
    Row("suggestions:claim_figures", "GET", ANY_READER),
    Row("suggestions:enter_claim", "GET POST", ANY_COORDINATOR),
    *_deeds("desk_claim", "GET", SEE_IT, sees=""),
    *_deeds(
        "accept_claim refer_claim merge_claim pause_claim form_claim_team note_contact"
        " whistle_claim call_back_claim note_unreached",
        "GET POST",
    ),
    *_deeds("unmerge_claim resume_claim", "POST"),
    *_deeds("note_claim_told", "POST", thing=of("claim_step")),
    *_deeds("see_claimant_phone", "POST", f"{COORDINATORS} handler", sees="auditor"),
    *_deeds(
        "ask_claim_return ask_claim_extension reply_claim", "GET POST", "handler",
        sees=READERS, thing=of("claim_part"),
    ),
    *_deeds("settle_claim_return", "GET POST", thing=of("claim_part")),
    *_deeds("settle_claim_extension", "GET POST", thing=of("claim_extension")),
    *_deeds("supervise_claim close_claim", "GET POST", "street", sees="committee auditor handler"),
    Row("suggestions:leader_visits", "GET", ANY_READER),
    Row("suggestions:record_leader_visit", "GET POST", ANY_COORDINATOR),
    Row("suggestions:leader_visit", "GET", READERS, of("leader_visit"), shared=True),
    Row("referrals:to_claims", "GET", "any_committee"),
    Row("referrals:objection_to_claim", "GET POST", "committee", of("poll_objection"), shared=True),
    Row("referrals:visit_to_claim", "GET POST", "committee", of("noted_visit")),
    *prefixed(
        "referrals:", "claim_to_suggestion claim_to_topic", "GET POST", "committee",
        thing=of("claim"),
    ),
    *_deeds(
        "answer_finding claim_finding", "GET POST", sees="auditor", thing=of("finding"),
        shared=True,
    ),
]  # fmt: skip
