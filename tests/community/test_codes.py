"""One-time codes for acts that bind: five guesses, once, for one thing in one browser."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from caoyang_portal.community.codes import issue_code, verify_code
from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.errors import Refused

pytestmark = pytest.mark.django_db
AGREEMENT = "agreement:3-101:sha256:9f86d081"
HERE = "the-browser-session"


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return str(refused.value)


def other_than(code: str) -> str:
    return "000000" if code != "000000" else "111111"


@pytest.fixture
def wang(people):
    return people["wang"]


@pytest.fixture
def code(wang):
    return issue_code(wang, "sign", AGREEMENT, HERE)


def test_the_right_code_is_used_up(wang, code):
    verified = verify_code(wang, "sign", AGREEMENT, code.clear, HERE)
    assert verified.pk == code.pk
    assert verified.used_at is not None
    assert refusal(verify_code, wang, "sign", AGREEMENT, code.clear, HERE) == (
        "这个验证码已失效，请重新获取。"
    )


@pytest.mark.parametrize("typed", ["{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", " {0} ", "{1}"])
def test_blanks_and_full_width_digits_are_the_same_code(wang, code, typed):
    wide = code.clear.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert verify_code(wang, "sign", AGREEMENT, typed.format(code.clear, wide), HERE).pk == code.pk


def test_the_table_does_not_hold_the_code_or_the_session(code):
    kept = OneTimeCode.objects.filter(pk=code.pk).values().get()
    assert code.clear not in "".join(map(str, (kept["code_hash"], kept["bound_to"])))
    assert HERE not in kept["session_key"]


def test_five_wrong_guesses_and_the_right_one_comes_too_late(wang, code):
    wrong = other_than(code.clear)
    for _ in range(5):
        assert refusal(verify_code, wang, "sign", AGREEMENT, wrong, HERE).startswith("验证码不对")
    assert refusal(verify_code, wang, "sign", AGREEMENT, code.clear, HERE).startswith(
        "这个验证码已失效"
    )


@pytest.mark.parametrize(
    ("purpose", "thing", "session"),
    [
        ("vote", AGREEMENT, HERE),
        ("sign", AGREEMENT.replace("9f86", "0000"), HERE),
        ("sign", AGREEMENT, "another-browser"),
    ],
)
def test_a_code_is_for_one_purpose_one_text_one_browser(wang, code, purpose, thing, session):
    assert refusal(verify_code, wang, purpose, thing, code.clear, session) == "请先获取验证码。"


def test_a_code_is_for_one_person(people, code):
    assert refusal(verify_code, people["zhao"], "sign", AGREEMENT, code.clear, HERE) == (
        "请先获取验证码。"
    )


def test_it_dies_after_five_minutes(wang, code):
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1), tick=False):
        assert refusal(verify_code, wang, "sign", AGREEMENT, code.clear, HERE).startswith(
            "这个验证码已失效"
        )


def test_what_is_typed_late_or_wrongly_is_no_number_either(wang, code):
    for typed in ("", "１２", "六位数字啊啊", "²²²²²²", "1" * 5000):
        assert refusal(verify_code, wang, "sign", AGREEMENT, typed, HERE).startswith("验证码不对")


def test_a_newer_code_kills_the_older(wang, settings):
    settings.CODES_PER_PERSON = [(2, 60)]
    old = issue_code(wang, "sign", AGREEMENT, HERE)
    new = issue_code(wang, "sign", AGREEMENT, HERE)
    if old.clear != new.clear:
        assert refusal(verify_code, wang, "sign", AGREEMENT, old.clear, HERE).startswith(
            "验证码不对"
        )
    assert verify_code(wang, "sign", AGREEMENT, new.clear, HERE).pk == new.pk


def test_one_a_minute_four_an_hour_eight_a_day(wang):
    begin = timezone.now()
    sent = []
    for minute in range(0, 26 * 60, 10):  # someone presses the button every ten minutes
        with time_machine.travel(begin + timedelta(minutes=minute), tick=False):
            try:
                issue_code(wang, "sign", AGREEMENT, HERE)
                sent.append(minute)
            except Refused:
                pass
    assert sent == [0, 10, 20, 30, 60, 70, 80, 90, 1440, 1450, 1460, 1470, 1500, 1510, 1520, 1530]


def test_a_second_code_within_a_minute_is_refused_with_a_remedy(wang, code):
    assert refusal(issue_code, wang, "vote", "poll:1", HERE) == "验证码刚刚发过，请过一分钟再试。"


def test_one_address_asks_for_thirty_in_ten_minutes(wang, settings):
    settings.CODES_PER_PERSON = []
    for _ in range(30):
        issue_code(wang, "sign", AGREEMENT, HERE, ip="203.0.113.7")
    assert refusal(issue_code, wang, "sign", AGREEMENT, HERE, ip="203.0.113.7").startswith(
        "这里发验证码"
    )
    issue_code(wang, "sign", AGREEMENT, HERE, ip="203.0.113.8")


def test_it_refuses_to_be_called_where_a_guess_could_be_taken_back(wang, code):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        verify_code(wang, "sign", AGREEMENT, other_than(code.clear), HERE)


@pytest.mark.django_db(transaction=True)
def test_two_hundred_parallel_guesses_are_five(wang, code):
    """Twenty threads guess ten times each, all wrong: five are compared, and then it is dead."""
    wrong = other_than(code.clear)
    answers: list[str] = []
    begin = threading.Barrier(20, timeout=30)

    def guess():
        try:
            begin.wait()
            answers.extend(
                refusal(verify_code, wang, "sign", AGREEMENT, wrong, HERE)[:5] for _ in range(10)
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted({answer: answers.count(answer) for answer in set(answers)}.items()) == [
        ("这个验证码", 195),
        ("验证码不对", 5),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_right_code_typed_twenty_times_at_once_counts_once(wang, code):
    proved: list[OneTimeCode] = []
    begin = threading.Barrier(20, timeout=30)

    def type_it():
        try:
            begin.wait()
            proved.append(verify_code(wang, "sign", AGREEMENT, code.clear, HERE))
        except Refused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=type_it) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [verified.pk for verified in proved] == [code.pk]
