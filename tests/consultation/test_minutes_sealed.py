"""Sealed minutes stay: whatever SQL the app's role may try, whichever worker dies, only addenda follow."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from caoyang_portal import documents
from caoyang_portal.ledger.models import Entry
from consultation.actions import minutes_corrections as corrections
from consultation.actions import minutes_papers, minutes_signing
from consultation.models import Minutes, MinutesPaper, MinutesSignature
from consultation.queries import minutes as queries
from tests.consultation.minutes_builders import again, over, sealed, sent, sign, signed

SQL = [
    "UPDATE consultation_minutes SET search_text = 'x'",
    "UPDATE consultation_minutes SET state = 'draft'",
    "DELETE FROM consultation_minutes",
    "UPDATE consultation_minutesversion SET body = '{}'",
    "UPDATE consultation_minutesversion SET public_body = '{}'",
    "DELETE FROM consultation_minutesversion",
    "UPDATE consultation_minutescorrection SET text = 'x'",
    "UPDATE consultation_minutescorrection SET state = 'waiting', answer = ''",
    "DELETE FROM consultation_minutescorrection",
    "UPDATE consultation_minutessignatory SET name = 'x'",
    "UPDATE consultation_minutessignature SET text_sha256 = 'x'",
    "DELETE FROM consultation_minutessignature",
    "UPDATE consultation_minutespaper SET sha256 = repeat('0', 64)",
    "DELETE FROM consultation_minutespaper",
    "UPDATE uploads_attachment SET sha256 = repeat('0', 64) WHERE id IN (SELECT file_id FROM consultation_minutespaper)",
    "DELETE FROM uploads_attachment WHERE id IN (SELECT file_id FROM consultation_minutespaper)",
    "UPDATE consultation_minutesaddendum SET text = 'x'",
    "DELETE FROM consultation_minutesaddendum",
    "INSERT INTO consultation_minutesversion (id, number, edition, body, public_body, text_sha256, public_sha256, changes, written_at, minutes_id, neighbourhood_id, written_by_id) SELECT gen_random_uuid(), 9, edition, body, public_body, text_sha256, public_sha256, changes, written_at, minutes_id, neighbourhood_id, written_by_id FROM consultation_minutesversion LIMIT 1",
    "TRUNCATE consultation_minutes CASCADE",
    "TRUNCATE consultation_minutescorrection CASCADE",
]  # fmt: skip


@pytest.fixture
def app_role(db):
    """A role with every right on the rows and none on the tables, as in production."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE ROLE writer; GRANT ALL ON ALL TABLES IN SCHEMA public TO writer;"
            "GRANT USAGE ON SCHEMA public TO writer"
        )
    yield "writer"
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; DROP OWNED BY writer; DROP ROLE writer")


def test_no_sql_of_the_app_s_role_changes_sealed_minutes(app_role, people, places, households):
    minutes = sent(people, places.here)
    correction = corrections.raise_correction(minutes, section="a1", text="改", by=people["wang"])
    corrections.answer_correction(correction, answer="不改", by=people["chen"])
    minutes_signing.start_signing(over(minutes), by=people["chen"])
    for signatory in minutes.signatories.all():
        sign(minutes, signatory.user)
    minutes_papers.work_on_minutes()
    minutes_papers.add_addendum(again(minutes), text="补", reason="漏", by=people["chen"])
    minutes_papers.work_on_minutes()
    through = []
    for statement in SQL:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no trigger event left over
                cursor.execute(f"SET LOCAL ROLE {app_role}")
                cursor.execute(statement)
                through.append((statement, cursor.rowcount))
                transaction.set_rollback(True)
        except IntegrityError:
            pass
    assert through == []


def test_the_database_knows_when_a_signature_may_be_given(people, places, households):
    """Not before the signing, not while a correction waits, not under an older text."""
    minutes = sent(people, places.here)
    version = queries.current(minutes)
    lines = {
        "neighbourhood": places.here, "signatory": minutes.signatories.first(),
        "version": version, "way": "code", "text_sha256": version.text_sha256,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        MinutesSignature.objects.create(**lines)
    correction = corrections.raise_correction(minutes, section="a1", text="改", by=people["wang"])
    Minutes.objects.filter(pk=minutes.pk).update(state="signing")
    with pytest.raises(IntegrityError), transaction.atomic():
        MinutesSignature.objects.create(**lines)
    corrections.answer_correction(correction, answer="不改", by=people["chen"])
    with pytest.raises(IntegrityError), transaction.atomic():
        MinutesSignature.objects.create(**lines | {"text_sha256": "0" * 64})
    MinutesSignature.objects.create(**lines)


def test_a_held_meeting_stays_closed_once_its_minutes_are_sent(people, places, households):
    minutes = sent(people, places.here)
    with pytest.raises(IntegrityError, match="minutes have been sent"), transaction.atomic():
        type(minutes.meeting).objects.filter(pk=minutes.meeting_id).update(state="under_way")


# ---- the worker ----


def test_a_dead_worker_s_paper_is_taken_over(people, places, households, monkeypatch):
    minutes = signed(people, places.here)
    certify, calls = documents.certify, []

    def dies(*args, **kwargs):
        calls.append(args)
        if len(calls) == 1:
            raise SystemExit
        return certify(*args, **kwargs)

    monkeypatch.setattr(documents, "certify", dies)
    with pytest.raises(SystemExit):
        minutes_papers.work_on_minutes()
    left = minutes.papers.get(state="working")
    assert (left.steps, left.attempts, again(minutes).state) == (1, 1, "signed")
    assert minutes_papers.work_on_minutes() == 1  # the other; this one is still leased
    assert queries.progress(list(minutes.papers.all())).done == 4
    MinutesPaper.objects.filter(pk=left.pk).update(lease_until=timezone.now())
    assert minutes_papers.work_on_minutes() == 1
    assert again(minutes).state == "sealed"


def test_a_worker_that_comes_back_finds_its_paper_made_by_another(
    people, places, households, monkeypatch
):
    minutes = signed(people, places.here)
    printed, calls = minutes_papers.papers.printed, []

    def slow(paper):
        calls.append(paper)
        if len(calls) == 1:  # the lease runs out, and somebody else does it all
            MinutesPaper.objects.filter(pk=paper.pk).update(lease_until=timezone.now())
            minutes_papers.work_on_minutes()
        return printed(paper)

    monkeypatch.setattr(minutes_papers.papers, "printed", slow)
    minutes_papers.work_on_minutes()
    assert again(minutes).state == "sealed"
    assert Entry.objects.filter(act="consultation.seal_minutes").count() == 1


def test_without_its_time_stamp_nothing_is_sealed_and_nothing_given_up(
    people, places, households, monkeypatch
):
    minutes = signed(people, places.here)

    def late(*_args, **_kwargs):
        raise documents.TimestampUnavailable

    with monkeypatch.context() as without:
        without.setattr(documents, "certify", late)
        for _again in range(minutes_papers.MOST_ATTEMPTS + 2):
            MinutesPaper.objects.update(lease_until=None)
            assert minutes_papers.work_on_minutes() == 0
    assert set(minutes.papers.values_list("state", flat=True)) == {"queued"}
    MinutesPaper.objects.update(lease_until=None)
    minutes_papers.work_on_minutes()
    assert again(minutes).state == "sealed"


def test_what_fails_for_good_is_given_up_and_tried_again_by_hand(
    people, places, households, monkeypatch
):
    minutes = signed(people, places.here)

    def broken(*_args, **_kwargs):
        raise OSError

    with monkeypatch.context() as without:
        without.setattr(minutes_papers.papers, "printed", broken)
        for _again in range(minutes_papers.MOST_ATTEMPTS):
            MinutesPaper.objects.update(lease_until=None)
            minutes_papers.work_on_minutes()
    failed = minutes.papers.filter(state="failed")
    assert failed.count() == 2
    for paper in failed:
        minutes_papers.retry_minutes_paper(paper, by=people["chen"])
    minutes_papers.work_on_minutes()
    assert again(minutes).state == "sealed"


def test_an_addendum_names_the_sealed_file_and_is_sealed_itself(people, places, households):
    minutes = sealed(people, places.here)
    before = {paper.audience: paper.sha256 for paper in minutes.papers.all()}
    addendum = minutes_papers.add_addendum(
        minutes, text="王桂芳 说的是东面", reason="漏记", by=people["chen"]
    )
    assert (addendum.number, addendum.public_text) == (1, "王*芳 说的是东面")
    assert addendum.sealed_sha256 == before["internal"]
    minutes_papers.work_on_minutes()
    after = {paper.audience: paper.sha256 for paper in minutes.papers.filter(addendum=None)}
    assert (after, addendum.papers.filter(state="done").count()) == (before, 2)
    assert again(minutes).state == "sealed"
