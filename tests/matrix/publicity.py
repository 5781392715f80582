"""Rows for the addresses of publicities, and one of each thing they need (公示)."""

from django.utils import timezone

from caoyang_portal.community.models import Building
from caoyang_portal.publicity import actions
from caoyang_portal.publicity.models import ObjectionFile, Publicity, PublicityFile
from caoyang_portal.uploads.intake import keep
from tests.matrix.row import Row, of, prefixed

OTHERS_HERE = "street auditor administrator"
STAFF_HERE = f"committee {OTHERS_HERE}"


def publicity_of(place, clerk, pdf, picture) -> dict:
    """A draft, one that runs with a place, a photo and an objection, and one with its certificate."""
    kept = {"neighbourhood_id": place.pk, "by": clerk}
    posted, ended = (_posted(place, clerk, pdf) for _n in "12")
    draft = _draft(place, clerk, pdf)
    building = Building.objects.filter(neighbourhood=place).order_by("number").first()
    hung, bare = (
        actions.add_posting_place(posted, place=name, building=building, by=clerk)
        for name in ("门厅公告栏", "二楼走廊")
    )
    photo = keep(picture, "board.png", "image/png", **kept)
    actions.put_up_notice(hung, put_up_on=timezone.localdate(), photo=photo, by=clerk)
    objection = actions.enter_objection(
        posted, channel="letter", name="钱多", home="3号楼 303", text="楼道太暗。",
        raised_on=timezone.localdate(), by=clerk,
    )  # fmt: skip
    sealed = keep(pdf, "certificate.pdf", "application/pdf", **kept)
    Publicity.objects.filter(pk=ended.pk).update(
        state="ended",
        ended_at=timezone.now(),
        certificate=sealed,
        certificate_sha256=sealed.sha256,
    )
    return {
        "draft_publicity": draft,
        "draft_publicity_file": PublicityFile.objects.get(publicity=draft),
        "publicity": posted,
        "ended_publicity": ended,
        "posting_place": hung,
        "bare_place": bare,
        "publicity_objection": objection,
        "objection_file": ObjectionFile.objects.create(
            neighbourhood=place, objection=objection,
            file=keep(pdf, "letter.pdf", "application/pdf", conceal=True, **kept),
        ),
    }  # fmt: skip


def _draft(place, clerk, pdf) -> Publicity:
    publicity = actions.draft_publicity(
        place, title="三号楼加装电梯方案公示", body="电梯装在北侧。\n\n费用按楼层分摊。",
        legal_basis="沪规划资源规〔2024〕2号", days=10, opinion_days=7, by=clerk,
    )  # fmt: skip
    plan = keep(pdf, "plan.pdf", "application/pdf", neighbourhood_id=place.pk, by=clerk)
    actions.add_publicity_file(publicity, name="总平面图", file=plan, by=clerk)
    return publicity


def _posted(place, clerk, pdf) -> Publicity:
    return actions.post_publicity(_draft(place, clerk, pdf), by=clerk)


def _of(thing: str, names: str, methods: str, may: str, **more) -> list[Row]:
    return prefixed(
        "publicity:", names, methods, may, thing=of(thing), **{"shared": True, "sees": ""} | more
    )


PUBLICITY: list[Row] = [
    Row("publicity:publicity_list", "GET", "everybody"),
    *_of("publicity", "publicity notice", "GET", "everybody"),
    *_of("ended_publicity", "publicity certificate", "GET", "everybody"),
    *_of("publicity", "certificate", "GET", "", passerby=404),
    *_of("draft_publicity", "publicity", "GET", "", passerby=404),
    *_of("draft_publicity", "notice", "GET", STAFF_HERE, passerby=404),
    *_of("publicity", "object_to_publicity", "GET POST", "signed_in"),
    Row(
        "publicity:publicity_file", "GET", "everybody",
        lambda target: {"pk": target.publicity.pk, "number": 1}, shared=True,
    ),
    *_of("posting_place", "place_photo", "GET", "everybody"),
    *_of("objection_file", "objection_file", "GET", "committee administrator"),
    *_of("bare_place", "put_up_notice", "GET POST", "committee leaders", sees=OTHERS_HERE),
    *_of("posting_place", "take_off_notice", "GET POST", "committee leaders", sees=OTHERS_HERE),
    Row("publicity:desk", "GET", "any_committee any_street any_auditor any_administrator"),
    Row("publicity:draft_publicity", "GET POST", "any_committee"),
    *_of("draft_publicity", "desk_publicity", "GET", STAFF_HERE),
    *_of("publicity", "desk_publicity", "GET", STAFF_HERE),
    *_of("ended_publicity", "desk_publicity", "GET", STAFF_HERE),
    *_of(
        "draft_publicity", "edit_publicity add_publicity_file withdraw_publicity", "GET POST",
        "committee", sees=OTHERS_HERE,
    ),
    *_of("draft_publicity_file", "remove_publicity_file", "POST", "committee", sees=OTHERS_HERE),
    *_of("draft_publicity", "post_publicity", "POST", "committee", sees=OTHERS_HERE),
    *_of(
        "publicity", "extend_publicity add_posting_place enter_objection", "GET POST",
        "committee", sees=OTHERS_HERE,
    ),
    *_of(
        "ended_publicity", "take_down_publicity order_certificate", "POST", "committee",
        sees=OTHERS_HERE,
    ),
    *_of("ended_publicity", "publish_again", "GET POST", "committee", sees=OTHERS_HERE),
    # A leader knows the place of the own building, and has no right there.
    *_of(
        "bare_place", "remove_posting_place", "POST", "committee", sees=f"{OTHERS_HERE} leaders"
    ),
    *_of(
        "publicity_objection", "answer_objection hide_objection", "GET POST", "committee",
        sees=OTHERS_HERE,
    ),
]  # fmt: skip
