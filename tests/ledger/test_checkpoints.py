"""Every day one root over all chains, on a sealed page that people can keep elsewhere."""

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from caoyang_portal import documents
from caoyang_portal.ledger import actions, merkle
from caoyang_portal.ledger.actions import print_checkpoints, take_checkpoint
from caoyang_portal.ledger.checkpoints import head_leaf, heads_at, root_over
from caoyang_portal.ledger.models import Checkpoint, CheckpointHead, Entry, Head
from caoyang_portal.ledger.tasks import take_checkpoint as task
from caoyang_portal.uploads.intake import read

DAY = date(2026, 11, 22)


def test_a_checkpoint_covers_every_chain(thing, other, enter):
    for subject in (thing, thing, other):
        enter("a.b", subject)
    heads = [(h.chain, h.seq, bytes(h.hash)) for h in Head.objects.order_by("chain")]

    checkpoint = take_checkpoint(DAY)

    assert (checkpoint.day, checkpoint.heads, checkpoint.entries) == (DAY, 2, 3)
    assert bytes(checkpoint.prev_root) == bytes(32)
    assert checkpoint.root == root_over(DAY, bytes(32), heads)
    said = Entry.objects.get(act="ledger.take_checkpoint")
    assert (said.actor, said.chain) == (None, "checkpoints")
    assert said.facts == {"day": "2026-11-22", "root": checkpoint.root.hex()}


def test_the_next_one_stores_only_what_moved_and_still_covers_everything(thing, other, enter):
    enter("a.b", thing)
    enter("a.b", other)
    first = take_checkpoint(DAY)
    enter("a.b", thing)
    second = take_checkpoint(DAY + timedelta(days=1))

    assert bytes(second.prev_root) == bytes(first.root)
    assert [
        (h.checkpoint, h.chain, h.seq) for h in CheckpointHead.objects.order_by("seq", "chain")
    ] == [
        (second, "checkpoints", 1),
        (first, "household:1", 1),
        (first, "household:2", 1),
        (second, "household:1", 2),
    ]
    assert [(chain, seq) for chain, seq, _ in heads_at(DAY)] == [
        ("household:1", 1),
        ("household:2", 1),
    ]
    assert [(chain, seq) for chain, seq, _ in heads_at(DAY + timedelta(days=1))] == [
        ("checkpoints", 1),
        ("household:1", 2),
        ("household:2", 1),
    ]


def test_a_household_can_be_shown_that_its_chain_is_under_the_root(thing, other, enter):
    enter("a.b", thing)
    enter("a.b", other)
    checkpoint = take_checkpoint(DAY)
    heads = heads_at(DAY)
    first = merkle.leaf(b"checkpoint/v1\n2026-11-22\n" + bytes(32))
    leaves = [first, *(head_leaf(*head) for head in heads)]
    path = merkle.proof(leaves, 1)
    assert merkle.verify_proof(head_leaf(*heads[0]), 1, 3, path, bytes(checkpoint.root))


def test_there_is_one_a_day_however_often_the_clock_strikes(thing, enter, monkeypatch):
    enter("a.b", thing)
    task()
    task()
    assert [c.day for c in Checkpoint.objects.all()] == [timezone.localdate()]
    assert Entry.objects.filter(act="ledger.take_checkpoint").count() == 1
    assert take_checkpoint(DAY - timedelta(days=4000)).day == timezone.localdate()


def test_the_page_is_sealed_kept_and_handed_to_anyone(thing, enter, client):
    enter("a.b", thing)
    checkpoint = take_checkpoint(DAY)
    assert client.get("/checkpoints/2026-11-22/page.pdf").status_code == 404

    assert print_checkpoints() == 1
    assert print_checkpoints() == 0

    checkpoint = Checkpoint.objects.get()
    pdf = read(checkpoint.document)
    assert documents.verdict(pdf).seal_ok is True
    answer = client.get("/checkpoints/2026-11-22/page.pdf")
    assert (answer["Content-Type"], answer.content) == ("application/pdf", pdf)
    text = _text(pdf)
    assert all(group in text for group in checkpoint.root_groups)
    assert [e.act for e in Entry.objects.filter(chain="checkpoints").order_by("seq")] == [
        "ledger.take_checkpoint",
        "ledger.keep_checkpoint_page",
    ]


def test_a_page_is_put_to_its_checkpoint_once(thing, enter):
    enter("a.b", thing)
    checkpoint = take_checkpoint(DAY)
    print_checkpoints()
    checkpoint.refresh_from_db()
    kept = checkpoint.document
    actions.keep_checkpoint_page(checkpoint, kept)
    assert Entry.objects.filter(act="ledger.keep_checkpoint_page").count() == 1


def _text(pdf: bytes) -> str:
    import io

    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_public_page_shows_day_and_root_without_login(thing, enter, client):
    enter("a.b", thing)

    def queries_with(days):
        for n in days:
            take_checkpoint(DAY + timedelta(days=n))
        client.get("/checkpoints/")
        with CaptureQueriesContext(connection) as captured:
            html = client.get("/checkpoints/").content.decode()
        assert html.count("<section") == Checkpoint.objects.count()
        for checkpoint in Checkpoint.objects.all():
            assert len(checkpoint.root_groups) == 8
            assert all(f">{group}</span>" in html for group in checkpoint.root_groups)
        return len(captured)

    assert queries_with([0]) == queries_with([1, 2]) <= 5


def test_a_day_there_is_not_is_not_found(client, db):
    assert client.get("/checkpoints/2026-02-30/anchor.json").status_code == 404
    assert client.get("/checkpoints/2026-02-20/anchor.json").status_code == 404
