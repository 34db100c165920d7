"""Slots that read, relay and fire in any order, or stand still for a day: what they find must not depend on it."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from contracts.times import DAY, HOUR, MINUTE, parse_instant
from storage.sqlite import open_memory
from streams.kafka.holding import Slots
from streams.project import Project, load_project
from tests.streams.kafka.world import ROUTED, SETTINGS, TOPICS, Log, Producer, Worker, relay, with_lag
from tests.streams.shop import an_event

MONDAY = parse_instant("2026-03-02T09:00:00Z")
LAG, GRACE = 5 * MINUTE, 2 * MINUTE
SLOTS, ORDERS = 3, 24
RULE = """
rule: never-delivered
title: An order of which nothing is delivered within a day
owner: delivery-ops
watch: order
from: order.placed
until: {solved: delivery.delivered}
detect:
  waiting: {expect: delivery.delivered, within: 24h, says: may be late}
tell: {urgency: soon, class: service, channels: [email]}
message:
  what: {may be late: "Your order {{ case.label }} may be late."}
  effect: It may come later.
  why: We do not know the cause yet.
  doing: We are looking for it.
  you_need_to: nothing
  choices: []
  cleared: Your order is on its way.
  solved: Your order has arrived.
"""


def a_project(folder: Path) -> Project:
    (folder / "rules").mkdir()
    (folder / "rules" / "never-delivered.yaml").write_text(RULE)
    return with_lag(load_project(folder), LAG)


@dataclass(frozen=True)
class Written:
    """A line, and when its producer writes it: at most the lag after it happened."""

    at: int
    raw: bytes


class Chaos:
    """A few days of orders; three of four are delivered in time, the others never."""

    def __init__(self, project: Project, seed: int) -> None:
        self.chance, self.project = Random(f"{seed} slots"), project
        self.store, self.log, self.now = open_memory(), Log(SLOTS), MONDAY
        self.producer = Producer(self.log, project.catalogue)
        self.late: set[str] = set()
        self.waiting = sorted(self._lines(), key=lambda line: line.at, reverse=True)
        self.workers = [self._worker(slot) for slot in range(SLOTS)]
        self.asleep: dict[object, int] = {}

    def _lines(self) -> list[Written]:
        lines = []
        for number in range(ORDERS):
            placed = MONDAY + self.chance.randrange(3 * DAY)
            ids = {"order_id": f"O{number}", "customer_id": "C1"}
            lines.append(self._line(number, "order.placed", placed, **ids))
            if (took := self.chance.choice([2 * HOUR, DAY - MINUTE, DAY, None])) is None:
                self.late.add(f"order/O{number}")
            else:
                lines.append(self._line(1_000 + number, "delivery.delivered", placed + took, parcel_id=f"P{number}", **ids))
        return lines

    def _line(self, number: int, event_type: str, time: int, **data: str) -> Written:
        return Written(time + self.chance.randrange(LAG), an_event(number, event_type, time, **data))

    def _worker(self, slot: int) -> Worker:
        slots = Slots(self.project, SETTINGS, self.store, slots=SLOTS, clock=lambda: self.now)
        return Worker(self.log, slots, mine=[slot], clock=lambda: self.now, batch=self.chance.choice([1, 2, 100]))

    def run(self) -> list[str]:
        """Return the cases of which anything was found, in order."""
        while self.waiting or self.now < MONDAY + 6 * DAY:
            self._step()
        self.asleep.clear()
        for _ in range(8):
            self._pass(HOUR)
            for worker in self.workers:
                worker.rest()
            relay(self.store, self.log, at=self.now)
            for worker in self.workers:
                worker.rest()
                worker.slots.tick()
        return sorted(line["case"] for line in self.store.export("problems") if line["phase"] == "opened")

    def _step(self) -> None:
        self._pass(self.chance.choice([1, MINUTE, 10 * MINUTE, HOUR]))
        match self.chance.randrange(12):
            case 0:
                self.asleep[self.chance.choice(["relay", *range(SLOTS), *self._partitions()])] = self.now + DAY
            case 1:
                slot = self.chance.randrange(SLOTS)
                self.workers[slot] = self._worker(slot)
            case 2 | 3:
                self._relay()
            case _:
                self._work(self.chance.randrange(SLOTS))

    def _partitions(self) -> list[tuple[str, int]]:
        return [(topic, slot) for topic in ("orders", "deliveries", ROUTED) for slot in range(SLOTS)]

    def _pass(self, length: int) -> None:
        self.now += length
        while self.waiting and self.waiting[-1].at <= self.now:
            line = self.waiting.pop()
            self.producer.write(line.raw, at=line.at)

    def _relay(self) -> None:
        if self._is_awake("relay"):
            relay(self.store, self.log, at=self.now, most=self.chance.choice([1, 3, 1_000]))

    def _work(self, slot: int) -> None:
        """What is fetched was asked for before something else happens, and is applied after it."""
        worker = self.workers[slot]
        if not self._is_awake(slot):
            return
        for topic in self.chance.sample(TOPICS, len(TOPICS)):
            if self._is_awake((topic, slot)):
                worker.fetch(topic, slot, meanwhile=lambda: self._meanwhile(worker))
        if self.chance.random() < 0.7:
            worker.slots.tick()

    def _meanwhile(self, worker: Worker) -> None:
        if self.chance.random() < 0.2:
            self._pass(self.chance.choice([1, MINUTE]))
            self._relay()
            worker.slots.tick()

    def _is_awake(self, who: object) -> bool:
        return self.asleep.get(who, 0) <= self.now
