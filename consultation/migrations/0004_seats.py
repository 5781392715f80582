from django.db import migrations

SEATS = r"""
-- No more places are taken than there are, whoever asks at once: the meeting's row is held while
-- they are counted. Who follows a hybrid meeting from home takes no seat.
CREATE FUNCTION consultation_seats_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    meeting consultation_meeting;
    seats integer;
    taken integer;
BEGIN
    IF NEW.state <> 'coming' THEN RETURN NEW; END IF;
    SELECT * INTO meeting FROM consultation_meeting WHERE id = NEW.meeting_id FOR NO KEY UPDATE;
    seats := CASE WHEN NEW.is_observer THEN meeting.observers ELSE meeting.capacity END;
    IF seats IS NULL OR (meeting.mode = 'hybrid' AND NEW.is_online) THEN RETURN NEW; END IF;
    SELECT count(*) INTO taken FROM consultation_registration
    WHERE meeting_id = NEW.meeting_id AND state = 'coming' AND is_observer = NEW.is_observer
        AND NOT (meeting.mode = 'hybrid' AND is_online) AND id <> NEW.id;
    IF taken >= seats THEN
        RAISE EXCEPTION 'the meeting is full'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_meeting_holds_its_capacity';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_registration_seats
    BEFORE INSERT OR UPDATE OF state, is_online, is_observer, meeting_id
    ON consultation_registration
    FOR EACH ROW EXECUTE FUNCTION consultation_seats_hold();
"""
NO_SEATS = """
DROP TRIGGER consultation_registration_seats ON consultation_registration;
DROP FUNCTION consultation_seats_hold();
"""


class Migration(migrations.Migration):
    replaces = [("consultation", "0008_meetings")]

    dependencies = [("consultation", "0003_guards_of_congress")]

    operations = [migrations.RunSQL(SEATS, NO_SEATS)]
