"""The community congress. Nothing of it is deleted; an answer stays as given, and is rated once."""

from django.db import migrations

GUARDS = r"""
CREATE FUNCTION consultation_reply_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.text, NEW.reply_class, NEW.replied_on, NEW.promise, NEW.promise_due)
        IS DISTINCT FROM (OLD.text, OLD.reply_class, OLD.replied_on, OLD.promise, OLD.promise_due)
        OR (OLD.rated_at IS NOT NULL
            AND (NEW.attitude, NEW.outcome, NEW.remark, NEW.rated_at)
            IS DISTINCT FROM (OLD.attitude, OLD.outcome, OLD.remark, OLD.rated_at))
        OR (OLD.kept_on IS NOT NULL
            AND (NEW.kept_on, NEW.kept_note, NEW.kept_proof_id)
            IS DISTINCT FROM (OLD.kept_on, OLD.kept_note, OLD.kept_proof_id))
    THEN
        RAISE EXCEPTION 'an answer stays as it was given'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_answer_stays_as_given';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_opinionreply_stays
    BEFORE UPDATE ON consultation_opinionreply
    FOR EACH ROW EXECUTE FUNCTION consultation_reply_stays();
""" + "".join(
    f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION consultation_refuse();\n"
    for table in (
        "consultation_congressissue", "consultation_mergerecord", "consultation_mergedissue",
        "consultation_writtenopinion", "consultation_opinionhandling", "consultation_opinionreply",
        "consultation_opinionclock", "consultation_representative", "consultation_facetoface",
    )
)  # fmt: skip


class Migration(migrations.Migration):
    replaces = [("consultation", "0006_congress")]

    dependencies = [("consultation", "0002_guards_of_polls")]

    operations = [migrations.RunSQL(GUARDS)]
