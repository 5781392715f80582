"""What only the database can promise: a posted text stays as posted, an objection is never lost."""

from django.db import migrations

GUARDS = r"""
CREATE FUNCTION publicity_stays_as_posted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.posted_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.title, OLD.body, OLD.legal_basis, OLD.number, OLD.posted_at,
            OLD.starts_on, OLD.text_sha256, OLD.neighbourhood_id, OLD.about, OLD.about_id)
            IS NOT DISTINCT FROM (NEW.title, NEW.body, NEW.legal_basis, NEW.number, NEW.posted_at,
            NEW.starts_on, NEW.text_sha256, NEW.neighbourhood_id, NEW.about, NEW.about_id)
            AND NEW.ends_on >= OLD.ends_on AND NEW.opinions_until >= OLD.opinions_until
            AND (OLD.certificate_id IS NULL OR OLD.certificate_id = NEW.certificate_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: a publicity stays as it was posted', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER publicity_as_posted BEFORE UPDATE OR DELETE ON publicity_publicity
    FOR EACH ROW EXECUTE FUNCTION publicity_stays_as_posted();

CREATE FUNCTION publicity_files_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_now record;
    posted timestamptz;
BEGIN
    IF TG_OP = 'DELETE' THEN row_now := OLD; ELSE row_now := NEW; END IF;
    SELECT posted_at INTO posted FROM publicity_publicity WHERE id = row_now.publicity_id FOR SHARE;
    IF posted IS NOT NULL THEN
        RAISE EXCEPTION '% refused: the files of a publicity stay as they were posted', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN row_now;
END $$;
CREATE TRIGGER publicity_files_as_posted BEFORE INSERT OR UPDATE OR DELETE
    ON publicity_publicityfile FOR EACH ROW EXECUTE FUNCTION publicity_files_stay();

-- What was said stays as it was said; it is answered once.
CREATE FUNCTION publicity_objection_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.publicity_id, OLD.number, OLD.text, OLD.channel, OLD.raised_by_id,
            OLD.raised_at, OLD.answer_by)
            IS NOT DISTINCT FROM (NEW.publicity_id, NEW.number, NEW.text, NEW.channel,
            NEW.raised_by_id, NEW.raised_at, NEW.answer_by)
            AND (OLD.outcome = '' OR (OLD.outcome, OLD.answer) = (NEW.outcome, NEW.answer)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: an objection stays as it was raised', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER publicity_objection_as_raised BEFORE UPDATE OR DELETE
    ON publicity_publicityobjection FOR EACH ROW EXECUTE FUNCTION publicity_objection_stays();
"""

UNGUARD = """
DROP TRIGGER publicity_objection_as_raised ON publicity_publicityobjection;
DROP TRIGGER publicity_files_as_posted ON publicity_publicityfile;
DROP TRIGGER publicity_as_posted ON publicity_publicity;
DROP FUNCTION publicity_objection_stays, publicity_files_stay, publicity_stays_as_posted;
"""


class Migration(migrations.Migration):
    dependencies = [("publicity", "0001_initial")]

    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
