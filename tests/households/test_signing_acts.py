"""Signing an agreement: what it takes, what it leaves, what it refuses."""

import datetime as dt
import json
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from caoyang_portal.authority import may
from caoyang_portal.community.models import OneTimeCode
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.models import Entry
from households.models import Agreement, Residency, Sealing, Signature
from tests.conftest import EVERYONE
from tests.households.builders import frozen_agreement
from tests.households.signing_helpers import (
    ask_code,
    co_owner,
    mandate_for,
    on_paper,
    on_tablet,
    sign,
    signatory_of,
    strokes,
)


@pytest.fixture
def agreement(project, households, people):
    return frozen_agreement(project, households.wang, people["chen"])


def acts(*names):
    return list(Entry.objects.filter(act__in=names).order_by("seq").values_list("act", flat=True))


SIGNING = ("households.sign_agreement", "households.complete_agreement")


def test_wang_signs_her_home(agreement, people):
    wang = people["wang"]
    signature = sign(agreement, wang)

    agreement.refresh_from_db()
    assert (agreement.state, agreement.signed_at) == ("signed", signature.signed_at)
    assert (signature.route, signature.signer, signature.mandate) == ("online", wang, None)
    assert signature.document_sha256 == agreement.document_sha256
    assert Sealing.objects.get().agreement == agreement
    assert acts(*SIGNING) == list(SIGNING)
    entry = Entry.objects.get(act="households.sign_agreement")
    assert entry.facts == {
        "signatory": str(signature.signatory_id),
        "route": "online",
        "document_sha256": agreement.document_sha256,
        "evidence_sha256": signature.evidence_sha256,
        "receipt": signature.receipt_number,
        "mandate": None,
        "witness": None,
    }
    assert (entry.actor, entry.chain) == (wang, f"household:{agreement.household_id}")


def test_the_evidence_says_how_it_was_signed_and_its_hash_is_in_the_ledger(agreement, people):
    code = ask_code(agreement, people["wang"])
    signature = sign(agreement, people["wang"], code=code)
    signature.refresh_from_db()
    evidence = json.loads(signature.evidence)
    used = OneTimeCode.objects.get()
    assert evidence.pop("consent").startswith("我同意用电子签名签署本协议。")
    assert evidence == {
        "version": 1,
        "agreement": str(agreement.pk),
        "number": agreement.number,
        "document_sha256": agreement.document_sha256,
        "mode": "agreed",
        "route": "online",
        "signatory": str(signature.signatory_id),
        "name": "王桂芳",
        "signer": str(people["wang"].pk),
        "mandate": None,
        "operator": None,
        "witness": None,
        "signed_at": signature.signed_at.isoformat(),
        "receipt": signature.receipt_number,
        "language": "zh-hans",
        "strokes_sha256": sha256(signature.strokes.encode()).hexdigest(),
        "code": {
            "phone": "138****0101",
            "sent_at": used.sent_at.isoformat(),
            "verified_at": used.used_at.isoformat(),
            "tries_left": 4,
            "id": str(used.pk),
        },
        "device": {"ip": "192.0.2.1", "user_agent": "WeChat"},
        "licensed": None,
    }
    assert signature.evidence_sha256 == sha256(signature.evidence.encode()).hexdigest()
    assert code not in signature.evidence


def test_a_second_tap_is_answered_with_the_same_receipt(agreement, people):
    code = ask_code(agreement, people["wang"])
    first = sign(agreement, people["wang"], code=code)
    again = sign(agreement, people["wang"], code=code)
    assert again == first
    assert acts(*SIGNING) == list(SIGNING)


def test_the_agreement_is_signed_when_everyone_has(agreement, people):
    co_owner(agreement, "孙丽", people["sun"])
    sign(agreement, people["wang"])
    agreement.refresh_from_db()
    assert (agreement.state, agreement.signed_at, Sealing.objects.count()) == ("signing", None, 0)
    last = sign(agreement, people["sun"])
    agreement.refresh_from_db()
    assert (agreement.state, agreement.signed_at) == ("signed", last.signed_at)
    assert acts(*SIGNING) == [SIGNING[0], SIGNING[0], SIGNING[1]]


# Who may sign


WHO_MAY_SIGN = {  # not even root, not the committee: only she whose signature it is
    "sign_online": {"wang"},
    "ask_signing_code": {"wang"},
}
WHO_MAY_ASSIST = {
    "sign_on_tablet": {"chen", "lin"},
    "enter_paper_signature": {"chen", "lin"},
    "witness_signature": {"chen", "lin"},
}


@pytest.mark.parametrize("act", WHO_MAY_SIGN)
def test_only_wang_signs_for_wang(act, agreement, people):
    signatory = signatory_of(agreement, "王桂芳")
    allowed = {who for who in EVERYONE if may(people[who], f"households.{act}", signatory)}
    assert allowed == WHO_MAY_SIGN[act]


@pytest.mark.parametrize("act", WHO_MAY_ASSIST)
def test_only_the_committee_assists(act, agreement, people):
    allowed = {who for who in EVERYONE if may(people[who], f"households.{act}", agreement)}
    assert allowed == WHO_MAY_ASSIST[act]


def test_a_superuser_signs_for_nobody_even_with_a_residency_of_the_household(agreement, people):
    Residency.objects.filter(user=people["wang"]).update(user=people["root"])
    assert not may(people["root"], "households.sign_online", signatory_of(agreement, "王桂芳"))


def test_a_daughter_living_there_does_not_sign_for_her_mother(agreement, people):
    Residency.objects.create(
        neighbourhood=agreement.neighbourhood,
        user=people["sun"],
        household=agreement.household,
        way="letter",
        verified_at=timezone.now(),
    )
    with pytest.raises(PermissionDenied):
        sign(agreement, people["sun"], name="王桂芳", code="000000")
    assert Signature.objects.count() == 0


def test_a_daughter_with_a_mandate_signs_in_her_mother_s_name(agreement, people):
    mandate = mandate_for(agreement, people["sun"], people)
    signature = sign(agreement, people["sun"], name="王桂芳")
    assert (signature.signer, signature.mandate) == (people["sun"], mandate)
    assert signature.signatory.member.name == "王桂芳"


@pytest.mark.parametrize(
    "flaw",
    [
        {"matter": "plan"},
        {"approved_by": None, "approved_at": None},
        {"revoked_at": timezone.now()},
        {"valid_from": dt.date(2020, 1, 1), "valid_to": dt.date(2020, 1, 2)},
    ],
    ids=["for plans only", "not approved", "revoked", "out of date"],
)
def test_a_mandate_with_a_flaw_signs_nothing(flaw, agreement, people):
    mandate_for(agreement, people["sun"], people, **flaw)
    assert not may(people["sun"], "households.sign_online", signatory_of(agreement, "王桂芳"))


def test_whoever_cannot_act_alone_signs_with_the_guardian_at_the_committee(agreement, people):
    agreement.household.members.update(capacity="limited", guardian="王小明")
    with pytest.raises(Refused, match="监护人"):
        sign(agreement, people["wang"])


# When, and under which text


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("superseded", "协议已更新"),
        ("declined", "暂不同意"),
        ("void", "已失效"),
        ("lapsed", "已失效"),
    ],
)
def test_a_closed_agreement_takes_no_signature(state, why, agreement, people):
    code = ask_code(agreement, people["wang"])
    Agreement.objects.update(state=state, closing_reason="换版")
    with pytest.raises(Refused, match=why):
        sign(agreement, people["wang"], code=code)
    assert OneTimeCode.objects.get().tries_left == 5  # not even looked at


def test_the_database_s_clock_closes_the_period(agreement, project, people):
    code = ask_code(agreement, people["wang"])
    project.signing_closes_at = timezone.now() - dt.timedelta(milliseconds=1)
    project.save(update_fields=["signing_closes_at"])
    with pytest.raises(Refused, match="截止"):
        sign(agreement, people["wang"], code=code)
    project.signing_closes_at = timezone.now() + dt.timedelta(seconds=5)
    project.save(update_fields=["signing_closes_at"])
    assert sign(agreement, people["wang"], code=code).route == "online"


def test_after_the_agreements_took_effect_one_may_still_sign(agreement, project, people):
    project.stage, project.effective_at = "effective", timezone.now() - dt.timedelta(days=9)
    project.signing_closes_at = timezone.now() - dt.timedelta(minutes=9)
    project.save()
    sign(agreement, people["wang"])
    agreement.refresh_from_db()
    assert agreement.state == "signed"


def test_an_older_text_is_not_signed(agreement, people):
    with pytest.raises(Refused, match="协议已更新，请重新核对"):
        sign(agreement, people["wang"], document_sha256="e" * 64)


def test_a_project_on_paper_is_not_signed_on_a_screen(agreement, project, people):
    code = ask_code(agreement, people["wang"])
    project.agreement_mode = "paper"
    project.save(update_fields=["agreement_mode"])
    with pytest.raises(Refused, match="纸上"):
        sign(agreement, people["wang"], code=code)


# The code


def test_a_wrong_code_is_counted_and_five_wrong_ones_end_it(agreement, people):
    code = ask_code(agreement, people["wang"])
    wrong = "000000" if code != "000000" else "111111"
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(Refused, match="验证码不对"):
            sign(agreement, people["wang"], code=wrong)
        assert OneTimeCode.objects.get().tries_left == left
    with pytest.raises(Refused, match="失效"):
        sign(agreement, people["wang"], code=code)
    assert (Signature.objects.count(), acts(*SIGNING)) == (0, [])


def test_a_code_signs_only_the_text_the_person_and_the_session_it_was_sent_for(agreement, people):
    co_owner(agreement, "孙丽", people["sun"])
    code = ask_code(agreement, people["wang"])
    with pytest.raises(Refused, match="先获取验证码"):
        sign(agreement, people["wang"], code=code, session_key="another phone")
    with pytest.raises(Refused, match="先获取验证码"):
        sign(agreement, people["sun"], code=code)
    Agreement.objects.update(document_sha256="d" * 64)
    with pytest.raises(Refused, match="先获取验证码"):
        sign(agreement, people["wang"], code=code, document_sha256="d" * 64)
    assert Signature.objects.count() == 0


def test_a_code_of_an_agent_signs_for_one_principal_only(agreement, people):
    second = co_owner(agreement, "王建国")
    mandate_for(agreement, people["sun"], people)
    mandate_for(agreement, people["sun"], people, principal=second.member)
    code = ask_code(agreement, people["sun"], name="王桂芳")
    sign(agreement, people["sun"], name="王桂芳", code=code)
    with pytest.raises(Refused, match="先获取验证码"):
        sign(agreement, people["sun"], name="王建国", code=code)


def test_the_sms_names_the_text_it_signs(agreement, people):
    from caoyang_portal.notices.models import Sending

    code = ask_code(agreement, people["wang"])
    assert Sending.objects.get().text == (
        f"您将签署的协议指纹 {agreement.fingerprint}，验证码 {code}，5 分钟内有效，请勿告诉他人。"
    )


# The name


def test_an_empty_pad_and_a_line_are_not_signatures(agreement, people):
    code = ask_code(agreement, people["wang"])
    line = strokes([[(10, 10), (60, 11), (120, 10), (200, 11)]])
    for drawn, why in [("", "请手写签名"), ("[]", "太短"), (line, "像一条线")]:
        with pytest.raises(Refused, match=why):
            sign(agreement, people["wang"], code=code, strokes=drawn)
    assert OneTimeCode.objects.get().tries_left == 5


def test_whoever_cannot_write_types_the_full_name(agreement, people):
    code = ask_code(agreement, people["wang"])
    with pytest.raises(Refused, match="全名"):
        sign(agreement, people["wang"], code=code, strokes="", typed_name="王桂花")
    signature = sign(agreement, people["wang"], code=code, strokes="", typed_name="王 桂芳")
    assert json.loads(signature.evidence)["typed_name"] == "王桂芳"


# With help


@pytest.mark.parametrize("route", [on_tablet, on_paper])
def test_two_staff_help_and_the_evidence_names_both(route, agreement, people):
    signature = route(agreement, people)
    evidence = json.loads(signature.evidence)
    assert (signature.signer, signature.operator, signature.witness) == (
        None,
        people["chen"],
        people["lin"],
    )
    assert (evidence["operator"], evidence["witness"]) == (
        str(people["chen"].pk),
        str(people["lin"].pk),
    )
    agreement.refresh_from_db()
    assert agreement.state == "signed"
    assert route(agreement, people) == signature  # sent twice


@pytest.mark.parametrize("route", [on_tablet, on_paper])
def test_the_witness_is_neither_operator_nor_signer_nor_of_the_household_nor_a_stranger(
    route, agreement, people
):
    with pytest.raises(Refused, match="另一位"):
        route(agreement, people, witness=people["chen"])
    for stranger in ("wang", "root", "fang", "lou", "gu"):
        with pytest.raises(Refused, match="工作人员"):
            route(agreement, people, witness=people[stranger])
    Residency.objects.create(
        neighbourhood=agreement.neighbourhood,
        user=people["lin"],
        household=agreement.household,
        way="letter",
        verified_at=timezone.now(),
    )
    with pytest.raises(Refused, match="不是本户"):
        route(agreement, people)
    with pytest.raises(PermissionDenied):  # nor does she operate for her own household
        route(agreement, people, witness=people["chen"], by=people["lin"])
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("route", [on_tablet, on_paper])
def test_a_neighbourhood_s_committee_helps_only_its_own(route, agreement, people):
    with pytest.raises(PermissionDenied):
        route(agreement, people, by=people["fang"])


def test_what_was_signed_online_is_not_entered_again(agreement, people):
    sign(agreement, people["wang"])
    with pytest.raises(Refused, match="已经签过"):
        on_paper(agreement, people)


def test_the_witness_signs_too(agreement, people):
    with pytest.raises(Refused, match="签名太短"):
        on_tablet(agreement, people, witness_strokes="")
    evidence = json.loads(on_tablet(agreement, people).evidence)
    assert evidence["witness_strokes_sha256"] == sha256(strokes().encode()).hexdigest()


def test_the_paper_is_of_this_text_and_signed_in_time(agreement, people):
    with pytest.raises(Refused, match="指纹"):
        on_paper(agreement, people, fingerprint="0000-0001")
    for day in (
        timezone.localdate() + dt.timedelta(days=1),
        timezone.localdate() - dt.timedelta(days=9),
    ):
        with pytest.raises(Refused, match="签字日期"):
            on_paper(agreement, people, signed_on=day)
    assert on_paper(agreement, people, fingerprint="").route == "paper"


# Cost


def test_signing_costs_a_fixed_number_of_statements(agreement, people):
    """Lock, read, ask, spend the code, write four rows, two entries: nothing that grows."""
    values = {"code": ask_code(agreement, people["wang"])}
    with CaptureQueriesContext(connection) as alone:
        sign(agreement, people["wang"], **values)
    statements = [q["sql"] for q in alone if "SAVEPOINT" not in q["sql"]]
    reading_the_signatory = 1  # by the test itself
    assert len(statements) - reading_the_signatory == 11
