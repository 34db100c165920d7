"""From arrival to the committed decision, at half of what it can take: python -m benchmarks.points.latency SECONDS.

A live run with SQLite, twenty rules and no courier; whoever sends, one record at a time, is in the same process.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.points.point import a_folder, main
from benchmarks.rounds import Answer
from benchmarks.workload.live import live
from benchmarks.workload.project import project_of
from benchmarks.workload.rules import TWENTY
from storage.sqlite import open_store
from streams.batch import Committed, Core
from streams.collecting import rare_collection
from streams.embedded import Embedded, Source
from streams.intake import Intake
from streams.watermark import LiveWatermark
from tellfirst.clock import now

Heard = Callable[[Committed, int | None], None]

SOURCE = "stream"
ORDERS = 50_000
WARM = ORDERS
TO_MEASURE_CAPACITY = 20_000
STEP_SECONDS = 0.001
SHARES = {"p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p99_9": 0.999}


def point(seconds: str) -> Answer:
    with a_folder() as folder, rare_collection():
        return asyncio.run(_point(folder, float(seconds)))


async def _point(folder: Path, seconds: float) -> Answer:
    embedded = a_run(folder)
    running = asyncio.create_task(embedded.run())
    await at_most(embedded, events(0, WARM))
    capacity = await at_most(embedded, events(WARM, TO_MEASURE_CAPACITY))
    waits = await at_rate(embedded, capacity / 2, events(WARM + TO_MEASURE_CAPACITY, int(seconds * capacity / 2)))
    embedded.drain()
    await running
    return {
        "capacity_per_second": capacity,
        "milliseconds": {name: 1_000 * _quantile(waits, share) for name, share in SHARES.items()},
    }


def a_run(folder: Path, on_commit: Heard = lambda committed, arrived: None) -> Embedded:
    """Return a live run of twenty rules that has yet to begin."""
    project, store = project_of(folder, TWENTY), open_store(folder / "data")
    intake = Intake(project.catalogue, source=SOURCE, zone=project.settings.zone)
    sources = [Source(SOURCE, {None: intake}, LiveWatermark())]
    return Embedded(Core(project.ruleset, store), store, _nobody_is_told, sources=sources, clock=now, on_commit=on_commit)


async def _nobody_is_told(at: int) -> None:
    pass


def events(first: int, count: int) -> list[bytes]:
    return list(live(ORDERS, count, first=first, at=now()))


async def at_most(embedded: Embedded, raws: Sequence[bytes]) -> float:
    """Hand records in as fast as there is room; return how many were decided in a second."""
    begun = time.perf_counter()
    waiting = []
    for raw in raws:
        await embedded.inbox.room()
        waiting.append(embedded.submit(SOURCE, (raw,)))
    await asyncio.gather(*waiting)
    return len(raws) / (time.perf_counter() - begun)


async def at_rate(embedded: Embedded, rate: float, raws: Sequence[bytes]) -> list[float]:
    """Hand in so many records a second, come what may; return the seconds from when each was to arrive to its commit, sorted."""
    begun, sent, waits = time.perf_counter(), 0, list[float]()
    while sent < len(raws):
        until = min(int((time.perf_counter() - begun) * rate), len(raws))
        for number in range(sent, until):
            await embedded.inbox.room()
            embedded.submit(SOURCE, (raws[number],)).add_done_callback(partial(_note, waits.append, begun + number / rate))
        sent = until
        await asyncio.sleep(STEP_SECONDS)
    while len(waits) < len(raws):
        await asyncio.sleep(STEP_SECONDS)
    return sorted(waits)


def _note(note: Callable[[float], None], arrived: float, done: object) -> None:
    note(time.perf_counter() - arrived)


def _quantile(waits: Sequence[float], share: float) -> float:
    return waits[min(int(share * len(waits)), len(waits) - 1)]


if __name__ == "__main__":
    main(point)
