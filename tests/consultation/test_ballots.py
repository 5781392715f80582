"""Who may vote, by which channel; one live vote per voter whatever happens."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.notices.models import Notice
from consultation.actions import ballots, counting, kinds, polls, proxies, rolls
from consultation.commitments import ballot_code
from consultation.models import (
    CastMark,
    Keying,
    OpenBallot,
    PaperBallot,
    Poll,
    PollObjection,
    Proxy,
    RollEntry,
    SealedEnvelope,
    SecretBallot,
)
from consultation.queries.receipts import is_ours
from consultation.queries.rolls import users_of
from households.models import Member, Residency
from tests.conftest import EVERYONE
from tests.consultation.builders import (
    SHARES,
    YES,
    again,
    cast,
    closed,
    counted,
    draft,
    entry_of,
    frozen,
    kind,
    neighbours,
    opened,
    the_code,
)
from tests.households.builders import attachment

COMMITTEE = {"chen", "lin"}
WHO_MAY_VOTE = {"ask_vote_code": {"wang"}, "cast_online": {"wang"}}
WHO_MAY_ON_A_MARK = {"cast_on_tablet": COMMITTEE, "witness_vote": COMMITTEE}
WHO_MAY_ON_A_PROXY = {
    "ask_proxy_code": {"sun"},
    "cast_by_proxy": {"sun"},
    "approve_proxy": {"lin"},
    "revoke_proxy": {"wang", *COMMITTEE},
}
WHO_MAY_ON_PAPER = {
    "key_paper": COMMITTEE,
    "settle_paper": COMMITTEE,
    "set_paper_aside": COMMITTEE,
}
WHO_MAY_OBJECT = {
    "object_to_roll": {"wang", "zhao"},
    "object_to_result": {"wang", "zhao"},
    "answer_objection": {"chen"},
}
WHO_MAY_KINDS = {"revise_kind": {"adi"}, "end_kind": {"adi"}}


@pytest.fixture
def poll(people, places, households):
    return opened(people, places)


@pytest.fixture
def proxy(poll, people):
    return make_proxy(poll, people)


def make_proxy(poll, people, *, instructions=YES, agent="sun", days=5):
    today = timezone.localdate()
    proxy = proxies.record_proxy(
        entry_of(poll, "王桂芳"),
        agent_name=people[agent].name,
        agent_phone=people[agent].phone,
        instructions=instructions,
        valid_from=today,
        valid_to=today + dt.timedelta(days=days),
        document=attachment(poll.neighbourhood),
        by=people["chen"],
    )
    return proxies.approve_proxy(proxy, by=people["lin"])


@pytest.mark.parametrize("person", EVERYONE)
def test_who_may(person, people, places, households, poll, proxy):
    """A committee worker who lives on the roll, too, would vote at home and not operate there."""
    entry = entry_of(poll, "王桂芳")
    tables = [
        (WHO_MAY_VOTE, entry),
        (WHO_MAY_ON_A_MARK, CastMark(neighbourhood=places.here, poll=poll, entry=entry)),
        (WHO_MAY_ON_A_PROXY, proxy),
        (WHO_MAY_ON_PAPER, PaperBallot(neighbourhood=places.here, poll=poll, entry=entry)),
        (
            WHO_MAY_OBJECT,
            PollObjection(neighbourhood=places.here, poll=poll, raised_by=people["lin"]),
        ),
        (WHO_MAY_KINDS, SimpleNamespace(neighbourhood=places.here, neighbourhood_id=places.here.pk)),
    ]  # fmt: skip
    for table, subject in tables:
        for act, allowed in table.items():
            assert (act, may(people[person], f"consultation.{act}", subject)) == (
                act,
                person in allowed,
            )


def test_no_worker_operates_or_keys_a_vote_of_their_own(people, places, households, poll):
    Residency.objects.create(
        neighbourhood=places.here, user=people["chen"], household=households.sun, way="letter",
        member=households.sun.members.get(role="holder"), verified_at=timezone.now(),
    )  # fmt: skip
    mark = CastMark(neighbourhood=places.here, poll=poll, entry=entry_of(poll, "孙丽"))
    paper = PaperBallot(neighbourhood=places.here, poll=poll, entry=mark.entry)
    assert not may(people["chen"], "consultation.cast_on_tablet", mark)
    assert not may(people["chen"], "consultation.key_paper", paper)


def test_owners_are_one_head_whatever_they_own_and_so_is_public_housing(
    people, places, households
):
    first, second = neighbours(places, 2)
    of_both = Member.objects.filter(residency__user__in=[first, second])
    of_both.update(id_index="the same person")
    poll = frozen(people, places, of=kind("art278-ordinary"))
    assert sorted(
        (entry.holder, entry.units.count(), sum(unit.area_cent for unit in entry.units.all()))
        for entry in poll.roll.all()
    ) == [("owner", 1, 2050), ("owner", 2, 10_000), ("public_owner", 2, 4100)]


def test_co_owners_share_one_vote(people, places, households):
    Member.objects.create(
        neighbourhood=places.here, household=households.wang, role="co_owner", name="孙丽二"
    )
    Residency.objects.create(
        neighbourhood=places.here, user=people["sun"], household=households.wang, way="letter",
        member=Member.objects.get(name="孙丽二"), verified_at=timezone.now(),
    )  # fmt: skip
    poll = opened(people, places, of=kind("lift-compound", revote=False))
    assert poll.heads == 3
    cast(poll, people["wang"], name="王桂芳、孙丽二")
    with pytest.raises(Refused, match="已经投过了"):
        cast(poll, people["sun"], name="王桂芳、孙丽二")


def test_everyone_who_may_answer_is_told(people, places, households, poll):
    assert set(users_of(poll, poll.roll.all())) == {people["wang"], people["zhao"]}
    assert RollEntry.objects.of(people["wang"]).get().name == "王桂芳"


def test_developer_s_unsold_homes_are_one_head(people, places, households):
    poll = draft(people, places)
    polls.announce_poll(poll, by=people["chen"])
    rolls.build_roll(poll, by=people["chen"])
    for n in (1, 2):
        rolls.add_roll_unit(
            poll, label=f"未售{n}", owner="", area_cent=4000, basis="survey", is_unsold=True,
            reason="开发商来函", by=people["chen"],
        )  # fmt: skip
    unit = poll.units.get(household=households.zhao)
    rolls.correct_roll_unit(
        unit, area_cent=2050, basis="register", is_unsold=True, reason="未交付", by=people["chen"]
    )
    rolls.merge_roll_entries(
        [entry_of(poll, "王桂芳"), entry_of(poll, "孙丽")], reason="同一人", by=people["chen"]
    )
    poll = rolls.freeze_roll(poll, by=people["chen"])
    assert (poll.heads, poll.area_cent) == (2, 4000 * 2 + 2050 * 3)
    assert poll.roll.get(holder="developer").units.count() == 3


def test_one_owner_under_two_numbers_keeps_what_was_delivered(people, places, households):
    poll = draft(people, places)
    polls.announce_poll(poll, by=people["chen"])
    rolls.build_roll(poll, by=people["chen"])
    both = [entry_of(poll, "王桂芳"), entry_of(poll, "孙丽")]
    for entry, way in ((both[0], "posted_up"), (both[1], "posted_up"), (both[1], "online")):
        rolls.record_delivery(entry, way=way, delivered_on=timezone.localdate(), by=people["chen"])
    kept = rolls.merge_roll_entries(both, reason="同一人", by=people["chen"])
    assert sorted(kept.deliveries.values_list("way", flat=True)) == ["online", "posted_up"]
    for unit in kept.units.all():
        rolls.remove_roll_unit(unit, reason="不属于本小区", by=people["chen"])
    assert not poll.roll.filter(pk=kept.pk).exists()


def test_objections_to_the_roll_come_first(people, places, households):
    poll = draft(people, places)
    polls.announce_poll(poll, by=people["chen"])
    rolls.build_roll(poll, by=people["chen"])
    objection = rolls.object_to_roll(poll, text="面积不对", by=people["wang"])
    with pytest.raises(Refused, match="有 1 条名册异议没有答复"):
        rolls.freeze_roll(poll, by=people["chen"])
    rolls.answer_objection(objection, answer="已核对登记", upheld=False, by=people["chen"])
    rolls.freeze_roll(poll, by=people["chen"])


def test_an_agent_votes_as_instructed_and_no_other_way(people, poll, proxy):
    def by_proxy(choices):
        ballots.ask_proxy_code(proxy, session_key="s", ip="", by=people["sun"])
        return ballots.cast_by_proxy(
            proxy, choices=choices, code=the_code(people["sun"]), session_key="s",
            form_key="p", by=people["sun"],
        )  # fmt: skip

    with pytest.raises(Refused, match="要按委托人的书面意见投票"):
        by_proxy({"1": "no"})
    OneTimeCode.objects.all().delete()
    by_proxy(YES)
    assert (CastMark.objects.get().channel, CastMark.objects.get().proxy) == ("proxy", proxy)


def test_a_revoked_or_expired_mandate_votes_no_more(people, poll, proxy):
    Proxy.objects.update(valid_from="2020-01-01", valid_to="2020-01-02")
    with pytest.raises(PermissionDenied):
        ballots.ask_proxy_code(proxy, session_key="s", ip="", by=people["sun"])
    Proxy.objects.update(valid_to="2099-01-02")
    proxies.revoke_proxy(proxy, reason="不委托了", by=people["wang"])
    with pytest.raises(PermissionDenied):
        ballots.ask_proxy_code(proxy, session_key="s", ip="", by=people["sun"])


def test_on_the_tablet_before_a_witness(people, poll):
    entry = entry_of(poll, "孙丽")
    with pytest.raises(Refused, match="见证人"):
        ballots.cast_on_tablet(
            entry, choices=YES, witness=people["chen"], form_key="t", by=people["chen"]
        )
    ballots.cast_on_tablet(
        entry, choices=YES, witness=people["lin"], form_key="t", by=people["chen"]
    )
    mark = CastMark.objects.get()
    assert (mark.channel, mark.operator, mark.witness) == ("tablet", people["chen"], people["lin"])


def test_a_receipt_opens_its_ballot_and_says_no_choice(people, poll):
    receipt = cast(poll, people["wang"])
    assert receipt.codes["1"] == ballot_code(
        poll.code, 1, "yes", bytes.fromhex(receipt.nonces["1"])
    )
    assert "yes" not in receipt.text
    assert is_ours(poll, receipt.text, receipt.signature)
    assert not is_ours(poll, receipt.text.replace(poll.code, "x"), receipt.signature)


# ---- the database holds it ----


def insert_mark(poll, entry, **fields):
    values = {"channel": "online", "cast_on": timezone.localdate()} | fields
    with transaction.atomic():
        return CastMark.objects.create(
            neighbourhood_id=poll.neighbourhood_id, poll=poll, entry=entry, **values
        )


def test_what_the_database_refuses(people, places, households, poll):
    entry = entry_of(poll, "王桂芳")
    mark = insert_mark(poll, entry)
    refused = [
        lambda: insert_mark(poll, entry),
        lambda: insert_mark(poll, entry, channel="tablet"),
        lambda: poll.units.update(area_cent=1),
        lambda: poll.roll.all().delete(),
        mark.delete,
        lambda: CastMark.objects.update(channel="paper"),
        lambda: poll.board.update(payload="{}"),
        lambda: poll.board.all().delete(),
        lambda: poll.kind.__class__.objects.update(name="x"),
        lambda: poll.questions.update(text="x"),
    ]
    for deed in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    CastMark.objects.update(voided=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        CastMark.objects.update(voided=False)


def test_no_vote_outside_the_window_by_the_database_s_clock(people, places, households, poll):
    entry = entry_of(poll, "王桂芳")
    Poll.objects.update(closes_at=timezone.now())
    with pytest.raises(IntegrityError):
        insert_mark(poll, entry)
    closed(poll)
    with pytest.raises(IntegrityError):
        insert_mark(poll, entry)
    insert_mark(poll, entry, channel="paper")  # what came in time is keyed later


def test_a_keying_is_final(people, places, poll):
    paper = PaperBallot.objects.create(
        neighbourhood=places.here, poll=poll, serial="A", entry=entry_of(poll, "王桂芳")
    )
    key = {"neighbourhood": places.here, "paper": paper, "choices": YES}
    Keying.objects.create(turn=1, staff=people["chen"], **key)
    for again_ in ({"turn": 2, "staff": people["chen"]}, {"turn": 1, "staff": people["lin"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Keying.objects.create(**again_, **key)
    with pytest.raises(IntegrityError), transaction.atomic():
        Keying.objects.update(choices={})


# ---- secret polls ----


def test_separated_ballots_count_and_nothing_joins_them_to_a_voter(people, places, households):
    poll = opened(people, places, of=kind("residents"), secrecy="separated")
    cast(poll, people["wang"])
    cast(poll, people["zhao"], {"1": "no"})
    with pytest.raises(Refused, match="已经投过了"):
        cast(poll, people["wang"], {"1": "no"})
    assert not OpenBallot.objects.exists()
    poll = counted(poll)
    question = poll.result.shown["questions"][0]
    assert (question["choices"]["yes"]["heads"], question["choices"]["no"]["heads"]) == (1, 1)


def test_a_small_secret_poll_by_area_tells_only_whether_it_was_enough(people, places, households):
    poll = opened(people, places, of=kind("lift-compound", revote=False), secrecy="separated")
    for who in ("wang", "zhao"):
        cast(poll, people[who])
    question = counted(poll).result.shown["questions"][0]
    assert question["area_withheld"] is True
    assert question["choices"]["yes"] == {"heads": 2, "area_cent": None}
    assert question["passed"] is True
    assert list(SecretBallot.objects.values_list("area_cent", flat=True)) == [None, None]


def test_sealed_ballots_are_read_by_nobody_until_the_scrutineers_open_them(
    people, places, households
):
    poll = opened(people, places, of=kind("house-rules", revote=True), secrecy="sealed")
    cast(poll, people["wang"], {"1": "no"})
    cast(poll, people["wang"])
    cast(poll, people["zhao"])
    assert SealedEnvelope.objects.filter(superseded=False).count() == 2
    lengths = {len(bytes(envelope.ciphertext)) for envelope in SealedEnvelope.objects.all()}
    assert len(lengths) == 1
    poll = closed(poll)
    assert not SealedEnvelope.objects.exists()
    with pytest.raises(Refused, match="密封票还没有由监票人开启"):
        counting.finish_count(poll)
    with pytest.raises(Refused, match="分片不对"):
        counting.open_envelopes(poll, shares=SHARES[:1], by=people["chen"])
    assert counting.open_envelopes(poll, shares=SHARES, by=people["chen"]) == 2
    question = counted(poll).result.shown["questions"][0]
    assert question["choices"]["yes"]["heads"] == 2
    assert set(poll.inner_envelopes.values_list("ciphertext", flat=True)) == {b""}


SECRET_TABLES = ("consultation_secretballot", "consultation_innerenvelope")


@pytest.mark.parametrize("table", SECRET_TABLES)
def test_a_secret_table_has_no_voter_no_time_and_no_serial(db, table):
    with connection.cursor() as cursor:
        columns = {
            column.name: cursor.connection.adapters.types[column.type_code].name
            for column in connection.introspection.get_table_description(cursor, table)
        }
    assert not {"entry_id", "voter_id", "user_id", "serial", "paper_id"} & set(columns)
    assert not {"timestamptz", "timestamp", "date", "time"} & set(columns.values())


def test_a_secret_ballot_s_id_tells_no_time(db):
    assert {SecretBallot().id.version, CastMark().id.version} == {4}


def test_a_kind_is_revised_as_a_new_version(people, places):
    old = kind("house-rules")
    new = kinds.revise_kind(
        old, neighbourhood=places.here, changes={"notice_days": 10},
        valid_from=timezone.localdate(), by=people["adi"],
    )  # fmt: skip
    assert (new.version, new.notice_days, old.notice_days) == (2, 10, 7)
    usable = type(old).objects.usable(places.here, timezone.localdate())
    assert usable.get(code="house-rules") == new
    assert type(old).objects.usable(places.there, timezone.localdate()).get(
        code="house-rules"
    ) == old  # fmt: skip
    kinds.end_kind(new, by=people["adi"])


def test_silence_counts_only_with_proof_and_both_outcomes_are_told(people, places, households):
    neighbours(places, 2)
    of = kind("lift-compound", silent_rule="follow_majority", silent_clause="第十条")
    poll = opened(people, places, of=of)
    cast(poll, people["wang"])
    for name, way in (("孙丽", "by_hand"), ("赵大勇", "posted_up")):
        rolls.record_delivery(
            entry_of(poll, name), way=way, delivered_on=timezone.localdate(),
            proof=attachment(places.here) if way == "by_hand" else None, by=people["chen"],
        )  # fmt: skip
    with pytest.raises(Refused, match="凭证"):
        rolls.record_delivery(
            entry_of(poll, "赵大勇"), way="left", delivered_on=timezone.localdate(),
            by=people["chen"],
        )  # fmt: skip
    question = counted(poll).result.shown["questions"][0]
    assert question["silent"]["heads"] == 1
    assert question["outcomes"] == {"not_counted": False, "follow_majority": False}
    assert question["choices"]["yes"]["heads"] == 2


def test_reminders_go_only_to_the_silent(people, places, households, poll):
    cast(poll, people["wang"])
    rolls.remind(poll, by=people["chen"])
    with pytest.raises(Refused, match="今天已经提醒过"):
        rolls.remind(poll, by=people["chen"])
    deliver_pending()
    reminded = Notice.objects.filter(text__contains="您还没有表决")
    assert [notice.reader for notice in reminded] == [people["zhao"]]


@pytest.mark.parametrize(
    ("code", "options", "choices", "key", "expected"),
    [
        ("single-choice", 3, "2", "elected", ["2"]),
        ("multiple-choice", 4, ["1", "3"], "elected", ["1", "3"]),
        ("top-ten", 12, ["12", "1"], "elected", ["1", "12"]),
        ("ranked-choice", 3, ["3", "1", "2"], "order", [["3"], ["1"], ["2"]]),
        ("satisfaction", 0, "5", "mean", [5, 1]),
    ],
)
def test_every_method_counts(people, places, households, code, options, choices, key, expected):
    questions = [("选哪个？", [f"选项{n}" for n in range(1, options + 1)])]
    poll = opened(people, places, of=kind(code), secrecy="separated", questions=questions)
    cast(poll, people["wang"], {"1": choices})
    assert counted(poll).result.shown["questions"][0][key] == expected


@pytest.mark.parametrize(
    ("code", "choices"),
    [
        ("top-ten", [str(n) for n in range(1, 12)]),
        ("top-ten-exactly", ["1", "2"]),
        ("top-ten", ["1", "1"]),
        ("top-ten", ["13"]),
        ("single-choice", ["1", "2"]),
        ("satisfaction", "6"),
        ("residents", "maybe"),
        ("residents", ""),
    ],
)
def test_a_ballot_that_does_not_fit_is_refused_in_words(people, places, households, code, choices):
    questions = [("选哪个？", [f"选项{n}" for n in range(1, 13)])]
    poll = opened(people, places, of=kind(code), secrecy="separated", questions=questions)
    with pytest.raises(Refused, match="第 1 题"):
        cast(poll, people["wang"], {"1": choices}, code="000000")
    assert not again(poll).marks.exists()
