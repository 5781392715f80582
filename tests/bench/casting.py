"""Votes cast beside a minimal view and a plain transaction that write as many rows (投票).

One poll with thirty thousand on its roll: what every vote shares is there, and must not make them wait.
"""

from uuid import uuid4

from consultation.actions import ballots
from consultation.models import CastMark, Poll
from tests.bench import homes, load, minimal_votes, servers, votes
from tests.bench.acts import CLIENTS, KINDS, connect, plain, ratios, spent, take_turns

VOTERS = 30_000


def measure(per_level: int) -> dict:
    """Rates and p99 at 1, 8 and 32 clients, each vote with its own voter."""
    poll = votes.made("bench-cast", VOTERS)
    taken = 0

    def fresh(count: int) -> list[votes.Voter]:
        nonlocal taken
        taken += count
        return votes.ready(poll, count, start=taken - count)

    result: dict = {
        "rows_written_by_one": _rows(fresh(3)),
        "sql": spent(zip(fresh(60), fresh(60), strict=True), _cast, minimal_votes.Plain),
        **{kind: {} for kind in KINDS},
    }
    with (
        servers.web() as ours,
        servers.web("tests.bench.signed_in_settings") as signed_in,
        servers.web("tests.bench.minimal_settings") as bare,
    ):
        ways = {
            "act": lambda some, n: load.run(ours, _acts(some), clients=n, expect=302),
            "signed_in_view": lambda some, n: load.run(signed_in, _signed_in(some), clients=n),
            "minimal_view": lambda some, n: load.run(bare, _minimal(some), clients=n),
            "plain_sql": lambda some, n: plain(some, n, minimal_votes.Plain),
        }
        for way in list(ways.values())[:3]:
            way(fresh(24), 8)
        for clients in CLIENTS:
            sets = {kind: fresh(per_level) for kind in KINDS}
            for kind, run in take_turns(ways, sets, clients).items():
                result[kind][clients] = run.figures()
                _refuse_unless_cast(kind, poll, sets[kind])
    return result | {"ratios": ratios(result)}


def _refuse_unless_cast(kind: str, poll: Poll, ready: list[votes.Voter]) -> None:
    marks = CastMark.objects.filter(poll=poll, entry__in=[voter.entry.pk for voter in ready])
    if marks.count() != len(ready):
        raise RuntimeError(f"{kind}: {len(ready)} voters, {marks.count()} votes")


def _acts(ready: list[votes.Voter]) -> list[load.Request]:
    return [voter.request for voter in ready]


def _signed_in(ready: list[votes.Voter]) -> list[load.Request]:
    """The very form and cookies of the act, to a view that only writes."""
    return [
        load.Request(
            "POST", f"/signed-in{_path(voter)}", voter.request.body, voter.request.headers
        )
        for voter in ready
    ]


def _minimal(ready: list[votes.Voter]) -> list[load.Request]:
    return [load.Request("GET", _path(voter), "", {}) for voter in ready]


def _path(voter: votes.Voter) -> str:
    return f"/cast/{voter.entry.pk}/{voter.code.pk}/"


def _rows(three: list[votes.Voter]) -> dict[str, int]:
    """How many rows one vote inserts by table; the floors must insert as many."""
    raw = connect()
    ways = (
        _cast,
        lambda voter: minimal_votes.write(None, voter.entry.pk, voter.code.pk),
        minimal_votes.Plain(raw).write,
    )
    written = []
    for way, voter in zip(ways, three, strict=True):
        before = minimal_votes.counts()
        way(voter)
        written.append({name: n - before[name] for name, n in minimal_votes.counts().items()})
    raw.close()
    if written != written[:1] * 3:
        raise RuntimeError(f"the floors do not write what the act writes: {written}")
    return written[0]


def _cast(voter: votes.Voter) -> None:
    ballots.cast_online(
        voter.entry,
        choices={"1": "yes"},
        code=homes.CODE,
        session_key=voter.session,
        form_key=uuid4().hex,
        by=voter.user,
    )
