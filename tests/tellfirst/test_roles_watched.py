"""Worker, courier and intake beside each other, on a mock of Kafka: who watches tells them apart, and can ask each."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from streams.metrics.catalogue import ROLES
from tellfirst import clock
from tellfirst.run import stacks
from tests.slow.torture.our_time import OurTime
from tests.tellfirst.house import House
from tests.tellfirst.mock_kafka import PARTITIONS, MockKafka
from tests.tellfirst.test_backup import name_database

ROLE = re.compile(r'^tellfirst_role\{role="(\w+)"\} 1\.0$', re.MULTILINE)


@pytest.fixture
def houses(project: Path, tmp_path: Path, schema: str) -> Iterator[dict[str, House]]:
    """A process of each role, not yet started."""
    mock, time_file = MockKafka(), tmp_path / "time"
    OurTime(time_file).set(clock.now())
    houses = {role: House(project) for role in ROLES}
    for role, house in houses.items():
        house.log = tmp_path / f"{role}.log"
        house.command = [sys.executable, "-m", "tests.tellfirst.mock_kafka", str(time_file)]
    name_database(project, schema)
    with (project / "tellfirst.yaml").open("a") as settings:
        settings.write(f"kafka: {{brokers: '{mock.address}', partitions: {PARTITIONS}}}\n")
    yield houses
    for house in houses.values():
        house.close()


def test_each_shows_what_it_does_and_where_its_threads_stand_and_drains(houses: dict[str, House], project: Path) -> None:
    for role, house in houses.items():
        house.start("--role", role)

    shown = {role: ROLE.findall(httpx.get(f"{house.address}/metrics").text) for role, house in houses.items()}

    assert shown == {role: [role] for role in ROLES}
    assert set(stacks.ask(project / "data")) == set(ROLES)
    assert [house.stop() for house in houses.values()] == [0, 0, 0]
    assert stacks.ask(project / "data") == {}
