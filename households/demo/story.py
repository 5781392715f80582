"""The demonstration told from the beginning (演示数据): rosters, plans, agreements, signatures.

Everything is done by the acts that people use, as the people of ``caoyang_portal.demo``; nothing is
written past a rule. It stops one signature short: the visitor gives that one.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from caoyang_portal.community.models import (
    Building,
    Neighbourhood,
    Organisation,
    Posting,
    SubDistrict,
    User,
)
from caoyang_portal.demo import ACCOUNTS, DEMO_PASSWORD
from caoyang_portal.uploads import intake
from caoyang_portal.uploads.models import Attachment
from households.actions import (
    agreements,
    letters,
    members,
    plans,
    projects,
    residencies,
    roster_writing,
    signatures,
    templates,
    visits,
)
from households.actions import roster as rosters
from households.demo import made_up, pilot
from households.demo.drawings import floor_plan
from households.models import Agreement, AgreementTemplate, Household, Member, Plan, Project, Visit
from households.queries.templates import DEFAULT_NAME, DEFAULT_POINTS, default_body

Say = Callable[[str], None]


@transaction.atomic
def tell_story(say: Say) -> bool:
    """Load the demonstration unless it is there: all of it, or nothing when it is interrupted.

    ``say`` hears of every step. Returns whether it was loaded.
    """
    if Neighbourhood.objects.filter(code="caoyang-one").exists():
        return False
    say("街道、居民区和岗位")
    street = SubDistrict.objects.create(name="曹杨新村街道", code="caoyang-xincun")
    one = _neighbourhood(street, "曹杨一村", "caoyang-one", "021-5555 0101")
    two = _neighbourhood(street, "曹杨二村先行楼", "caoyang-two", "021-5555 0202")
    owner = Organisation.objects.create(
        sub_district=street,
        kind=Organisation.Kind.IMPLEMENTER,
        name="西部住房改造有限公司（演示）",
    )
    _offices(street, one, two)
    say("导入两份名册")
    _import(one, made_up.workbook(), "曹杨一村住户清册.xlsx")
    _import(two, pilot.workbook(), "先行楼住户清册.xlsx")
    _postings_by_building(one, street)
    say("先行楼：方案、名册、协议")
    _pilot(two, owner)
    say("曹杨一村：一幢楼开始签约")
    _village(one, owner)
    return True


def _neighbourhood(street: SubDistrict, name: str, code: str, phone: str) -> Neighbourhood:
    return Neighbourhood.objects.create(
        sub_district=street,
        name=name,
        code=code,
        committee_phone=phone,
        opening_hours="周一至周日 8:30–20:00",
    )


def _offices(street: SubDistrict, one: Neighbourhood, two: Neighbourhood) -> None:
    """Open the accounts of everyone who holds an office."""
    since = timezone.localdate() - dt.timedelta(days=365)
    for account in ACCOUNTS:
        if not account.office:
            continue
        user = User.objects.create_user(
            account.phone, DEMO_PASSWORD, name=account.name, phone_verified=True
        )
        if account.office in ("street_official", "auditor", "administrator"):
            places: list[Neighbourhood | None] = [None]
        elif account.office in ("building_leader", "department"):
            continue  # when the buildings and departments are there
        else:
            places = [two, one]
        for place in places:
            Posting.objects.create(
                user=user,
                office=account.office,
                sub_district=street,
                neighbourhood=place,
                since=since,
            )


def _postings_by_building(one: Neighbourhood, street: SubDistrict) -> None:
    building = Building.objects.filter(neighbourhood=one).first()
    for account in ACCOUNTS:
        if account.office == "building_leader":
            Posting.objects.create(
                user=person(account.key),
                office=account.office,
                sub_district=street,
                neighbourhood=one,
                building=building,
                since=timezone.localdate() - dt.timedelta(days=365),
            )


def person(key: str) -> User:
    """The user of one demo account."""
    phone = next(account.phone for account in ACCOUNTS if account.key == key)
    user = User.objects.by_phone(phone)
    assert user, key
    return user


def _import(place: Neighbourhood, content: bytes, name: str) -> None:
    chen = person("committee")
    batch = rosters.check_roster(content, name, neighbourhood=place, by=chen)
    roster_writing.import_batch(batch, only_good_rows=False, by=chen)


def _pilot(place: Neighbourhood, owner: Organisation) -> None:
    """Twenty households, eighteen signed on paper; Wang's signature makes nineteen, exactly 95 %."""
    project = _project(place, owner, "曹杨二村先行楼成套改造", "caoyang-two")
    homes = list(Household.objects.filter(neighbourhood=place).order_by("room"))
    wang = Member.objects.get(household__in=homes, role="holder", name="王桂芳").household
    for home in homes:
        _plan(home, project, with_drawing=True)
    template = _open_signing(project)
    _link(wang, "resident", "+8613800000001")
    papers = [_agreement(home, template) for home in homes]
    last = homes[-1]
    _sign_on_paper(paper for paper in papers if paper.household_id not in (wang.pk, last.pk))
    visits.add_visit(
        last,
        way=Visit.Way.DOOR,
        outcome=Visit.Outcome.HESITANT,
        text="担心过渡期租房，已介绍为你找房。",
        next_action="带房源信息再上门",
        next_on=timezone.localdate() + dt.timedelta(days=2),
        by=person("committee"),
    )


def _village(place: Neighbourhood, owner: Organisation) -> None:
    """1,499 households on the roster; half of the first building has its agreements, ten are signed."""
    project = _project(place, owner, "曹杨一村旧住房成套改造", "caoyang-one")
    building = Building.objects.filter(neighbourhood=place).first()
    homes = list(Household.objects.filter(building=building, special="").order_by("door", "room"))
    first = homes[0]
    _rename_holder(first, "周建华", "+8613800000009")
    for home in homes:
        _plan(home, project, with_drawing=home == first)
    template = _open_signing(project)
    _link(first, "neighbour", "+8613800000009")
    papers = [_agreement(home, template) for home in homes[:16]]
    _sign_on_paper(papers[4:14])
    chen = person("committee")
    for n, home in enumerate(homes[16:]):
        visits.add_visit(
            home,
            way=Visit.Way.DOOR if n % 2 else Visit.Way.PHONE,
            outcome=Visit.Outcome.WILLING if n % 3 == 0 else Visit.Outcome.MET,
            text="说明了方案和补贴。",
            by=chen,
        )
    agreements.decline_agreement(papers[1], reason="子女意见不一，想再商量", by=chen)
    letters.issue_letters(homes[1:4], by=chen)


def _rename_holder(home: Household, name: str, phone: str) -> None:
    holder = home.members.get(role="holder")
    values = {field: getattr(holder, field) for field in members.EDITABLE}
    members.edit_member(
        holder,
        version=home.version,
        values=values | {"name": name, "phone": phone},
        by=person("committee"),
    )


def _link(home: Household, key: str, phone: str) -> None:
    residencies.link_at_counter(
        home.members.get(role="holder"), phone=phone, seen=["id_card"], by=person("committee")
    )
    assert person(key)


def _project(place: Neighbourhood, owner: Organisation, name: str, code: str) -> Project:
    """From assessment to the approved plan, every gate passed with its record."""
    chen = person("committee")
    project = projects.start_project(
        place, name=name, code=code, kind=Project.Kind.COMPLETE_SET, by=chen
    )
    total = Household.objects.filter(neighbourhood=place).count()
    day = timezone.localdate() - dt.timedelta(days=120)
    stage = Project.Stage

    def go(to: Project.Stage, **result) -> None:
        projects.record_stage(project, happened_on=day, **result, by=chen)
        projects.advance_project(project, to=to, by=chen)

    go(stage.FIRST_CONSENT, document=_paper(place, "房屋评估报告"))
    go(stage.PLAN_LISTED, asked=total, agreed=total * 9 // 10)
    go(stage.SURVEY, document_number="沪房更新〔演示〕12号")
    go(stage.DESIGN, note="入户排摸完成")
    go(stage.PLAN_CONSULT, note="一户一方案已出")
    projects.write_plan_parts(
        project,
        implementer=owner,
        parts={
            "scope": f"{place.name}全部住宅",
            "resettlement": "原址改造，居民过渡后回搬原住房",
            "effect_condition": "签约率达到 95% 生效",
            "housing_kind": "成套独用，租赁关系和产权关系不变",
            "works_duration": "自搬离之日起十八个月",
        },
        withdrawal_rule="协议生效前，您可以到居委书面撤回。生效后按协议办理。",
        by=chen,
    )
    _allowances(project)
    go(stage.PLAN_APPROVED, document_number="普房管〔演示〕3号", note="公示期满，意见已答复")
    projects.record_stage(
        project, happened_on=day, document_number="普房管〔演示〕5号", note="方案认定", by=chen
    )
    projects.freeze_roster(project, baseline_date=day, by=chen)
    return project


def _allowances(project: Project) -> None:
    chen = person("committee")
    for code, name, basis, price, text in (
        ("moving", "搬家费", "household", "3000.00", "每户 3000 元，搬出和搬回各付一半"),
        ("transition", "过渡费", "living_area", "60.00", "每平方米居住面积每月 60 元，按月付"),
        ("bonus", "签约奖励费", "household", "20000.00", "签约期内签约，每户 20000 元"),
    ):
        projects.set_allowance_rule(
            project,
            code=code,
            name=name,
            basis=basis,
            unit_price=Decimal(price),
            formula_text=text,
            by=chen,
        )
    projects.compute_allowances(project, by=chen)


def _plan(home: Household, project: Project, *, with_drawing: bool) -> Plan:
    deng, chen = person("designer"), person("committee")
    gained = Decimal("8.00")
    before = home.living_area or Decimal("20.00")
    plan = plans.draw_plan(
        home,
        project=project,
        summary="北面加出厨房和卫生间，都归自家用。居室朝南，位置不变。管线全部换新。",
        area_after=before + gained,
        kitchen_after=Household.Use.OWN,
        toilet_after=Household.Use.OWN,
        by=deng,
    )
    if with_drawing:
        picture = floor_plan(f"{home} 改造后平面图", str(before), str(gained))
        file = intake.keep(
            picture, "平面图.png", "image/png", neighbourhood_id=home.neighbourhood_id, by=deng
        )
        plans.add_drawing(
            plan,
            title="改造后平面图",
            alt_text="居室在左，朝南有窗。右上是新增厨房，右下是新增卫生间。",
            file=file,
            by=deng,
        )
    plans.publish_plan(plan, by=chen)
    return plan


def _open_signing(project: Project) -> AgreementTemplate:
    chen = person("committee")
    now = timezone.now()
    projects.set_signing_terms(
        project,
        opens_at=now - dt.timedelta(days=10),
        closes_at=now + dt.timedelta(days=80),
        threshold_pct=95,
        agreement_mode=Project.AgreementMode.AGREED,
        by=chen,
    )
    template = templates.draft_template(
        project, name=DEFAULT_NAME, body=default_body(), key_points=DEFAULT_POINTS, by=chen
    )
    template = templates.publish_template(template, by=chen)
    projects.advance_project(project, to=Project.Stage.SIGNING, by=chen)
    return template


def _agreement(home: Household, template: AgreementTemplate) -> Agreement:
    chen = person("committee")
    return agreements.freeze_agreement(agreements.make_agreement(home, template, by=chen), by=chen)


def _sign_on_paper(papers: Iterable[Agreement]) -> None:
    chen, lin = person("committee"), person("colleague")
    for paper in papers:
        scan = _paper(paper.neighbourhood, f"{paper.number} 签字页扫描件")
        signatures.enter_paper_signature(
            paper,
            signatory=paper.signatories.get(),
            scan=scan,
            witness=lin,
            signed_on=timezone.localdate(),
            shelf_mark=f"{paper.project.code}-{paper.number[-4:]}",
            idempotency_key=hashlib.sha256(f"demo:{paper.pk}".encode()).hexdigest(),
            device={"desk": "演示柜台"},
            by=chen,
        )


def _paper(place: Neighbourhood, title: str) -> Attachment:
    """A one-page scan of the demonstration."""
    return intake.keep(
        floor_plan(f"演示扫描件：{title}", "—", "0"),
        f"{title}.png",
        "image/png",
        neighbourhood_id=place.pk,
        by=person("committee"),
    )
