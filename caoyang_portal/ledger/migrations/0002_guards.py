"""What only the database can promise: the append, and that nothing appended changes."""

from django.db import migrations

# One round trip: lock the head, hash, insert, move the head, owe the deliveries. The head is the
# only row two acts on one subject contend for; call this last. canonical.entry_hash() agrees.
APPEND = r"""
CREATE FUNCTION ledger_append(
    p_id uuid, p_chain text, p_actor uuid, p_act text, p_neighbourhood uuid,
    p_subject_type text, p_subject_id text, p_payload text, p_subscribers text[],
    OUT o_seq bigint, OUT o_at timestamptz, OUT o_prev_hash bytea, OUT o_hash bytea
) LANGUAGE plpgsql AS $$
DECLARE
    last ledger_head;
BEGIN
    SELECT * INTO last FROM ledger_head WHERE chain = p_chain FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO ledger_head (chain, seq, hash)
        VALUES (p_chain, 0, sha256(convert_to('ledger/v1/genesis' || E'\n' || p_chain, 'UTF8')))
        ON CONFLICT (chain) DO NOTHING;
        SELECT * INTO STRICT last FROM ledger_head WHERE chain = p_chain FOR UPDATE;
    END IF;
    o_seq := last.seq + 1;
    o_at := clock_timestamp();
    o_prev_hash := last.hash;
    o_hash := sha256(
        convert_to(
            concat_ws(E'\n', 'ledger/v1', p_chain, o_seq,
                to_char(o_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                coalesce(p_actor::text, ''), p_act, coalesce(p_neighbourhood::text, ''),
                p_subject_type, p_subject_id, ''),
            'UTF8')
        || o_prev_hash || sha256(convert_to(p_payload, 'UTF8')));
    INSERT INTO ledger_entry (id, chain, seq, at, act, actor_id, neighbourhood_id,
                              subject_type, subject_id, payload, prev_hash, hash)
    VALUES (p_id, p_chain, o_seq, o_at, p_act, p_actor, p_neighbourhood,
            p_subject_type, p_subject_id, p_payload, o_prev_hash, o_hash);
    UPDATE ledger_head SET seq = o_seq, hash = o_hash WHERE chain = p_chain;
    IF cardinality(p_subscribers) > 0 THEN
        INSERT INTO ledger_delivery (entry_id, subscriber, attempts, next_try_at, last_error)
        SELECT p_id, subscriber, 0, o_at, '' FROM unnest(p_subscribers) AS subscriber;
    END IF;
END $$;
"""

GUARDS = r"""
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% refused: % is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ledger_entry_is_final BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_entry_stays BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER ledger_head_stays BEFORE DELETE ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_heads_stay BEFORE TRUNCATE ON ledger_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

-- The sealed page is printed after the root was taken: that column alone is filled in, once.
CREATE TRIGGER ledger_checkpoint_is_final BEFORE UPDATE ON ledger_checkpoint
    FOR EACH ROW WHEN (
        OLD.document_id IS NOT NULL
        OR (OLD.id, OLD.day, OLD.at, OLD.root, OLD.prev_root, OLD.heads, OLD.entries)
           IS DISTINCT FROM
           (NEW.id, NEW.day, NEW.at, NEW.root, NEW.prev_root, NEW.heads, NEW.entries)
    ) EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_checkpoint_is_kept BEFORE DELETE ON ledger_checkpoint
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_checkpoint_stays BEFORE TRUNCATE ON ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER ledger_checkpointhead_is_final BEFORE UPDATE OR DELETE ON ledger_checkpointhead
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_checkpointhead_stays BEFORE TRUNCATE ON ledger_checkpointhead
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

-- Every act of a subject rewrites its head: leave room so that the row stays on its page.
ALTER TABLE ledger_head SET (fillfactor = 70);
-- A line break in a name could make two different acts hash alike.
ALTER TABLE ledger_entry ADD CONSTRAINT a_hashed_line_is_one_line
    CHECK (chain || act || subject_type || subject_id !~ E'\n');
"""

UNDO = """
DROP TRIGGER ledger_entry_is_final ON ledger_entry;
DROP TRIGGER ledger_entry_stays ON ledger_entry;
DROP TRIGGER ledger_head_stays ON ledger_head;
DROP TRIGGER ledger_heads_stay ON ledger_head;
DROP TRIGGER ledger_checkpoint_is_final ON ledger_checkpoint;
DROP TRIGGER ledger_checkpoint_is_kept ON ledger_checkpoint;
DROP TRIGGER ledger_checkpoint_stays ON ledger_checkpoint;
DROP TRIGGER ledger_checkpointhead_is_final ON ledger_checkpointhead;
DROP TRIGGER ledger_checkpointhead_stays ON ledger_checkpointhead;
ALTER TABLE ledger_entry DROP CONSTRAINT a_hashed_line_is_one_line;
ALTER TABLE ledger_head RESET (fillfactor);
DROP FUNCTION ledger_refuse();
DROP FUNCTION ledger_append(uuid, text, uuid, text, uuid, text, text, text, text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(APPEND + GUARDS, UNDO)]
