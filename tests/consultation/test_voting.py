"""What voters and everybody see of polls: the way to a receipt, refusals on it, results, the board."""

import json
import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.notices.models import Notice
from consultation.actions import board, proxies, rolls
from consultation.models import (
    CastMark,
    OpenBallot,
    PollObjection,
    SecretBallot,
)
from households.models import Residency
from tests.consultation.builders import (
    cast,
    closed,
    counted,
    draft,
    entry_of,
    kind,
    neighbours,
    opened,
    the_code,
)
from tests.consultation.test_ballots import make_proxy

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll(people, places, households):
    return opened(people, places)


@pytest.fixture
def wang(client, people):
    client.force_login(people["wang"])
    return client


def at(name, poll, *more):
    return reverse(f"consultation:{name}", args=[poll.code, *more])


def way(poll, who="王桂芳"):
    """Addresses of one voter's way."""
    number = entry_of(poll, who).number
    return lambda name, *more: at(name, poll, number, *more)


def answer(client, step, choice, question=1):
    return client.post(step("vote_question", question), {"choice": choice})


def ask_code(client, step, user):
    OneTimeCode.objects.filter(user=user).delete()  # a minute has passed
    client.post(step("vote_code"), follow=True)
    return the_code(user)


def vote(client, poll, user, choice="yes"):
    """All the way through one question; the answer to the last form."""
    step = way(poll, user.name)
    answer(client, step, choice)
    return client.post(step("vote_confirm"), {"code": ask_code(client, step, user)})


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# ---- the way to a receipt ----


def test_from_the_question_to_the_receipt(wang, people, poll):
    step = way(poll)
    page = wang.get(step("vote"))
    assert "参加的人数和面积至少占全体的 2/3" in words(page)
    assert "不保密" in words(page)
    question = wang.get(step("vote_question", 1)).content.decode()
    assert (question.count('type="radio"'), " checked" in question) == (3, False)
    assert answer(wang, step, "no").url == step("vote_check")
    assert 'class="chosen">不同意' in wang.get(step("vote_check")).content.decode()
    done = wang.post(step("vote_confirm"), {"code": ask_code(wang, step, people["wang"])})
    assert done.url == step("vote_receipt")
    receipt = wang.get(done.url)
    code = OpenBallot.objects.get().choices["1"]["code"]
    assert "您的表决已计入" in words(receipt)
    assert code in words(receipt)
    # not even in the pages around it
    assert "不同意" not in words(receipt)


def test_the_change_on_the_check_page_really_changes(wang, people, poll):
    step = way(poll)
    answer(wang, step, "no")
    checked = wang.get(step("vote_check")).content.decode()
    again = re.search(r'href="([^"]+/1/)"', checked)[1]
    assert 'value="no"' in wang.get(again).content.decode()
    wang.post(again, {"choice": "yes"})
    wang.post(step("vote_confirm"), {"code": ask_code(wang, step, people["wang"])})
    assert OpenBallot.objects.get().choices["1"]["choice"] == "yes"


def test_nothing_chosen_is_said_on_the_page(wang, poll):
    step = way(poll)
    page = wang.post(step("vote_question", 1), {})
    assert (page.status_code, "第 1 题还没有选" in words(page)) == (422, True)
    assert wang.get(step("vote_check")).url == step("vote_question", 1)
    assert wang.get(step("vote_confirm")).url == step("vote_question", 1)


def test_a_wrong_code_keeps_the_answers(wang, people, poll):
    step = way(poll)
    answer(wang, step, "yes")
    code = ask_code(wang, step, people["wang"])
    wrong = wang.post(step("vote_confirm"), {"code": "000000" if code != "000000" else "111111"})
    assert (wrong.status_code, "验证码不对" in words(wrong)) == (422, True)
    assert wang.post(step("vote_confirm"), {"code": code}).url == step("vote_receipt")


def test_the_answers_outlive_the_session(wang, people, poll):
    step = way(poll)
    answer(wang, step, "no")
    wang.session.flush()
    again = Client()
    again.force_login(people["wang"])
    name = f"slip-{entry_of(poll, '王桂芳').number}"
    again.cookies[name] = wang.cookies[name].value
    assert "不同意" in words(again.get(step("vote_check")))


def test_what_lies_in_the_browser_is_locked_and_one_person_s_own(
    wang, people, places, households, poll
):
    step = way(poll)
    answer(wang, step, "no")
    name = f"slip-{entry_of(poll, '王桂芳').number}"
    cookie = wang.cookies[name]
    assert "no" not in json.dumps(cookie.value).split("-")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", step("vote"))
    co_owner = _co_owner(people, households)
    other = Client()
    other.force_login(co_owner)
    other.cookies[name] = cookie.value
    assert other.get(step("vote_check")).url == step("vote_question", 1)


def _co_owner(people, households):
    home = households.wang
    member = home.members.create(
        neighbourhood=home.neighbourhood, role="co_owner", name="王小明", order=2
    )
    Residency.objects.create(
        neighbourhood=home.neighbourhood, user=people["sun"], household=home, member=member,
        way="letter", verified_at=timezone.now(),
    )  # fmt: skip
    return people["sun"]


@pytest.mark.parametrize("secrecy", ["open", "separated", "sealed"])
def test_back_refresh_and_a_second_sending_lead_to_the_same_receipt(
    client, people, places, households, secrecy
):
    poll = opened(people, places, secrecy=secrecy)
    client.force_login(people["wang"])
    step = way(poll)
    done = vote(client, poll, people["wang"])
    receipt = words(client.get(done.url))
    assert client.post(step("vote_confirm"), {"code": "123456"}).url == done.url
    assert client.get(step("vote_check")).url == done.url
    assert words(client.get(done.url)) == receipt
    assert CastMark.objects.filter(poll=poll).count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_sendings_at_once_are_one_vote_and_one_receipt(people, places, households):
    poll = opened(people, places, secrecy="separated")
    first = Client()
    first.force_login(people["wang"])
    step = way(poll)
    answer(first, step, "yes")
    code = ask_code(first, step, people["wang"])
    together, answers = threading.Barrier(20), []

    def send():
        browser = Client()
        browser.cookies = first.cookies.copy()
        together.wait()
        try:
            done = browser.post(step("vote_confirm"), {"code": code})
            receipt = browser.get(step("vote_receipt_file"))
            answers.append((done.status_code, done.url, receipt.content))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert answers[0][:2] == (302, step("vote_receipt"))
    assert (CastMark.objects.count(), SecretBallot.objects.count()) == (1, 1)


def test_a_secret_vote_leaves_nothing_of_its_choice_but_the_ballot(
    client, people, places, households
):
    poll = opened(people, places, secrecy="separated")
    client.force_login(people["wang"])
    vote(client, poll, people["wang"], "no")
    code = SecretBallot.objects.get().code
    stored = str(list(client.session.items()))
    assert (code in stored, "form_key" in stored) == (False, False)
    assert code in words(client.get(way(poll)("vote_receipt")))
    client.post(way(poll)("forget_receipt"))
    page = words(client.get(way(poll)("vote_receipt")))
    assert (code in page, "这一票已经投过了" in page) == (False, True)


def test_the_receipt_as_a_file_is_signed_and_says_nothing_of_the_choice(wang, people, poll):
    from consultation.queries.receipts import is_ours

    vote(wang, poll, people["wang"], "no")
    facts = json.loads(wang.get(way(poll)("vote_receipt_file")).content)
    poll.refresh_from_db()
    assert is_ours(poll, facts["receipt"], facts["signature"])
    assert set(json.loads(facts["receipt"])) == {"poll", "day", "codes"}
    assert OpenBallot.objects.get().choices["1"]["nonce"] not in str(facts)


# ---- what stands in the way ----


def test_closing_while_on_the_check_page_is_said(wang, people, poll):
    step = way(poll)
    answer(wang, step, "yes")
    code = ask_code(wang, step, people["wang"])
    closed(poll)
    late = wang.post(step("vote_confirm"), {"code": code})
    assert (late.status_code, "刚才这一票没有计入" in words(late)) == (409, True)
    assert "表决已经截止" in words(wang.get(step("vote_check")))
    assert not CastMark.objects.exists()


def test_a_vote_may_be_changed_where_the_kind_allows(wang, people, poll):
    vote(wang, poll, people["wang"], "yes")
    step = way(poll)
    assert "改我的票" in words(wang.get(step("vote")))
    vote(wang, poll, people["wang"], "no")
    kept = OpenBallot.objects.order_by("version")
    assert [(b.version, b.superseded, b.choices["1"]["choice"]) for b in kept] == [
        (1, True, "yes"),
        (2, False, "no"),
    ]
    code = kept[1].choices["1"]["code"]
    assert code in words(wang.get(step("vote_receipt")))


def test_who_voted_at_the_tablet_reads_that_it_was_done(wang, people, places, households):
    from consultation.actions import ballots

    poll = opened(people, places, secrecy="separated")
    ballots.cast_on_tablet(
        entry_of(poll, "王桂芳"), choices={"1": "yes"}, witness=people["lin"], form_key="t",
        by=people["chen"],
    )  # fmt: skip
    step = way(poll)
    page = words(wang.get(step("vote_question", 1), follow=True))
    assert ("这一票已经投过了" in page, "现场平板" in page) == (True, True)


def test_an_agent_votes_as_instructed_and_only_so(client, people, poll):
    make_proxy(poll, people, instructions={"1": "no"})
    client.force_login(people["sun"])
    step = way(poll)
    assert client.get(at("my_votes", poll)).url == step("vote")
    assert "您只能照委托投" in words(client.get(step("vote")))
    assert client.post(step("vote_question", 1), {"choice": "yes"}).url == step("vote_check")
    page = client.get(step("vote_check"))
    assert ("不同意" in words(page), "改第 1 题" in words(page)) == (True, False)
    client.get(step("vote_confirm"))
    done = client.post(step("vote_confirm"), {"code": ask_code(client, step, people["sun"])})
    assert done.url == step("vote_receipt")
    assert CastMark.objects.get().channel == "proxy"
    assert OpenBallot.objects.get().choices["1"]["choice"] == "no"


def test_a_revoked_mandate_opens_nothing(client, people, poll):
    proxy = make_proxy(poll, people)
    proxies.revoke_proxy(proxy, reason="本人来投", by=people["chen"])
    client.force_login(people["sun"])
    assert client.get(way(poll)("vote")).status_code == 404


def test_a_stranger_s_number_is_nothing(wang, poll):
    assert wang.get(way(poll, "赵大勇")("vote")).status_code == 404
    assert wang.get(at("vote", poll, "9999")).status_code == 404


# ---- the methods ----

LAMPS = ("先修哪里？", ("路灯", "门禁", "水管"))


def several(people, places, code, **changes):
    return opened(people, places, of=kind(code, **changes), questions=[LAMPS], secrecy="open")


def test_at_most_so_many(wang, people, places, households):
    poll = several(people, places, "multiple-choice", most_choices=2)
    step = way(poll)
    page = wang.get(step("vote_question", 1)).content.decode()
    assert (page.count('type="checkbox"'), " checked" in page) == (3, False)
    many = wang.post(step("vote_question", 1), {"choice": ["1", "2", "3"]})
    assert (many.status_code, "最多选 2 项，您选了 3 项" in words(many)) == (422, True)
    assert wang.post(step("vote_question", 1), {"choice": ["1", "3"]}).url == step("vote_check")
    assert "路灯、水管" in words(wang.get(step("vote_check")))
    wang.post(step("vote_question", 1), {"abstain": "1"})
    assert 'class="chosen">弃权' in wang.get(step("vote_check")).content.decode()


def test_ranked_by_numbers(wang, people, places, households):
    poll = several(people, places, "ranked-choice")
    step = way(poll)
    same = {"place_1": "1", "place_2": "1"}
    assert "两项不能排在同一位" in words(wang.post(step("vote_question", 1), same))
    wang.post(step("vote_question", 1), {"place_1": "2", "place_3": "1"})
    assert "水管 &gt; 路灯" in words(wang.get(step("vote_check")))
    vote_code = ask_code(wang, step, people["wang"])
    wang.post(step("vote_confirm"), {"code": vote_code})
    assert OpenBallot.objects.get().choices["1"]["choice"] == "3>1"


def test_a_score_and_one_of_several(wang, people, places, households):
    poll = opened(people, places, of=kind("satisfaction"), secrecy="open")
    step = way(poll)
    page = wang.get(step("vote_question", 1)).content.decode()
    assert page.count('type="radio"') == 6
    answer(wang, step, "4")
    assert "4 分" in words(wang.get(step("vote_check")))
    poll = several(people, places, "single-choice")
    answer(wang, way(poll), "2")
    assert "门禁" in words(wang.get(way(poll)("vote_check")))


# ---- what everybody sees ----


def test_a_draft_is_nobody_s_to_see(client, people, places, households):
    poll = draft(people, places)
    assert client.get(at("poll", poll)).status_code == 404
    client.force_login(people["chen"])
    assert client.get(at("poll", poll)).status_code == 404


def test_a_passer_by_reads_the_notice_and_no_name(client, poll):
    page = words(client.get(at("poll", poll)))
    assert (poll.roll_fingerprint in page, "登录投票" in page) == (True, True)
    assert ("王" in page, "101室" in page) == (False, False)
    pdf = client.get(at("poll_notice", poll))
    assert pdf.content[:5] == b"%PDF-"


def test_before_closing_no_page_tells_the_split_or_the_turnout(client, people, poll):
    cast(poll, people["wang"])
    before = [words(client.get(at(name, poll))) for name in ("poll", "poll_board")]
    cast(poll, people["zhao"], {"1": "no"})
    assert [words(client.get(at(name, poll))) for name in ("poll", "poll_board")] == before
    assert "ballots" not in client.get(at("poll_bundle", poll)).json()


def test_the_result_in_exact_numbers(client, people, places, households):
    neighbours(places, 3)
    poll = opened(people, places)
    for name in ("wang", "zhao"):
        cast(poll, people[name], {"1": "yes"})
    counted(poll)
    page = words(client.get(at("poll", poll)))
    heads = poll.roll.count()
    assert f"2 人 / {heads} 人，须至少 2/3，还差" in page
    assert "没有通过" in page


def test_both_outcomes_where_the_silent_count(client, people, places, households):
    of = kind(silent_rule="follow_majority", silent_clause="议事规则第八条")
    poll = opened(people, places, of=of)
    cast(poll, people["wang"])
    counted(poll)
    page = words(client.get(at("poll", poll)))
    assert ("两种算法都算给您看" in page, "议事规则第八条" in page) == (True, True)
    assert "未答复的不计入 ： 没有通过" in page.replace("：", " ：").replace("  ", " ")


def test_my_ballot_is_found_by_its_code(wang, people, places, households):
    poll = opened(people, places, secrecy="separated")
    vote(wang, poll, people["wang"], "no")
    code = SecretBallot.objects.get().code
    look = lambda typed: words(wang.post(at("check_ballot", poll), {"code": typed}))  # noqa: E731
    assert "没有找到" in look(code)
    board.flush(poll)
    typed = code.lower().replace("-", " ").replace("0", "O")
    assert ("贴出来了" in look(typed), "不同意" in look(typed)) == (True, False)
    counted(poll)
    assert ("算进去了" in look(typed), "不同意" in look(typed)) == (True, True)
    assert "核对码是 16 位" in look("1234")
    assert "没有找到" in look("0000-0000-0000-0000")


def test_the_whole_bundle_is_for_the_roll_and_its_board_for_everyone(
    client, people, places, households, poll, tmp_path
):
    cast(poll, people["wang"])
    counted(poll)
    anyone = client.get(at("poll_bundle", poll)).json()
    assert {"roll", "voted", "ballots", "delivered"} & set(anyone) == set()
    assert _verified(anyone, tmp_path)
    client.force_login(people["zhao"])
    whole = client.get(at("poll_bundle", poll)).json()
    assert len(whole["ballots"]) == 1
    assert _verified(whole, tmp_path)
    whole["root"] = anyone["root"] = "0" * 64
    assert not _verified(whole, tmp_path)
    assert not _verified(anyone, tmp_path)


def _verified(bundle, folder):
    from tests.consultation.test_verifying import verify_vote

    path = folder / "bundle.json"
    path.write_text(json.dumps(bundle, ensure_ascii=False))
    return verify_vote.main([str(path)]) == 0


def test_the_roll_is_for_those_who_stand_on_it(client, people, poll):
    assert client.get(at("poll_roll", poll)).url.startswith("/accounts/login/")
    client.force_login(people["hu"])
    assert client.get(at("poll_roll", poll)).status_code == 404
    client.force_login(people["zhao"])
    cast(poll, people["wang"], {"1": "no"})
    assert "不同意" not in words(client.get(at("poll_roll", poll)))
    counted(poll)
    page = words(client.get(at("poll_roll", poll)))
    assert ("不同意" in page, "王*芳" in page, "王桂芳" in page) == (True, True, False)


def test_no_page_of_a_secret_poll_tells_how_somebody_voted(client, people, places, households):
    poll = opened(people, places, secrecy="separated")
    cast(poll, people["wang"], {"1": "no"})
    counted(poll)
    client.force_login(people["wang"])
    pages = [at("poll_roll", poll), way(poll)("vote_receipt"), way(poll)("vote")]
    assert ["不同意" in words(client.get(page)) for page in pages] == [False] * 3


# ---- lists, objections ----


def test_my_polls_come_first_with_what_is_left_to_do(wang, people, places, households, poll):
    page = words(wang.get(reverse("consultation:poll_list")))
    assert ("我的表决" in page, "去投票" in page) == (True, True)
    vote(wang, poll, people["wang"])
    page = words(wang.get(reverse("consultation:poll_list")))
    assert ("已投" in page, "去投票" in page) == (True, False)
    assert "表决" in words(wang.get(reverse("households:home")))


def test_several_votes_of_one_person_are_listed(client, people, poll):
    make_proxy(poll, people, agent="zhao")
    client.force_login(people["zhao"])
    page = words(client.get(at("my_votes", poll)))
    assert ("替 王*芳 投" in page, page.count("去投票")) == (True, 2)


def announced(people, places):
    from consultation.actions import polls

    poll = polls.announce_poll(draft(people, places), by=people["chen"])
    rolls.build_roll(poll, by=people["chen"])
    return poll


def test_objecting_to_the_roll_and_reading_the_answer(wang, people, places, households):
    poll = announced(people, places)
    assert "名册没有我，或面积不对" in words(wang.get(at("poll", poll)))
    empty = wang.post(at("poll_objections", poll), {"text": ""})
    assert (empty.status_code, "请写明哪里不对" in words(empty)) == (422, True)
    wang.post(
        at("poll_objections", poll), {"text": "我家是 30 ㎡", "household": households.wang.pk}
    )
    assert "等答复" in words(wang.get(at("poll_objections", poll)))
    rolls.answer_objection(
        PollObjection.objects.get(), answer="已按房本更正", upheld=True, by=people["chen"]
    )
    assert "已按房本更正" in words(wang.get(at("poll_objections", poll)))
    deliver_pending()
    told = Notice.objects.get(reader=people["wang"], text__contains="异议")
    assert told.link == at("poll_objections", poll)


def test_objections_of_others_are_not_shown_and_foreign_homes_not_taken(
    client, people, places, households
):
    poll = announced(people, places)
    rolls.object_to_roll(poll, text="漏了我家", by=people["zhao"])
    client.force_login(people["wang"])
    assert "漏了我家" not in words(client.get(at("poll_objections", poll)))
    wrong = client.post(
        at("poll_objections", poll), {"text": "面积", "household": households.zhao.pk}
    )
    assert wrong.status_code == 422


def test_objecting_to_the_result_in_its_days(wang, people, poll):
    cast(poll, people["wang"])
    closed_for_roll = words(wang.get(at("poll_objections", poll)))
    assert "没有提过异议" in closed_for_roll
    counted(poll)
    wang.post(at("poll_objections", poll), {"text": "人数不对"})
    assert PollObjection.objects.get().about == "result"


# ---- few queries ----


@pytest.mark.parametrize(
    ("name", "most"), [("poll_list", 16), ("poll", 16), ("poll_roll", 16), ("poll_board", 12)]
)
def test_pages_ask_as_much_for_three_as_for_one(client, people, places, households, name, most):
    first = opened(people, places)
    cast(first, people["wang"])
    counted(first)
    client.force_login(people["wang"])
    address = reverse("consultation:poll_list") if name == "poll_list" else at(name, first)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    neighbours(places, 2)
    for _n in range(2):
        more = opened(people, places, questions=[("一？", ()), ("二？", ()), ("三？", ())])
        cast(more, people["wang"], {"1": "yes", "2": "no", "3": "yes"})
        board.flush(more)
        counted(more)
    address = address if name == "poll_list" else at(name, more)
    client.get(address)
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(three) == len(one) <= most
