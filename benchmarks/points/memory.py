"""Bytes of memory for each hot case, with its key: python -m benchmarks.points.memory CASES."""

import gc
from tracemalloc import get_traced_memory, start, stop

from benchmarks.contestants.ours import core_and_sqlite
from benchmarks.points.point import a_folder, main
from benchmarks.rounds import Answer
from benchmarks.workload.rules import TWENTY
from benchmarks.workload.underway import underway

SCARCE, AMPLE = 450, 100_000
"""Bytes of room for each case: nearly all are pressed, or none."""


def point(cases: str) -> Answer:
    """Orders on their way: placed, confirmed, promised, paid, handed over, scanned and forecast. With all twenty rules.

    bytes: where there is too little room for all as they are; unpacked_bytes: where there is enough.
    due_bytes: what is kept beside that, which is when something of a case is due.
    """
    scarce, due = _bytes(int(cases), SCARCE)
    ample, _ = _bytes(int(cases), AMPLE)
    return {"bytes": scarce, "unpacked_bytes": ample, "due_bytes": due}


def _bytes(cases: int, room: int) -> tuple[float, float]:
    """Return the bytes that a case takes in the cache, and what else is alive for each case."""
    with a_folder() as folder:
        ours = core_and_sqlite(TWENTY, folder)
        ours.core.give_room(cases * room)
        ours.take_all(underway(1))
        start()
        before = _alive()
        ours.take_all(underway(cases))
        full, at_hand = _alive(), ours.core.cases_cached
        ours.core.give_room(0)
        ours.commit()
        empty = _alive()
        stop()
        return (full - empty) / at_hand, (empty - before) / cases


def _alive() -> int:
    gc.collect()
    return get_traced_memory()[0]


if __name__ == "__main__":
    main(point)
