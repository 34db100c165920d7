"""Cost of an event against the number of rules: python -m benchmarks.points.rules PATTERN RULES EVENTS."""

from benchmarks.contestants.ours import core
from benchmarks.points.point import a_folder, cpu, main
from benchmarks.rounds import Answer
from benchmarks.workload.patterns import detectors, placed, scans, write_events

ORDERS = 2_000


def point(pattern: str, rules: str, events: str) -> Answer:
    """The orders are placed, and half of the events applied, before the other half is measured."""
    number, count = int(rules), int(events)
    with a_folder() as folder:
        ours = core(detectors(pattern, number), folder, events=write_events(folder, pattern, number))
        ours.apply(list(placed(ORDERS)))
        lines = list(scans(pattern, number, ORDERS, 2 * count))
        ours.apply(lines[:count])
        return {"ns": cpu(lambda: ours.apply(lines[count:])) / count}


if __name__ == "__main__":
    main(point)
