"""One machine for all drills; each takes homes nobody signed for yet."""

import json

import pytest

from tests.faults.machine import machine as machine_of_its_own

PARTLY, WHOLE = 420, 10


@pytest.fixture(scope="session")
def machine(tmp_path_factory):
    with (
        pytest.MonkeyPatch.context() as patch,
        machine_of_its_own(patch) as made,
    ):
        yield made


@pytest.fixture(scope="session")
def seeded(machine):
    file = machine.base / "homes.json"
    machine.run("-m", "tests.faults.seed", str(PARTLY), str(WHOLE), str(file))
    return json.loads(file.read_text())


@pytest.fixture
def portal(machine, seeded):
    """Everything up."""
    for name in ("web", "worker", "beat"):
        if name not in machine.processes:
            machine.start(name)
    return machine


@pytest.fixture(scope="session")
def homes(seeded):
    """Take so many homes that nobody has signed for yet."""

    def take(count: int, kind: str = "partly") -> list[dict]:
        taken, seeded[kind] = seeded[kind][:count], seeded[kind][count:]
        if len(taken) < count:
            raise AssertionError(f"only {len(taken)} {kind} homes are left")
        return taken

    return take
