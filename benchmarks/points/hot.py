"""The share of PostgreSQL's updates of a case's row that touch no index, with a silence rule: python -m benchmarks.points.hot.

Each scan moves the due time of its order, which its row has to say. Before, the orders were handed over and scanned once: rows
that still grow move to other pages.
"""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.contestants.ours import BATCH, Ours
from benchmarks.contestants.server import Server
from benchmarks.points.point import main
from benchmarks.points.timers import happening
from benchmarks.rounds import Answer
from benchmarks.workload.patterns import placed
from benchmarks.workload.project import project_of
from benchmarks.workload.rules import named
from contracts.times import HOUR
from storage.postgres import PostgresStore, open_postgres
from storage.session import Row

ORDERS, SCANS, MANY = 20_000, 5, 100_000
UPDATES = "SELECT n_tup_hot_upd, n_tup_upd FROM pg_stat_user_tables WHERE relname = 'cases'"
FLUSH = "SELECT pg_stat_force_next_flush()"


def point() -> Answer:
    with TemporaryDirectory() as folder:
        server = Server(Path(folder) / "server")
        store = open_postgres(server.address)
        ours = Ours(project_of(Path(folder), named("silent")), store, batch=BATCH, server=server)
        ours.take_batches(list(placed(ORDERS)))
        for hour, name in enumerate(("order.handed_over", "parcel.scanned"), start=1):
            _happens(ours, name, hour)
        hot_before, before = _updates(store)
        for hour in range(3, 3 + SCANS):
            _happens(ours, "parcel.scanned", hour)
        hot, after = _updates(store)
        return {"share": (hot - hot_before) / (after - before)}


def _happens(ours: Ours, name: str, hour: int) -> None:
    """Have something happen to every order, in an order drawn by chance: few of a batch share a page."""
    by_chance = Random(hour).sample(range(ORDERS), ORDERS)
    ours.take_batches(list(happening(name, by_chance, first=hour * MANY, after=hour * HOUR)))


def _updates(store: PostgresStore) -> Row:
    """Return how many updates touched no index, and how many there were, up to now."""
    store.session.rows(FLUSH)
    [counts] = store.session.rows(UPDATES)
    return counts


if __name__ == "__main__":
    main(point)
