"""Two workers on a real broker that play one trace after another: they claim, seek, fetch and apply; the trial has the clock."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from rules.model import Rule, RuleTest
from streams.kafka.claims import Claim
from streams.kafka.client import aiokafka_words_of
from streams.kafka.holding import Slots
from streams.kafka.incoming import Incoming
from streams.kafka.log import Where
from streams.kafka.settings import KafkaSettings
from streams.kafka.worker import Worker
from streams.project import Project
from tellfirst import clock
from tests.slow.real_kafka import Broker
from tests.streams.kafka.trials import SLOTS, TOPICS, OnSlots, TrialOnSlots
from tests.streams.kafka.world import ROUTED, Log

EVERY = (ROUTED, *TOPICS)
GROUP = "tellfirst"
WITHIN_SECONDS = 30.0


class Written(Log):
    """What trials write, on the broker. ends: by partition, the offset of the next record."""

    def __init__(self, producer: KafkaProducer) -> None:
        super().__init__(SLOTS)
        self._producer = producer
        self.ends = {(topic, slot): 0 for topic in EVERY for slot in range(SLOTS)}

    def append(self, topic: str, slot: int, value: bytes, headers: Sequence[tuple[str, bytes]] = (), *, at: int) -> None:
        self.ends[topic, slot] = self._producer.send(topic, value, headers=list(headers), partition=slot).get(10).offset + 1


class Part:
    """A streams.kafka.turning.Slots: one worker's, of the trial that is played. Only the trial says when time passes.

    asked: by partition, at which beat the end was asked for that the worker has come to.
    """

    def __init__(self, written: Written, moved: asyncio.Event) -> None:
        self._written, self._moved = written, moved
        self.slots: Slots | None = None
        self.asked: dict[Where, int] = {}

    @property
    def claims(self) -> Mapping[int, Claim]:
        return self.slots.claims if self.slots else {}

    @property
    def most(self) -> int:
        return self.slots.most if self.slots else 1

    def claim(self, slot: int, begins: Mapping[str, int]) -> Claim:
        """What earlier trials wrote is not there for this one."""
        assert self.slots is not None
        self._moved.set()
        return self.slots.claim(slot, {topic: self._written.ends[topic, slot] for topic in begins})

    def apply(self, slot: int, topic: str, records: Sequence[Incoming]) -> None:
        assert self.slots is not None
        self.slots.apply(slot, topic, records)
        self._moved.set()

    def read_to_end(self, slot: int, topic: str, as_of: int) -> None:
        self.asked[topic, slot] = as_of
        self._moved.set()

    def tick(self) -> Mapping[int, Exception]:
        return {}

    def forget(self, slots: Iterable[int] | None = None) -> None:
        self.asked.clear()
        if self.slots is not None:
            self.slots.forget(slots)


class Stage:
    """Where trials are played, one after the other, by the same workers in one consumer group.

    beat: of a clock that only says what was asked for before what.
    """

    def __init__(self, broker: Broker, producer: KafkaProducer) -> None:
        self.written, self.moved = Written(producer), asyncio.Event()
        self.parts = [Part(self.written, self.moved) for _ in range(2)]
        words = aiokafka_words_of(KafkaSettings(brokers=(broker.address,)), Path())
        self._workers = [self._worker(part, words, f"worker-{number}") for number, part in enumerate(self.parts)]
        self._runs: list[asyncio.Future[None]] = []
        self.beat = 0

    def _worker(self, part: Part, words: Mapping[str, Any], name: str) -> Worker:
        return Worker(
            part,
            {**words, "group_id": GROUP, "group_instance_id": name},
            topics=EVERY,
            clock=lambda: self.beat,
            elapsed=clock.elapsed,
            must_be_ours=self._are_ours,
            lost=lambda how: None,
        )

    async def _are_ours(self) -> None:
        """Nobody makes these topics anew."""

    async def play(self, project: Project, rule: Rule, test: RuleTest) -> str | None:
        """Return what was expected and what happened, None where they are the same."""
        self._runs = self._runs or [asyncio.ensure_future(worker.run()) for worker in self._workers]
        with closing(TrialOnSlots(project, rule, test, slots=partial(OnBrokers, self))) as trial:
            return await trial.difference()

    async def end(self) -> None:
        for worker in self._workers:
            worker.drain()
        await asyncio.gather(*self._runs)

    def read_to_end(self) -> set[Where]:
        """Return the partitions of which all is applied that was written before this beat."""
        return {
            where for part in self.parts for where, asked in part.asked.items() if asked == self.beat and where[1] in part.claims
        }

    async def until(self, holds: Callable[[], bool]) -> None:
        """Raises TimeoutError, and whatever a worker ended with."""
        async with asyncio.timeout(WITHIN_SECONDS):
            while not holds():
                self.moved.clear()
                waiting = asyncio.ensure_future(self.moved.wait())
                await asyncio.wait([waiting, *self._runs], return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
                for ended in [each for each in self._runs if each.done()]:
                    ended.result()


class OnBrokers(OnSlots):
    """As tests/streams/kafka/trials.py has it, with what brokers answer asked of brokers."""

    def __init__(self, stage: Stage, trial: TrialOnSlots, project: Project, topics: Sequence[str], lag: int) -> None:
        super().__init__(trial, project, topics, lag)
        self._stage, self._log = stage, stage.written
        for part, slots in zip(stage.parts, self._workers, strict=True):
            part.slots = slots

    async def _claim(self) -> None:
        await self._stage.until(lambda: all(part.claims for part in self._stage.parts) and len(self._claims()) == SLOTS)

    async def _fetch(self, *where: Where) -> None:
        ends = self._stage.written.ends
        await self._stage.until(lambda: all(self._claims()[slot].next[topic] == ends[topic, slot] for topic, slot in where))

    async def _read_to_end(self, topics: Sequence[str], as_of: int) -> None:
        """As of now: what was asked for before it is not heeded."""
        self._stage.beat += 1
        everywhere = {(topic, slot) for topic in topics for slot in range(SLOTS)}
        await self._stage.until(lambda: everywhere <= self._stage.read_to_end())
        await super()._read_to_end(topics, as_of)

    def _claims(self) -> Mapping[int, Claim]:
        return {slot: claim for part in self._stage.parts for slot, claim in part.claims.items()}
