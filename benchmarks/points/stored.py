"""Cost of an event against the cases that are stored: python -m benchmarks.points.stored CASES EVENTS [postgres].

Memories are kept as usual, in 256 MiB.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns, process_time

from benchmarks.contestants.ours import BATCH, Ours
from benchmarks.contestants.server import Server
from benchmarks.points.point import a_folder, cpu, main
from benchmarks.rounds import Answer
from benchmarks.workload.patterns import placed, scans
from benchmarks.workload.project import project_of
from benchmarks.workload.rules import TWENTY
from contracts.times import DAY
from storage.postgres import open_postgres
from storage.sqlite import FILE, open_store
from storage.store import CaseRow, Store
from streams.project import Project

CHUNK = 10_000


def point(cases: str, events: str, database: str = "sqlite") -> Answer:
    """Twenty rules, orders drawn evenly by chance, a transaction for each 1,000 events; the first tenth warms up.

    The CPU time of PostgreSQL's server counts too; bytes on disk are SQLite's.
    """
    number, count = int(cases), int(events)
    with a_folder() as folder, stores(folder, database) as (store, server):
        project = project_of(folder, TWENTY)
        fill(store, project, number)
        begun = process_time()
        ours = Ours(project, store, batch=BATCH, server=server)
        start = process_time() - begun
        lines = list(scans("all", 1, number, count + count // 10))
        ours.take_batches(lines[: count // 10])
        before, elsewhere = perf_counter_ns(), ours.elsewhere_ns()
        spent = cpu(lambda: ours.take_batches(lines[count // 10 :])) + ours.elsewhere_ns() - elsewhere
        rate = 1e9 * count / (perf_counter_ns() - before)
        disk = {} if server else {"disk_bytes": (folder / "data" / FILE).stat().st_size / number}
        return {"ns": spent / count, "events_per_second": rate, "start_seconds": start, **disk}


@contextmanager
def stores(folder: Path, database: str) -> Iterator[tuple[Store, Server | None]]:
    """Yield an empty store, and the server that it is in."""
    with TemporaryDirectory() as elsewhere:
        server = Server(Path(elsewhere) / "server") if database == "postgres" else None
        store = open_postgres(server.address) if server else open_store(folder / "data")
        yield store, server
        store.close()


def fill(store: Store, project: Project, number: int) -> None:
    """Make of one order, placed and scanned once, so many, whose next due time is a day later, so that none comes in between."""
    Ours(project, store, batch=BATCH).take([*placed(1), *scans("all", 1, 1, 1)])
    row = next(iter(store.load_cases(["order/O00000000"]).values()))
    names = (f"order/O{order:08d}" for order in range(number))
    while chunk := list(islice(names, CHUNK)):
        write(store, [CaseRow(name, row.part, row.layout, row.memory, (row.ripe_at or 0) + DAY, row.customer) for name in chunk])


def write(store: Store, rows: Iterable[CaseRow]) -> None:
    with store.transaction() as tx:
        tx.save_cases(list(rows))


if __name__ == "__main__":
    main(point)
