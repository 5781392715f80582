"""Receipt numbers, handwriting, the licensed authority, the witness: each by itself."""

import json
import math

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from caoyang_portal.errors import Refused
from households.actions.licensed import AuthoritySilent, LicensedProof
from households.actions.witnesses import present_witness
from households.models import Signature
from households.queries.handwriting import read_strokes, weakness
from households.queries.receipts import ALPHABET, new_receipt_number, read_receipt_number
from tests.households.builders import frozen_agreement
from tests.households.signing_helpers import ask_code, sign, signatory_of, strokes

# Receipt numbers


def test_a_receipt_number_is_twelve_characters_in_three_groups():
    number = new_receipt_number()
    assert [len(group) for group in number.split("-")] == [4, 4, 4]
    assert set(number) <= set(ALPHABET + "-")
    assert len({new_receipt_number() for _ in range(1000)}) == 1000


def test_a_receipt_number_is_understood_however_it_is_typed():
    number = new_receipt_number()
    for typed in (number.lower(), number.replace("-", " "), number.replace("0", "o")):
        assert read_receipt_number(typed) == number
    assert [read_receipt_number(t) for t in ("", number[:-1], "U" * 12)] == ["", "", ""]


@given(st.integers(0, 11), st.integers(1, 31))
def test_every_wrong_character_is_found(place, shift):
    plain = new_receipt_number().replace("-", "")
    wrong = ALPHABET[(ALPHABET.index(plain[place]) + shift) % 32]
    assert read_receipt_number(plain[:place] + wrong + plain[place + 1 :]) == ""


# Handwriting


def circle(radius, x=100, y=100):
    turns = [n * math.tau / 20 for n in range(21)]
    return [(x + radius * math.cos(t), y + radius * math.sin(t)) for t in turns]


@pytest.mark.parametrize(
    ("hand", "said"),
    [
        ([], "太短"),
        ([[(10, 10)], [(50, 50)], [(90, 10), (95, 15)]], "太短"),
        ([circle(3)], "太小"),
        ([[(10, 100), (100, 101), (200, 100), (300, 102)]], "一条线"),
        ([[(10, 10), (50, 50), (90, 91)], [(100, 100), (150, 151), (200, 200)]], "一条线"),
        ([circle(40)], ""),
    ],
    ids=["nothing", "dots", "a speck", "a line", "a slanted line in two", "a loop"],
)
def test_what_passes_for_a_signature(hand, said):
    found = weakness(read_strokes(strokes(hand)))
    assert (said in found, bool(found)) == (True, bool(said))


def test_the_pens_of_the_pad_are_left_out_and_the_points_kept():
    kept = json.loads(read_strokes(strokes([[(1.26, 2), (3, 4), (5, 6)]])))
    assert kept[0]["points"][0] == {"x": 1.3, "y": 2.0, "time": 1_700_000_000_000, "pressure": 0.5}
    assert list(kept[0]) == ["points"]


@pytest.mark.parametrize(
    "sent",
    [
        "{",
        "3",
        '["a"]',
        '[{"points": [{"x": "NaN", "y": 1}]}]',
        '[{"points": [{"x": 99999, "y": 1}]}]',
        '[{"points": [{"x": 1, "y": 1, "pressure": 7}]}]',
        json.dumps([{"points": [{"x": 1, "y": 1}] * 12_001}]),
        "[" * 100_000,
    ],
)
def test_what_is_no_handwriting_is_refused(sent):
    with pytest.raises(Refused, match="没有传完整"):
        read_strokes(sent)


# The licensed authority


class Authority:
    """A licensed authority that can fall silent; it remembers what it was asked."""

    asked: list = []
    silent = False

    def sign(self, *, document_sha256, person, key):
        self.asked.append((document_sha256, person, key))
        if self.silent:
            raise AuthoritySilent
        return LicensedProof("测试认证中心", "5F-01", f"signed:{document_sha256[:8]}")


@pytest.fixture
def licensed(project, households, people, settings, monkeypatch):
    monkeypatch.setattr(Authority, "asked", [])
    settings.LICENSED_SIGNER = f"{__name__}.Authority"
    project.agreement_mode = "licensed"
    project.save(update_fields=["agreement_mode"])
    return frozen_agreement(project, households.wang, people["chen"])


def test_a_licensed_signature_carries_the_authority_s_proof(licensed, people):
    evidence = json.loads(sign(licensed, people["wang"]).evidence)
    assert evidence["mode"] == "licensed"
    assert evidence["licensed"] == {
        "provider": "测试认证中心",
        "serial": "5F-01",
        "token": f"signed:{licensed.document_sha256[:8]}",
    }
    member = signatory_of(licensed, "王桂芳").member_id
    assert Authority.asked == [
        (licensed.document_sha256, str(member), f"key-{licensed.number}-王桂芳")
    ]


def test_a_silent_authority_is_said_so_and_the_code_still_stands(licensed, people, monkeypatch):
    code = ask_code(licensed, people["wang"])
    monkeypatch.setattr(Authority, "silent", True)
    with pytest.raises(Refused, match="签名机构暂时没有回应"):
        sign(licensed, people["wang"], code=code)
    assert Signature.objects.count() == 0
    monkeypatch.setattr(Authority, "silent", False)
    assert sign(licensed, people["wang"], code=code).route == "online"


def test_without_an_authority_one_is_sent_to_the_committee(licensed, people, settings):
    settings.LICENSED_SIGNER = ""
    with pytest.raises(Refused, match="尚未开通"):
        sign(licensed, people["wang"])


# The witness and the counter


@pytest.fixture
def lin(people):
    people["lin"].set_password("correct horse battery")
    people["lin"].save(update_fields=["password"])
    return people["lin"]


def test_a_witness_is_who_knows_the_password_and_guessing_ends_soon(people, lin):
    chen, right = people["chen"], "correct horse battery"
    assert present_witness(lin.phone, right, operator=chen) == lin
    for phone, guess in [(lin.phone, "guess"), ("+8613900000000", right), (chen.phone, right)]:
        with pytest.raises(Refused, match="手机号或密码不对"):
            present_witness(phone, guess, operator=chen)
    for _try in range(3):
        with pytest.raises(Refused):
            present_witness(lin.phone, "guess", operator=chen)
    with pytest.raises(Refused, match="太勤"):
        present_witness(lin.phone, right, operator=chen)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def paper_form(agreement, client, **changes):
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    address = reverse("households:enter_paper_signature", args=[agreement.pk])
    form = client.get(address).context["form"]
    values = {
        "signatory": signatory_of(agreement, "王桂芳").pk,
        "scan": SimpleUploadedFile("签字页.png", PNG, "image/png"),
        "signed_on": timezone.localdate().isoformat(),
        "shelf_mark": "A-3-101",
        "fingerprint": agreement.fingerprint,
        "witness_phone": "138 0000 0302",
        "witness_password": "correct horse battery",
        "document_sha256": agreement.document_sha256,
        "idempotency_key": form["idempotency_key"].value(),
    }
    return client.post(address, values | changes)


def test_a_paper_is_entered_with_its_scan(client, people, lin, project, households):
    agreement = frozen_agreement(project, households.wang, people["chen"])
    client.force_login(people["chen"])
    answer = paper_form(agreement, client, witness_password="wrong")
    assert (answer.status_code, Signature.objects.count()) == (422, 0)
    assert paper_form(agreement, client).status_code == 302
    signature = Signature.objects.get()
    assert (signature.route, signature.witness) == ("paper", lin)
    assert json.loads(signature.evidence)["scan_sha256"] == signature.scan.sha256


@pytest.mark.parametrize("name", ["sign_on_tablet", "enter_paper_signature"])
@pytest.mark.parametrize(
    ("who", "status"), [("chen", 200), ("wang", 403), ("zhao", 404), ("fang", 404), ("root", 404)]
)
def test_who_opens_the_counter_s_pages(client, people, project, households, name, who, status):
    agreement = frozen_agreement(project, households.wang, people["chen"])
    client.force_login(people[who])
    assert client.get(reverse(f"households:{name}", args=[agreement.pk])).status_code == status


def test_the_list_of_partly_signed_agreements_is_the_place_s_own(
    client, people, project, households
):
    from tests.households.signing_helpers import co_owner

    agreement = frozen_agreement(project, households.wang, people["chen"])
    co_owner(agreement, "孙丽", people["sun"])
    sign(agreement, people["wang"])
    client.force_login(people["chen"])
    assert agreement.number in client.get(reverse("households:partly_signed")).content.decode()
    client.force_login(people["fang"])
    assert agreement.number not in client.get(reverse("households:partly_signed")).content.decode()
    client.force_login(people["wang"])
    assert client.get(reverse("households:partly_signed")).status_code == 404
