"""What only the database can promise: frozen rolls, the window of voting, ballots that stay as cast.

``consultation_rewrite(poll)`` is the one way round: after the count it writes marks and secret
ballots anew, each in an order of its own, so that neither ``xmin`` nor ``ctid`` joins them.
"""

from django.db import migrations

GUARDS = r"""
CREATE FUNCTION consultation_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% refused on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION consultation_is_rewriting(p_poll uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('consultation.rewriting', true), '') = p_poll::text
$$;

-- The roll may change until it is frozen, the questions until they are announced.
CREATE FUNCTION consultation_roll_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    p_poll uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.poll_id ELSE NEW.poll_id END;
    now_state text;
BEGIN
    SELECT state INTO now_state FROM consultation_poll WHERE id = p_poll FOR SHARE;
    IF now_state NOT IN ('draft', 'announced') THEN
        RAISE EXCEPTION 'the roll is frozen'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_frozen_roll_stays';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER consultation_rollentry_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON consultation_rollentry
    FOR EACH ROW EXECUTE FUNCTION consultation_roll_frozen();
CREATE TRIGGER consultation_rollunit_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON consultation_rollunit
    FOR EACH ROW EXECUTE FUNCTION consultation_roll_frozen();

CREATE FUNCTION consultation_question_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_now record;
    now_state text;
BEGIN
    IF TG_OP = 'DELETE' THEN row_now := OLD; ELSE row_now := NEW; END IF;
    IF TG_TABLE_NAME = 'consultation_question' THEN
        SELECT state INTO now_state FROM consultation_poll WHERE id = row_now.poll_id FOR SHARE;
    ELSE
        SELECT poll.state INTO now_state FROM consultation_question question
        JOIN consultation_poll poll ON poll.id = question.poll_id
        WHERE question.id = row_now.question_id FOR SHARE OF poll;
    END IF;
    IF now_state <> 'draft' THEN
        RAISE EXCEPTION 'the questions are announced'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'announced_questions_stay';
    END IF;
    RETURN row_now;
END $$;
CREATE TRIGGER consultation_question_fixed
    BEFORE INSERT OR UPDATE OR DELETE ON consultation_question
    FOR EACH ROW EXECUTE FUNCTION consultation_question_fixed();
CREATE TRIGGER consultation_option_fixed
    BEFORE INSERT OR UPDATE OR DELETE ON consultation_option
    FOR EACH ROW EXECUTE FUNCTION consultation_question_fixed();

-- A vote falls into the window by this clock, and closing waits for the votes in flight: FOR SHARE
-- lets any number of voters pass, and the UPDATE that closes wait. Paper is keyed until the count.
CREATE FUNCTION consultation_in_window() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    poll consultation_poll;
BEGIN
    IF consultation_is_rewriting(NEW.poll_id) THEN RETURN NEW; END IF;
    SELECT * INTO poll FROM consultation_poll WHERE id = NEW.poll_id FOR SHARE;
    IF poll.state = 'counting' AND NEW.channel = 'paper' THEN RETURN NEW; END IF;
    IF poll.state <> 'open' OR clock_timestamp() < poll.opens_at
            OR clock_timestamp() >= poll.closes_at AND NEW.channel <> 'paper' THEN
        RAISE EXCEPTION 'the poll is not open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_vote_falls_into_the_window';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_castmark_window BEFORE INSERT ON consultation_castmark
    FOR EACH ROW EXECUTE FUNCTION consultation_in_window();

-- The ballots themselves come with a mark, so the poll's row is already held.
CREATE FUNCTION consultation_ballot_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_state text;
BEGIN
    IF consultation_is_rewriting(NEW.poll_id) THEN RETURN NEW; END IF;
    SELECT state INTO now_state FROM consultation_poll WHERE id = NEW.poll_id;
    IF now_state NOT IN ('open', 'counting') THEN
        RAISE EXCEPTION 'the poll is not open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_vote_falls_into_the_window';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_openballot_in_time BEFORE INSERT ON consultation_openballot
    FOR EACH ROW EXECUTE FUNCTION consultation_ballot_in_time();
CREATE TRIGGER consultation_secretballot_in_time BEFORE INSERT ON consultation_secretballot
    FOR EACH ROW EXECUTE FUNCTION consultation_ballot_in_time();
CREATE TRIGGER consultation_sealedenvelope_in_time BEFORE INSERT ON consultation_sealedenvelope
    FOR EACH ROW EXECUTE FUNCTION consultation_ballot_in_time();

-- What was cast stays as it was cast; it may only be superseded, and be noted on the board.
CREATE FUNCTION consultation_stays_as_cast() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := ARRAY['superseded', 'posted', 'voided'];
BEGIN
    IF consultation_is_rewriting(OLD.poll_id) THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - moving = to_jsonb(NEW) - moving THEN
        IF coalesce((to_jsonb(OLD)->>'superseded')::boolean, false)
                <= coalesce((to_jsonb(NEW)->>'superseded')::boolean, false)
           AND coalesce((to_jsonb(OLD)->>'voided')::boolean, false)
                <= coalesce((to_jsonb(NEW)->>'voided')::boolean, false) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% refused: what is in % stays as it was cast', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consultation_castmark_stays BEFORE UPDATE OR DELETE ON consultation_castmark
    FOR EACH ROW EXECUTE FUNCTION consultation_stays_as_cast();
CREATE TRIGGER consultation_openballot_stays BEFORE UPDATE OR DELETE ON consultation_openballot
    FOR EACH ROW EXECUTE FUNCTION consultation_stays_as_cast();
CREATE TRIGGER consultation_secretballot_stays BEFORE UPDATE OR DELETE ON consultation_secretballot
    FOR EACH ROW EXECUTE FUNCTION consultation_stays_as_cast();
CREATE TRIGGER consultation_sealedenvelope_stays
    BEFORE UPDATE OR DELETE ON consultation_sealedenvelope
    FOR EACH ROW EXECUTE FUNCTION consultation_stays_as_cast();

CREATE TRIGGER consultation_boardentry_final BEFORE UPDATE OR DELETE ON consultation_boardentry
    FOR EACH ROW EXECUTE FUNCTION consultation_refuse();
CREATE TRIGGER consultation_boardentry_kept BEFORE TRUNCATE ON consultation_boardentry
    FOR EACH STATEMENT EXECUTE FUNCTION consultation_refuse();
CREATE TRIGGER consultation_keying_final BEFORE UPDATE OR DELETE ON consultation_keying
    FOR EACH ROW EXECUTE FUNCTION consultation_refuse();
CREATE TRIGGER consultation_keying_kept BEFORE TRUNCATE ON consultation_keying
    FOR EACH STATEMENT EXECUTE FUNCTION consultation_refuse();

-- A kind in force is never changed; it only ends.
CREATE TRIGGER consultation_pollkind_final BEFORE UPDATE ON consultation_pollkind
    FOR EACH ROW WHEN (to_jsonb(OLD) - 'valid_to' IS DISTINCT FROM to_jsonb(NEW) - 'valid_to')
    EXECUTE FUNCTION consultation_refuse();
CREATE TRIGGER consultation_pollkind_kept BEFORE DELETE ON consultation_pollkind
    FOR EACH ROW EXECUTE FUNCTION consultation_refuse();
"""

REWRITE = r"""
-- Sealed ballots lose their outer envelopes: names go, the inner ones stand in the order of codes.
CREATE FUNCTION consultation_strip(p_poll uuid) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    stripped integer;
BEGIN
    PERFORM set_config('consultation.rewriting', p_poll::text, true);
    WITH outer_ones AS (
        DELETE FROM consultation_sealedenvelope WHERE poll_id = p_poll RETURNING *
    )
    INSERT INTO consultation_innerenvelope
        (id, neighbourhood_id, poll_id, code, ciphertext, superseded)
    SELECT gen_random_uuid(), neighbourhood_id, poll_id, code, ciphertext, superseded
    FROM outer_ones ORDER BY code COLLATE "C";
    GET DIAGNOSTICS stripped = ROW_COUNT;
    PERFORM set_config('consultation.rewriting', '', true);
    RETURN stripped;
END $$;

-- Marks by the number on the roll, secret ballots by their codes; an area stays with a ballot only
-- where five voters or more have exactly that one.
CREATE FUNCTION consultation_rewrite(p_poll uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('consultation.rewriting', p_poll::text, true);
    CREATE TEMPORARY TABLE consultation_shared_area ON COMMIT DROP AS
        SELECT area FROM (
            SELECT sum(area_cent) AS area FROM consultation_rollunit
            WHERE poll_id = p_poll GROUP BY entry_id
        ) AS voters GROUP BY area HAVING count(*) >= 5;
    WITH cast_ones AS (
        DELETE FROM consultation_secretballot WHERE poll_id = p_poll RETURNING *
    )
    INSERT INTO consultation_secretballot
        (id, neighbourhood_id, poll_id, question_no, code, choice, nonce, area_cent, posted)
    SELECT gen_random_uuid(), neighbourhood_id, poll_id, question_no, code, choice, nonce,
           CASE WHEN area_cent IN (SELECT area FROM consultation_shared_area) THEN area_cent END,
           true
    FROM cast_ones ORDER BY question_no, code COLLATE "C";
    WITH marks AS (
        DELETE FROM consultation_castmark WHERE poll_id = p_poll RETURNING *
    )
    INSERT INTO consultation_castmark
        (id, neighbourhood_id, poll_id, entry_id, channel, cast_on, proxy_id, operator_id,
         witness_id, replay_hash, voided)
    SELECT gen_random_uuid(), mark.neighbourhood_id, mark.poll_id, entry_id, channel, cast_on,
           proxy_id, operator_id, witness_id, '', voided
    FROM marks mark JOIN consultation_rollentry entry ON entry.id = mark.entry_id
    ORDER BY entry.number, voided;
    DROP TABLE consultation_shared_area;
    PERFORM set_config('consultation.rewriting', '', true);
END $$;
"""

UNDO = r"""
DROP FUNCTION consultation_rewrite(uuid);
DROP FUNCTION consultation_strip(uuid);
DROP FUNCTION consultation_refuse() CASCADE;
DROP FUNCTION consultation_roll_frozen() CASCADE;
DROP FUNCTION consultation_question_fixed() CASCADE;
DROP FUNCTION consultation_in_window() CASCADE;
DROP FUNCTION consultation_ballot_in_time() CASCADE;
DROP FUNCTION consultation_stays_as_cast() CASCADE;
DROP FUNCTION consultation_is_rewriting(uuid);
"""


class Migration(migrations.Migration):
    replaces = [("consultation", "0002_guards")]

    dependencies = [("consultation", "0001_tables")]

    operations = [migrations.RunSQL(GUARDS + REWRITE, UNDO)]
