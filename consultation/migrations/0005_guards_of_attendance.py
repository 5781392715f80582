"""Who was at a meeting, raised hands, what was said and noted; and what only the database can promise of it."""

from django.db import migrations

GUARDS = r"""
-- Nobody signs in to a meeting that is not on; whoever closes it waits for the sign-ins in flight.
-- Before it is opened the desk alone notes who is there already; afterwards what stands on the sheet.
CREATE FUNCTION consultation_signs_in_while_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_state text;
BEGIN
    SELECT state INTO now_state FROM consultation_meeting WHERE id = NEW.meeting_id FOR SHARE;
    IF now_state = 'under_way'
            OR now_state = 'announced' AND NEW.channel = 'desk'
            OR now_state = 'held' AND NEW.channel = 'sheet' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the meeting is not on'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'one_signs_in_while_the_meeting_is_on';
END $$;
CREATE TRIGGER consultation_presence_while_on BEFORE INSERT ON consultation_presence
    FOR EACH ROW EXECUTE FUNCTION consultation_signs_in_while_on();

-- A seat is one of the meeting's roll, and of somebody at the meeting.
CREATE FUNCTION consultation_seat_is_of_its_roll() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM consultation_meeting meeting
        JOIN consultation_rollentry entry ON entry.poll_id = meeting.roll_id
        JOIN consultation_attendance attendance ON attendance.meeting_id = meeting.id
        WHERE meeting.id = NEW.meeting_id AND entry.id = NEW.entry_id
          AND attendance.id = NEW.attendance_id
    ) THEN
        RAISE EXCEPTION 'not on the roll of the meeting'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_seat_is_of_the_meeting_s_roll';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_seat_of_its_roll BEFORE INSERT ON consultation_seat
    FOR EACH ROW EXECUTE FUNCTION consultation_seat_is_of_its_roll();

-- Once it is counted, called invalid or withdrawn, a show of hands stays as it was; an objection may
-- be noted and a poll be named later.
CREATE FUNCTION consultation_show_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := ARRAY['dissent', 'poll_id'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - moving = to_jsonb(NEW) - moving THEN RETURN NEW; END IF;
    RAISE EXCEPTION '% refused: a show of hands stays as it was counted', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consultation_showofhands_stays BEFORE UPDATE OR DELETE ON consultation_showofhands
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION consultation_show_stays();

CREATE FUNCTION consultation_hands_are_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    p_show uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.show_id ELSE NEW.show_id END;
BEGIN
    PERFORM FROM consultation_showofhands WHERE id = p_show AND state = 'open' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the show of hands is over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hands_are_counted_while_they_are_up';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER consultation_tellercount_up BEFORE INSERT ON consultation_tellercount
    FOR EACH ROW EXECUTE FUNCTION consultation_hands_are_up();
CREATE TRIGGER consultation_handtick_up BEFORE INSERT OR UPDATE OR DELETE ON consultation_handtick
    FOR EACH ROW EXECUTE FUNCTION consultation_hands_are_up();
CREATE TRIGGER consultation_tellercount_final BEFORE UPDATE OR DELETE ON consultation_tellercount
    FOR EACH ROW EXECUTE FUNCTION consultation_refuse();

-- What was written once is kept as it was written.
CREATE TRIGGER consultation_contributionversion_final
    BEFORE UPDATE OR DELETE ON consultation_contributionversion
    FOR EACH ROW EXECUTE FUNCTION consultation_refuse();
CREATE TRIGGER consultation_noteversion_final BEFORE UPDATE ON consultation_noteversion
    FOR EACH ROW WHEN (to_jsonb(OLD) - 'settled_at' IS DISTINCT FROM to_jsonb(NEW) - 'settled_at')
    EXECUTE FUNCTION consultation_refuse();
CREATE TRIGGER consultation_noteversion_kept BEFORE DELETE ON consultation_noteversion
    FOR EACH ROW EXECUTE FUNCTION consultation_refuse();
"""

UNDO = r"""
DROP FUNCTION consultation_signs_in_while_on() CASCADE;
DROP FUNCTION consultation_seat_is_of_its_roll() CASCADE;
DROP FUNCTION consultation_show_stays() CASCADE;
DROP FUNCTION consultation_hands_are_up() CASCADE;
DROP TRIGGER consultation_tellercount_final ON consultation_tellercount;
DROP TRIGGER consultation_contributionversion_final ON consultation_contributionversion;
DROP TRIGGER consultation_noteversion_final ON consultation_noteversion;
DROP TRIGGER consultation_noteversion_kept ON consultation_noteversion;
"""


class Migration(migrations.Migration):
    replaces = [("consultation", "0009_attendance")]

    dependencies = [("consultation", "0004_seats")]

    operations = [migrations.RunSQL(GUARDS, UNDO)]
