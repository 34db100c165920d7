"""The share of PostgreSQL's updates of a case's row that touch no index, with a silence rule: python -m benchmarks.points.hot.

Each scan moves the due time of its order; the row may keep an earlier one.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks.contestants.ours import BATCH, Ours
from benchmarks.contestants.server import Server
from benchmarks.points.point import main
from benchmarks.points.timers import happening
from benchmarks.rounds import Answer
from benchmarks.workload.patterns import placed
from benchmarks.workload.project import project_of
from benchmarks.workload.rules import named
from contracts.times import HOUR
from storage.postgres import open_postgres

ORDERS, SCANS, MANY = 20_000, 5, 100_000
UPDATES = "SELECT n_tup_hot_upd, n_tup_upd FROM pg_stat_user_tables WHERE relname = 'cases'"
FLUSH = "SELECT pg_stat_force_next_flush()"


def point() -> Answer:
    with TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(folder / "server")
        ours = Ours(project_of(folder, named("silent")), open_postgres(server.address), batch=BATCH, server=server)
        ours.take_batches(list(placed(ORDERS)))
        ours.take_batches(list(happening("order.handed_over", range(ORDERS), first=1, after=HOUR)))
        for scan in range(SCANS):
            ours.take_batches(list(happening("parcel.scanned", range(ORDERS), first=(1 + scan) * MANY, after=(2 + scan) * HOUR)))
        with psycopg.connect(server.address) as connection:
            connection.execute(FLUSH)
            row = connection.execute(UPDATES).fetchone()
    hot, all_updates = row or (0, 0)
    return {"share": hot / all_updates}


if __name__ == "__main__":
    main(point)
