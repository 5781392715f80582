"""Somebody with the database's own password changes the record; the verifier names the place."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from caoyang_portal.ledger.actions import take_checkpoint
from caoyang_portal.ledger.canonical import entry_hash, genesis
from caoyang_portal.ledger.models import Checkpoint, Entry, Head
from caoyang_portal.ledger.verifying import Finding, verify

DAY = date(2026, 11, 22)


@pytest.fixture
def ledger(thing, other, enter):
    """Five acts on one chain, two on another, all at peace."""
    for n in range(5):
        enter("households.act", thing, n=n)
    for n in range(2):
        enter("households.act", other, n=n)
    assert verify().findings == []


def tamper(sql: str, *arguments) -> None:
    """As the database's superuser, past the triggers."""
    tables = ("ledger_entry", "ledger_head", "ledger_checkpoint", "ledger_checkpointhead")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        cursor.execute(sql, arguments)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


def found(**options):
    return [(f.kind, f.chain, f.seq) for f in verify(**options).findings]


def honest_hash(entry: Entry) -> bytes:
    """What a forger computes who knows the formula."""
    return entry_hash(
        chain=entry.chain,
        seq=entry.seq,
        at=entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        actor=str(entry.actor_id or ""),
        act=entry.act,
        neighbourhood=str(entry.neighbourhood_id or ""),
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        payload=entry.payload,
        prev_hash=entry.prev_hash,
    )


def rewrite(chain: str, *, first: int) -> None:
    """Change entry ``first`` and forge everything after it, head included."""
    last = b""
    for entry in Entry.objects.filter(chain=chain, seq__gte=first).order_by("seq"):
        entry.payload = entry.payload.replace("}", ',"forged":true}')
        if last:
            entry.prev_hash = last
        last = honest_hash(entry)
        tamper(
            "UPDATE ledger_entry SET payload = %s, prev_hash = %s, hash = %s WHERE id = %s",
            entry.payload,
            bytes(entry.prev_hash),
            last,
            entry.pk,
        )
    tamper("UPDATE ledger_head SET hash = %s WHERE chain = %s", last, chain)


def cut(chain: str, *, after: int) -> None:
    """Drop the tail and set the head back, so that the rest fits."""
    tamper("DELETE FROM ledger_entry WHERE chain = %s AND seq > %s", chain, after)
    tamper(
        "UPDATE ledger_head SET seq = %s, hash = (SELECT hash FROM ledger_entry "
        "WHERE chain = %s AND seq = %s) WHERE chain = %s",
        after,
        chain,
        after,
        chain,
    )


@pytest.mark.parametrize(
    "change",
    [
        "payload = '{\"n\":9}'",
        "act = 'households.other'",
        "at = at + interval '1 microsecond'",
        "neighbourhood_id = NULL",
        "subject_id = 'x'",
        "subject_type = 'tests.other'",
    ],
)
def test_an_edited_row_is_named(ledger, change):
    tamper(f"UPDATE ledger_entry SET {change} WHERE chain = 'household:1' AND seq = 3")
    assert found() == [("edit", "household:1", 3)]
    assert found(chain="household:1") == [("edit", "household:1", 3)]
    assert found(chain="household:2") == []


def test_another_actor_is_an_edit(ledger, people):
    tamper(
        "UPDATE ledger_entry SET actor_id = %s WHERE chain = 'household:1' AND seq = 3",
        people["chen"].pk,
    )
    assert found() == [("edit", "household:1", 3)]


def test_an_edited_row_with_its_hash_made_to_fit_breaks_the_next_link(ledger):
    entry = Entry.objects.get(chain="household:1", seq=3)
    entry.payload = "{}"
    tamper(
        "UPDATE ledger_entry SET payload = %s, hash = %s WHERE id = %s",
        entry.payload,
        honest_hash(entry),
        entry.pk,
    )
    assert found() == [("link", "household:1", 4)]


def test_the_last_row_made_to_fit_disagrees_with_its_head(ledger):
    entry = Entry.objects.get(chain="household:1", seq=5)
    entry.payload = "{}"
    tamper(
        "UPDATE ledger_entry SET payload = %s, hash = %s WHERE id = %s",
        entry.payload,
        honest_hash(entry),
        entry.pk,
    )
    assert found() == [("head", "household:1", 5)]


def test_a_removed_row_leaves_a_gap(ledger):
    tamper("DELETE FROM ledger_entry WHERE chain = 'household:1' AND seq IN (2, 3)")
    assert verify().findings == [
        Finding("gap", "household:1", 2, "household:1#2 is missing before #4")
    ]


def test_a_removed_last_row_leaves_a_head_without_an_entry(ledger):
    tamper("DELETE FROM ledger_entry WHERE chain = 'household:1' AND seq = 5")
    assert found() == [("head", "household:1", 5)]


def test_a_row_inserted_at_the_end_stands_beyond_the_head(ledger, thing):
    last = Entry.objects.get(chain="household:1", seq=5)
    last.seq, last.prev_hash = 6, last.hash
    tamper(
        "INSERT INTO ledger_entry SELECT gen_random_uuid(), chain, 6, at, act, neighbourhood_id,"
        " subject_type, subject_id, payload, hash, %s, actor_id FROM ledger_entry"
        " WHERE chain = 'household:1' AND seq = 5".replace(
            "SELECT", "(id, chain, seq, at, act, neighbourhood_id, subject_type, subject_id,"
            " payload, prev_hash, hash, actor_id) SELECT", 1
        ),
        honest_hash(last),
    )  # fmt: skip
    assert found() == [("beyond", "household:1", 6)]


def test_a_row_inserted_between_is_an_edit(ledger):
    tamper(
        "UPDATE ledger_entry SET seq = 6, prev_hash = sha256('x')"
        " WHERE chain = 'household:1' AND seq = 5;"
        "INSERT INTO ledger_entry (id, chain, seq, at, act, neighbourhood_id, subject_type,"
        " subject_id, payload, prev_hash, hash) SELECT gen_random_uuid(), chain, 5, at, act,"
        " neighbourhood_id, subject_type, subject_id, '{}', hash, sha256('x')"
        " FROM ledger_entry WHERE chain = 'household:1' AND seq = 4"
    )
    assert found() == [
        ("edit", "household:1", 5),
        ("edit", "household:1", 6),
        ("head", "household:1", 5),
        ("beyond", "household:1", 6),
    ]


def test_a_whole_chain_removed_leaves_its_head(ledger):
    tamper("DELETE FROM ledger_entry WHERE chain = 'household:2'")
    assert found() == [("head", "household:2", 2)]


def test_a_wrong_head_is_named(ledger):
    tamper("UPDATE ledger_head SET hash = sha256('x') WHERE chain = 'household:2'")
    assert found() == [("head", "household:2", 2)]


def test_a_chain_without_a_head_is_named(ledger):
    tamper("DELETE FROM ledger_head WHERE chain = 'household:2'")
    assert found() == [("beyond", "household:2", 1), ("beyond", "household:2", 2)]


def test_a_cut_tail_is_invisible_without_a_checkpoint_and_named_with_one(ledger):
    take_checkpoint(DAY)
    assert verify().findings == []
    cut("household:1", after=3)
    assert verify().findings == [
        Finding(
            "cut", "household:1", 5, "household:1#5 was cut off after the checkpoint of 2026-11-22"
        )
    ]


def test_a_cut_tail_alone_fits(ledger):
    cut("household:1", after=3)
    assert found() == []  # hence checkpoints


def test_a_rewritten_chain_is_named_by_the_checkpoint(ledger):
    take_checkpoint(DAY)
    rewrite("household:1", first=2)
    assert found() == [("rewritten", "household:1", 5)]


def test_a_chain_removed_with_its_head_is_named_by_the_checkpoint(ledger):
    take_checkpoint(DAY)
    tamper("DELETE FROM ledger_entry WHERE chain = 'household:2'")
    tamper("DELETE FROM ledger_head WHERE chain = 'household:2'")
    assert found() == [("cut", "household:2", 2)]


def test_what_came_after_the_checkpoint_is_not_held_against_it(ledger, thing, enter):
    take_checkpoint(DAY)
    enter("households.act", thing)
    assert found() == []
    take_checkpoint(DAY + timedelta(days=1))
    assert found() == []


def test_a_head_taken_out_of_a_checkpoint_breaks_its_root(ledger):
    take_checkpoint(DAY)
    cut("household:1", after=3)
    tamper("DELETE FROM ledger_checkpointhead WHERE chain = 'household:1'")
    assert found() == [("checkpoint", "checkpoints", DAY.toordinal())]


def test_a_checkpoint_taken_out_breaks_the_row_of_roots(ledger, thing, enter):
    for day in range(3):
        enter("households.act", thing)
        take_checkpoint(DAY + timedelta(days=day))
    second = Checkpoint.objects.get(day=DAY + timedelta(days=1))
    tamper("DELETE FROM ledger_checkpointhead WHERE checkpoint_id = %s", second.pk)
    tamper("DELETE FROM ledger_checkpoint WHERE id = %s", second.pk)
    assert ("checkpoint", "checkpoints", (DAY + timedelta(days=2)).toordinal()) in found()


def test_everything_forged_is_found_with_one_root_kept_elsewhere(ledger):
    kept = {DAY: bytes(take_checkpoint(DAY).root)}
    assert verify(anchors=kept).findings == []

    # The forger owns the database: he rewrites the chain, the checkpoint and its root.
    rewrite("household:1", first=2)
    tamper("DELETE FROM ledger_checkpointhead")
    tamper("DELETE FROM ledger_checkpoint")
    take_checkpoint(DAY)
    assert found() == []
    assert found(anchors=kept) == [("checkpoint", "checkpoints", DAY.toordinal())]
    missing = {DAY - timedelta(days=9): bytes(32)}
    assert found(anchors=missing) == [("checkpoint", "checkpoints", 0)]


def test_the_command_names_the_place_and_exits_with_one(ledger, capsys):
    call_command("verify_ledger")
    assert "7 entries in 2 chains, 0 checkpoints, 0 findings" in capsys.readouterr().out

    tamper("UPDATE ledger_entry SET payload = '{}' WHERE chain = 'household:1' AND seq = 3")
    with pytest.raises(SystemExit) as exit_:
        call_command("verify_ledger")
    assert exit_.value.code == 1
    assert "edit: household:1#3 was changed after it was written" in capsys.readouterr().out

    call_command("verify_ledger", "--chain", "household:2")
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["entries"], said["chains"]) == (7, 2)
    assert said["findings"] == [
        {
            "kind": "edit",
            "chain": "household:1",
            "seq": 3,
            "message": "household:1#3 was changed after it was written",
        }
    ]


def test_the_command_reads_the_anchor_files_people_downloaded(ledger, client, tmp_path, capsys):
    take_checkpoint(DAY)
    anchor = client.get("/checkpoints/2026-11-22/anchor.json")
    (tmp_path / "2026-11-22.json").write_bytes(anchor.content)
    call_command("verify_ledger", "--anchors", str(tmp_path))
    assert "1 checkpoints, 0 findings" in capsys.readouterr().out

    wrong = json.loads(anchor.content) | {"root": "ab" * 32}
    (tmp_path / "2026-11-22.json").write_text(json.dumps(wrong))
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--anchors", str(tmp_path))
    assert "is not the root that was kept elsewhere" in capsys.readouterr().out


def test_a_folder_without_anchors_is_a_mistake_not_a_pass(db, tmp_path):
    with pytest.raises(CommandError, match="no anchor files"):
        call_command("verify_ledger", "--anchors", str(tmp_path))
    (tmp_path / "a.json").write_text("[]")
    with pytest.raises(CommandError, match="is no anchor file"):
        call_command("verify_ledger", "--anchors", str(tmp_path))


def test_an_empty_ledger_is_in_order(db):
    assert (verify().entries, verify().findings) == (0, [])
    assert Head.objects.count() == 0
    assert len(genesis("household:1")) == 32
