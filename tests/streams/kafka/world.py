"""Kafka in memory for those who hold slots: topics of partitions, open transactions, workers that take slots over, the relay."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as altered
from zoneinfo import ZoneInfo

from contracts.outgoing import Word
from rules.catalogue import Catalogue
from storage.sql_store import SqlStore
from streams.intake import Intake
from streams.kafka.holding import Slots
from streams.kafka.incoming import Incoming
from streams.kafka.settings import KafkaSettings
from streams.kafka.slots import slot_of, slot_of_bytes
from streams.project import Project
from streams.settings import SourceSettings

SETTINGS = KafkaSettings(brokers=("127.0.0.1:9092",))
ROUTED = "tellfirst.routed"
TOPICS = (*(each.topic for each in SETTINGS.inputs), ROUTED)


@dataclass
class Log:
    """slots: partitions of each topic. open_at: by partition, the offset from which an open transaction hides all."""

    slots: int
    parts: dict[tuple[str, int], list[Incoming]] = field(default_factory=lambda: defaultdict(list))
    open_at: dict[tuple[str, int], int] = field(default_factory=dict)

    def append(self, topic: str, slot: int, value: bytes, headers: Sequence[tuple[str, bytes]] = (), *, at: int) -> None:
        part = self.parts[topic, slot]
        part.append(Incoming(topic, slot, len(part), value, tuple(headers), at // 1_000))

    def read(self, topic: str, slot: int, begin: int, most: int) -> list[Incoming]:
        """Return what can be read from an offset on."""
        part = self.parts[topic, slot]
        return part[begin : min(begin + most, self.open_at.get((topic, slot), len(part)))]

    def end(self, topic: str, slot: int) -> int:
        """Return the high watermark."""
        return len(self.parts[topic, slot])


class Producer:
    """Writes the lines of a shop where they belong. astray: which lines, by their numbers, go to the wrong slot."""

    def __init__(self, log: Log, catalogue: Catalogue) -> None:
        self._log, self._number = log, 0
        self.astray: Callable[[int], bool] = lambda number: False
        self._intake = Intake(catalogue, source="shop", zone=ZoneInfo("UTC"))

    def write(self, raw: bytes, *, at: int) -> None:
        self._number += 1
        topic, slot = self.place_of(raw)
        if self.astray(self._number):
            slot = (slot + 1) % self._log.slots
        self._log.append(topic, slot, raw, at=at)

    def place_of(self, raw: bytes) -> tuple[str, int]:
        record = self._intake.read(raw, arrived=None, position=0)
        if not record.events:
            return TOPICS[0], 0
        event = record.events[0]
        return SETTINGS.carrying(event.type)[0].topic, slot_of(event.cases[0], self._log.slots)


class Worker:
    """One process: it claims what it is given, fetches and applies, as the loop around Faust does. batch: of one fetch."""

    def __init__(self, log: Log, slots: Slots, *, mine: Iterable[int], clock: Callable[[], int], batch: int = 100) -> None:
        self.log, self.slots, self.mine, self.clock, self.batch = log, slots, list(mine), clock, batch

    def turn(self) -> bool:
        """Fetch once of everything; return whether there was anything."""
        return sum(self.fetch(topic, slot) for slot in self.mine for topic in TOPICS) > 0

    def fetch(self, topic: str, slot: int, *, meanwhile: Callable[[], None] = lambda: None) -> bool:
        """meanwhile: happens between the asking and the applying."""
        if slot not in self.slots.claims:
            self.slots.claim(slot, dict.fromkeys(TOPICS, 0))
        asked_at, end = self.clock(), self.log.end(topic, slot)
        records = self.log.read(topic, slot, self.slots.claims[slot].next[topic], self.batch)
        meanwhile()
        if records:
            self.slots.apply(slot, topic, records)
        if self.slots.claims[slot].next[topic] >= end:
            self.slots.read_to_end(slot, topic, asked_at)
        return bool(records)

    def rest(self) -> None:
        """Turn until nothing is left to read."""
        while self.turn():
            pass


def relay(store: SqlStore, log: Log, *, at: int, most: int = 1_000) -> bool:
    """Carry what waits to its topic; return whether anything did."""
    waiting = store.outgoing(limit=most)
    for each in waiting:
        if each.outgoing.topic is Word.ROUTED:
            key, headers = each.outgoing.key or b"", [(name, value or b"") for name, value in each.outgoing.headers]
            log.append(ROUTED, slot_of_bytes(key, log.slots), each.outgoing.value or b"", headers, at=at)
    with store.transaction() as tx:
        tx.sent_on([each.number for each in waiting])
    return bool(waiting)


def with_lag(project: Project, lag: int, *, batch: int = 1_000) -> Project:
    """Return a project whose topics are believed after so long, and whose transactions are of so many records."""
    own = dict.fromkeys(TOPICS, SourceSettings(source_delay=lag, disorder=lag))
    core = altered(project.settings.core, batch=batch)
    return altered(project, settings=altered(project.settings, sources=own, kafka=SETTINGS, core=core))
