"""Time stamps: proved when there is an authority, never skipped when it is silent."""

import http.server
import threading

import pytest
from asn1crypto import tsp

from caoyang_portal import documents
from caoyang_portal.documents.timestamps import local_timestamper

HTTP = "caoyang_portal.documents.timestamps.http_timestamper"


def test_with_an_authority_the_time_is_proved(paper, sealed_by):
    sealed_by(TIMESTAMPER="tests.documents.fakes.works")
    pdf = documents.sign_field(documents.certify(paper, ["final"], "定稿"), "final", "完成")
    found = documents.verdict(pdf, expected_fields=["final"])
    assert [(row.timestamped, row.ok) for row in found.rows] == [(True, True)] * 2
    assert documents.timestamp_statement() == "本文件加盖可信时间戳，时间由第三方证明。"


def test_without_one_the_certificate_page_says_so(frozen):
    found = documents.verdict(frozen, expected_fields=[])
    assert [row.timestamped for row in found.rows] == [False]
    assert documents.timestamp_statement() == "本文件未加盖可信时间戳，时间以平台记录为准。"


FAULTS = ["down", "refuses", "stale", "of_something_else", "dies_after_the_first"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_silent_authority_leaves_the_paper_unsealed(paper, sealed_by, fault):
    sealed_by(TIMESTAMPER=f"tests.documents.fakes.{fault}")
    with pytest.raises(documents.TimestampUnavailable):
        documents.certify(paper, ["final"], "定稿")
    if fault != "dies_after_the_first":
        assert documents.self_test() != []
    sealed_by(TIMESTAMPER="tests.documents.fakes.works")  # it is back: the same paper, later
    assert documents.verdict(documents.certify(paper, ["final"], "定稿")).seal_ok


class Authority(http.server.BaseHTTPRequestHandler):
    """RFC 3161 over HTTP, answered by the local authority."""

    kind = "application/timestamp-reply"

    def do_POST(self):
        request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        answer = local_timestamper().request_tsa_response(request).dump()
        self.send_response(200)
        self.send_header("Content-Type", self.kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


class Portal(Authority):
    """A café's Wi-Fi page in place of the authority."""

    kind = "text/html"


@pytest.fixture
def served():
    servers = []

    def serve(handler):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_authority_of_the_settings_is_asked_over_http(paper, sealed_by, served):
    sealed_by(TIMESTAMPER=HTTP, TSA_URL=served(Authority))
    found = documents.verdict(documents.certify(paper, ["final"], "定稿"))
    assert [(row.timestamped, row.ok) for row in found.rows] == [(True, True)]


def test_an_answer_that_is_no_stamp_is_none(paper, sealed_by, served):
    sealed_by(TIMESTAMPER=HTTP, TSA_URL=served(Portal))
    with pytest.raises(documents.TimestampUnavailable):
        documents.certify(paper, ["final"], "定稿")


def test_nobody_at_the_address(paper, sealed_by):
    sealed_by(TIMESTAMPER=HTTP, TSA_URL="http://127.0.0.1:9/")
    with pytest.raises(documents.TimestampUnavailable):
        documents.certify(paper, ["final"], "定稿")
