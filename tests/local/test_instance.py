"""One instance of a checkout: one owner, several users, secrets of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest

from local.demo import free_port
from local.environment import for_demo
from local.instance import attach, leave_note, own, running_url, start_over
from local.programs import Unavailable
from local.services import hold

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def base(monkeypatch):
    for name in ("DB_HOST", "DB_PORT", "DB_USER", "DB_NAME", "CACHE_URL", "CELERY_BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = Path(tempfile.mkdtemp(prefix="caoyang-instance-"))  # short, for sockets
    folder.chmod(0o711)  # the service account must pass through
    yield folder
    shutil.rmtree(folder)


def _write(env: dict, word: str) -> None:
    with psycopg.connect(host=env["DB_HOST"], user="postgres", dbname="caoyang") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS mark (word text)")
        connection.execute("INSERT INTO mark VALUES (%s)", [word])


def _words(env: dict) -> list[str]:
    with psycopg.connect(host=env["DB_HOST"], user="postgres", dbname="caoyang") as connection:
        return [word for (word,) in connection.execute("SELECT word FROM mark ORDER BY word")]


def test_data_stay_from_one_start_to_the_next_and_start_over_forgets_them(base):
    with own(base, patient=False) as env:
        _write(env, "第一次")
        kept = (env["SECRET_KEY"], env["CONFIDENTIAL_KEYS"], env["CONFIDENTIAL_INDEX_KEY"])
    with own(base, patient=False) as env:
        _write(env, "第二次")
        assert _words(env) == ["第一次", "第二次"]
        again = (env["SECRET_KEY"], env["CONFIDENTIAL_KEYS"], env["CONFIDENTIAL_INDEX_KEY"])
    assert again == kept
    start_over(base)
    assert [path.name for path in base.iterdir()] == [".lock"]


def test_a_running_instance_is_used_and_not_started_twice(base):
    with own(base, patient=False) as env:
        _write(env, "甲")
        with attach(base) as seen:
            assert seen == env
            assert _words(seen) == ["甲"]
        with pytest.raises(BlockingIOError), own(base, patient=False):
            pass
        with pytest.raises(BlockingIOError):
            start_over(base)
        assert _words(env) == ["甲"]


def test_an_owner_that_is_only_a_command_waits_for_the_users_of_its_servers(base):
    """The first ./dev manage ends while a second still works on its servers."""
    inside, first_may_end, seen = threading.Event(), threading.Event(), []

    def second():
        with attach(base) as env:
            inside.set()
            first_may_end.wait(20)
            threading.Event().wait(0.5)
            seen.extend(_words(env))

    with attach(base) as env:
        _write(env, "还在")
        user = threading.Thread(target=second)
        user.start()
        assert inside.wait(20)
        first_may_end.set()
    user.join(20)
    assert seen == ["还在"]


def test_the_note_of_a_running_instance_is_for_its_owner_only(base):
    with hold(base):
        leave_note(base, {"SECRET_KEY": "x"}, "http://localhost:8000/")
        assert (base / "running.json").stat().st_mode & 0o777 == 0o600
        assert running_url(base) == "http://localhost:8000/"
    assert running_url(base) == ""


def test_a_demo_has_secrets_of_its_own(tmp_path, monkeypatch):
    for name in ("SECRET_KEY", "CONFIDENTIAL_KEYS", "CONFIDENTIAL_INDEX_KEY", "DEMO"):
        monkeypatch.delenv(name, raising=False)
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    first, second = for_demo(one), for_demo(two)
    assert first["SECRET_KEY"] != second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 50
    assert first["DEMO"] == "1"
    kept = json.loads((one / "secrets.json").read_text())
    assert kept == {name: first[name] for name in kept}
    assert (one / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_port_that_is_taken_is_not_chosen(monkeypatch):
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken = somebody.getsockname()[1]
        monkeypatch.setattr("local.demo.PREFERRED_PORT", taken)
        assert free_port("127.0.0.1", None) > taken
        with pytest.raises(Unavailable, match=f"Port {taken} is taken"):
            free_port("127.0.0.1", taken)


def test_manage_passes_its_output_and_its_exit_code_on(tmp_path):
    """With servers named by the environment nothing is started; stdout is the command's alone."""
    env = {**os.environ, "CALLED_FROM": str(tmp_path)}
    command = [sys.executable, "-m", "local.manage", "diffsettings", "--output=unified"]
    good = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert good.returncode == 0
    assert all(line[0] in "+- " for line in good.stdout.splitlines())
    command[-2:] = ["no_such_command"]
    bad = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert (bad.returncode, bad.stdout) == (1, "")
