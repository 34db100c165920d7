"""Bytes of memory for each hot case, with its key: python -m benchmarks.points.memory CASES."""

import gc
from pathlib import Path
from resource import getpagesize

from benchmarks.contestants.ours import core
from benchmarks.points.point import a_folder, main
from benchmarks.rounds import Answer
from benchmarks.workload.patterns import placed
from benchmarks.workload.rules import TWENTY
from benchmarks.workload.underway import underway


def point(cases: str) -> Answer:
    """Orders on their way: placed, confirmed, promised, paid, handed over, scanned and forecast. With all twenty rules."""
    number = int(cases)
    with a_folder() as folder:
        ours = core(TWENTY, folder)
        ours.apply_all(placed(1))
        before = resident()
        ours.apply_all(underway(number))
        gc.collect()
        return {"bytes": (resident() - before) / number}


def resident() -> int:
    """Return the bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize()


if __name__ == "__main__":
    main(point)
