"""Bytes of memory for each hot case, with its key, and what a pressed one costs: python -m benchmarks.points.memory CASES."""

import gc
from random import Random
from tracemalloc import get_traced_memory, start, stop

from benchmarks.contestants.ours import core_and_sqlite
from benchmarks.points.point import a_folder, cpu, main
from benchmarks.rounds import Answer
from benchmarks.workload.rules import TWENTY
from benchmarks.workload.underway import underway

SCARCE, AMPLE = 450, 100_000
"""Bytes of room for each case: nearly all are pressed, or none."""
HIT = 10
"""One in so many is asked for again."""


def point(cases: str) -> Answer:
    """Orders on their way: placed, confirmed, promised, paid, handed over, scanned and forecast. With all twenty rules.

    bytes: where there is too little room for all as they are; unpacked_bytes: where there is enough.
    due_bytes: what is kept beside that, which is when something of a case is due.
    hit_ns: what it takes to unpack one that was pressed, and to press another one for it.
    """
    scarce, due = _bytes(int(cases), SCARCE)
    ample, _ = _bytes(int(cases), AMPLE)
    return {"bytes": scarce, "unpacked_bytes": ample, "due_bytes": due, "hit_ns": _hit_ns(int(cases))}


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


def _hit_ns(cases: int) -> float:
    """Return the CPU time that a pressed memory takes to be at hand again, where as many are pressed for it."""
    with a_folder() as folder:
        ours = core_and_sqlite(TWENTY, folder)
        ours.core.give_room(cases * SCARCE)
        ours.take_all(underway(cases))
        cache = ours.core._memories.cache
        wanted = Random(0).sample(list(cache.pressed), cases // HIT)

        def hit() -> None:
            for case in wanted:
                cache.take_out(case)
            cache.make_room()

        return cpu(hit) / len(wanted)


def _alive() -> int:
    gc.collect()
    return get_traced_memory()[0]


if __name__ == "__main__":
    main(point)
