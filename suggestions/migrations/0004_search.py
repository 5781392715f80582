"""What a suggestion is found by, and how many want it: kept by triggers, whoever writes the rows."""

from django.db import migrations

# A text of more than a megabyte of pairs would be refused; nobody looks for the end of one.
SEARCHABLE = """
CREATE FUNCTION suggestions_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_text := left(plain_text(concat_ws(E'\\n', NEW.number, NEW.title, NEW.reasons, NEW.measures,
        (SELECT string_agg(concat_ws(E'\\n', text, why), E'\\n' ORDER BY round)
         FROM suggestions_reply WHERE suggestion_id = NEW.id))), 100000);
    RETURN NEW;
END $$;
CREATE TRIGGER a_suggestion_is_found_by_its_words
    BEFORE INSERT OR UPDATE OF number, title, reasons, measures, search_text ON suggestions_suggestion
    FOR EACH ROW EXECUTE FUNCTION suggestions_searchable();

CREATE FUNCTION suggestions_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE suggestions_suggestion SET search_text = ''
    WHERE id = coalesce(NEW.suggestion_id, OLD.suggestion_id);
    RETURN NULL;
END $$;
CREATE TRIGGER a_suggestion_is_found_by_its_answers
    AFTER INSERT OR UPDATE OR DELETE ON suggestions_reply
    FOR EACH ROW EXECUTE FUNCTION suggestions_answered();
"""
NOT_SEARCHABLE = """
DROP TRIGGER a_suggestion_is_found_by_its_answers ON suggestions_reply;
DROP TRIGGER a_suggestion_is_found_by_its_words ON suggestions_suggestion;
DROP FUNCTION suggestions_answered();
DROP FUNCTION suggestions_searchable();
"""

# The row is held before it is counted: of two at the same instant the second sees the first.
SUPPORTED = """
CREATE FUNCTION suggestions_recount(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM suggestions_suggestion WHERE id = wanted FOR NO KEY UPDATE;
    UPDATE suggestions_suggestion SET supporters = (
        SELECT count(DISTINCT person) FROM (
            SELECT coalesce(s.proposed_by_id, s.id) AS person FROM suggestions_suggestion s
            WHERE s.id = wanted OR s.merged_into_id = wanted
            UNION ALL
            SELECT e.user_id FROM suggestions_endorsement e
            JOIN suggestions_suggestion s ON s.id = e.suggestion_id
            WHERE s.id = wanted OR s.merged_into_id = wanted
        ) AS everybody)
    WHERE id = wanted;
END $$;

CREATE FUNCTION suggestions_endorsed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    endorsed uuid := coalesce(NEW.suggestion_id, OLD.suggestion_id);
BEGIN
    PERFORM suggestions_recount(endorsed);
    PERFORM suggestions_recount(merged_into_id) FROM suggestions_suggestion
    WHERE id = endorsed AND merged_into_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER supporters_of_a_suggestion_are_counted
    AFTER INSERT OR DELETE ON suggestions_endorsement
    FOR EACH ROW EXECUTE FUNCTION suggestions_endorsed();

CREATE FUNCTION suggestions_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM suggestions_recount(which) FROM unnest(ARRAY[OLD.merged_into_id, NEW.merged_into_id]) which
    WHERE which IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER supporters_of_merged_suggestions_are_counted
    AFTER UPDATE OF merged_into_id ON suggestions_suggestion
    FOR EACH ROW WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id)
    EXECUTE FUNCTION suggestions_merged();
"""
NOT_SUPPORTED = """
DROP TRIGGER supporters_of_merged_suggestions_are_counted ON suggestions_suggestion;
DROP TRIGGER supporters_of_a_suggestion_are_counted ON suggestions_endorsement;
DROP FUNCTION suggestions_merged();
DROP FUNCTION suggestions_endorsed();
DROP FUNCTION suggestions_recount(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0003_drafts")]

    operations = [
        migrations.RunSQL(SEARCHABLE, NOT_SEARCHABLE),
        migrations.RunSQL(SUPPORTED, NOT_SUPPORTED),
    ]
