"""Sent minutes, corrections, signatures and sealed files stay as they are, whoever asks by whatever SQL."""

from django.db import migrations

GUARDS = r"""
-- Minutes move along their states and no other way; sealed, nothing of them moves any more.
CREATE FUNCTION consultation_minutes_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'sealed' OR NEW.meeting_id <> OLD.meeting_id
       OR NOT (NEW.state = OLD.state OR (OLD.state, NEW.state) IN (
            ('draft', 'sent'), ('sent', 'signing'), ('signing', 'sent'), ('signing', 'signed'),
            ('signed', 'sealed'))) THEN
        RAISE EXCEPTION '% refused: minutes stay', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'sealed' AND (
            SELECT count(*) FROM consultation_minutespaper
            WHERE minutes_id = NEW.id AND addendum_id IS NULL AND state = 'done') <> 2 THEN
        RAISE EXCEPTION 'minutes are sealed with both files'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_minutes_move BEFORE UPDATE OR DELETE ON consultation_minutes
    FOR EACH ROW EXECUTE FUNCTION consultation_minutes_move();

-- What belongs to minutes is added only in the states that know it.
CREATE FUNCTION consultation_minutes_takes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_now jsonb := to_jsonb(NEW);
    now_state text;
    allowed boolean;
BEGIN
    IF TG_TABLE_NAME = 'consultation_minutessignature' THEN
        SELECT minutes.state,
               version.text_sha256 <> '' AND version.text_sha256 = NEW.text_sha256
               AND version.minutes_id = signatory.minutes_id AND signatory.excused = ''
               AND NOT EXISTS (SELECT 1 FROM consultation_minutesversion later
                               WHERE later.minutes_id = minutes.id AND later.number > version.number)
               AND NOT EXISTS (SELECT 1 FROM consultation_minutescorrection correction
                               WHERE correction.minutes_id = minutes.id
                               AND correction.state = 'waiting')
        INTO now_state, allowed
        FROM consultation_minutessignatory signatory
        JOIN consultation_minutes minutes ON minutes.id = signatory.minutes_id
        JOIN consultation_minutesversion version ON version.id = NEW.version_id
        WHERE signatory.id = NEW.signatory_id FOR SHARE OF minutes;
        allowed := allowed AND now_state = 'signing';
    ELSE
        SELECT state INTO now_state FROM consultation_minutes
        WHERE id = (row_now->>'minutes_id')::uuid FOR SHARE;
        allowed := CASE TG_TABLE_NAME
            WHEN 'consultation_minutesversion' THEN now_state IN ('draft', 'sent')
            WHEN 'consultation_minutessignatory' THEN now_state IN ('draft', 'sent')
            WHEN 'consultation_minutescorrection' THEN
                now_state = 'sent' OR now_state <> 'draft' AND row_now->>'state' = 'remark'
            WHEN 'consultation_minutesaddendum' THEN now_state = 'sealed'
            WHEN 'consultation_minutespaper' THEN
                now_state = CASE WHEN row_now->>'addendum_id' IS NULL THEN 'signed' ELSE 'sealed' END
        END;
    END IF;
    IF allowed IS NOT TRUE THEN
        RAISE EXCEPTION 'INSERT refused on %: minutes are %', TG_TABLE_NAME, now_state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- What was written down stays; only what a row has yet to receive may be added to it, once.
CREATE FUNCTION consultation_minutes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb;
    settling text[] := ARRAY['state', 'answer', 'answered_by_id', 'answered_at', 'became_id'];
    kept boolean := false;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        after := to_jsonb(NEW);
        kept := CASE TG_TABLE_NAME
            WHEN 'consultation_minutesversion' THEN
                before->>'text_sha256' = '' AND before->'minutes_id' = after->'minutes_id'
            WHEN 'consultation_minutescorrection' THEN
                before->>'state' IN ('waiting', 'remark') AND before - settling = after - settling
                AND after->>'state' IN ('accepted', 'answered')
                AND NOT (before->>'state' = 'remark' AND after->>'state' = 'accepted')
            WHEN 'consultation_minutessignatory' THEN
                before->>'excused' = '' AND before - 'excused'::text = after - 'excused'::text
            WHEN 'consultation_minutespaper' THEN
                before->>'state' <> 'done' AND before->'minutes_id' = after->'minutes_id'
                AND before->'addendum_id' = after->'addendum_id'
                AND before->'audience' = after->'audience'
            ELSE false
        END;
    END IF;
    IF kept IS NOT TRUE THEN
        RAISE EXCEPTION '% refused on %', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

TABLES = [
    "minutesversion",
    "minutescorrection",
    "minutessignatory",
    "minutessignature",
    "minutesaddendum",
    "minutespaper",
]
ON_TABLES = "".join(
    f"""
CREATE TRIGGER consultation_{table}_takes BEFORE INSERT ON consultation_{table}
    FOR EACH ROW EXECUTE FUNCTION consultation_minutes_takes();
CREATE TRIGGER consultation_{table}_stays BEFORE UPDATE OR DELETE ON consultation_{table}
    FOR EACH ROW EXECUTE FUNCTION consultation_minutes_stay();
"""
    for table in TABLES
)
KEPT = "".join(
    f"""
CREATE TRIGGER consultation_{table}_kept BEFORE TRUNCATE ON consultation_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION consultation_refuse();
"""
    for table in ["minutes", *TABLES]
)

FILES = r"""
-- The files they name: sealed papers, scans of signatures, photos of a text that stays.
CREATE FUNCTION consultation_files_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM consultation_minutespaper WHERE file_id = OLD.id)
       OR EXISTS (SELECT 1 FROM consultation_minutessignature WHERE scan_id = OLD.id)
       OR EXISTS (SELECT 1 FROM consultation_minutesversion WHERE text_sha256 <> ''
                  AND body->'photos' @> jsonb_build_array(jsonb_build_object('id', OLD.id::text)))
    THEN
        RAISE EXCEPTION '% refused: minutes name this file', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER consultation_files_stay BEFORE UPDATE OR DELETE ON uploads_attachment
    FOR EACH ROW EXECUTE FUNCTION consultation_files_stay();

-- A meeting closed by mistake may go on; not any more once its minutes have been sent.
CREATE FUNCTION consultation_meeting_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM consultation_minutes
               WHERE meeting_id = OLD.id AND state <> 'draft') THEN
        RAISE EXCEPTION 'the minutes have been sent'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'a_meeting_stays_closed_with_its_minutes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_meeting_closed BEFORE UPDATE OF state ON consultation_meeting
    FOR EACH ROW WHEN (OLD.state = 'held' AND NEW.state <> 'held')
    EXECUTE FUNCTION consultation_meeting_closed();
"""

UNDO = """
DROP FUNCTION consultation_meeting_closed() CASCADE;
DROP FUNCTION consultation_files_stay() CASCADE;
DROP FUNCTION consultation_minutes_stay() CASCADE;
DROP FUNCTION consultation_minutes_takes() CASCADE;
DROP FUNCTION consultation_minutes_move() CASCADE;
""" + "".join(
    f"DROP TRIGGER consultation_{table}_kept ON consultation_{table};\n"
    for table in ["minutes", *TABLES]
)


class Migration(migrations.Migration):
    replaces = [("consultation", "0012_minutes_guards")]

    dependencies = [("consultation", "0005_guards_of_attendance")]

    operations = [migrations.RunSQL(GUARDS + ON_TABLES + KEPT + FILES, UNDO)]
