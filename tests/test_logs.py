"""A log line says which page and neighbourhood, never whose phone, name or search."""

import io
import json
import logging
import uuid
from types import SimpleNamespace

import pytest
import structlog
from django.conf import settings

from caoyang_portal.request_log import LogRequests

NAME = "a_test_of_logs"


@pytest.fixture
def logged():
    """Log through the portal's own formatter, and read the lines back."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    config = dict(settings.LOGGING["formatters"]["json"])
    handler.setFormatter(config.pop("()")(**config))
    logger = logging.getLogger(NAME)
    logger.addHandler(handler)
    logger.setLevel("INFO")
    logger.propagate = False
    yield lambda: [json.loads(line) for line in lines.getvalue().splitlines()]
    logger.propagate = True
    logger.removeHandler(handler)


def test_phones_and_id_numbers_show_two_digits(logged):
    log = structlog.get_logger(NAME)
    log.info("寄给 13812345678", phone="+8613812345678", holder="31010719500101123X", rows=1499)
    logging.getLogger(NAME).warning("tel %s", "13812345678")
    said = [
        {key: line[key] for key in line if key in {"event", "phone", "holder", "rows"}}
        for line in logged()
    ]
    assert said == [
        {"event": "寄给 …78", "phone": "…78", "holder": "…3X", "rows": 1499},
        {"event": "tel …78"},
    ]


def test_ids_stay_whole(logged):
    """An id may hold eleven digits that look like a phone; it is needed to find the request."""
    request_id = "0197f0a1-1381-7345-8678-13812345678a"
    structlog.get_logger(NAME).info("done", request_id=request_id)
    assert [line["request_id"] for line in logged()] == [request_id]


def test_a_row_the_database_quotes_is_withheld(logged):
    refused = ValueError("duplicate key\nDETAIL:  Key (name)=(王桂芳) exists.\nCONTEXT:  COPY")
    logging.getLogger(NAME).error("import failed", exc_info=refused)
    assert [(line["event"], line["exception"]) for line in logged()] == [
        ("import failed", "ValueError: duplicate key\nDETAIL: withheld\nCONTEXT:  COPY")
    ]


def _request(method, path, match=None):
    return SimpleNamespace(method=method, path=path, resolver_match=match)


def test_a_page_is_named_not_addressed():
    """Searches hold names; the address of a household's letter holds its code."""
    household = uuid.UUID("0197f0a1-1381-7345-8678-13812345678a")
    match = SimpleNamespace(
        view_name="households:file", route="x", kwargs={"pk": household, "code": "ABCD"}
    )
    assert LogRequests.format_request(_request("GET", "/files/x/ABCD/", match)) == (
        f"GET households:file {household}"
    )
    assert LogRequests.format_request(_request("GET", "/no/13812345678/page")) == (
        "GET /no/…/page"
    )
