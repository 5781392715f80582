"""Draft laws, opinions on their articles, batches; what was given, said and sent in stays."""

from django.db import migrations

GUARDS = r"""
CREATE FUNCTION suggestions_article_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.version_id, OLD.position, OLD.label, OLD.chapter, OLD.text)
            IS NOT DISTINCT FROM
            (NEW.version_id, NEW.position, NEW.label, NEW.chapter, NEW.text) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: an article stays as it was given', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER suggestions_draftarticle_stays BEFORE UPDATE OR DELETE
    ON suggestions_draftarticle FOR EACH ROW EXECUTE FUNCTION suggestions_article_stays();

CREATE FUNCTION suggestions_opinion_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.draft_id, OLD.number, OLD.article_id, OLD.kind, OLD.text, OLD.reason,
            OLD.role, OLD.is_verbatim, OLD.speaker_id, OLD.raised_by_id, OLD.raised_at)
            IS NOT DISTINCT FROM
            (NEW.draft_id, NEW.number, NEW.article_id, NEW.kind, NEW.text, NEW.reason,
            NEW.role, NEW.is_verbatim, NEW.speaker_id, NEW.raised_by_id, NEW.raised_at)
            AND (OLD.batch_id IS NULL OR (OLD.batch_id, OLD.merged_into_id)
                IS NOT DISTINCT FROM (NEW.batch_id, NEW.merged_into_id)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: an opinion stays as it was said', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER suggestions_articleopinion_stays BEFORE UPDATE OR DELETE
    ON suggestions_articleopinion FOR EACH ROW EXECUTE FUNCTION suggestions_opinion_stays();

CREATE FUNCTION suggestions_batch_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.draft_id, OLD.year, OLD.serial, OLD.to_body, OLD.city_due_on,
            OLD.submitted_on, OLD.submitted_at, OLD.submitted_by_id, OLD.content, OLD.sha256)
            IS NOT DISTINCT FROM
            (NEW.draft_id, NEW.year, NEW.serial, NEW.to_body, NEW.city_due_on,
            NEW.submitted_on, NEW.submitted_at, NEW.submitted_by_id, NEW.content, NEW.sha256)
            AND (OLD.pdf_id IS NULL OR OLD.pdf_id = NEW.pdf_id)
            AND (OLD.docx_id IS NULL OR OLD.docx_id = NEW.docx_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% refused: what was sent in stays as it was', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER suggestions_opinionbatch_stays BEFORE UPDATE OR DELETE
    ON suggestions_opinionbatch FOR EACH ROW EXECUTE FUNCTION suggestions_batch_stays();
"""
UNGUARD = """
DROP TRIGGER suggestions_opinionbatch_stays ON suggestions_opinionbatch;
DROP TRIGGER suggestions_articleopinion_stays ON suggestions_articleopinion;
DROP TRIGGER suggestions_draftarticle_stays ON suggestions_draftarticle;
DROP FUNCTION suggestions_batch_stays, suggestions_opinion_stays, suggestions_article_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0002_claims")]

    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
