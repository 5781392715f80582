"""Counting by hand, by the vectors of the field, and by properties that hold for every count."""

import json
import re
from fractions import Fraction

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from consultation import tally
from consultation.tally import RULES, Weight, decide, decide_sums
from consultation.tally_file import BadFile, count

TOTAL = Weight(30, 300_000)


NONE = Weight()


def sums(yes, no=NONE, abstain=NONE):
    return {"yes": yes, "no": no, "abstain": abstain}


@pytest.mark.parametrize(
    ("rule", "participating", "yes", "quorum", "passed"),
    [
        # domain.md 12.2: 3000.00 m² and 30 heads
        ("art278_ordinary", (20, 200_000), (20, 200_000), True, True),
        ("art278_ordinary", (20, 199_999), (20, 199_999), False, False),
        ("art278_ordinary", (19, 200_000), (19, 200_000), False, False),
        ("art278_special", (20, 200_000), (15, 150_000), True, True),
        ("art278_special", (20, 200_000), (15, 149_999), True, False),
        ("art278_special", (20, 200_000), (14, 150_000), True, False),
        ("art278_ordinary", (20, 200_000), (11, 100_000), True, False),  # exactly half fails
        ("art278_ordinary", (20, 200_000), (11, 100_001), True, True),
        ("art278_ordinary", (20, 200_000), (10, 100_001), True, False),
        ("lift_unit", (20, 200_000), (15, 150_000), True, True),
        ("lift_unit", (20, 200_000), (15, 149_999), True, False),
        ("lift_compound", (20, 200_000), (11, 100_001), True, True),
        ("lift_compound", (20, 200_000), (10, 100_000), True, False),
        ("first_consent", (30, 1), (24, 1), True, True),  # 80 % of all households, no quorum
        ("first_consent", (23, 300_000), (23, 300_000), True, False),
        ("one_person_one_vote", (3, 0), (2, 0), True, True),
        ("one_household_one_vote", (4, 0), (2, 0), True, False),
    ],
)
def test_the_golden_table(rule, participating, yes, quorum, passed):
    took_part, agreed = Weight(*participating), Weight(*yes)
    no = Weight(took_part.heads - agreed.heads, took_part.area_cent - agreed.area_cent)
    verdict = decide_sums(TOTAL, sums(agreed, no), RULES[rule])
    assert (verdict.quorum, verdict.passed) == (quorum, passed)


@pytest.mark.parametrize(
    ("total", "agreed", "passed"), [(1499, 1199, False), (1499, 1200, True), (5, 4, True)]
)
def test_first_consent_needs_four_fifths_of_all(total, agreed, passed):
    verdict = decide_sums(Weight(total, 1), sums(Weight(agreed, 1)), RULES["first_consent"])
    assert verdict.passed is passed


def test_minhang_case_2_both_ways():
    """(2,261 voters; 995 yes, 27 no, 125 abstain, 1,071 delivered and silent) by heads."""
    rule = tally.Rule(tally.TWO_THIRDS, tally.HALF, (tally.HEADS,))
    cast = sums(Weight(995), Weight(27), Weight(125))
    without = decide_sums(Weight(2261), cast, rule)
    assert (without.participating.heads, without.quorum, without.passed) == (1147, False, False)
    follow = decide_sums(Weight(2261), cast, rule, Weight(1071))
    assert (follow.by_choice["yes"].heads, follow.followed, follow.passed) == (2066, "yes", True)


def test_the_silent_follow_nobody_where_no_opinion_has_more_than_half():
    roll = {who: Weight(1, 100) for who in "abcd"}
    verdict = decide(
        roll,
        {"a": "yes", "b": "no"},
        RULES["art278_ordinary"],
        silent_rule=tally.FOLLOW_MAJORITY,
        delivered=["c", "a"],
    )
    assert (verdict.participating, verdict.by_choice["yes"], verdict.followed) == (
        Weight(3, 300),
        Weight(1, 100),
        "",
    )


def test_distance_to_each_threshold_is_exact():
    verdict = decide_sums(
        TOTAL, sums(Weight(10, 99_999), Weight(10, 100_000)), RULES["art278_ordinary"]
    )
    assert [(step.name, step.measure, step.missing) for step in verdict.steps] == [
        ("quorum", "heads", 0),
        ("quorum", "area_cent", 1),
        ("passing", "heads", 1),
        ("passing", "area_cent", 1),
    ]


@pytest.mark.parametrize(("ties", "elected"), [("all", "abcd"), ("none", "ab"), ("listed", "abc")])
def test_a_tie_at_the_line_is_settled_by_the_stated_rule(ties, elected):
    ballots = ["abc", "abd", "abc", "abd"]
    ranking = tally.top("abcde", ballots, 3, ties)
    assert ("".join(ranking.elected), "".join(ranking.tied)) == (elected, "cd")


def test_an_option_nobody_chose_is_never_in():
    assert tally.top("abc", ["a"], 3, "all").elected == ("a",)


def test_score():
    given_ = tally.score([5, 4, 4, 1], range(1, 6), 4)
    assert (given_.mean, given_.satisfied, given_.counts[4]) == (Fraction(7, 2), 3, 2)


def test_ranked_elects_the_condorcet_winner_and_names_ties():
    # Schulze's own example (45 voters): E > A > C > B > D
    preferences = {
        "ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3,
        "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8,
    }  # fmt: skip
    ballots = {tuple(ballot): n for ballot, n in preferences.items()}
    assert tally.ranked("ABCDE", ballots) == [["E"], ["A"], ["C"], ["B"], ["D"]]
    assert tally.ranked("AB", {("A", "B"): 1, ("B", "A"): 1}) == [["A", "B"]]
    assert tally.ranked("AB", {}) == [["A", "B"]]


# ---- properties ----

weights = st.builds(Weight, st.just(1), st.integers(1, 20_000))
rolls = st.dictionaries(st.integers(0, 50).map(str), weights, min_size=1, max_size=30)


@st.composite
def votes(draw):
    roll = draw(rolls)
    voters = draw(st.sets(st.sampled_from(sorted(roll))))
    return roll, {who: draw(st.sampled_from(tally.OPINIONS)) for who in sorted(voters)}


@given(votes(), st.sampled_from(sorted(RULES)))
def test_a_count_is_what_fractions_say(cast, name):
    roll, choices = cast
    rule = RULES[name]
    verdict = decide(roll, choices, rule)
    for step in verdict.steps:
        held, need = Fraction(step.some), step.whole * step.share.part
        assert step.met == (held > need if step.share.exceeded else held >= need)
        assert step.met == (step.missing == 0)
        assert step.share.met(step.some + step.missing, step.whole)
        assert step.missing == 0 or not step.share.met(step.some + step.missing - 1, step.whole)
    assert tally.add_up(verdict.by_choice.values()) == verdict.participating


@given(votes(), st.sampled_from(["art278_ordinary", "art278_special", "first_consent"]))
def test_one_more_who_agrees_never_harms(cast, name):
    roll, choices = cast
    before = decide(roll, choices, RULES[name])
    for who in roll:
        after = decide(roll, {**choices, who: "yes"}, RULES[name])
        assert after.passed >= before.passed


@given(votes())
def test_silent_who_follow_are_counted_once_and_only_if_delivered(cast):
    roll, choices = cast
    rule = RULES["art278_ordinary"]
    some = sorted(roll)[::2]
    verdict = decide(roll, choices, rule, silent_rule="follow_majority", delivered=some)
    assert verdict.participating == tally.add_up(roll[who] for who in {*some, *choices})


# ---- from a file ----

FILE = {
    "rule": "art278_ordinary",
    "silent_rule": "not_counted",
    "units": [
        {"unit": "1-101", "owner": "wang", "area_cent": 5000, "developer_unsold": False},
        {"unit": "1-102", "owner": "wang", "area_cent": 6000, "developer_unsold": False},
        {"unit": "1-103", "owner": "wang", "area_cent": 7000, "developer_unsold": False},
        {"unit": "1-201", "owner": "dev", "area_cent": 4000, "developer_unsold": True},
        {"unit": "1-202", "owner": "dev", "area_cent": 4000, "developer_unsold": True},
        {"unit": "1-203", "owner": "dev two", "area_cent": 4000, "developer_unsold": True},
        {"unit": "1-301", "owner": "li", "area_cent": 9000},
    ],
    "ballots": [{"owner": "wang", "choice": "yes"}, {"owner": "li", "choice": "no"}],
    "delivered": ["dev"],
}


def test_one_owner_is_one_head_and_so_is_all_that_is_unsold():
    result = count(FILE)
    assert result["total"] == {"heads": 3, "area_cent": 39_000}
    assert result["participating"] == {"heads": 2, "area_cent": 27_000}
    assert result["yes"] == {"heads": 1, "area_cent": 18_000}
    assert (result["quorum"], result["passed"], len(result["reasons"])) == (True, False, 4)


def test_the_silent_with_proof_follow_and_both_outcomes_are_told():
    ballots = [*FILE["ballots"][:1]]
    result = count(FILE | {"silent_rule": "follow_majority", "ballots": ballots})
    assert result["participating"] == {"heads": 2, "area_cent": 30_000}
    assert result["outcomes"] == {"not_counted": False, "follow_majority": True}


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {**FILE, "rule": "art999"},
        {**FILE, "silent_rule": "yes"},
        {**FILE, "units": []},
        {**FILE, "units": [{"unit": "1", "owner": "a", "area_cent": 1.5}]},
        {**FILE, "units": [{"unit": "1", "owner": "a", "area_cent": True}]},
        {**FILE, "units": [{"unit": "1", "owner": "a", "area_cent": 0}]},
        {**FILE, "units": [*FILE["units"], FILE["units"][0]]},
        {**FILE, "ballots": [{"owner": "nobody", "choice": "yes"}]},
        {**FILE, "ballots": [{"owner": "li", "choice": "maybe"}]},
        {**FILE, "ballots": [{"owner": "dev", "choice": "no"}, {"owner": "dev two", "choice": "no"}]},
        {**FILE, "ballots": [7]},
        {**FILE, "delivered": ["nobody"]},
        {key: value for key, value in FILE.items() if key != "ballots"},
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_a_reason(wrong):
    with pytest.raises(BadFile):
        count(wrong)


def test_the_command(tmp_path, capsys):
    path = tmp_path / "poll.json"
    path.write_text(json.dumps(FILE))
    call_command("tally", str(path), "--json")
    assert json.loads(capsys.readouterr().out) == count(FILE)
    for content in ("", "{", "[]"):
        path.write_text(content)
        with pytest.raises(CommandError):
            call_command("tally", str(path))
    with pytest.raises(CommandError):
        call_command("tally", str(tmp_path / "missing.json"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ballots": [{"owner": "nobody", "choice": "yes"}]}, "ballots[0]: 名册上没有"),
        ({"ballots": [{"owner": "li", "choice": "yes"}] * 2}, "ballots[1]: 重复的表决票"),
        (
            {"units": [{"unit": "1", "owner": "a", "area_cent": -1}]},
            "units[0].area_cent: 面积应是",
        ),
        ({"units": [{"unit": "1", "owner": " ", "area_cent": 1}]}, "units[0].owner: 缺少文字"),
        ({"delivered": "li"}, "delivered: 应是列表"),
        ({"rule": "art279"}, "rule: 'art279' 不在"),
    ],
)
def test_the_command_says_what_is_wrong_and_where(tmp_path, change, said):
    path = tmp_path / "poll.json"
    path.write_text(json.dumps(FILE | change))
    with pytest.raises(CommandError, match=re.escape(f"{path}: {said}")):
        call_command("tally", str(path))


def test_the_command_counts_a_huge_file_and_refuses_a_deep_one(tmp_path, capsys):
    voters = [f"{n:05}" for n in range(30_000)]
    units = [{"unit": voter, "owner": voter, "area_cent": 5000} for voter in voters]
    ballots = [{"owner": voter, "choice": "yes"} for voter in voters[:20_000]]
    path = tmp_path / "poll.json"
    path.write_text(json.dumps(FILE | {"units": units, "ballots": ballots, "delivered": []}))
    call_command("tally", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["participating"]["heads"], told["quorum"], told["passed"]) == (20_000, True, True)
    path.write_text("[" * 200_000)
    with pytest.raises(CommandError, match="不是 JSON"):
        call_command("tally", str(path))
