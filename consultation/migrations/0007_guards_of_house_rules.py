"""The articles of a version that was put before residents stay, and what was said of them; the stock's form."""

from django.db import migrations

GUARDS = r"""
CREATE FUNCTION consultation_articles_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_now record;
    now_state text;
BEGIN
    IF TG_OP = 'DELETE' THEN row_now := OLD; ELSE row_now := NEW; END IF;
    SELECT state INTO now_state FROM consultation_rulesversion WHERE id = row_now.version_id
        FOR SHARE;
    IF now_state <> 'draft' THEN
        RAISE EXCEPTION '% refused: the articles of a published version stay', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN row_now;
END $$;
CREATE TRIGGER consultation_rulesarticle_stays BEFORE INSERT OR UPDATE OR DELETE
    ON consultation_rulesarticle FOR EACH ROW EXECUTE FUNCTION consultation_articles_stay();

CREATE FUNCTION consultation_comment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.version_id, OLD.article_id, OLD.text, OLD.raised_by_id,
            OLD.raised_at) IS NOT DISTINCT FROM (NEW.version_id, NEW.article_id, NEW.text,
            NEW.raised_by_id, NEW.raised_at)
            AND (OLD.taken IS NULL OR (OLD.taken, OLD.answer) = (NEW.taken, NEW.answer)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: a comment stays as it was made', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consultation_articlecomment_stays BEFORE UPDATE OR DELETE
    ON consultation_articlecomment FOR EACH ROW EXECUTE FUNCTION consultation_comment_stays();
"""
UNGUARD = """
DROP TRIGGER consultation_articlecomment_stays ON consultation_articlecomment;
DROP TRIGGER consultation_rulesarticle_stays ON consultation_rulesarticle;
DROP FUNCTION consultation_comment_stays, consultation_articles_stay;
"""


class Migration(migrations.Migration):
    replaces = [("consultation", "0014_house_rules_guards")]

    dependencies = [("consultation", "0006_guards_of_minutes")]

    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
