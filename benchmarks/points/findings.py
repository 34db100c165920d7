"""Cost of an event against how many of them find something: python -m benchmarks.points.findings SHARE EVENTS [postgres].

One rule on the weight of what is scanned, of 10,000 orders drawn evenly by chance: what is heavy opens or updates a problem, what
is light again clears it, and each makes or cancels a notice. SHARE: phases for each 100 events, about.
"""

from math import log

from benchmarks.contestants.ours import BATCH, Ours
from benchmarks.points.point import a_folder, cpu, main
from benchmarks.points.stored import stores
from benchmarks.rounds import Answer
from benchmarks.workload.patterns import MEAN_WEIGHT, placed, scans
from benchmarks.workload.project import project_of
from storage.store import Store

ORDERS = 10_000


def point(share: str, events: str, database: str = "sqlite") -> Answer:
    """A transaction for each 1,000 events; the first sixth warms up. The CPU time of PostgreSQL's server counts too."""
    count = int(events)
    heavy = -MEAN_WEIGHT * log(float(share) / 200)
    with a_folder() as folder, stores(folder, database) as (store, server):
        ours = Ours(project_of(folder, {"heavy": f"when: weight >= {heavy:.3f}"}), store, batch=BATCH, server=server)
        ours.take_batches(list(placed(ORDERS)))
        lines = list(scans("all", 1, ORDERS, count + count // 5))
        ours.take_batches(lines[: count // 5])
        phases, elsewhere = _phases(store), ours.elsewhere_ns()
        spent = cpu(lambda: ours.take_batches(lines[count // 5 :])) + ours.elsewhere_ns() - elsewhere
        return {"ns": spent / count, "share": (_phases(store) - phases) / count}


def _phases(store: Store) -> int:
    return sum(number for by_phase in store.counts()["problems"].values() for number in by_phase.values())


if __name__ == "__main__":
    main(point)
