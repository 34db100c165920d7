"""Workers that are killed and stopped, and whose broker and database restart, lose nothing and double nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slow.real_kafka import Broker
from tests.slow.torture.database import OwnPostgres, own_postgres
from tests.slow.torture.mischief import Harm
from tests.slow.torture.proof import tortured
from tests.slow.torture.town import Town

SEED = 4711
WORKERS = ("worker-1", "worker-2", "worker-3")
HARM = Harm(kills=30, pauses=5, broker_restarts=2, broker_kills=1, database_restarts=2, database_kills=1, cuts=6)
DRAINED, BROKER_AWAY_AT_THE_START = 0, 4
HOUSEHOLDS, SECONDS = 5_000, 390.0


@pytest.fixture
def database() -> Iterator[OwnPostgres]:
    with own_postgres() as server:
        yield server


@pytest.fixture
def town(tmp_path: Path, broker: Broker, database: OwnPostgres) -> Iterator[Town]:
    place = Town(tmp_path / "town", broker, database)
    try:
        yield place
    finally:
        place.close()


@pytest.mark.timeout(1_200)
def test_workers_that_are_harmed_all_the_time_find_what_one_undisturbed_process_finds(town: Town) -> None:
    for name in WORKERS:
        town.hire(name, role="worker")

    came = tortured(town, households=HOUSEHOLDS, seconds=SECONDS, harm=HARM, seed=SEED)

    assert came.events >= 300_000
    assert not came.differs, came
    assert set(came.ends) <= {DRAINED, BROKER_AWAY_AT_THE_START}
    assert came.told > 1_000
