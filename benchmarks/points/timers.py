"""Cost of timers against how many are pending: python -m benchmarks.points.timers PENDING EVENTS."""

from collections.abc import Iterator
from random import Random

from benchmarks.contestants.ours import Ours, core
from benchmarks.points.point import a_folder, cpu, main
from benchmarks.rounds import Answer
from benchmarks.workload.life import Happened
from benchmarks.workload.patterns import placed
from benchmarks.workload.rules import named
from benchmarks.workload.stream import BEGINNING, event
from contracts.times import DAY, HOUR, MINUTE


def point(pending: str, events: str) -> Answer:
    """Each order is handed over and awaits its scans. An event moves one timer; then all of them fall due."""
    number, count = int(pending), int(events)
    with a_folder() as folder:
        ours = core(named("silent"), folder)
        ours.apply_all(placed(number))
        ours.apply_all(happening("order.handed_over", range(number), first=1, after=HOUR))
        chance = Random(3)
        moving = list(
            happening("parcel.scanned", [chance.randrange(number) for _ in range(count)], first=1 + number, after=2 * HOUR)
        )
        moved = cpu(lambda: ours.apply(moving)) / count
        return {"moved_ns": moved, "fired_ns": cpu(lambda: pass_two_days(ours)) / number}


def happening(name: str, orders: range | list[int], *, first: int, after: int) -> Iterator[bytes]:
    """Yield an event for each of these orders, spread evenly over an hour. first: the number of the first event."""
    chance = Random(4)
    data = {"place": "Lyon", "weight": 1.5} if name == "parcel.scanned" else {"carrier": "Blue Van"}
    for number, order in enumerate(orders):
        yield event(chance, order, first + number, BEGINNING, Happened(after + number * HOUR // len(orders), name, data))


def pass_two_days(ours: Ours) -> None:
    """Move time on by a minute at a time, until every order was silent for two days."""
    for moment in range(BEGINNING + 2 * DAY, BEGINNING + 2 * DAY + 4 * HOUR, MINUTE):
        ours.core.fire(moment, moment)


if __name__ == "__main__":
    main(point)
