"""Whom a message reaches, and by which way."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from caoyang_portal.community.models import User
from caoyang_portal.confidential import blind_index
from caoyang_portal.notices import queries
from caoyang_portal.notices.actions import set_preference
from caoyang_portal.notices.models import Channel, Notice, Preference, Sending
from caoyang_portal.notices.sending import send_pending, tell


def sent(channel="sms"):
    return sorted(Sending.objects.filter(channel=channel).values_list("reader__name", flat=True))


def test_each_reader_is_told_once_however_often_it_is_delivered(people, places, entry, gateway):
    for _ in range(2):
        tell(entry, [people["wang"], people["zhao"], people["wang"]], "您家的协议已公示。")
        send_pending()

    assert sorted(Notice.objects.values_list("reader__name", "text", "neighbourhood_id")) == [
        ("王桂芳", "您家的协议已公示。", places.here.pk),
        ("赵大勇", "您家的协议已公示。", places.here.pk),
    ]
    assert sorted(gateway.texts) == [
        ("+8613800000101", "您家的协议已公示。"),
        ("+8613800000202", "您家的协议已公示。"),
    ]
    assert set(gateway.delivered.values()) == {1}


def test_by_every_channel_asked_for_that_reaches_the_person(people, entry, gateway, settings):
    settings.SITE_URL = "https://caoyang.example"
    people["wang"].email = "wang@example.cn"
    tell(
        entry,
        [people["wang"], people["zhao"]],
        "方案已公示。",
        link="/plans/1/",
        channels=("sms", "email", "wechat"),
    )
    assert (sent("sms"), sent("email"), sent("wechat")) == (["王桂芳", "赵大勇"], ["王桂芳"], [])
    send_pending()
    assert sorted(gateway.texts) == [
        ("+8613800000101", "方案已公示。"),
        ("+8613800000202", "方案已公示。"),
        ("wang@example.cn", "方案已公示。\n\nhttps://caoyang.example/plans/1/"),
    ]


def test_who_left_a_channel_is_told_on_the_portal_only(people, entry):
    set_preference(people["wang"], Channel.SMS, False, by=people["wang"])
    set_preference(people["zhao"], Channel.EMAIL, False, by=people["zhao"])
    tell(entry, [people["wang"], people["zhao"]], "方案已公示。")
    assert sent() == ["赵大勇"]
    assert Notice.objects.count() == 2
    assert queries.preferences(people["wang"]) == {"sms": False, "email": True, "wechat": True}

    set_preference(people["wang"], Channel.SMS, True, by=people["wang"])
    assert list(Preference.objects.filter(user=people["wang"]).values_list("on")) == [(True,)]


def test_who_has_left_is_not_told(people, entry):
    people["wang"].is_active = False
    tell(entry, [people["wang"]], "方案已公示。")
    assert (Notice.objects.count(), Sending.objects.count()) == (0, 0)


def test_no_channel_means_the_portal_only(people, entry):
    tell(entry, [people["wang"]], "方案已公示。", channels=())
    assert (Notice.objects.count(), Sending.objects.count()) == (1, 0)


def test_two_messages_about_one_entry_are_told_apart_by_their_key(people, entry):
    tell(entry, [people["wang"]], "方案已公示。")
    tell(entry, [people["wang"]], "公示还剩三天。", key="reminder")
    tell(entry, [people["wang"]], "公示还剩三天。", key="reminder")
    assert Sending.objects.count() == 2


@pytest.fixture
def crowd(db):
    """1,500 residents with telephones."""
    phones = [f"+86139{n:08}" for n in range(1500)]
    return User.objects.bulk_create(
        User(phone=phone, phone_index=blind_index(phone, "user"), name=f"住户{n}", password="!")
        for n, phone in enumerate(phones)
    )


def test_1500_residents_are_told_in_few_queries(crowd, entry, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):  # 3 + 3 batches, preferences, two savepoints
        tell(entry, crowd, "您好，曹杨一村旧住房改造签约今天开始。")
    assert (Notice.objects.count(), Sending.objects.count()) == (1500, 1500)


def test_the_database_holds_no_readable_text_or_number(people, entry):
    tell(entry, [people["wang"]], "您家的协议已公示。")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute('SELECT "to", text, to_tail FROM notices_sending')
        to, text, tail = cursor.fetchone()
    assert "13800000101" not in to
    assert "协议" not in text
    assert tail == "0101"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a_sent_message_has_its_time", {"state": "sent"}),
        ("only_a_code_may_be_blanked", {"text": ""}),
    ],
)
def test_the_database_refuses(name, fields, people):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Sending.objects.create(
            **{"key": "k", "channel": "sms", "reader": people["wang"], "to": "x", "text": "y"}
            | fields
        )


@pytest.mark.parametrize(
    "link", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_a_notice_never_leads_out_of_the_portal(link, people, entry):
    with (
        pytest.raises(IntegrityError, match="a_notice_links_into_the_portal"),
        transaction.atomic(),
    ):
        tell(entry, [people["wang"]], "方案已公示。", link=link)


def test_my_messages_are_counted_by_one_cheap_query(
    people, entry, entry_next_door, django_assert_num_queries
):
    tell(entry, [people["wang"]], "一")
    tell(entry_next_door, [people["wang"], people["zhao"]], "二")
    Notice.objects.filter(text="一").update(read_at=timezone.now())
    with django_assert_num_queries(1):
        assert queries.unread_count(people["wang"]) == 1
    assert queries.unread_count(people["passerby"]) == 0
