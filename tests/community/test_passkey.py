"""A passkey, in a real browser under our content policy: enrolled, then used to sign in."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import expect

from tests.community.conftest import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_chen_adds_a_passkey_and_signs_in_with_it(live_server, page, chen_with_password):
    base = live_server.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    cache.clear()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    blocked = []
    page.on(
        "console",
        lambda line: blocked.append(line.text) if "Content Security" in line.text else None,
    )
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("手机号").fill("13800000301")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("动态验证")
    page.get_by_role("link", name="添加通行密钥").click()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="确认是我").click()
    page.get_by_label("名称").fill("办公室电脑")
    page.get_by_label("以后只用它登录").check()
    page.get_by_role("button", name="添加通行密钥").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("备用码")
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == [
        "recovery_codes",
        "webauthn",
    ]
    page.context.clear_cookies()
    page.goto(f"{base}/accounts/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(lambda url: "login" not in url)
    page.goto(f"{base}/unknown-callers/")
    expect(page.get_by_role("heading", level=1)).to_have_text("未登记的号码")
    assert blocked == []


def test_a_resident_signs_in_without_javascript(live_server, new_context, people):
    from tests.community.conftest import last_code

    page = new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url)
    page.get_by_role("button", name="大字版").click()
    expect(page.locator("html")).to_have_attribute("data-elder", "")
    page.get_by_role("link", name="用手机号登录").click()
    page.get_by_label("手机号").fill("138 0000 0101")
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("短信里的 6 位数字").fill(last_code("0101"))
    page.get_by_role("button", name="登录", exact=True).click()
    page.goto(f"{live_server.url}/me/")
    expect(page.get_by_role("heading", level=1)).to_have_text("我的账号")
