"""Claims, with what the database refuses: a closing without a callback, or by whoever handled it."""

from django.db import migrations

from suggestions import claim_limits

GUARDS = r"""
CREATE FUNCTION suggestions_claim_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'closed' OR (TG_OP = 'UPDATE' AND OLD.state = 'closed'
            AND NEW.closed_by_id = OLD.closed_by_id) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM suggestions_claimreply
            WHERE claim_id = NEW.id AND by_id = NEW.closed_by_id) THEN
        RAISE EXCEPTION 'refused: nobody closes what they handled'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM suggestions_claimcallback
            WHERE claim_id = NEW.id AND round = NEW.round) THEN
        RAISE EXCEPTION 'refused: a claim is closed after its callback'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER suggestions_claim_closes BEFORE INSERT OR UPDATE ON suggestions_claim
    FOR EACH ROW EXECUTE FUNCTION suggestions_claim_closes();

CREATE FUNCTION suggestions_callback_asks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM suggestions_claimreply
            WHERE claim_id = NEW.claim_id AND by_id = NEW.by_id) THEN
        RAISE EXCEPTION 'refused: nobody calls back their own work'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER suggestions_callback_asks BEFORE INSERT OR UPDATE ON suggestions_claimcallback
    FOR EACH ROW EXECUTE FUNCTION suggestions_callback_asks();
"""
UNGUARD = """
DROP TRIGGER suggestions_callback_asks ON suggestions_claimcallback;
DROP TRIGGER suggestions_claim_closes ON suggestions_claim;
DROP FUNCTION suggestions_callback_asks, suggestions_claim_closes;
"""


def seed(apps, schema_editor):
    claim_limits.seed(apps.get_model("suggestions", "ClaimLimit"))


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0001_tables")]

    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
