"""What a stranger is told about a file: real, earlier, altered, unknown; and nobody's name."""

import hashlib
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from caoyang_portal import documents
from caoyang_portal.uploads import intake
from households.actions import agreements, sealing
from households.queries import verification
from tests.households import paperwork


@pytest.fixture
def agreement(project, households, people):
    template = paperwork.published(project, people["chen"])
    made = paperwork.signed(households.wang, template, people["chen"], people["wang"])
    sealing.seal_due()
    made.refresh_from_db()
    return made


@pytest.fixture
def sealed(agreement):
    return intake.read(agreement.sealed)


def kinds(*files):
    return [str(verification.by_file(file).kind) for file in files]


def test_each_file_is_known_for_what_it_is(agreement, sealed):
    revisions = documents.revision_hashes(sealed)
    assert kinds(
        sealed,
        intake.read(agreement.certificate),
        intake.read(agreement.document),
        sealed[: revisions[1].size],
    ) == ["sealed", "certificate", "shown", "earlier"]
    assert revisions[0].sha256 == agreement.document_sha256


@pytest.mark.parametrize("place", [1200, 5000, -40])
def test_a_flipped_bit_is_found(sealed, place):
    forged = bytearray(sealed)
    forged[place] ^= 1
    assert not verification.by_file(bytes(forged)).good
    assert kinds(bytes(forged))[0] in ("altered", "unknown")


def test_an_addition_is_found(sealed):
    assert kinds(sealed + b"\n% more") == ["altered"]


def test_a_cut_off_file_is_not_the_final_one(sealed):
    assert kinds(sealed[:-30]) == ["altered"]


def test_something_else_is_unknown(db):
    assert kinds(b"%PDF-1.7 hello") == ["unknown"]


def test_a_replaced_agreement_says_so(agreement, people, sealed):
    agreements.supersede_agreement(agreement, agreement.template, reason="更正", by=people["chen"])
    finding = verification.by_file(sealed)
    assert (finding.good, finding.warning) == (True, "注意：这份协议已被新版替代。")


def test_the_page_takes_a_hash_and_names_nobody(client, agreement):
    answer = client.post("/verify/", {"sha256": agreement.sealed_sha256})
    words = answer.content.decode()
    assert (answer.status_code, "文件是真的" in words) == (200, True)
    assert ("王桂芳" in words, "101室" in words) == (False, False)


def test_the_page_takes_a_file_without_javascript(client, agreement, sealed):
    altered = SimpleUploadedFile("a.pdf", sealed + b" ", "application/pdf")
    words = client.post("/verify/", {"file": altered}).content.decode()
    assert "文件对不上" in words
    assert "没有选择" not in words


def test_the_script_gets_only_the_verdict(client, agreement):
    answer = client.post(
        "/verify/", {"sha256": agreement.sealed_sha256}, headers={"HX-Request": "true"}
    )
    assert answer.content.decode().strip().startswith('<div id="verdict"')
    assert 'data-kind="sealed"' in answer.content.decode()


def test_a_printed_page_leads_to_its_version(client, agreement):
    words = client.get(f"/verify/?v={agreement.text_sha256[:32]}").content.decode()
    assert (agreement.number in words, "文本是真的" in words) == (True, True)
    assert "查不到这份文件" in client.get("/verify/?v=" + "0" * 32).content.decode()


def test_no_file_is_a_sentence_and_a_large_one_too(client, db):
    assert "请选择要查验的 PDF 文件。" in client.post("/verify/").content.decode()
    large = SimpleUploadedFile("a.pdf", b"x" * (intake.MAX_BYTES + 1))
    answer = client.post("/verify/", {"file": large})
    assert (answer.status_code, "超过 10 MB" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("asked", ["", "x", "\x00", "\x00" * 64, "王" * 64])
def test_what_is_no_hash_is_not_registered(asked, client, db):
    answer = client.get("/verify/", {"h": asked})
    assert answer.status_code == 200
    assert "没有登记过这份文件" in answer.content.decode()


def test_who_asks_too_often_is_asked_to_wait(client, db):
    for _n in range(60):
        assert client.get("/verify/?h=" + "0" * 64).status_code == 200
    assert client.get("/verify/?h=" + "0" * 64).status_code == 429


def test_the_command_answers_scripts(agreement, sealed, tmp_path):
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    out = io.StringIO()
    call_command("verify_agreement", str(file), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["kind"], answer["good"], answer["number"]) == ("sealed", True, agreement.number)
    file.write_bytes(sealed[:-1])
    with pytest.raises(SystemExit) as gone:
        call_command("verify_agreement", str(file), stdout=io.StringIO())
    assert gone.value.code == 1


def test_nothing_uploaded_is_kept(client, agreement, sealed):
    from caoyang_portal.uploads.models import Attachment

    before = Attachment.objects.count()
    client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", sealed + b" ")})
    assert Attachment.objects.count() == before
    assert hashlib.sha256(sealed).hexdigest() == agreement.sealed_sha256
