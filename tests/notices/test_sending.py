"""A gateway times out, refuses, answers late and lies; each message arrives once or waits for a person."""

import logging
import threading
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from caoyang_portal.notices import sending
from caoyang_portal.notices.faulty import BUSY, LATE, LIES, OK, REFUSES, TIMES_OUT
from caoyang_portal.notices.models import Sending
from caoyang_portal.notices.sending import (
    MOST_ATTEMPTS,
    blank_old_codes,
    send_code,
    send_pending,
    tell,
)

TEXT = "您好，曹杨一村改造签约今天开始，请到居委会或手机上签约。"


@pytest.fixture
def told(people, entry, gateway):
    """One message to wang, not yet sent."""
    tell(entry, [people["wang"]], TEXT)
    return Sending.objects.get()


def wait_of(pk) -> int:
    return round((Sending.objects.get(pk=pk).next_try_at - timezone.now()).total_seconds(), -1)


def test_a_message_is_sent_once_and_says_so(told, gateway):
    assert send_pending() == 1
    assert send_pending() == 0
    told.refresh_from_db()
    assert (told.state, told.attempts, told.provider_id) == (
        "sent",
        1,
        f"faulty-{told.key[-12:]}",
    )
    assert gateway.delivered == {told.key: 1}


def test_without_an_answer_it_is_unknown_and_not_resent_within_a_minute(told, gateway, states):
    gateway.reset(TIMES_OUT)
    assert send_pending() == 0
    assert states() == [("unknown", 1)]
    assert wait_of(told.pk) == 60
    assert (send_pending(), gateway.calls) == (0, 1)


def test_after_the_minute_it_is_tried_again(told, gateway, states, due_again):
    gateway.reset(TIMES_OUT, OK)
    send_pending()
    due_again()
    assert send_pending() == 1
    assert states() == [("sent", 2)]
    assert gateway.delivered == {told.key: 1}


def test_a_gateway_that_delivers_and_says_nothing_is_asked_before_it_rings_again(
    told, gateway, states, due_again
):
    gateway.reset(LIES)
    send_pending()
    assert (states(), gateway.delivered) == ([("unknown", 1)], {told.key: 1})
    due_again()
    assert send_pending() == 1
    assert states() == [("sent", 2)]
    assert (gateway.calls, gateway.delivered) == (1, {told.key: 1})  # looked up, not sent


def test_it_waits_longer_each_time_and_then_for_a_person(told, gateway, states, due_again):
    gateway.reset(otherwise=TIMES_OUT)
    waits = []
    for _ in range(MOST_ATTEMPTS + 2):
        due_again()
        send_pending()
        waits.append(wait_of(told.pk))
    assert waits[:5] == [60, 120, 240, 480, 960]
    assert states() == [("dead", MOST_ATTEMPTS)]
    assert gateway.calls == MOST_ATTEMPTS
    assert Sending.objects.unsent().get().reason == "运营商没有回音"


def test_a_business_limit_is_no_storm(told, gateway, states, due_again):
    gateway.reset(otherwise=REFUSES)
    for _ in range(5):
        due_again()
        send_pending()
    assert (states(), gateway.calls) == ([("refused", 1)], 1)
    assert Sending.objects.unsent().get().reason == "该号码今天收到的短信太多"


def test_a_busy_gateway_is_left_alone_for_five_minutes(told, gateway, states, due_again):
    gateway.reset(BUSY, OK)
    send_pending()
    assert (states(), wait_of(told.pk)) == ([("queued", 1)], 300)
    due_again()
    assert send_pending() == 1


def test_an_adapter_that_breaks_leaves_the_result_unknown(told, gateway, states, monkeypatch):
    monkeypatch.setattr(gateway, "send", lambda *a: 1 / 0)
    assert send_pending() == 0
    assert states() == [("unknown", 1)]
    told.refresh_from_db()
    assert told.last_error == "ZeroDivisionError"


def test_a_silent_gateway_does_not_hold_the_worker(people, entry, gateway):
    """After three silences in a row the channel is left for the next run; other channels go on."""
    everyone = [people[name] for name in ("wang", "zhao", "sun", "lou", "chen", "lin")]
    people["wang"].email = "wang@example.cn"
    tell(entry, everyone, TEXT, channels=("sms", "email"))
    Sending.objects.filter(channel="email").update(next_try_at=timezone.now())
    gateway.reset(TIMES_OUT, TIMES_OUT, TIMES_OUT)
    assert send_pending() == 1
    assert gateway.calls == 4
    assert sorted(Sending.objects.values_list("channel", "state")) == [
        ("email", "sent"),
        *[("sms", "queued")] * 3,
        *[("sms", "unknown")] * 3,
    ]


def test_codes_overtake_a_thousand_letters(people, entry, gateway):
    tell(entry, [people["zhao"], people["sun"]], TEXT)
    send_code(people["wang"], "+8613800000101", "427931", "验证码 427 931" + "：427931")
    send_pending()
    assert gateway.texts[0][0] == "+8613800000101"


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once(people, entry, gateway):
    """Both workers are inside the gateway at once, each with its own message."""
    tell(entry, [people[name] for name in ("wang", "zhao", "sun", "lou")], TEXT)
    meeting = threading.Barrier(2)
    send = type(gateway).send

    def meet(to, text, key):
        meeting.wait(timeout=5)
        return send(gateway, to, text, key)

    gateway.send = meet
    counts = []

    def work():
        counts.append(send_pending())
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    try:
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=30)
    finally:
        del gateway.send
    assert counts == [2, 2]
    assert sorted(gateway.delivered.values()) == [1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_gateway_is_asked(people, entry, gateway):
    tell(entry, [people["wang"]], TEXT)
    open_while_sending = []
    send = type(gateway).send

    def look(to, text, key):
        open_while_sending.append(connection.in_atomic_block)
        return send(gateway, to, text, key)

    gateway.send = look
    try:
        send_pending()
    finally:
        del gateway.send
    assert open_while_sending == [False]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_while_sending_leaves_it_unknown(people, entry, gateway, states):
    tell(entry, [people["wang"]], TEXT)

    class Killed(BaseException):
        pass

    def die(to, text, key):
        raise Killed

    gateway.send = die
    try:
        with pytest.raises(Killed):
            send_pending()
    finally:
        del gateway.send
    assert states() == [("unknown", 1)]
    assert send_pending() == 0  # nobody resends within the minute


def test_a_late_answer_does_not_overwrite_a_later_attempt(told, gateway):
    claimed, _ = sending._claim(Sending.objects.all())
    Sending.objects.filter(pk=told.pk).update(attempts=2, state="sent", sent_at=timezone.now())
    gateway.reset(REFUSES)
    sending._attempt(claimed, in_doubt=False)
    told.refresh_from_db()
    assert told.state == "sent"


def until(condition, seconds=10):
    stop = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < stop
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_a_code_goes_out_at_once_without_broker_or_worker(people, gateway, closed_broker):
    begun = time.monotonic()
    with transaction.atomic():
        send_code(people["wang"], "+8613800000101", "427931", "验证码：427931，十分钟内有效。")
        assert gateway.texts == []  # not before it is committed
    assert time.monotonic() - begun < 0.5

    until(lambda: Sending.objects.get().state == "sent")
    assert gateway.texts == [("+8613800000101", "验证码：427931，十分钟内有效。")]


@pytest.fixture
def closed_broker(monkeypatch):
    """A broker nobody listens at."""
    import socket

    from celery import current_app

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{probe.getsockname()[1]}/0"
    monkeypatch.setattr("caoyang_portal.ledger.nudging._nudger", None)
    monkeypatch.setattr(current_app.conf, "broker_url", url)
    monkeypatch.setattr(current_app.conf, "broker_write_url", url)


@pytest.mark.django_db(transaction=True)
def test_a_gateway_that_hangs_does_not_hold_the_resident(people, gateway):
    gateway.reset(LATE, delay=1.0)
    begun = time.monotonic()
    with transaction.atomic():
        send_code(people["wang"], "+8613800000101", "427931", "验证码：427931")
    assert time.monotonic() - begun < 0.5
    until(lambda: Sending.objects.get().state == "sent")


@pytest.mark.django_db(transaction=True)
def test_a_code_rolled_back_is_never_sent(people, gateway):
    import contextlib

    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        send_code(people["wang"], "+8613800000101", "427931", "验证码：427931")
        _ = 1 / 0
    time.sleep(0.2)
    assert (Sending.objects.count(), gateway.calls) == (0, 0)


def test_a_code_is_sent_to_whoever_left_sms(people, gateway):
    from caoyang_portal.notices.models import Preference

    Preference.objects.create(user=people["wang"], channel="sms", on=False)
    send_code(people["wang"], "+8613800000101", "427931", "验证码：427931")
    assert send_pending() == 1


def test_a_code_s_text_must_hold_the_code(people):
    with pytest.raises(ValueError, match="does not contain the code"):
        send_code(people["wang"], "+8613800000101", "427931", "您好")


def test_after_ten_minutes_the_code_is_erased_sent_or_not(people, entry, gateway, states):
    tell(entry, [people["zhao"]], TEXT)
    for name in ("wang", "sun"):
        send_code(people[name], people[name].phone, "427931", "验证码：427931")
    Sending.objects.filter(reader=people["wang"]).update(state="sent", sent_at=timezone.now())
    assert blank_old_codes() == 0

    Sending.objects.update(created_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert blank_old_codes() == 2
    assert sorted((s.reader.name, s.state, s.text) for s in Sending.objects.all()) == [
        ("孙丽", "dead", ""),
        ("王桂芳", "sent", ""),
        ("赵大勇", "queued", TEXT),
    ]
    assert send_pending() == 1
    assert [text for _, text in gateway.texts] == [TEXT]


@pytest.mark.django_db(transaction=True)
def test_no_code_phone_or_text_is_ever_logged(people, gateway, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    gateway.reset(TIMES_OUT, REFUSES, otherwise=BUSY)
    for _ in range(3):
        with transaction.atomic():
            send_code(people["wang"], "+8613800000101", "427931", "验证码：427931")
    until(lambda: gateway.calls == 3)
    until(lambda: not Sending.objects.filter(attempts=0).exists())
    out, err = capfd.readouterr()
    logged = caplog.text + out + err
    assert "refused: isv.BUSINESS_LIMIT_CONTROL" in logged
    assert "427931" not in logged
    assert "13800000101" not in logged


def test_mail_goes_out_by_django_with_a_stable_message_id(people, entry, settings):
    settings.EMAIL_SENDER = "caoyang_portal.notices.senders.DjangoMail"
    settings.DEFAULT_FROM_EMAIL = "portal@caoyang.example"
    people["wang"].email = "wang@example.cn"
    tell(entry, [people["wang"]], TEXT, channels=("email",), link="/plans/1/")
    assert send_pending() == 1
    letter = mail.outbox[0]
    assert letter.to == ["wang@example.cn"]
    assert letter.subject == "居民区通知：您好，曹杨一村改造签约今天开始，请到居委会或手机上签约。"
    assert letter.extra_headers["Message-ID"] == (
        f"<{entry.pk}.{people['wang'].pk}.email@caoyang.example>"
    )


def test_a_channel_without_a_gateway_waits_for_a_person(people, entry, settings, states):
    settings.SMS_SENDER = "caoyang_portal.notices.senders.NotConnected"
    tell(entry, [people["wang"]], TEXT)
    send_pending()
    assert states() == [("refused", 1)]
    assert Sending.objects.get().reason == "这个渠道还没有开通"
