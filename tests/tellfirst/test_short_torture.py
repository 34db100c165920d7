"""Two workers on a mock of Kafka are killed and stopped, and their PostgreSQL hangs: they lose nothing and double nothing."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from streams.intake import Intake
from streams.kafka.outgoing import Addressing
from streams.kafka.slots import slot_of_record
from tellfirst.stopping import Exit
from tests.slow.torture.mischief import Harm
from tests.slow.torture.proof import tortured
from tests.slow.torture.town import Town
from tests.storage.server import as_url, is_ours
from tests.tellfirst.mock_kafka import PARTITIONS, MockKafka

SEED = 1
HOUSEHOLDS, SECONDS, SPEED = 100, 90.0, 15.0
HARM = Harm(kills=2, pauses=1, pause_seconds=4, database_hangs=int(is_ours()))


class MockTown(Town):
    """Its database is there as long as its broker, and nobody restarts either."""

    slots = PARTITIONS
    slowly = 1.0

    def __init__(self, folder: Path, mock: MockKafka, schema: str) -> None:
        self._mock = mock
        super().__init__(folder, cast(Any, mock), cast(Any, SimpleNamespace(address=as_url(schema))), speed=SPEED)

    def _make_topics(self) -> None:
        """The mock has them as soon as somebody asks for them."""

    def write(self, records: Iterable[bytes]) -> None:
        project, settings = self.project, self.project.settings.kafka
        assert settings is not None
        intake = Intake(project.catalogue, source="town", mapping=None, zone=project.settings.zone)
        addressing = Addressing(settings, project.catalogue, intake, foreign=False, binary=False)
        for number, raw in enumerate(records):
            for topic, key, value, _, _ in addressing.address(raw, number).written:
                self._mock.write(topic, value, partition=slot_of_record(key, value, self.slots))
        self._mock.flush()


@pytest.fixture
def town(tmp_path: Path, schema: str) -> Iterator[Town]:
    with closing(MockTown(tmp_path / "town", MockKafka(), schema)) as place:
        yield place


def test_two_workers_that_are_killed_and_stopped_find_what_one_undisturbed_process_finds(town: Town) -> None:
    for name in ("worker-1", "worker-2"):
        town.hire(name, role="worker", wiring=("tests.tellfirst.mock_kafka",))

    came = tortured(town, households=HOUSEHOLDS, seconds=SECONDS, harm=HARM, seed=SEED)

    assert came.events > 4_000
    assert not came.differs, came
    assert came.told > 20
    assert [code for code in came.ends if code != Exit.UNREACHABLE] == [0, 0]  # who starts while the database hangs says so
