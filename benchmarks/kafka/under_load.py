"""Workers under a steady load: how long events wait for their decision, and how long slots stand when workers come and go."""

import threading
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise

import httpx
import psycopg
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.kafka.processes import Process, running
from benchmarks.kafka.town import SLOTS, TOPIC, Town
from benchmarks.workload.live import live
from tellfirst import clock

ORDERS = 50_000
WAITED = "tellfirst_event_to_decision_seconds"
SECONDS, CHANGES = 30.0, (10.0, 20.0)
"""How long the load lasts; when a worker comes, and when one goes."""
LOOK_SECONDS = 0.02
STEP_SECONDS = 0.01
POSITIONS = "SELECT part, next FROM sources WHERE source = %s"
READ = "SELECT COALESCE(SUM(records), 0) FROM records_read WHERE source = %s"


class Load(threading.Thread):
    """Writes of what happens now so many records a second, evenly. rate: how many it came to, once it has ended."""

    def __init__(self, town: Town, rate: float) -> None:
        super().__init__(daemon=True)
        self._town, self._asked_for = town, rate
        self._records = list(live(ORDERS, int(rate * SECONDS), first=ORDERS, at=clock.now()))
        self.written, self.rate = 0, 0.0

    def run(self) -> None:
        step = max(int(self._asked_for * STEP_SECONDS), 1)
        with self._town.producer() as write:
            began = time.monotonic()
            for first in range(0, len(self._records), step):
                time.sleep(max(began + first / self._asked_for - time.monotonic(), 0))
                self.written += sum(map(write, self._records[first : first + step]))
        self.rate = self.written / (time.monotonic() - began)


def waits_of_one(town: Town, rate: float) -> dict[str, float]:
    """Return what share of the batches was committed within how many seconds after the arrival of its oldest event.

    rate: how many a second there really were.
    """
    address = town.database("waits")
    with psycopg.connect(address, autocommit=True) as connection, running(town.worker(), town.folder / "waits") as worker:
        _ready(connection, town, worker)
        before, load = _buckets(worker), Load(town, rate)
        load.start()
        load.join()
        worker.until(lambda: _read(connection) >= ORDERS + load.written)
        after = _buckets(worker)
    count = after["+Inf"] - before["+Inf"]
    shares = {limit: round((after[limit] - before[limit]) / count, 4) for limit in after if limit != "+Inf"}
    return shares | {"rate": round(load.rate)}


def changes_of_many(town: Town, rate: float) -> dict[str, float]:
    """Return for how many seconds a slot stood at most: while nothing changed, when a worker came, and when one went.

    lost: how many events were written and never read.
    """
    address, moved = town.database("changes"), list[tuple[float, dict[int, int]]]()
    staff = [Process(town.worker(), town.folder / f"worker{number}") for number in range(2)]
    todo = [lambda: staff.append(Process(town.worker(), town.folder / "worker2")), staff[1].end]
    with psycopg.connect(address, autocommit=True) as connection:
        _ready(connection, town, staff[0])
        load, began = Load(town, rate), time.monotonic()
        load.start()
        while load.is_alive():
            now = time.monotonic() - began
            moved.append((now, dict(connection.execute(POSITIONS, (TOPIC,)).fetchall())))
            if todo and now >= CHANGES[-len(todo)]:
                threading.Thread(target=todo.pop(0)).start()
            time.sleep(LOOK_SECONDS)
        staff[0].until(lambda: _read(connection) >= ORDERS + load.written)
        lost = ORDERS + load.written - _read(connection)
    for process in staff:
        process.end()
    parts = {"nothing": (2.0, CHANGES[0]), "came": CHANGES, "went": (CHANGES[1], SECONDS)}
    return {name: round(_longest(moved, *part), 2) for name, part in parts.items()} | {"lost": lost}


def _longest(moved: Sequence[tuple[float, Mapping[int, int]]], first: float, last: float) -> float:
    """Return for how long a slot stood at most within some of the time."""
    stood, since = 0.0, dict[int, float]()
    for (_, before), (now, after) in pairwise(each for each in moved if first <= each[0] <= last):
        for slot, position in after.items():
            began = since.setdefault(slot, now)
            if position != before.get(slot):
                since[slot] = now
            stood = max(stood, now - began)
    return stood


def _ready(connection: "psycopg.Connection[tuple[int, int]]", town: Town, worker: Process) -> None:
    """Wait until every slot is somebody's, and every order has been placed."""
    worker.until(lambda: len(connection.execute("SELECT slot FROM slots WHERE epoch > 0").fetchall()) == SLOTS)
    town.fill(live(ORDERS, ORDERS, first=0, at=clock.now()))
    worker.until(lambda: _read(connection) >= ORDERS)


def _read(connection: "psycopg.Connection[tuple[int, int]]") -> int:
    (row,) = connection.execute(READ, (TOPIC,)).fetchall()
    return int(row[0])


def _buckets(worker: Process) -> dict[str, float]:
    """Return how many batches waited at most so long, by the limits of the histogram."""
    page = httpx.get(f"{worker.address()}/metrics").raise_for_status().text
    samples = (sample for family in text_string_to_metric_families(page) for sample in family.samples)
    return {sample.labels["le"]: sample.value for sample in samples if sample.name == f"{WAITED}_bucket"}
