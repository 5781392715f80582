"""The embedded servers: Chinese search works, two sessions do not meet, nothing outlives us."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from local.services import throw_away

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("DB_HOST", "DB_PORT", "DB_USER", "DB_NAME", "CACHE_URL", "CELERY_BROKER_URL")

A_SESSION = """
import time
from local.services import throw_away
with throw_away("drilltest") as (base, up):
    print(base, up.postgres.process.pid, up.valkey.process.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def no_servers_named(monkeypatch):
    """As on a machine where nobody has started anything."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)


def _connect(up):
    return psycopg.connect(host=up.env["DB_HOST"], user="postgres", dbname=up.env["DB_NAME"])


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # one that ended, and whom nobody has asked after yet


def _wait_until(condition, seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def test_a_trigram_index_sees_chinese(no_servers_named):
    with throw_away() as (_, up), _connect(up) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute(
            "SELECT similarity('曹杨一村', '曹杨二村') > 0, current_setting('server_encoding')"
        ).fetchone()
        assert row == (True, "UTF8")


def test_two_sessions_have_servers_of_their_own(no_servers_named):
    with throw_away() as (one, first), throw_away() as (other, second):
        for up, word in ((first, "甲"), (second, "乙")):
            with _connect(up) as connection:
                connection.execute("CREATE TABLE mark (word text)")
                connection.execute("INSERT INTO mark VALUES (%s)", [word])
            redis.from_url(up.env["CACHE_URL"]).set("word", word)
        found = []
        for up in (first, second):
            with _connect(up) as connection:
                [(word,)] = connection.execute("SELECT word FROM mark").fetchall()
            found.append((word, redis.from_url(up.env["CACHE_URL"]).get("word").decode()))
        assert found == [("甲", "甲"), ("乙", "乙")]
    assert not one.exists()
    assert not other.exists()


def test_servers_the_environment_names_are_used(monkeypatch):
    monkeypatch.setenv("DB_HOST", "db.example")
    monkeypatch.setenv("CACHE_URL", "redis://cache.example/1")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://cache.example/0")
    with throw_away() as (_, up):
        assert (up.postgres, up.valkey, up.env) == (None, None, {})


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_session_leaves_no_server_and_the_next_clears_its_folder(how, no_servers_named):
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", A_SESSION], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    ) as session:
        base, *pids = session.stdout.readline().split()
        session.send_signal(how)
        session.wait(10)
    assert _wait_until(lambda: not any(_alive(int(pid)) for pid in pids))
    a_while_ago = time.time() - 60
    os.utime(base, (a_while_ago, a_while_ago))
    with throw_away("drilltest"):
        assert not Path(base).exists()
