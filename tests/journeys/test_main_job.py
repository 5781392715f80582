"""From the committee's workbook to agreements in effect, on the screens of those who do it."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from caoyang_portal.community.models import Organisation
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.uploads.intake import keep
from households.actions import generation, letters, projects, residencies, roster_jobs, sealing
from households.models import Agreement, Household, LetterCode, Member, Project, Residency
from tests.households import paperwork
from tests.households.paperwork import BODY
from tests.households.roster_files import home, sheet_of
from tests.households.signing_helpers import sign, the_code
from tests.journeys.browsing import aside, come_in, press, write_name
from tests.matrix.world import PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROSTER = sheet_of(
    home("101", phone="13800000101"),
    home("102", name="孙丽", phone="13800000103", certificate="普曹租000102"),
    home("202", building="9号楼", door="曹杨一村9号", name="赵大勇", phone="13800000202"),
)  # fmt: skip
Stage = Project.Stage


@pytest.fixture
def empty_place(places, people):
    """Caoyang One before anything was entered; its people have their phones and nothing else."""
    Residency.objects.filter(neighbourhood=places.here).delete()
    Member.objects.filter(neighbourhood=places.here).delete()
    Household.objects.filter(neighbourhood=places.here).delete()
    return places.here


@pytest.fixture
def desk(new_context, live_server, people):
    """陈静's screen in the committee's office."""
    context = new_context()
    come_in(context, live_server, people["chen"])
    screen = context.new_page()
    screen.set_viewport_size({"width": 1280, "height": 900})
    return screen


def test_from_the_roster_to_agreements_in_effect(
    desk, page, new_context, live_server, empty_place, people, tmp_path
):
    chen = people["chen"]
    import_the_roster(desk, live_server)
    project = up_to_signing(empty_place, chen)
    generate_the_agreements(desk, live_server, project)
    link_and_sign_aside(people, chen, ["孙丽", "赵大勇"])

    board = desk  # left open from here on
    board.goto(live_server.url + reverse("households:board", args=[project.pk]))
    expect(board.locator(".rate-count")).to_have_text("已签 2 户，共 3 户")
    board.evaluate("window.neverReloaded = true")

    come_in(page.context, live_server, people["wang"])
    link_on_the_phone(page, live_server, chen)
    receipt = sign_on_the_phone(page, people["wang"])
    expect(board.locator(".rate-count")).to_have_text("已签 3 户，共 3 户", timeout=15_000)
    aside(deliver_pending, 200)
    expect(board.get_by_text(re.compile("协议已于 .* 生效")).first).to_be_visible(timeout=15_000)
    assert board.evaluate("window.neverReloaded") is True

    assert aside(sealing.seal_due) == 3
    page.reload()
    expect(page.get_by_text(receipt)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载协议").click()
    sealed = tmp_path / "agreement.pdf"
    download.value.save_as(sealed)
    agreement = Agreement.objects.get(household__members__name="王桂芳")
    assert agreement.state == Agreement.State.EFFECTIVE

    check_at_the_public_page(new_context().new_page(), live_server, sealed)


def import_the_roster(desk, live_server):
    desk.goto(live_server.url + reverse("households:import_list"))
    workbook = {"name": "住户清册.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": ROSTER}
    desk.get_by_label("名册文件").set_input_files(workbook)
    press(desk, "上传名册")
    press(desk, "核对名册")
    expect(desk.get_by_role("heading", name="正在核对")).to_be_visible()
    aside(roster_jobs.work_on_rosters)
    press(desk, "导入全部 3 行")
    aside(roster_jobs.work_on_rosters)
    expect(desk.get_by_role("heading", name="导入完成")).to_be_visible(timeout=15_000)
    desk.get_by_role("link", name="看居民户").click()
    expect(desk.locator(".results-count")).to_contain_text("3")


def up_to_signing(place, chen) -> Project:
    """The long middle, by the same acts as the project's page."""
    today = timezone.localdate()
    project = projects.start_project(
        place, name="曹杨一村成套改造", code="caoyang-one", kind=Project.Kind.COMPLETE_SET, by=chen
    )
    results = {
        Stage.FIRST_CONSENT: {"document": keep(PDF, "评估.pdf", "application/pdf", neighbourhood_id=place.pk, by=chen)},
        Stage.PLAN_LISTED: {"asked": 3, "agreed": 3},
        Stage.SURVEY: {"document_number": "普府〔2026〕1号"},
        Stage.DESIGN: {},
        Stage.PLAN_CONSULT: {},
        Stage.PLAN_APPROVED: {},
    }  # fmt: skip
    for stage, result in results.items():
        if result:
            projects.record_stage(project, happened_on=today, **result, by=chen)
        if stage == Stage.PLAN_APPROVED:
            write_the_plan(project, place, chen)
        projects.advance_project(fresh(project), to=stage, by=chen)
    projects.record_stage(project, happened_on=today, document_number="沪房〔2026〕2号", by=chen)
    projects.freeze_roster(project, baseline_date=today, by=chen)
    now = timezone.now()
    projects.set_signing_terms(
        project,
        opens_at=now - dt.timedelta(hours=1),
        closes_at=now + dt.timedelta(days=30),
        threshold_pct=95,
        agreement_mode=Project.AgreementMode.AGREED,
        by=chen,
    )
    paperwork.published(project, chen, body=BODY)
    projects.advance_project(fresh(project), to=Stage.SIGNING, by=chen)
    return fresh(project)


def fresh(project):
    return Project.objects.get(pk=project.pk)


def write_the_plan(project, place, chen):
    owner = Organisation.objects.create(
        sub_district=place.sub_district,
        name="曹杨城市更新公司",
        kind=Organisation.Kind.IMPLEMENTER,
    )
    projects.write_plan_parts(
        project,
        implementer=owner,
        parts=dict.fromkeys(projects.PLAN_PARTS, "原址改造，原址回搬"),
        withdrawal_rule="生效以前可以书面撤回。",
        by=chen,
    )


def generate_the_agreements(desk, live_server, project):
    desk.goto(live_server.url + reverse("households:start_generation", args=[project.pk]))
    press(desk, "开始生成")
    assert aside(generation.generate_due) == 3
    expect(desk.get_by_text("已完成").first).to_be_visible(timeout=15_000)
    assert Agreement.objects.filter(state=Agreement.State.FROZEN).count() == 3


def link_and_sign_aside(people, chen, names):
    """The neighbours were faster."""
    for name in names:
        who = next(user for user in people.values() if getattr(user, "name", "") == name)
        agreement = Agreement.objects.get(household__members__name=name)
        letters.issue_letters([agreement.household], by=chen)
        code = LetterCode.objects.get(household=agreement.household).code
        residencies.link_by_letter(code, by=who)
        aside(sign, agreement, who)


def link_on_the_phone(page, live_server, chen):
    household = Household.objects.get(members__name="王桂芳")
    letters.issue_letters([household], by=chen)
    code = LetterCode.objects.get(household=household).code
    page.goto(f"{live_server.url}{reverse('households:link')}?c={code}")
    press(page, "查我的家")
    expect(page.get_by_text("王*芳")).to_be_visible()
    press(page, "是我的家，关联")
    expect(page).to_have_url(live_server.url + reverse("households:home"))


def sign_on_the_phone(page, wang) -> str:
    page.get_by_role("link", name="去签约").click()
    page.get_by_role("link", name="开始办理").click()
    press(page, "是我家，继续办理")
    for number, words in [("①", "看过了，下一步"), ("②", "都对，下一步"), ("③", "知道了，下一步")]:
        page.get_by_role("link", name=re.compile(f"去办 {number}")).click()
        press(page, words)
    page.get_by_role("link", name=re.compile("^⑤")).click()
    page.get_by_role("link", name="从头读起").click()
    while page.get_by_role("button", name="读完了，下一页").count():
        press(page, "读完了，下一页")
    press(page, "读完了，去核对")
    press(page, "都对，去签名")
    press(page, "发验证码")
    page.get_by_label("短信里的 6 位数字").fill(the_code(wang))
    press(page, "打开签名板")
    write_name(page, page.locator("dialog[open] canvas"))
    press(page, "写好了")
    page.get_by_label("我同意上面这句话").check()
    press(page, "签字并提交")
    expect(page.get_by_role("heading", name="签好了")).to_be_visible()
    return page.locator(".receipt-number").inner_text().strip()


def check_at_the_public_page(page, live_server, sealed):
    page.goto(live_server.url + reverse("households:verify"))
    page.locator("input[type=file]").set_input_files(sealed)
    press(page, "查验文件")
    expect(page.get_by_role("heading", name="文件是真的")).to_be_visible()
    tampered = sealed.read_bytes().replace(b"%PDF-1.", b"%PDF-2.", 1)
    page.locator("input[type=file]").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": tampered}
    )
    press(page, "查验文件")
    expect(page.get_by_role("heading", name="文件是真的")).to_have_count(0)
