"""One of everything, three times: of 王桂芳, of 赵大勇 in the same neighbourhood, of 胡杰 next door."""

import datetime as dt
import io
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone
from PIL import Image

from caoyang_portal.calendars.models import SpecialDay
from caoyang_portal.ids import new_id
from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.models import Checkpoint, Delivery
from caoyang_portal.notices.models import Notice, Sending
from caoyang_portal.uploads.intake import keep
from households.actions.roster import check_roster
from households.actions.shares import token_hash
from households.models import (
    AgreementTemplate,
    AllowanceItem,
    CareTag,
    Contact,
    CorrectionRequest,
    Drawing,
    Export,
    GenerationJob,
    GroupMessage,
    LetterJob,
    Mandate,
    Material,
    MaterialFile,
    MaterialItem,
    Plan,
    PlanRemark,
    PublishedBoard,
    Residency,
    SavedFilter,
    Sealing,
    ShareLink,
    SigningProgress,
    StageRecord,
    Visit,
)
from tests.conftest import open_signing
from tests.households.builders import frozen_agreement, template
from tests.households.roster_files import home, sheet_of
from tests.matrix.attendance import hall_of
from tests.matrix.ballots import polls_of
from tests.matrix.campaigns import campaigns_of
from tests.matrix.claims import claims_of, leader_visit_of
from tests.matrix.congress import congress_of, opinion_of
from tests.matrix.drafts import drafts_of
from tests.matrix.house_rules import house_rules_of
from tests.matrix.keepsakes import keepsakes_of
from tests.matrix.mailboxes import mailboxes_of
from tests.matrix.meetings import meetings_of, signed_up
from tests.matrix.minutes import minutes_of
from tests.matrix.points import points_of
from tests.matrix.publicity import publicity_of
from tests.matrix.resolutions import resolutions_of
from tests.matrix.search import saved_view_of
from tests.matrix.suggestions import suggestions_of, templates_of
from tests.matrix.topics import topics_of

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DAY = dt.date(2026, 10, 1)


@dataclass
class World:
    """``own``, ``other`` and ``next`` hold the same names; ``people`` look at them."""

    people: dict
    targets: dict[str, SimpleNamespace] = field(default_factory=dict)

    @property
    def own(self) -> SimpleNamespace:
        return self.targets["own"]


@pytest.fixture
def world(places, households, people, project):
    made = World(people)
    there = open_signing(
        SimpleNamespace(here=places.there),
        [households.hu],
        name="曲阳一村旧住房成套改造",
        code="quyang-one-renewal",
    )
    here_things = _of_the_place(project, people["chen"], people["sun"], people)
    there_things = _of_the_place(there, people["fang"], people["hu"], people)
    for target, who, place in [
        ("own", "wang", here_things),
        ("other", "zhao", here_things),
        ("next", "hu", there_things),
    ]:
        home = getattr(households, who)
        things = _of_the_home(home, people[who], place, people)
        made.targets[target] = SimpleNamespace(**(vars(place) | vars(things)))
    SpecialDay.objects.update_or_create(
        day=DAY, defaults={"kind": "holiday", "name": "国庆节", "source": "国办发明电"}
    )
    _checkpoint(places.here)
    return made


def _of_the_place(project, clerk, seen_by, people):
    """What belongs to a neighbourhood and its committee."""
    place = project.neighbourhood
    published = template(project, clerk)
    draft = AgreementTemplate.objects.create(
        neighbourhood=place,
        project=project,
        name="调整协议",
        version=2,
        key_points="搬出去，再搬回来。",
        body="<h2>第一条</h2><p>{{ signatory_names }}</p>",
        changes="改了一条",
        written_by=clerk,
    )
    generation = GenerationJob.objects.create(
        neighbourhood=place, project=project, template=published, total=3, asked_by=clerk
    )
    batch = check_roster(
        sheet_of(home("101"), home("102", living="很大")),
        "名册.xlsx",
        neighbourhood=place,
        by=clerk,
    )
    job = LetterJob.objects.create(
        neighbourhood=place,
        state=LetterJob.State.DONE,
        total=1,
        done=1,
        asked_by=clerk,
        file=_kept(place, "letters.pdf"),
        finished_at=timezone.now(),
    )
    stage_record = StageRecord.objects.create(
        neighbourhood=place,
        project=project,
        stage="assessment",
        happened_on=dt.date(2026, 1, 5),
        document=_kept(place, "assessment.pdf"),
        by=clerk,
    )
    PublishedBoard.objects.create(
        neighbourhood=place,
        project=project,
        as_of=timezone.now(),
        signed=0,
        total=3,
        sealed=0,
        root="0" * 64,
        rows=[{"building": "3号楼", "signed": 0, "total": 2}],
        leaves="",
    )
    delivery = _dead_letter(project, clerk)
    sending = Sending.objects.create(
        key=f"matrix-{place.code}",
        channel="sms",
        reader=seen_by,
        neighbourhood_id=place.pk,
        to=seen_by.phone,
        to_tail=seen_by.phone[-4:],
        text="请来签约",
        state=Sending.State.DEAD,
        last_error="号码已停机",
    )
    polls = polls_of(place, clerk, seen_by, PDF, _picture())
    points = points_of(place, clerk)
    return SimpleNamespace(
        **vars(polls),
        **hall_of(place, clerk, polls.poll, polls.entry, PDF, _picture()),
        **house_rules_of(place, clerk, seen_by, polls.counted_poll),
        **resolutions_of(place, clerk, polls.counted_poll, _picture()),
        **publicity_of(place, clerk, PDF, _picture()),
        **minutes_of(place, clerk, people, PDF, _picture()),
        **meetings_of(place, clerk, PDF),
        **congress_of(place, clerk, people),
        **drafts_of(place, clerk, PDF),
        **points,
        **mailboxes_of(place, clerk, people, points["mailbox_point"], _picture()),
        **leader_visit_of(place, clerk),
        **templates_of(place, clerk),
        **saved_view_of(clerk),
        **campaigns_of(place, clerk),
        neighbourhood=place,
        project=project,
        clerk=clerk,
        clerk_post=clerk.posting_set.get(),
        export=Export.objects.create(
            neighbourhood=place,
            by=clerk,
            reason="排班",
            columns=["address"],
            rows=6000,
            state=Export.State.DONE,
            file=_kept(place, "list.xlsx"),
            expires_at=timezone.now() + dt.timedelta(days=1),
        ),
        group_message=GroupMessage.objects.create(
            neighbourhood=place,
            key=new_id(),
            text="请来签约",
            readers=[seen_by.pk],
            households=1,
            by=clerk,
            send_after=timezone.now() + dt.timedelta(minutes=1),
        ),
        template=published,
        draft=draft,
        generation=generation,
        batch=batch,
        job=job,
        stage_record=stage_record,
        delivery=delivery,
        sending=sending,
    )


def _of_the_home(household, resident, place, people):
    """What belongs to a household and its people."""
    here = {"neighbourhood": household.neighbourhood, "household": household}
    member = household.members.get(role="holder")
    contact = Contact.objects.create(**here, name="王小明", phone="+8613800001234")
    tag = CareTag.objects.create(**here, kind=CareTag.Kind.LIVING_ALONE, added_by=place.clerk)
    Visit.objects.create(**here, by=place.clerk, way="door", text="在家，谈得好")
    plan = Plan.objects.create(
        **here,
        project=place.project,
        version=1,
        summary="厨房、卫生间改成自家独用。",
        area_before="20.50",
        area_after="28.60",
        drawn_by=place.clerk,
        published_at=timezone.now(),
    )
    draft_plan = Plan.objects.create(
        **here, project=place.project, version=2, summary="还没定。", drawn_by=place.clerk
    )
    drawing = Drawing.objects.create(
        neighbourhood=household.neighbourhood,
        plan=plan,
        title="户型图",
        alt_text="朝南一间，厨房在北。",
        file=keep(_picture(), "plan.png", "image/png", neighbourhood_id=household.neighbourhood_id, by=None),
    )  # fmt: skip
    remark = PlanRemark.objects.create(
        neighbourhood=household.neighbourhood,
        plan=plan,
        kind="question",
        text="阳台还在吗？",
        raised_by=resident,
    )
    mandate = Mandate.objects.create(
        **here,
        principal=member,
        agent_name="王小明",
        matter="sign",
        scope="代签调整协议",
        valid_from=dt.date(2026, 1, 1),
        valid_to=dt.date(2030, 1, 1),
        document=_kept(household.neighbourhood, "mandate.pdf"),
        recorded_by=place.clerk,
    )
    AllowanceItem.objects.create(
        **here,
        project=place.project,
        code="move",
        name="搬家补助费",
        formula_text="按户计发",
        quantity=1,
        unit_price=1200,
        amount=1200,
    )
    item = MaterialItem.objects.get_or_create(
        neighbourhood=household.neighbourhood,
        project=place.project,
        name="身份证",
        whom="signatory",
    )[0]
    material = Material.objects.create(**here, item=item, member=member)
    material_file = MaterialFile.objects.create(
        neighbourhood=household.neighbourhood,
        material=material,
        file=_kept(household.neighbourhood, "id.pdf"),
        uploaded_by=resident,
    )
    agreement = frozen_agreement(
        place.project,
        household,
        place.clerk,
        document=_kept(household.neighbourhood, "agreement.pdf"),
        sealed=_kept(household.neighbourhood, "sealed.pdf"),
        certificate=_kept(household.neighbourhood, "certificate.pdf"),
        text="<h2>第一条 房屋</h2><p>厨房独用。</p><h2>第二条 搬迁</h2><p>再搬回来。</p>",
        key_points="搬出去，再搬回来。\n厨房独用。",
        plan=plan,
    )
    token = f"matrix-{resident.phone[-4:]}"
    now = timezone.now()
    link = ShareLink.objects.create(
        neighbourhood=household.neighbourhood,
        agreement=agreement,
        token_hash=token_hash(token),
        created_by=resident,
        expires_at=now + dt.timedelta(days=7),
    )
    SigningProgress.objects.create(
        neighbourhood=household.neighbourhood,
        agreement=agreement,
        user=resident,
        chapters_read=2,
        amount_seen=1200,
        **dict.fromkeys(
            (
                "identity_confirmed_at", "plan_seen_at", "details_seen_at", "signatories_seen_at",
                "materials_seen_at", "checked_at",
            ),
            now,
        ),
    )  # fmt: skip
    session = _session(resident)
    return SimpleNamespace(
        **opinion_of(resident, place, _picture()),
        **keepsakes_of(household, resident, place.clerk, _picture()),
        **vars(topics_of(household, resident, place.clerk, _picture())),
        **suggestions_of(household, resident, place, _picture()),
        **vars(claims_of(household, resident, place.clerk, _picture(), place.department)),
        household=household,
        resident=resident,
        member=member,
        contact=contact,
        tag=tag,
        plan=plan,
        draft_plan=draft_plan,
        drawing=drawing,
        remark=remark,
        mandate=mandate,
        agreement=agreement,
        material_item=item,
        material=material,
        material_file=material_file,
        token=token,
        link=link,
        session=session,
        waiting=Residency.objects.create(**here, user=people["sun"], way="letter"),
        correction=CorrectionRequest.objects.create(**here, asked_by=resident, text="面积不对"),
        sealing=Sealing.objects.create(
            neighbourhood=household.neighbourhood, agreement=agreement, state=Sealing.State.FAILED
        ),
        filter=SavedFilter.objects.create(
            neighbourhood=household.neighbourhood,
            owner=place.clerk,
            name=f"七天未联系 {household.room}",
            query="silent=7",
        ),
        notice=_notice(resident, household),
        registration=signed_up(place.tea_table, resident),
    )


def _kept(neighbourhood, name, media_type="application/pdf"):
    return keep(PDF, name, media_type, neighbourhood_id=neighbourhood.pk, by=None)


def _picture():
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def _session(user):
    store = SessionStore()
    store.create()
    return UserSession.objects.create(
        user=user, ip="192.0.2.1", user_agent="WeChat", session_key=store.session_key
    )


def _notice(reader, household):
    with transaction.atomic():
        entry = record("matrix.notice", household, by=None)
    return Notice.objects.create(
        entry=entry, reader=reader, neighbourhood_id=household.neighbourhood_id, text="请来签约"
    )


def _dead_letter(project, clerk):
    with transaction.atomic():
        entry = record("matrix.dead_letter", project, by=clerk)
    return Delivery.objects.create(
        entry=entry, subscriber="matrix.nobody", dead_at=timezone.now(), last_error="TimeoutError"
    )


def _checkpoint(neighbourhood):
    Checkpoint.objects.create(
        day=DAY,
        at=timezone.now(),
        root=bytes(32),
        prev_root=bytes(32),
        heads=1,
        entries=1,
        document=_kept(neighbourhood, "checkpoint.pdf"),
    )
