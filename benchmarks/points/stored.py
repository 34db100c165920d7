"""Cost of an event against the cases in SQLite, with the usual cache: python -m benchmarks.points.stored CASES EVENTS."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from time import perf_counter_ns, process_time

from benchmarks.contestants.ours import BATCH, Ours
from benchmarks.points.point import a_folder, cpu, main
from benchmarks.rounds import Answer
from benchmarks.workload.patterns import placed, scans
from benchmarks.workload.project import project_of
from benchmarks.workload.rules import TWENTY
from contracts.times import DAY
from storage.sqlite import FILE, open_store
from storage.store import CaseRow, Store
from streams.project import Project

CHUNK = 10_000


def point(cases: str, events: str) -> Answer:
    """Twenty rules, orders drawn evenly by chance, a transaction for each 1,000 events; the first tenth warms up."""
    number, count = int(cases), int(events)
    with a_folder() as folder:
        project = project_of(folder, TWENTY)
        make_store(folder / "data", project, number)
        store = open_store(folder / "data")
        begun = process_time()
        ours = Ours(project, store, batch=BATCH)
        start = process_time() - begun
        lines = list(scans("all", 1, number, count + count // 10))
        ours.take_batches(lines[: count // 10])
        before = perf_counter_ns()
        spent = cpu(lambda: ours.take_batches(lines[count // 10 :]))
        rate = 1e9 * count / (perf_counter_ns() - before)
        store.close()
        disk = (folder / "data" / FILE).stat().st_size
        return {"ns": spent / count, "events_per_second": rate, "disk_bytes": disk / number, "start_seconds": start}


def make_store(data: Path, project: Project, number: int) -> None:
    """Make a store of one order into one of so many, whose next due time is a day later, so that none comes in between."""
    store = open_store(data)
    Ours(project, store, batch=BATCH).take(list(placed(1)))
    row = next(iter(store.load_cases(["order/O00000000"]).values()))
    names = (f"order/O{order:08d}" for order in range(number))
    while chunk := list(islice(names, CHUNK)):
        write(store, [CaseRow(name, row.part, row.layout, row.memory, (row.ripe_at or 0) + DAY, row.customer) for name in chunk])
    store.close()


def write(store: Store, rows: Iterable[CaseRow]) -> None:
    with store.transaction() as tx:
        tx.save_cases(list(rows))


if __name__ == "__main__":
    main(point)
