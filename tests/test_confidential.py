import pytest
from django.db import connection

from caoyang_portal import confidential
from caoyang_portal.confidential import blind_index, mask_id_number, mask_name, mask_phone
from households.models import Member


def test_a_phone_is_unreadable_in_the_database_and_found_by_exact_match(household):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phone, phone_index FROM households_member WHERE household_id = %s",
            [household.pk],
        )
        stored = cursor.fetchall()

    assert [("13800000101" in phone, "13800000101" in index) for phone, index in stored] == [
        (False, False)
    ]
    assert (
        Member.objects.get(phone_index=blind_index("+8613800000101", "member")).phone
        == "+8613800000101"
    )


def test_the_same_number_in_two_columns_cannot_be_linked():
    assert blind_index("+8613800000101", "member") != blind_index("+8613800000101", "user")
    assert blind_index("", "member") == ""


def test_old_keys_still_read_and_new_ones_write(settings, household):
    old = Member.objects.get(household=household)
    settings.CONFIDENTIAL_KEYS = ["newer", *settings.CONFIDENTIAL_KEYS]
    confidential._ring.cache_clear()
    try:
        assert Member.objects.get(pk=old.pk).phone == "+8613800000101"
    finally:
        confidential._ring.cache_clear()


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_phone, "+8613800138000", "138****8000"),
        (mask_phone, "", ""),
        (mask_name, "王芳", "王*"),
        (mask_name, "王桂芳", "王*芳"),
        (mask_name, "阿依古丽·买买提", "阿******提"),
        (mask_id_number, "310199195704109860", "310*************60"),
        (mask_id_number, "", ""),
    ],
)
def test_masks(mask, value, shown):
    assert mask(value) == shown
