"""Workers that are killed and stopped, and whose broker and database restart, lose nothing and double nothing."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.slow.real_kafka import Broker
from tests.slow.torture.database import OwnPostgres, own_postgres
from tests.slow.torture.mischief import Harm
from tests.slow.torture.proof import Came, tortured
from tests.slow.torture.town import Town
from tests.storage.unfenced import EPOCH, POSITION

SEED = 4711
WORKERS = ("worker-1", "worker-2", "worker-3")
HARM = Harm(kills=30, pauses=5, broker_restarts=2, broker_kills=1, database_restarts=2, database_kills=1, cuts=6)
DRAINED, BROKER_AWAY_AT_THE_START = 0, 4
HOUSEHOLDS, SECONDS = 5_000, 390.0
STOPPED = Harm(pauses=6, pause_seconds=8)
"""For twice as long as their group waits for a member."""
FEWER, SHORTER, SPEED = 600, 150.0, 5.0


@pytest.fixture
def database() -> Iterator[OwnPostgres]:
    with own_postgres() as server:
        yield server


@pytest.mark.timeout(1_200)
def test_workers_that_are_harmed_all_the_time_find_what_one_undisturbed_process_finds(
    tmp_path: Path, broker: Broker, database: OwnPostgres
) -> None:
    with closing(Town(tmp_path / "town", broker, database)) as town:
        for name in WORKERS:
            town.hire(name, role="worker")

        came = tortured(town, households=HOUSEHOLDS, seconds=SECONDS, harm=HARM, seed=SEED)

    assert came.events >= 300_000
    assert not came.differs, came
    assert set(came.ends) <= {DRAINED, BROKER_AWAY_AT_THE_START}
    assert came.told > 1_000


def stopped_without(fences: str, folder: Path, broker: Broker, database: OwnPostgres) -> Came:
    """Stop workers, one after the other, for so long that others have read on when they wake."""
    with closing(Town(folder, broker, database, speed=SPEED)) as town:
        for name in WORKERS:
            town.hire(name, role="worker", wiring=("tests.slow.torture.unfenced", fences))
        return tortured(town, households=FEWER, seconds=SHORTER, harm=STOPPED, seed=SEED)


@pytest.mark.timeout(300)
def test_a_torture_without_the_fence_shows_damage(tmp_path: Path, broker: Broker, database: OwnPostgres) -> None:
    """Most such runs find other problems as well; tests/streams/kafka/test_fencing.py shows each time how that comes."""
    came = stopped_without(f"{EPOCH},{POSITION}", tmp_path / "town", broker, database)

    assert any(line.startswith("records") for line in came.differs), came


@pytest.mark.timeout(300)
def test_the_epoch_alone_keeps_out_whoever_wakes(tmp_path: Path, broker: Broker, database: OwnPostgres) -> None:
    came = stopped_without(POSITION, tmp_path / "town", broker, database)

    assert not came.differs, came
