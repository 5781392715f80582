"""What the read-only interface promises to programs (接口说明): OpenAPI 3.1, written from its fields."""

from typing import Any

from suggestions.models import Category, Suggestion
from suggestions.queries.finding import ORDERS
from suggestions.queries.opening import FIELDS, Field

VERSION = "1.0.0"
PAGE, MOST = 50, 100
STATES = [state for state in Suggestion.State.values if state != Suggestion.State.WITHDRAWN]
WORDS: dict[str, tuple[str, dict[str, Any]]] = {  # what a list may be asked for
    "q": ("Words; each must stand in title, reasons, measures or answer.", {"type": "string", "maxLength": 100}),
    "neighbourhood": ("Code of a neighbourhood.", {"type": "string"}),
    "category": ("What it is about.", {"enum": list(Category.values)}),
    "state": ("How far it has come.", {"enum": STATES}),
    "year": ("Year in which it was submitted.", {"type": "integer", "minimum": 2000, "maximum": 2200}),
    "order": ("Downwards; `new` if not said.", {"enum": list(ORDERS)}),
    "limit": (f"At most so many, {PAGE} if not said.", {"type": "integer", "minimum": 1, "maximum": MOST}),
    "after": ("Where a page begins: follow `next` instead of writing it.", {"type": "string", "maxLength": 100}),
}  # fmt: skip
PROBLEM = {
    "type": "object",
    "required": ["error"],
    "additionalProperties": False,
    "properties": {"error": {"type": "string"}},
}


def schema_of_suggestion() -> dict[str, Any]:
    return {
        "type": "object",
        "required": [field.name for field in FIELDS],
        "additionalProperties": False,
        "properties": {field.name: _schema(field) for field in FIELDS},
    }


def _schema(field: Field) -> dict[str, Any]:
    kind = field.kind.removesuffix("?")
    may_be_none = field.kind.endswith("?")
    schema: dict[str, Any] = {"description": str(field.says)}
    name = "string" if kind == "date" else kind
    schema["type"] = [name, "null"] if may_be_none else name
    if kind == "date":
        schema["format"] = "date"
    if field.name == "id":
        schema["format"] = "uuid"
    if field.choices:
        schema["enum"] = [*field.choices, *([None] if may_be_none else [])]
    return schema


def schema_of_page() -> dict[str, Any]:
    one = {"$ref": "#/components/schemas/Suggestion"}
    return {
        "type": "object",
        "required": ["suggestions", "count", "count_is_exact", "next"],
        "additionalProperties": False,
        "properties": {
            "suggestions": {"type": "array", "items": one, "maxItems": MOST},
            "count": {
                "type": "integer",
                "description": "How many were found, counted up to 1,000.",
            },
            "count_is_exact": {"type": "boolean"},
            "next": {"type": ["string", "null"], "format": "uri"},
        },
    }


def _answer(words: str, schema: str) -> dict[str, Any]:
    of = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {"description": words, "content": {"application/json": of}}


def document(server: str) -> dict[str, Any]:
    """The whole description, for the portal at ``server``."""
    wrong = {
        "400": _answer("A word of the address is wrong; the body says which.", "Problem"),
        "404": _answer("There is no such public suggestion.", "Problem"),
        "429": _answer("Too many requests; Retry-After says when to go on.", "Problem"),
    }
    same = {"304": {"description": "Nothing has changed since the ETag in If-None-Match."}}
    asked = [
        {"name": name, "in": "query", "required": False, "description": says, "schema": schema}
        for name, (says, schema) in WORDS.items()
    ]
    key = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Public suggestions (人民建议)",
            "version": VERSION,
            "description": "Read only, without personal data. Every answer has an ETag.",
        },
        "servers": [{"url": server}],
        "paths": {
            "/api/v1/suggestions/": {
                "get": {
                    "operationId": "listSuggestions",
                    "summary": "Public suggestions, page by page",
                    "parameters": asked,
                    "responses": {"200": _answer("One page.", "Page"), **same}
                    | {code: wrong[code] for code in ("400", "429")},
                }
            },
            "/api/v1/suggestions/{id}/": {
                "get": {
                    "operationId": "getSuggestion",
                    "summary": "One public suggestion",
                    "parameters": [key],
                    "responses": {"200": _answer("The suggestion.", "Suggestion"), **same}
                    | {code: wrong[code] for code in ("404", "429")},
                }
            },
        },
        "components": {
            "schemas": {
                "Suggestion": schema_of_suggestion(),
                "Page": schema_of_page(),
                "Problem": PROBLEM,
            }
        },
    }  # fmt: skip
