"""Finding a word in Chinese text (查词): every pair of neighbouring letters stands in an index.

PostgreSQL's trigrams know nothing of a word of two characters. Three functions in the database do:
``plain_text`` writes both sides alike (half-width, small), ``bigrams`` gives the pairs of a text,
``bigrams_sought`` those of a word, or of a single letter the beginning of a pair. The index finds
the texts with all pairs of a word; whether they stand in one row, ``strpos`` sees in those few.
"""

import re

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import BooleanField, Func, QuerySet, TextField, Value
from django.db.models.functions import StrIndex

MOST_LETTERS = 60  # of a search; more is not something somebody remembers
MOST_WORDS = 4

# Only what is immutable may stand in an index. The cost keeps the planner from working out the
# pairs of rows it could have looked up.
CREATE = r"""
CREATE FUNCTION plain_text(said text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(normalize(said, NFKC));

CREATE FUNCTION bigrams(plain text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 2000
    RETURN array_to_tsvector(ARRAY(
        SELECT letter || coalesce(following, '')
        FROM unnest(string_to_array(plain, NULL), string_to_array(substr(plain, 2), NULL))
            AS pair (letter, following)));

CREATE FUNCTION bigrams_sought(plain text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT string_agg('''' || replace(replace(pair, '\', '\\'), '''', '''''') || ''''
            || CASE WHEN length(plain) = 1 THEN ':*' ELSE '' END, '&')::tsquery
        FROM generate_series(1, greatest(1, length(plain) - 1)) AS place,
            substr(plain, place, 2) AS pair);
"""
DROP = """
DROP FUNCTION bigrams_sought(text);
DROP FUNCTION bigrams(text);
DROP FUNCTION plain_text(text);
"""


class Plain(Func):
    """A text as both sides of a search are written."""

    function = "plain_text"
    output_field = TextField()


class Bigrams(Func):
    """Every pair of neighbouring letters of a plain text, for an index."""

    function = "bigrams"
    output_field = SearchVectorField()


class Sought(Func):
    """The pairs that must be there for a word to be there."""

    function = "bigrams_sought"
    output_field = SearchQueryField()


class Holds(Func):
    """Whether the pairs of a text hold those of a word."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def words_of(text: str) -> list[str]:
    """The words somebody looks for, each of which must be found; signs alone are no word."""
    words = text[: MOST_LETTERS * 2].replace("\x00", "")[:MOST_LETTERS].split()
    return [word for word in words if re.search(r"\w", word)][:MOST_WORDS]


def looked_up(rows: QuerySet, text: str, *, column: str = "search_text") -> QuerySet:
    """Those of ``rows`` whose plain ``column`` holds every word of ``text``, by its index."""
    for word in words_of(text):
        rows = rows.filter(Holds(Bigrams(column), Sought(_plain(word))))
    return read_through(rows, text, column=column)


def read_through(rows: QuerySet, text: str, *, column: str = "search_text") -> QuerySet:
    """The same without the index: for a word so common that the next rows are bound to hold it."""
    for word in words_of(text):
        rows = rows.alias(at=StrIndex(column, _plain(word))).filter(at__gt=0)
    return rows


def _plain(word: str) -> Plain:
    return Plain(Value(word, TextField()))
