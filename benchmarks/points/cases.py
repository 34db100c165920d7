"""Cost of an event against the number of cases, all hot: python -m benchmarks.points.cases CASES EVENTS."""

from benchmarks.contestants.ours import core
from benchmarks.points.point import a_folder, cpu, main
from benchmarks.rounds import Answer
from benchmarks.workload.patterns import placed, scans
from benchmarks.workload.rules import TWENTY


def point(cases: str, events: str) -> Answer:
    """Twenty rules; the events are scans of orders drawn evenly by chance."""
    with a_folder() as folder:
        ours = core(TWENTY, folder)
        ours.apply_all(placed(int(cases)))
        lines = list(scans("all", 1, int(cases), int(events)))
        return {"ns": cpu(lambda: ours.apply(lines)) / len(lines)}


if __name__ == "__main__":
    main(point)
