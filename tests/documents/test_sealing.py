"""Seals: what holds, what is found out, and what our verdict says of it."""

import hashlib
import io
import random
import resource
import shutil
import subprocess
import zlib

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields as pdf_fields
from pyhanko.sign import signers

from caoyang_portal import documents
from caoyang_portal.documents import keys
from caoyang_portal.documents.sealing import _SealSigner

from .conftest import FIELDS, handwriting, judged

TAMPERED = "文件盖章后被改动过，请勿采信。"
ADDED = "文件盖章后被添加过内容，请勿采信。"


def sha256(pdf):
    return hashlib.sha256(pdf).hexdigest()


def test_a_sealed_agreement_is_true_whole_and_registered(signed):
    found = judged(signed.final, registered_sha256=sha256(signed.final))
    assert (found.ok, found.seal_ok, found.whole_file, found.sentence) == (
        True,
        True,
        True,
        "这份文件真实有效，盖章后没有改动。",
    )
    assert [
        (row.field, row.reason, row.intact, row.trusted, row.covers_whole_file, row.ok)
        for row in found.rows
    ] == [
        ("certify", "协议文本定稿", True, True, False, True),
        ("resident_01", "王桂芳签署", True, True, False, True),
        ("resident_02", "李建国签署", True, True, False, True),
        ("final", "签署完成", True, True, True, True),
    ]


def test_the_file_each_was_shown_is_the_beginning_of_the_final_one(signed):
    shown = [signed.frozen, signed.first, signed.second, signed.final]
    assert [(r.field, r.size, r.sha256) for r in documents.revision_hashes(signed.final)] == [
        (field, len(pdf), sha256(pdf))
        for field, pdf in zip(["certify", *FIELDS], shown, strict=True)
    ]
    assert [signed.final.startswith(pdf) for pdf in shown] == [True] * 4


def test_one_bit_in_the_text_is_found(signed):
    place = signed.final.index(b"stream\n") + 20
    flipped = bytearray(signed.final)
    flipped[place] ^= 1
    assert judged(bytes(flipped)).sentence == TAMPERED


@pytest.fixture(scope="module")
def short(frozen):
    """One page of text, certified and locked: quick to judge two hundred times."""
    from caoyang_portal.documents.sealing import ONE_PAGE

    pdf = documents.certify(ONE_PAGE, ["final"], "定稿")
    return documents.sign_field(pdf, "final", "完成")


def test_two_hundred_flipped_bits_are_two_hundred_refusals(short):
    """Outside the holes that hold the signatures themselves; the registered hash is not asked."""
    holes = []
    for signature in PdfFileReader(io.BytesIO(short)).embedded_signatures:
        _start, before, second, _length = map(int, signature.byte_range)
        holes.append(range(before, second))
    outside = [n for n in range(len(short)) if not any(n in hole for hole in holes)]
    luck = random.Random(20261121)
    accepted = []
    for place in luck.sample(outside, 200):
        flipped = bytearray(short)
        flipped[place] ^= 1 << luck.randrange(8)
        if documents.verdict(bytes(flipped)).seal_ok:
            accepted.append(place)
    assert documents.verdict(short).seal_ok
    assert accepted == []


def test_a_page_laid_over_the_text_is_found(signed):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed.final))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 595 842 re f"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    found = judged(out.getvalue(), registered_sha256=sha256(out.getvalue()))
    assert (found.ok, found.sentence) == (False, ADDED)


def test_bytes_behind_the_end_are_found(signed):
    found = judged(signed.final + b"\n% and another thing", registered_sha256="0" * 64)
    assert (found.ok, found.seal_ok, found.whole_file) == (False, False, False)


def sign_again(pdf, field):
    """What somebody with our very key could add after the lock."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    pdf_fields.append_signature_field(writer, pdf_fields.SigFieldSpec(field))
    meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    out = io.BytesIO()
    session = signers.PdfSigner(meta, _SealSigner(keys.seal()))
    session.sign_pdf(writer, output=out, existing_fields_only=True)
    return out.getvalue()


def test_a_signature_after_the_lock_is_found(signed):
    try:
        extra = sign_again(signed.final, "resident_03")
    except signers.pdf_signer.SigningError:
        pytest.fail("the library refused; make the update by hand")
    found = documents.verdict(extra, expected_fields=[*FIELDS, "resident_03"])
    assert [row.ok for row in found.rows] == [True, True, True, False, True]
    assert (found.seal_ok, found.sentence) == (False, ADDED)


def test_a_signature_nobody_expected_is_found(signed):
    """Before the lock another field could be added; the expected ones are known."""
    found = documents.verdict(signed.final, expected_fields=["resident_01", "final"])
    assert (found.seal_ok, found.sentence) == (
        False,
        "文件上的签名与登记的不一致，请勿采信。",
    )


def test_a_file_cut_back_before_the_second_signer_is_refused(signed):
    """Valid in itself: only the expected fields and the registered hash know better."""
    cut = signed.final[: len(signed.first)]
    assert documents.verdict(cut).seal_ok
    assert judged(cut).sentence == "文件上的签名与登记的不一致，请勿采信。"
    found = documents.verdict(cut, registered_sha256=sha256(signed.final))
    assert (found.ok, found.sentence) == (
        False,
        "印章完好，但这份文件没有在本平台登记，可能是较早的版本。",
    )


def test_nothing_unregistered_is_ok(signed):
    assert not judged(signed.final).ok
    assert not judged(signed.final, registered_sha256="").ok


def test_an_impostor_with_the_same_names_is_not_trusted(paper, sealed_by):
    sealed_by(SEAL_SIGNER="tests.documents.fakes.impostor")
    forged = documents.certify(paper, ["final"], "协议文本定稿")
    sealed_by(SEAL_SIGNER="caoyang_portal.documents.keys.file_signer")
    found = documents.verdict(forged, registered_sha256=sha256(forged))
    assert [(row.intact, row.trusted) for row in found.rows] == [(True, False)]
    assert (found.ok, found.sentence) == (False, "印章不是本平台的，请勿采信。")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "无法验证：文件已损坏，或不是本平台的文件。"),
        (b"%PDF-1.7 nothing", "无法验证：文件已损坏，或不是本平台的文件。"),
        (b"\x89PNG", "无法验证：文件已损坏，或不是本平台的文件。"),
    ],
)
def test_what_is_no_paper_gets_a_sentence(content, sentence):
    assert documents.verdict(content).sentence == sentence


def pdf_bomb():
    """A few kilobytes of cross references that unpack to two gigabytes."""
    packer = zlib.compressobj(9)
    block = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    inner = block + block[2:] * 2000  # after a full flush a block may follow itself
    body = zlib.compress(inner, 9)
    head = (
        b"1 0 obj\n<</Type/XRef/W[1 4 1]/Size 99999999/Root 2 0 R/Filter[/FlateDecode/FlateDecode]"
    )
    stream = head + b"/Length %d>>\nstream\n" % len(body) + body + b"\nendstream\nendobj\n"
    return b"%PDF-1.7\n" + stream + b"startxref\n9\n%%EOF\n"


def test_a_bomb_is_not_unpacked():
    bomb = pdf_bomb()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = documents.verdict(bomb)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert (found.ok, found.sentence) == (False, "无法验证：文件已损坏，或不是本平台的文件。")
    assert (len(bomb) < 100_000, grown < 400_000) == (True, True)  # bytes; kilobytes


def test_a_file_longer_than_any_of_ours_is_not_opened(signed):
    assert not documents.verdict(signed.final + bytes(20 * 1024 * 1024)).rows


def test_an_unsealed_paper_says_so(paper):
    assert documents.verdict(paper).sentence == "这份文件没有盖章。"


def test_a_paper_outlives_the_certificate_of_its_seal(signed):
    """Judged as of the time the ledger gives, not of the day somebody asks."""
    import datetime as dt

    later = keys.seal_expires_at() + dt.timedelta(days=1)
    now = dt.datetime.now(dt.UTC)
    assert not judged(signed.final, at=later).seal_ok
    assert judged(signed.final, at=now).seal_ok


def test_a_field_is_signed_once(signed):
    with pytest.raises(signers.pdf_signer.SigningError):
        documents.sign_field(signed.first, "resident_01", "又签", handwriting())


def test_more_signers_than_a_page_holds_get_another_page():
    from caoyang_portal.documents.paper import signature_box

    assert [signature_box(place, 9)[0] for place in (0, 7, 8)] == [-2, -2, -1]
    assert signature_box(0, 9)[1] == signature_box(8, 9)[1]


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler-utils is not installed")
def test_a_third_party_s_program_agrees(signed, tmp_path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(signed.final)
    said = subprocess.run(["pdfsig", file], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 4
    assert said.count("ETSI.CAdES.detached") == 4


def test_the_self_test_finds_nothing_wrong():
    assert documents.self_test() == []
