"""The sealed file of a signed agreement: one version, verifiable, never silently weaker."""

import datetime as dt
import hashlib
import io

import pypdf
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from PIL import Image

from caoyang_portal import documents
from caoyang_portal.documents import keys, printing, timestamps
from caoyang_portal.documents import sealing as seals
from caoyang_portal.errors import Refused
from caoyang_portal.ledger.entries import deliver_pending
from caoyang_portal.ledger.models import Entry
from caoyang_portal.notices.models import Notice
from caoyang_portal.uploads import intake
from households.actions import sealing
from households.models import Member, Sealing, Signature
from households.queries.agreements import oldest_unsealed_age
from tests.households import paperwork


@pytest.fixture
def template(project, people):
    return paperwork.published(project, people["chen"])


@pytest.fixture
def agreement(households, template, people):
    """王桂芳 has signed; the seal is owed."""
    return paperwork.signed(households.wang, template, people["chen"], people["wang"])


def acts():
    return list(Entry.objects.order_by("at", "seq").values_list("act", flat=True))


def test_the_sealed_file_begins_with_the_very_file_that_was_signed(agreement):
    assert sealing.seal_due() == 1
    agreement.refresh_from_db()
    pdf = intake.read(agreement.sealed)
    shown = intake.read(agreement.document)
    judged = documents.verdict(
        pdf, expected_fields=["resident_01", "final"], registered_sha256=agreement.sealed_sha256
    )
    assert pdf.startswith(shown)
    assert hashlib.sha256(pdf[: len(shown)]).hexdigest() == agreement.document_sha256
    assert agreement.fingerprint.replace("-", "").lower() == agreement.document_sha256[:8]
    assert judged.ok
    assert [row.field for row in judged.rows] == ["certify", "resident_01", "final"]
    assert judged.revisions[0].sha256 == agreement.document_sha256
    assert agreement.sealing.state == Sealing.State.SEALED
    assert acts()[-1] == "households.seal_agreement"


def test_the_certificate_is_a_sealed_paper_of_its_own(agreement):
    sealing.seal_due()
    agreement.refresh_from_db()
    page = intake.read(agreement.certificate)
    judged = documents.verdict(
        page, expected_fields=["final"], registered_sha256=agreement.certificate_sha256
    )
    assert judged.ok
    assert agreement.certificate_sha256 not in ("", agreement.sealed_sha256)


def on_paper(households, template, people, scan):
    agreement = paperwork.frozen(households.sun, template, people["chen"])
    paperwork.sign(
        agreement,
        agreement.signatories.get(),
        route=Signature.Route.PAPER,
        strokes="",
        operator=people["chen"],
        witness=people["lin"],
        scan=scan,
    )
    Sealing.objects.create(neighbourhood=agreement.neighbourhood, agreement=agreement)
    assert sealing.seal_due() == 1
    agreement.refresh_from_db()
    page = intake.read(agreement.certificate)
    assert documents.verdict(
        page, expected_fields=["final"], registered_sha256=agreement.certificate_sha256
    ).ok
    return agreement, pypdf.PdfReader(io.BytesIO(page))


def kept(content, name, media_type, agreement_place):
    return intake.keep(content, name, media_type, neighbourhood_id=agreement_place.pk, by=None)


def test_a_photographed_paper_is_a_page_of_the_certificate(households, template, people, places):
    photo = io.BytesIO()
    Image.new("RGBA", (3000, 4000), (10, 90, 200, 255)).save(photo, "PNG")
    scan = kept(photo.getvalue(), "签字页.png", "image/png", places.here)
    agreement, paper = on_paper(households, template, people, scan)
    receipt = agreement.signatures.get().receipt_number
    last = paper.pages[-1]
    assert f"签字页扫描件　孙丽　回执 {receipt}" in last.extract_text()
    sizes = [image.image.size for image in last.images if image.image.size[0] > 500]
    assert sizes == [(1500, 2000)]
    assert paper.attachments == {}


def test_a_scanned_pdf_lies_in_the_certificate_to_the_byte(households, template, people, places):
    given = documents.render_pdf("households/papers/certificate.html", {"paper_title": "签字页"})
    scan = kept(given, "签字页.pdf", "application/pdf", places.here)
    agreement, paper = on_paper(households, template, people, scan)
    name = f"scan-{agreement.signatures.get().receipt_number}.pdf"
    assert {key: list(value) for key, value in paper.attachments.items()} == {name: [given]}
    assert scan.sha256 in "".join(page.extract_text() for page in paper.pages).replace("\n", "")


def test_the_certificate_leads_to_the_board_s_proof(client, agreement, monkeypatch):
    codes = []
    made = printing.qr
    monkeypatch.setattr(
        documents, "qr", lambda text: codes.append(text) or made(text), raising=False
    )
    sealing.seal_due()
    agreement.refresh_from_db()
    where = f"/open/{agreement.project.code}/check/"
    assert f"{settings.SITE_URL}{where}?sha256={agreement.sealed_sha256}" in codes
    page = pypdf.PdfReader(io.BytesIO(intake.read(agreement.certificate)))
    text = "".join(page.extract_text() for page in page.pages).replace("\n", "")
    assert f"{settings.SITE_URL}{where}" in text
    assert client.get(where, {"sha256": agreement.sealed_sha256}).status_code == 200


def test_co_owners_each_have_their_box_and_paper_signers_a_note(
    households, template, people, places
):
    home = households.sun
    wife = Member.objects.create(
        neighbourhood=places.here, household=home, role="co_owner", name="周明", order=1
    )
    agreement = paperwork.frozen(home, template, people["chen"])
    first, second = agreement.signatories.order_by("order")
    paperwork.sign(agreement, first, signer=people["sun"])
    scan = intake.keep(
        b"%PDF-", "scan.pdf", "application/pdf", neighbourhood_id=places.here.pk, by=people["chen"]
    )
    paperwork.sign(
        agreement,
        second,
        route=Signature.Route.PAPER,
        strokes="",
        operator=people["chen"],
        witness=people["lin"],
        scan=scan,
    )
    Sealing.objects.create(neighbourhood=places.here, agreement=agreement)
    assert sealing.seal_due() == 1
    agreement.refresh_from_db()
    judged = documents.verdict(
        intake.read(agreement.sealed),
        expected_fields=["resident_01", "resident_02", "final"],
        registered_sha256=agreement.sealed_sha256,
    )
    assert (judged.ok, second.member) == (True, wife)


def test_a_completed_agreement_is_put_in_the_queue_by_the_outbox(agreement):
    from django.db import transaction

    from caoyang_portal.ledger.entries import record

    agreement.sealing.delete()
    with transaction.atomic():
        record("households.complete_agreement", agreement)
    deliver_pending()
    deliver_pending()
    assert list(Sealing.objects.values_list("agreement", "state")) == [(agreement.pk, "queued")]


class SilentAuthority:
    """A time stamp authority that does not answer."""

    async def async_dummy_response(self, md_algorithm):
        raise timestamps.TimestampRequestError("no answer")

    async def async_timestamp(self, message_digest, md_algorithm):
        raise timestamps.TimestampRequestError("no answer")


def silent():
    return SilentAuthority()


def test_without_its_time_stamp_nothing_is_sealed(agreement, settings, people):
    settings.TIMESTAMPER = "tests.households.test_sealing.silent"
    assert sealing.seal_due() == 0
    agreement.refresh_from_db()
    owed = agreement.sealing
    assert (agreement.sealed, agreement.sealed_sha256, agreement.sealed_at) == (None, "", None)
    assert (owed.state, owed.attempts) == (Sealing.State.WAITING_TIMESTAMP, 1)
    settings.TIMESTAMPER = "caoyang_portal.documents.timestamps.http_timestamper"
    assert sealing.seal_due() == 0  # not due yet
    sealing.retry_sealing(owed, by=people["chen"])
    assert sealing.seal_due() == 1


def test_a_waiting_time_stamp_is_waited_for_without_end(agreement, settings):
    settings.TIMESTAMPER = "tests.households.test_sealing.silent"
    Sealing.objects.update(attempts=sealing.MOST_ATTEMPTS + 5)
    sealing.seal_due()
    assert Sealing.objects.get().state == Sealing.State.WAITING_TIMESTAMP


def test_a_file_that_is_not_the_registered_one_is_not_sealed(agreement, people):
    agreement.document_sha256 = "0" * 64
    agreement.save(update_fields=["document_sha256"])
    assert sealing.seal_due() == 0
    owed = Sealing.objects.get()
    assert (owed.state, owed.last_problem) == (Sealing.State.FAILED, "Unsealable")
    assert sealing.seal_due() == 0  # a person looks first
    assert Sealing.objects.get().attempts == 1


def impostor():
    root = keys.issue_root("演示根证书")
    issuing = keys.issue_issuing("演示签发证书", root)
    made = keys.issue_seal("演示印章", issuing)
    return keys.KeySigner(
        made.key, [made.certificate, issuing.certificate, root.certificate], is_demo=True
    )


def test_a_file_certified_with_another_key_is_not_sealed(households, template, people, settings):
    """The same names, another root: what an impostor's machine certified is refused here."""
    settings.SEAL_SIGNER = "tests.households.test_sealing.impostor"
    keys.seal.cache_clear()
    try:
        agreement = paperwork.signed(households.wang, template, people["chen"], people["wang"])
    finally:
        settings.SEAL_SIGNER = "caoyang_portal.documents.keys.file_signer"
        keys.seal.cache_clear()
    assert sealing.seal_due() == 0
    agreement.refresh_from_db()
    assert (agreement.sealed_sha256, agreement.sealing.state) == ("", Sealing.State.FAILED)


def test_of_two_workers_one_seals(agreement):
    owed = agreement.sealing
    sealing.seal_agreement(owed)
    agreement.refresh_from_db()
    first = agreement.sealed_sha256
    sealing.seal_agreement(owed)
    agreement.refresh_from_db()
    assert agreement.sealed_sha256 == first
    assert acts().count("households.seal_agreement") == 1


def test_late_seals_are_told_once_an_hour(agreement, households, template, people):
    paperwork.signed(households.zhao, template, people["chen"], people["zhao"])
    now = timezone.now()
    Sealing.objects.update(queued_at=now - dt.timedelta(minutes=14))
    assert sealing.alarm_unsealed(now) == 0
    Sealing.objects.update(queued_at=now - dt.timedelta(minutes=16))
    assert sealing.alarm_unsealed(now) == 1
    assert sealing.alarm_unsealed(now + dt.timedelta(minutes=30)) == 0
    assert sealing.alarm_unsealed(now + dt.timedelta(minutes=61)) == 1
    deliver_pending()
    told = Notice.objects.filter(text="有 2 份已签协议超过 15 分钟没盖上章，请查看。")
    assert set(told.values_list("reader__name", flat=True)) == {"陈静", "林红", "艾迪"}
    assert oldest_unsealed_age() >= dt.timedelta(minutes=16)
    sealing.seal_due()
    assert oldest_unsealed_age() is None


@pytest.mark.parametrize(("person", "may"), [("chen", True), ("adi", True), ("wang", False), ("root", False), ("fang", False)])  # fmt: skip
def test_who_may_try_again(agreement, people, person, may):
    if may:
        assert sealing.retry_sealing(agreement.sealing, by=people[person]).state == "queued"
    else:
        with pytest.raises(PermissionDenied):
            sealing.retry_sealing(agreement.sealing, by=people[person])


def test_what_is_sealed_is_not_tried_again(agreement, people):
    sealing.seal_due()
    with pytest.raises(Refused, match="已经盖章"):
        sealing.retry_sealing(agreement.sealing, by=people["chen"])


def test_self_test_stays_green():
    assert seals.self_test() == []
