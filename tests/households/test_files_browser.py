"""Household files in Chromium: the keyboard, ticks across pages, edits in place, hostile words."""

from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from households.actions import files, letters, visits
from households.models import CareTag, Household, LetterCode, Member
from tests.conftest import make_household
from tests.households.test_signing_browser import come_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = [
    "<script>document.title='hit'</script>",
    '"><img src=x onerror="document.title=\'hit\'">',
    "'-alert(1)-'{{7*7}}{% now 'Y' %}",
    "</textarea></title><svg onload=alert(1)>",
    "javascript:alert(1)",
]


def url(live_server, name, *args):
    return live_server.url + reverse(f"households:{name}", args=args)


def test_the_list_by_keyboard_and_ticks_that_stay_from_page_to_page(
    page, live_server, people, places, households
):
    for number in range(60):
        make_household(places.here, places.building, f"{200 + number}", "钱一")
    come_in(page, live_server, people["chen"])
    page.goto(url(live_server, "household_list"))
    for key in ("j", "j", "x"):  # second household
        page.keyboard.press(key)
    expect(page.locator("[data-picked-count]")).to_have_text("已选 1 户（跨页）")
    page.get_by_role("link", name="下一页").click()
    expect(page.locator(".pager [aria-current]")).to_have_text("2 / 2")
    page.locator("[data-pick]").first.check()
    expect(page.locator("[data-picked-count]")).to_have_text("已选 2 户（跨页）")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="键盘快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="指派责任人").click()
    expect(page.get_by_text("选了 2 户")).to_be_visible()
    page.get_by_label("交给谁").select_option(label="林红")
    page.get_by_role("button", name="指派", exact=True).click()
    expect(page.get_by_text("已指派 2 户")).to_be_visible()
    assert Household.objects.filter(responsible=people["lin"]).count() == 2
    expect(page.locator("[data-picked-count]")).to_be_hidden()  # done: nothing is ticked any more
    page.keyboard.press("/")
    page.keyboard.type("9-202")
    expect(page.locator(".results-count")).to_have_text("1 户")
    expect(page).to_have_url(url(live_server, "household_list") + "?q=9-202")
    page.locator(".results-count").click()
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text(households.zhao.address)


def test_an_edit_in_place_shows_both_values_when_a_colleague_was_faster(
    page, live_server, people, household
):
    come_in(page, live_server, people["chen"])
    page.goto(url(live_server, "household_detail", household.pk))
    page.get_by_role("link", name="修改居住面积").click()
    files.edit_household(
        household, version=1, values={"living_area": Decimal("24.00")}, by=people["lin"]
    )
    page.locator("[data-cell] [name=living_area]").fill("25.00")
    page.keyboard.press("Enter")
    row = page.locator("[data-cell] tbody tr")
    expect(row).to_have_text("居住面积24.0025.00")
    page.locator("[data-cell]").get_by_role("button", name="保存").click()
    expect(page.locator("#fact-living_area")).to_contain_text("25.00")
    page.get_by_role("link", name="修改居住面积").click()
    page.locator("[data-cell] [name=living_area]").fill("99")
    page.keyboard.press("Escape")
    expect(page.locator("#fact-living_area")).to_contain_text("25.00")
    household.refresh_from_db()
    assert household.living_area == Decimal("25.00")


def test_hostile_words_stay_words(page, live_server, people, household):
    """In names, notes, contacts, tags, filters: no script runs and no policy is broken."""
    troubles = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: troubles.append(dialog.message) or dialog.dismiss())
    chen = people["chen"]
    for words in HOSTILE:
        member = Member.objects.create(
            neighbourhood=household.neighbourhood,
            household=household,
            role="co_owner",
            name=words,
            relation=words[:20],
        )
        visits.add_visit(household, way="door", outcome="met", text=words, by=chen)
        visits.add_contact(household, name=words, phone=words[:20], best_time=words[:40], by=chen)
    visits.add_care_tag(household, kind=CareTag.Kind.DISABILITY, note=HOSTILE[0], by=chen)
    Household.objects.filter(pk=household.pk).update(
        remark=HOSTILE[1], strategy=HOSTILE[2], area_basis=HOSTILE[3], part=HOSTILE[0][:20]
    )
    come_in(page, live_server, chen)
    for address in (
        url(live_server, "household_list"),
        url(live_server, "household_list") + "?q=" + HOSTILE[1].replace("#", ""),
        url(live_server, "household_detail", household.pk),
        url(live_server, "household_timeline", household.pk),
        url(live_server, "edit_household", household.pk),
        url(live_server, "edit_member", household.pk, member.pk),
        url(live_server, "unmask_contact", household.pk, household.contacts.first().pk),
    ):
        page.goto(address)
        assert "hit" not in page.title()
    come_in(page, live_server, people["wang"])
    page.goto(url(live_server, "my_file"))
    assert "hit" not in page.title()
    assert troubles == []


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
def test_the_pages_have_no_serious_barrier_and_fit_a_small_phone(
    page, live_server, people, places, household, elder
):
    home = make_household(places.here, places.building, "601", "孙丽", phone=people["sun"].phone)
    letters.issue_letters([home], by=people["chen"])
    code = LetterCode.objects.get(household=home).code
    visits.add_visit(household, way="door", outcome="willing", text="愿意签", by=people["chen"])
    page.set_viewport_size({"width": 320, "height": 700})
    found = []

    def look(address):
        page.goto(address)
        if page.url.endswith("/link/") or "?c=" in page.url:
            page.get_by_role("button", name="查我的家").click()
        for trouble in Axe().run(page).response["violations"]:
            if trouble["impact"] in ("serious", "critical"):
                found.append((page.url, trouble["id"], trouble["nodes"][0]["html"][:120]))
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            found.append((page.url, "sideways", wide))

    come_in(page, live_server, people["chen"], elder=elder)
    for name in ("household_list", "correction_list", "residency_queue", "letter_jobs"):
        look(url(live_server, name))
    for name in ("household_detail", "household_timeline", "add_visit", "link_at_counter"):
        look(url(live_server, name, household.pk))
    come_in(page, live_server, people["wang"], elder=elder)
    for name in ("my_file", "ask_correction"):
        look(url(live_server, name))
    come_in(page, live_server, people["sun"], elder=elder)
    look(url(live_server, "link") + f"?c={code}")
    assert found == []
