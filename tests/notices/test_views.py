"""My messages, the unsent ones, and the demo's outbox."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from caoyang_portal.ledger.entries import record
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice, Sending
from caoyang_portal.notices.sending import send_code, send_pending, tell
from tests.notices.conftest import Thing


@pytest.fixture
def wang(client, people):
    client.force_login(people["wang"])
    return client


def html(client, url, **asked):
    answer = client.get(url, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_my_messages_unread_first_and_nobody_else_s(wang, people, entry, entry_next_door):
    tell(entry_next_door, [people["wang"]], "旧消息，没有读。")
    tell(entry, [people["wang"]], "新消息，已经读了。")
    Notice.objects.filter(text__startswith="新").update(read_at=timezone.now())
    page = html(wang, "/messages/")
    assert page.index("旧消息") < page.index("新消息")
    assert "您有 1 条未读消息。" in page

    wang.force_login(people["zhao"])
    assert "还没有消息" in html(wang, "/messages/")


def test_reading_one_leads_on_and_is_recorded(wang, people, entry):
    tell(entry, [people["wang"]], "方案已公示。", link="/messages/preferences/")
    notice = Notice.objects.get()
    answer = wang.post("/messages/read/", {"notices": notice.pk})
    assert (answer.status_code, answer["Location"]) == (302, "/messages/preferences/")
    notice.refresh_from_db()
    assert notice.read_at is not None
    said = Entry.objects.get(act="notices.read_notices")
    assert (said.actor, said.facts) == (
        people["wang"],
        {"notices": [str(notice.pk)], "entries": [str(entry.pk)]},
    )
    assert wang.post("/messages/read/", {"notices": notice.pk}).status_code == 302
    assert Entry.objects.filter(act="notices.read_notices").count() == 1


def test_a_page_of_messages_is_read_at_once(wang, people, entry, entry_next_door):
    tell(entry, [people["wang"]], "一")
    tell(entry_next_door, [people["wang"]], "二")
    pks = list(Notice.objects.values_list("pk", flat=True))
    answer = wang.post("/messages/read/", {"notices": pks})
    assert answer["Location"] == "/messages/"
    assert Notice.objects.unread().count() == 0


def test_looking_does_not_mark_read(wang, people, entry):
    tell(entry, [people["wang"]], "方案已公示。")
    html(wang, "/messages/")
    assert Notice.objects.unread().count() == 1
    assert wang.get("/messages/read/").status_code == 405


def test_somebody_else_s_message_is_not_there(wang, people, entry):
    tell(entry, [people["zhao"]], "方案已公示。")
    answer = wang.post("/messages/read/", {"notices": Notice.objects.get().pk})
    assert answer.status_code == 404
    assert wang.post("/messages/read/", {"notices": "x"}).status_code == 404
    assert Notice.objects.unread().count() == 1


def test_preferences_are_kept(wang, people):
    assert html(wang, "/messages/preferences/").count("checked") == 3
    answer = wang.post("/messages/preferences/", {"email": "on"})
    assert (answer.status_code, answer["Location"]) == (302, "/messages/preferences/")
    page = html(wang, "/messages/preferences/")
    assert page.count("checked") == 1
    assert "已保存接收方式。" in page
    assert sorted(
        (e.facts["channel"], e.facts["on"])
        for e in Entry.objects.filter(act="notices.set_preference")
    ) == [("sms", False), ("wechat", False)]


@pytest.fixture
def refused(people, entry, settings):
    settings.SMS_SENDER = "caoyang_portal.notices.senders.NotConnected"
    tell(entry, [people["wang"]], "您家的协议已公示。")
    send_pending()
    return Sending.objects.get()


@pytest.mark.parametrize(
    ("person", "status"),
    [("passerby", 302), ("wang", 403), ("shen", 403), ("root", 403), ("chen", 200), ("adi", 200)],
)
def test_who_opens_the_unsent(person, status, people, client):
    if person != "passerby":
        client.force_login(people[person])
    assert client.get("/notices/unsent/").status_code == status


def test_the_committee_sees_what_did_not_arrive_and_sends_it_again(
    people, refused, client, settings
):
    client.force_login(people["chen"])
    page = html(client, "/notices/unsent/")
    assert "138****0101" in page
    assert "13800000101" not in page
    assert "这个渠道还没有开通" in page

    settings.SMS_SENDER = "caoyang_portal.notices.senders.Console"
    answer = client.post(f"/notices/unsent/{refused.pk}/retry/")
    assert (answer.status_code, answer["Location"]) == (302, "/notices/unsent/")
    assert send_pending() == 1
    assert "都送到了" in html(client, "/notices/unsent/")

    again = client.post(f"/notices/unsent/{refused.pk}/retry/")
    assert again.status_code == 422
    assert "这条正在发送，不用重发。" in again.content.decode()
    assert [e.actor for e in Entry.objects.filter(act="notices.retry_sending")] == [people["chen"]]


def test_the_committee_next_door_finds_nothing(people, refused, client):
    client.force_login(people["fang"])
    assert "都送到了" in html(client, "/notices/unsent/")
    assert client.post(f"/notices/unsent/{refused.pk}/retry/").status_code == 404


def test_a_code_is_neither_shown_nor_resent(people, client, settings):
    settings.SMS_SENDER = "caoyang_portal.notices.senders.NotConnected"
    send_code(people["wang"], people["wang"].phone, "427931", "验证码：427931")
    send_pending()
    client.force_login(people["adi"])
    page = html(client, "/notices/unsent/")
    assert "验证码（内容不显示）" in page
    assert "427931" not in page
    assert "重新发送" not in page
    answer = client.post(f"/notices/unsent/{Sending.objects.get().pk}/retry/")
    assert (answer.status_code, "验证码已过期" in answer.content.decode()) == (422, True)


def test_what_died_without_an_answer_is_asked_about_before_it_rings_again(
    people, entry, gateway, client
):
    tell(entry, [people["wang"]], "您家的协议已公示。")
    sending = Sending.objects.get()
    Sending.objects.update(state="dead", attempts=6)
    gateway.delivered[sending.key] = 1  # it had arrived after all
    client.force_login(people["chen"])
    client.post(f"/notices/unsent/{sending.pk}/retry/")
    assert send_pending() == 1
    assert (gateway.calls, gateway.delivered) == (0, {sending.key: 1})


def test_there_is_no_outbox_outside_a_demo(client, db, people, settings):
    settings.DEMO = False
    client.force_login(people["adi"])
    assert client.get("/demo/outbox/").status_code == 404


def test_the_demo_s_outbox_shows_what_would_have_been_sent(client, people, settings, entry):
    settings.DEMO = True
    tell(entry, [people["zhao"]], "您家的协议已公示。")
    send_code(people["wang"], people["wang"].phone, "427931", "验证码：427931")
    page = html(client, "/demo/outbox/")
    assert "验证码：427931" in page
    assert "您家的协议已公示。" in page
    assert "138****0101" in page
    assert "13800000101" not in page
    found = html(client, "/demo/outbox/", tail="0101")
    assert "427931" in found
    assert "协议" not in found
    assert "请填手机号后四位数字。" in html(client, "/demo/outbox/", tail="12")

    part = client.get("/demo/outbox/", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="sendings"')
    assert "<html" not in part


@pytest.mark.parametrize(
    ("url", "person"),
    [("/messages/", "wang"), ("/notices/unsent/", "chen"), ("/demo/outbox/", "wang")],
)
def test_three_rows_cost_no_more_queries_than_one(url, person, people, places, client, settings):
    settings.DEMO = True
    client.force_login(people[person])

    def queries_with(rows):
        for _ in range(rows):
            with transaction.atomic():
                entry = record("households.publish", Thing(places.here.pk))
            tell(entry, [people["wang"]], "您家的协议已公示。")
        Sending.objects.update(state="dead")
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).content.decode().count("您家的协议") == Notice.objects.count()
        return len(captured)

    one, three = queries_with(1), queries_with(2)
    assert one == three
    assert one <= 10
