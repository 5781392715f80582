"""Reports against the content policy: taken from anyone, kept small, and without anything personal."""

import json

import pytest
from structlog.testing import capture_logs

from caoyang_portal import breaches
from tests.matrix.tables import contents

pytestmark = pytest.mark.django_db
ASK = "/csp-reports/"
OLD = {
    "csp-report": {
        "document-uri": "https://portal.example/households/?q=王桂芳",
        "violated-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?phone=13800000101",
        "script-sample": "alert('王桂芳')",
    }
}
NEW = [
    {
        "type": "csp-violation",
        "body": {
            "documentURL": "https://portal.example/link/?c=8F3K-2Q7M",
            "effectiveDirective": "style-src-attr",
            "blockedURL": "inline",
            "sourceFile": "https://portal.example/static/js/portal.js",
        },
    }
]


def send(client, report, kind="application/csp-report", **more):
    body = report if isinstance(report, str) else json.dumps(report)
    with capture_logs() as lines:
        answer = client.post(ASK, body, content_type=kind, **more)
    told = [line for line in lines if line["event"] == "policy_breached"]
    return answer.status_code, told


def test_the_log_says_what_was_breached_where_and_nothing_of_anybody(client, places):
    status, (line,) = send(client, OLD)
    assert status == 204
    assert (line["directive"], line["blocked"], line["page"]) == (
        "script-src-elem",
        "https://evil.example",
        "households:household_list",
    )
    status, (line,) = send(client, NEW, "application/reports+json")
    assert (line["directive"], line["blocked"], line["page"], line["script"]) == (
        "style-src-attr",
        "inline",
        "households:link",
        "https://portal.example",
    )
    assert not any(secret in str(line) for secret in ("王桂芳", "138", "8F3K"))


def test_a_signed_in_clerk_s_browser_reports_too_and_no_row_changes(client, people):
    client.force_login(people["chen"])
    before = contents(but=("CountedWindow",))
    assert send(client, OLD)[0] == 204
    assert contents(but=("CountedWindow",)) == before


@pytest.mark.parametrize(
    "body", ["[]", "{", "null", "1", '[1, "x", {"body": 3}]', '{"csp-report": []}', "[" * 4000]
)
def test_what_is_no_report_is_nothing(client, places, body):
    assert send(client, body) == (204, [])


def test_too_long_or_something_else_is_refused(client, places):
    assert send(client, "x" * (breaches.MOST_BYTES + 1))[0] == 413
    assert send(client, "<html>", "text/html")[0] == 415
    assert client.get(ASK).status_code == 405


def test_addresses_nobody_can_read_do_not_break_the_log(client, places):
    strange = {"csp-report": {"document-uri": "http://[", "blocked-uri": "http://[", "x": 1}}
    status, (line,) = send(client, strange)
    assert (status, line["page"], line["blocked"]) == (204, "?", "?")


def test_one_address_cannot_fill_the_log(client, places, monkeypatch):
    monkeypatch.setattr(breaches, "PER_ADDRESS", (2, 600))
    assert [send(client, OLD)[0] for _ in range(3)] == [204, 204, 429]


def test_every_page_names_where_to_report(client, places):
    headers = client.get("/").headers
    assert headers["Content-Security-Policy"].endswith("; report-to csp; report-uri /csp-reports/")
    assert headers["Reporting-Endpoints"] == 'csp="/csp-reports/"'
