"""Names, notes and file names of somebody who means harm."""

import json

from django.db import connection, models

from caoyang_portal.confidential import ConfidentialField
from households.models import ImportBatch, ImportRow
from tests.matrix.tables import business_models

# Short enough for every field; in HTML it becomes an element, in an attribute it breaks out.
VENOM = "'\"><i onclick=x>"
# Not a person's words: codes, hashes, addresses, or HTML that is cleaned where it comes in.
NO_WORDS = {
    "text_sha256", "key", "code", "code_index", "phone", "phone_index", "phone_tail_index",
    "id_number", "id_number_index", "search_text", "body", "evidence", "strokes", "payload", "media_type",
    "password", "query", "link", "to", "to_tail", "chain", "act", "provider_id", "agent_phone",
    "committee_phone", "leaves", "head", "token_hash", "channel", "subscriber", "language", "ip",
    "raw", "before", "after", "values", "what", "withdrawal_rule",
}  # fmt: skip
UNWRITTEN = {"Entry", "Checkpoint", "Signature", "OneTimeCode", "ImportRow"}
TYPED = {"name", "door", "room", "certificate", "remark"}  # words of a roster's row
WORDS = (models.CharField, models.TextField, ConfidentialField)


def poison() -> int:
    """Put venom into every field of words, past all guards; how many fields took it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        taken = _poison()
        cursor.execute("SET session_replication_role = origin")
    return taken


def _poison() -> int:
    taken = _poison_rosters()
    for model in business_models():
        fields = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, WORDS)
            and not isinstance(field, models.SlugField)
            and not field.choices
            and not field.primary_key
            and field.name not in NO_WORDS
            and "sha256" not in field.name
            and "hash" not in field.name
            and (model.__name__, field.name)
            not in {("Agreement", "text"), ("ImportBatch", "sheet")}
            and (field.max_length is None or field.max_length >= len(VENOM) + 6)
        ]
        if model.__name__ in UNWRITTEN or not fields:
            continue
        taken += len(fields)
        for number, row in enumerate(model.objects.all()):
            for field in fields:
                setattr(row, field.name, f"{VENOM}{number}")
            model.objects.bulk_update([row], [field.name for field in fields])
    return taken


def _poison_rosters() -> int:
    """A workbook's cells and headings are words of whoever typed them."""
    for batch in ImportBatch.objects.all():
        head = json.loads(batch.head)
        head["headings"] = dict.fromkeys(head["headings"], VENOM)
        head["samples"] = {column: [VENOM] for column in head["samples"]}
        batch.head = json.dumps(head)
        batch.save(update_fields=["head"])
    for row in ImportRow.objects.all():
        values = json.loads(row.values)
        row.values = json.dumps(
            {of: VENOM if of in TYPED else value for of, value in values.items()}
        )
        row.errors = [finding | {"message": VENOM} for finding in row.errors]
        row.save(update_fields=["values", "errors"])
    return 4
