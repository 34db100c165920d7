"""A rule's test on slots instead of one source: two workers, copies relayed in memory, all on the clock of the test."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, cast
from zoneinfo import ZoneInfo

from contracts.event import Fate
from rules.compiler import RuleSet
from rules.memory import Memory
from rules.model import Line, Rule, RuleTest
from storage.store import Store
from streams.intake import Record
from streams.kafka.holding import Slots
from streams.kafka.log import Where
from streams.kafka.outgoing import whole_of
from streams.kafka.settings import Input, KafkaSettings
from streams.kafka.slots import slot_of
from streams.lines import Happened, difference
from streams.project import Project
from streams.rule_tests import Trial
from streams.settings import SourceSettings
from streams.story import Story
from streams.telling import Reach, asking, courier_of
from streams.watermark import ClockWatermark, FileWatermark
from tests.streams.kafka.world import ROUTED, Log, relay

SLOTS = 5
TOPICS = ("one", "two", "three")
WORKERS = ((0, 2, 4), (1, 3))
LIVE = {"a-time-ahead-is-kept-in-tests": "in a live run a time more than five minutes ahead is a dead letter (S4)"}
OF_SEVERAL_SLOTS = {"one-move-of-w-fires-by-due-then-case"}


class TrialOnSlots(Trial):
    """See streams/rule_tests.py. slots: makes what it runs on."""

    def __init__(self, project: Project, rule: Rule, test: RuleTest, *, slots: "Callable[..., OnSlots]") -> None:
        super().__init__(project, rule, test)
        lag, topics = (0, TOPICS) if test.disorder is None else (test.disorder, TOPICS[:1])
        self._on_slots = slots(self, _by_kafka(self._project, self._ruleset, self._zone, topics, lag), topics, lag)
        self._core = cast(Any, self._on_slots)

    async def difference(self) -> str | None:
        """Run it; return what was expected and what happened, None where they are the same."""
        await self.run()
        lines = self._test.then
        happened = _in_order_of(lines, self.happened) if self._rule.name in OF_SEVERAL_SLOTS else self.happened
        return difference(lines, happened, start=self._test.start)

    def _rehearsal(self) -> Any:
        courier = courier_of(
            self._project,
            self._ruleset,
            self.store,
            Reach(),
            sight=self._on_slots.sight,
            says_when_late=True,
            zone=self._customer_zone(),
        )
        self._on_slots.ask = asking(courier, self._story.told)
        return self._on_slots


def _in_order_of(lines: Sequence[Line], happened: Sequence[Happened]) -> list[Happened]:
    """What becomes due at one moment in several slots is found slot by slot; put it in the order of the lines."""
    cases = [line.words.get("case") for line in lines]
    return sorted(happened, key=lambda each: (each.found, cases.index(each.margins["case"])))


def _by_kafka(project: Project, ruleset: RuleSet, zone: ZoneInfo, topics: Sequence[str], lag: int) -> Project:
    """Events stand in topics by their nouns; what a test reads as a file stands in one."""
    nouns = sorted({name.partition(".")[0] for name in project.catalogue.types})
    inputs = tuple(Input(topic, tuple(nouns[number :: len(topics)])) for number, topic in enumerate(topics))
    own = SourceSettings(source_delay=lag, disorder=lag)
    settings = replace(
        project.settings,
        zone=zone,
        sources=dict.fromkeys(topics, own),
        kafka=KafkaSettings(brokers=("127.0.0.1:9092",), inputs=inputs),
    )
    return replace(project, settings=settings, ruleset=ruleset)


class OnSlots:
    """What streams.rehearsal.Rehearsal and streams.batch.Core are to a trial, for all slots together."""

    ask: Callable[[int], Awaitable[object]]

    def __init__(self, trial: TrialOnSlots, project: Project, topics: Sequence[str], lag: int) -> None:
        assert project.settings.kafka is not None
        self._topics = tuple(topics)
        self._project, self._store, self._lag = project, trial.store, lag
        self._story: Story = trial._story
        self._mark: ClockWatermark | FileWatermark = trial._mark
        self.clock = self._mark.greatest or 0
        self._log = Log(SLOTS)
        self._workers = [self._worker(project.settings.kafka) for _ in WORKERS]

    def _worker(self, settings: KafkaSettings) -> Slots:
        return Slots(
            self._project,
            settings,
            cast(Store, self._store),
            slots=SLOTS,
            clock=lambda: self.clock,
            on_commit=lambda committed, arrived: self._story.committed(committed),
            remember_every=0,
            look_every=0,
        )

    def sight(self, case: str) -> tuple[int | None, int]:
        return {slot.slot: slot.w for slot in self._store.slots()}.get(slot_of(case, SLOTS)), self._lag

    def memory(self, case: str) -> Memory:
        return self._holder(slot_of(case, SLOTS))._works[slot_of(case, SLOTS)]._core.memory(case)

    def next_ripe(self) -> int | None:
        each = [work._core.next_ripe() for worker in self._workers for work in worker._works.values()]
        return min([ripe_at for ripe_at in each if ripe_at is not None], default=None)

    def _holder(self, slot: int) -> Slots:
        return next(worker for worker in self._workers if slot in worker.claims)

    # as a rehearsal

    async def take(self, record: Record) -> Fate:
        for event in record.events:
            self._mark.saw(event)
            self.clock = max(self.clock, self._mark.greatest or 0)
            settings = self._project.settings.kafka
            assert settings is not None
            topic, slot = settings.carrying(event.type)[0].topic, slot_of(event.cases[0], SLOTS)
            await self._claim()
            self._log.append(topic, slot, whole_of(event, self._project.catalogue), at=self.clock)
            await self._fetch((topic, slot))
            if self._mark.w is not None:
                await self._see(self._mark.w)
        await self._speak()
        return Fate.APPLIED

    async def advance(self, to: int) -> None:
        while (moment := self._next_moment()) <= to:
            await self._stand_at(moment)
        await self._stand_at(to)

    def _next_moment(self) -> int:
        moments = [moment for moment in (self.next_ripe(), self._store.next_ask()) if moment is not None]
        return max(min(moments, default=1 << 62), self.clock)

    async def _stand_at(self, moment: int) -> None:
        self.clock = max(self.clock, moment)
        self._mark.end(moment)
        await self._see(moment)
        await self._speak()

    async def finish(self) -> None:
        self._mark.end(self.clock)
        await self._see(self.clock)
        await self._speak()

    async def _speak(self) -> None:
        while (due := self._store.next_ask()) is not None and due <= self.clock:
            await self.ask(self.clock)

    # between the slots

    async def _see(self, w: int) -> None:
        """All slots are seen up to `w`: each by its own inputs, then, when what they owe each other has come, with copies."""
        await self._claim()
        await self._read_to_end(self._topics, w + self._lag)
        self._tick()
        while relay(self._store, self._log, at=self.clock):
            await self._fetch(*((ROUTED, slot) for slot in range(SLOTS)))
        self._tick()
        await self._read_to_end((ROUTED,), self.clock)
        self._tick()

    def _tick(self) -> None:
        for worker in self._workers:
            assert not worker.tick()

    # which brokers answer where there are any

    async def _claim(self) -> None:
        """Have each slot claimed by one of the workers, if it is not."""
        for worker, mine in zip(self._workers, WORKERS, strict=True):
            for slot in [each for each in mine if each not in worker.claims]:
                worker.claim(slot, dict.fromkeys((*self._topics, ROUTED), 0))

    async def _fetch(self, *where: Where) -> None:
        """Have applied what was written there."""
        for topic, slot in where:
            holder = self._holder(slot)
            if records := self._log.read(topic, slot, holder.claims[slot].next[topic], 100):
                holder.apply(slot, topic, records)

    async def _read_to_end(self, topics: Sequence[str], as_of: int) -> None:
        """Have it known that nothing more than was applied was written to these topics until then."""
        for worker in self._workers:
            for slot in worker.claims:
                for topic in topics:
                    worker.read_to_end(slot, topic, as_of)
