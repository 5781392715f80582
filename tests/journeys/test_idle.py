"""Before a staff sign-in ends of idleness: a question, by keyboard too, and nothing typed is lost."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from tests.journeys.browsing import come_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOTE = "王阿姨说周末来签"


@pytest.fixture
def visit(page, live_server, people, household):
    """A clerk is writing a note; the page's clock is ours."""
    come_in(page.context, live_server, people["chen"])
    page.clock.install()
    page.goto(live_server.url + reverse("households:add_visit", args=[household.pk]))
    page.get_by_label("随手记").fill(NOTE)
    return page


def test_one_is_asked_two_minutes_before_and_goes_on_by_keyboard(visit):
    dialog = visit.get_by_role("alertdialog")
    visit.clock.run_for(27 * 60 * 1000)
    expect(dialog).to_be_hidden()
    visit.clock.run_for(65 * 1000)
    expect(dialog).to_contain_text("还有 2 分钟")
    expect(visit.get_by_role("button", name="继续办理")).to_be_focused()
    visit.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    visit.clock.run_for(27 * 60 * 1000)
    expect(dialog).to_be_hidden()
    visit.clock.run_for(65 * 1000)
    expect(dialog).to_be_visible()
    visit.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert visit.get_by_label("随手记").input_value() == NOTE


def test_whoever_types_is_not_asked(visit):
    visit.clock.run_for(26 * 60 * 1000)
    visit.get_by_label("随手记").press("End")
    visit.clock.run_for(125 * 1000)
    expect(visit.get_by_role("alertdialog")).to_be_hidden()


def test_after_the_end_the_form_is_still_there_and_can_be_sent(
    visit, live_server, people, household
):
    visit.clock.run_for(28 * 60 * 1000 + 5000)
    Session.objects.all().delete()
    visit.clock.run_for(120 * 1000)
    dialog = visit.get_by_role("alertdialog")
    expect(dialog).to_contain_text("已经自动退出")
    expect(visit.get_by_role("link", name="在新窗口登录")).to_be_visible()
    come_in(visit.context, live_server, people["chen"])
    visit.get_by_role("button", name="继续办理").click()
    expect(dialog).to_be_hidden()
    visit.get_by_role("button", name="记下来").click()
    visit.wait_for_url("**/households/*/")
    assert household.visits.get().text == NOTE
