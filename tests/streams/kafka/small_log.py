"""Topics in memory that are asked as brokers are, and slots that only count: what the loop of a worker turns between."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aiokafka.errors import OffsetOutOfRangeError

from streams.kafka.claims import Claim
from streams.kafka.incoming import Incoming
from streams.kafka.lag import Offsets
from streams.kafka.log import Fetched, Reach, Where

TOPICS = ("orders", "usage")


@dataclass
class SmallLog:
    """A streams.kafka.log.Log. before: what happens before the answer to a question, by its name; it may raise."""

    given: frozenset[Where] = frozenset()
    kept: dict[Where, tuple[int, list[bytes]]] = field(default_factory=dict)
    told: dict[Where, int] = field(default_factory=dict)
    before: dict[str, Callable[[], object]] = field(default_factory=dict)
    positions: dict[Where, int] = field(default_factory=dict)
    joins: int = 0
    now: int = 0

    def give(self, *slots: int) -> None:
        self.given = frozenset((topic, slot) for topic in TOPICS for slot in slots)

    def write(self, topic: str, slot: int, *values: bytes) -> None:
        self.kept.setdefault((topic, slot), (0, []))[1].extend(values)

    def remove(self, topic: str, slot: int, number: int) -> None:
        """Remove the oldest records, as retention does."""
        begin, values = self.kept[topic, slot]
        self.kept[topic, slot] = (begin + number, values[number:])

    def assigned(self) -> frozenset[Where]:
        return self.given

    async def begins(self, where: Sequence[Where]) -> Offsets:
        self._happens("begins")
        return {each: self._part(each)[0] for each in where}

    async def ends(self, where: Sequence[Where]) -> Offsets:
        self._happens("ends")
        return {each: self._end(each) for each in where}

    async def seek(self, positions: Offsets) -> None:
        self._happens("seek")
        self.positions |= positions

    async def fetch(self, where: Sequence[Where], *, within: float) -> Fetched:
        """As brokers do, hand out what is there when they answer; others go on until then."""
        self._happens("fetch")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        found = {}
        for topic, slot in where:
            begin, values = self._part((topic, slot))
            at = self.positions[topic, slot]
            if at < begin:
                raise OffsetOutOfRangeError({(topic, slot): at})
            if new := values[at - begin :]:
                found[topic, slot] = [Incoming(topic, slot, at + number, value) for number, value in enumerate(new)]
            self.positions[topic, slot] = self._end((topic, slot))
        self._happens("fetched")
        return Fetched(found, {each: Reach(self.positions[each], self._end(each), self.now) for each in where})

    async def committed(self, where: Sequence[Where]) -> Offsets:
        self._happens("committed")
        return {each: self.told[each] for each in where if each in self.told}

    async def commit(self, positions: Offsets) -> None:
        self._happens("commit")
        self.told |= positions

    async def join_again(self) -> None:
        self.joins += 1

    def _part(self, where: Where) -> tuple[int, list[bytes]]:
        return self.kept.get(where, (0, []))

    def _end(self, where: Where) -> int:
        begin, values = self._part(where)
        return begin + len(values)

    def _happens(self, what: str) -> None:
        if (happens := self.before.get(what)) is not None:
            happens()


@dataclass
class CountingSlots:
    """A streams.kafka.turning.Slots that keeps its positions and what was applied. before: what happens before a slot's batch."""

    positions: dict[Where, int] = field(default_factory=dict)
    applied: list[tuple[str, int, bytes]] = field(default_factory=list)
    ends: dict[Where, int] = field(default_factory=dict)
    before: dict[int, Callable[[], object]] = field(default_factory=dict)
    claimed: list[int] = field(default_factory=list)
    claims: dict[int, Claim] = field(default_factory=dict)
    most: int = 1_000
    ticks: int = 0
    taken: dict[int, Exception] = field(default_factory=dict)

    def claim(self, slot: int, begins: Mapping[str, int]) -> Claim:
        self.claimed.append(slot)
        own = {topic: self.positions.get((topic, slot), begin) for topic, begin in begins.items()}
        claim = self.claims[slot] = Claim(slot, self.claimed.count(slot), own)
        return claim

    def apply(self, slot: int, topic: str, records: Sequence[Incoming]) -> None:
        if (happens := self.before.get(slot)) is not None:
            happens()
        self.applied += [(topic, slot, each.value or b"") for each in records]
        self.positions[topic, slot] = records[-1].offset + 1
        self.claims[slot].moved(topic, records[-1].offset + 1)

    def read_to_end(self, slot: int, topic: str, as_of: int) -> None:
        self.ends[topic, slot] = as_of

    def tick(self) -> Mapping[int, Exception]:
        self.ticks += 1
        taken, self.taken = self.taken, {}
        self.forget(taken)
        return taken

    def forget(self, slots: Iterable[int] | None = None) -> None:
        for slot in list(self.claims if slots is None else slots):
            self.claims.pop(slot, None)
