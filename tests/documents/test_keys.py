"""The seal's key: made by a command, checked at the start, and not to be had by guessing."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from caoyang_portal import documents
from caoyang_portal.documents import checks, keys

PASSPHRASE = "曹杨新村-long-enough"


@pytest.fixture
def installed(tmp_path, sealed_by):
    """The seal of a real installation, as ``make_seal_chain`` makes it."""
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    folder = tmp_path / "seal"
    out = StringIO()
    call_command(
        "make_seal_chain",
        folder,
        name="曹杨新村街道办事处",
        passphrase_file=secret,
        stdout=out,
    )
    named = dict(line.split("=") for line in out.getvalue().splitlines() if line[0] != "#")
    sealed_by(**named, SEAL_PASSPHRASE=PASSPHRASE, SEAL_DEMO=False)
    return folder


def problems():
    return [message.id for message in checks.seal_is_there(None) + checks.seal_is_real(None)]


def test_a_made_seal_seals_and_is_trusted(installed, paper):
    pdf = documents.certify(paper, ["final"], "定稿")
    assert [(row.signer, row.ok) for row in documents.verdict(pdf).rows] == [
        ("曹杨新村街道办事处", True)
    ]
    assert documents.is_demo_seal() is False
    assert documents.seal_statement().startswith("本印章由曹杨新村街道办事处持有")
    assert (problems(), documents.self_test()) == ([], [])
    assert (installed / "seal.key").stat().st_mode & 0o077 == 0


def test_a_seal_is_never_overwritten(installed):
    with pytest.raises(CommandError, match="never overwritten"):
        call_command("make_seal_chain", installed, name="别人")


def test_a_short_passphrase_is_refused(tmp_path):
    (tmp_path / "p").write_text("short")
    with pytest.raises(CommandError, match="12 characters"):
        call_command(
            "make_seal_chain", tmp_path / "s", name="曹杨", passphrase_file=tmp_path / "p"
        )
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"SEAL_KEY": ""},
        {"SEAL_KEY": "/nowhere/seal.key"},
        {"SEAL_PASSPHRASE": "wrong"},
        {"SEAL_PASSPHRASE": ""},
        {"SEAL_CERT": "chain.crt"},
        {"SEAL_SIGNER": "nowhere.at_all"},
    ],
    ids=str,
)
def test_without_its_key_the_portal_does_not_start(installed, sealed_by, wrong):
    if wrong.get("SEAL_CERT"):
        wrong = {"SEAL_CERT": str(installed / wrong["SEAL_CERT"])}
    sealed_by(**wrong)
    assert problems() == ["seal.E001"]
    assert len(documents.self_test()) == 1


def test_readyz_is_not_ready_without_a_seal(client, db, sealed_by, monkeypatch):
    from caoyang_portal import health

    monkeypatch.setattr(health._Seal, "at", 0.0)
    monkeypatch.setattr(health._Seal, "problems", [])
    sealed_by(SEAL_DEMO=False, SEAL_KEY="")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["seal"]) == (503, "fails")


@pytest.mark.parametrize(
    ("days", "found"), [(0, []), (3600, ["seal.W001"]), (3700, ["seal.E002"])]
)
def test_an_ageing_seal_is_announced(installed, days, found):
    keys.seal()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days)):
        assert problems() == found


def test_the_demonstration_seal_says_so_and_is_refused_in_earnest(sealed_by):
    assert documents.seal_statement() == "演示印章：仅供试用，没有法律效力。"
    assert problems() == ["seal.E003"]


def test_two_processes_make_one_demonstration_chain(tmp_path, settings):
    settings.SEAL_DEMO_DIR = str(tmp_path / "state" / "demo-seal")
    with ThreadPoolExecutor(4) as workers:
        folders = list(workers.map(lambda _n: keys.demo_chain(), range(4)))
    assert {str(folder) for folder in folders} == {settings.SEAL_DEMO_DIR}
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["demo-seal"]
    assert sorted(path.name for path in folders[0].iterdir()) == [
        "issuing.crt",
        "root.crt",
        "seal.crt",
        "seal.key",
        "tsa.crt",
        "tsa.key",
    ]


def test_an_unreadable_signer_is_configuration_not_a_crash(sealed_by):
    sealed_by(SEAL_DEMO=False, SEAL_KEY="")
    with pytest.raises(ImproperlyConfigured):
        keys.seal()
