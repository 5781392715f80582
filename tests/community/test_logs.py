"""The log says that and who, never a phone, a code or a name."""

import logging

import pytest
import structlog

from caoyang_portal.community.codes import issue_code, verify_code
from caoyang_portal.errors import Refused
from tests.community.conftest import last_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(caplog):
    """All that was logged, by structlog or by anybody."""
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as entries:
        yield lambda: " ".join(
            [*map(str, entries), *(record.getMessage() for record in caplog.records)]
        )


def test_a_whole_sign_in_and_a_whole_code_leave_no_number_in_the_log(client, people, said):
    client.post("/accounts/login/code/", {"phone": "13800000101"})
    code = last_code("0101")
    client.post(
        "/accounts/login/code/confirm/", {"code": "000000" if code != "000000" else "111111"}
    )
    client.post("/accounts/login/code/confirm/", {"code": code})
    client.get("/me/")
    issued = issue_code(people["wang"], "sign", "agreement:1", "here")
    with pytest.raises(Refused):
        verify_code(people["wang"], "sign", "agreement:1", "12", "here")
    verify_code(people["wang"], "sign", "agreement:1", issued.clear, "here")
    client.post("/accounts/login/code/", {"phone": "13900009999"})
    log = said()
    assert [event for event in ("code_issued", "code_wrong", "code_right") if event in log] == [
        "code_issued",
        "code_wrong",
        "code_right",
    ]
    secrets = ["13800000101", "0000101", "13900009999", "9999", code, issued.clear, "王桂芳"]
    assert [
        secret for secret in secrets if secret in log.replace(str(people["wang"].pk), "")
    ] == []
