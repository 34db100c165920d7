"""A worker beside stock Faust on one broker, with the same three rules: how much more it does, how soon, and how steadily."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from benchmarks.kafka.__main__ import figures, race
from benchmarks.kafka.town import Town, town
from benchmarks.kafka.under_load import changes_of_many, waits_of_one
from benchmarks.workload.life import ACTIVE_AT_MOST
from benchmarks.workload.stream import LENGTH, stream
from contracts.times import DAY
from tellfirst import clock

pytestmark = pytest.mark.measures

ORDERS, ROUNDS = 10_000, 3
TIMES_STOCK_FAUST = 8
HALF_A_SECOND, OF_ALL = "0.5", 0.99
LONGEST_PAUSE_SECONDS = 5.0
RATE = 3_000.0
NEARLY = 0.95


@pytest.fixture
def place() -> Iterator[Town]:
    with TemporaryDirectory() as folder, town(Path(folder) / "town") as ready:
        yield ready


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    records = stream(ORDERS, beginning=clock.now() - LENGTH - ACTIVE_AT_MOST - DAY)
    with TemporaryDirectory() as folder, town(Path(folder) / "town") as ready:
        return figures(race(ready, ready.fill(records), ROUNDS))


@pytest.mark.timeout(600)
def test_a_worker_does_eight_times_what_stock_faust_with_a_table_does(found: dict[str, float]) -> None:
    assert found["clock_ratio"] >= TIMES_STOCK_FAUST, found
    assert found["cpu_ratio"] >= TIMES_STOCK_FAUST, found


@pytest.mark.timeout(300)
def test_at_half_of_what_it_can_do_batches_are_decided_within_half_a_second(place: Town, found: dict[str, float]) -> None:
    half = found["ours_events_per_second"] / 2
    waited = waits_of_one(place, half)

    assert waited["rate"] >= NEARLY * half
    assert waited[HALF_A_SECOND] >= OF_ALL, waited


@pytest.mark.timeout(300)
def test_a_worker_that_comes_and_one_that_goes_make_slots_wait_for_a_moment_and_lose_nothing(place: Town) -> None:
    stood = changes_of_many(place, RATE)

    assert stood["lost"] == 0
    assert max(stood["came"], stood["went"]) < LONGEST_PAUSE_SECONDS, stood
