"""The live runtime: one process, one store; records are committed in batches and acknowledged, customers are told."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from contracts.event import DeadLetter, DeadReason, Event, Fate
from contracts.times import MINUTE
from storage.store import SourcePosition, Store
from streams.batch import POISON, Committed, Core, Move
from streams.detecting import Saw
from streams.inbox import MOST_WAITING, Delivery, Inbox
from streams.intake import Intake, Record
from streams.rounds import Rounds
from streams.tally import Tally, tally_of
from streams.watermark import FileWatermark, LiveWatermark, least

BATCH = 1_000
LINGER_SECONDS = 0.002
TICK_SECONDS = 1.0
TELL_SECONDS = 0.25
REMEMBER_W_EVERY = MINUTE


@dataclass
class Source:
    """intakes: by the name of their mapping, None for CloudEvents. next, stored: of the next record, here and in the store."""

    name: str
    intakes: Mapping[str | None, Intake]
    mark: LiveWatermark | FileWatermark
    next: int = 0
    stored: int = 0
    ended: bool = False

    def go_back(self, store: Store) -> None:
        """Go on where the store is."""
        position = store.position(self.name, 0)
        self.next = self.stored = position.next if position else 0


class Embedded:
    """ask: has the courier do what is due at a time of the clock.

    on_commit: hears what each batch came to, and when its oldest record arrived.
    """

    def __init__(
        self,
        core: Core,
        store: Store,
        ask: Callable[[int], Awaitable[object]],
        *,
        sources: Iterable[Source],
        clock: Callable[[], int],
        batch: int = BATCH,
        most_waiting: int = MOST_WAITING,
        on_commit: Callable[[Committed, int | None], None] = lambda committed, arrived: None,
    ) -> None:
        self._core, self._store, self._ask = core, store, ask
        self.sources = {source.name: source for source in sources}
        self._clock, self._batch, self._on_commit = clock, batch, on_commit
        self.inbox = Inbox(most_waiting)
        self._remembered_at = self._began = clock()
        self.w: int | None = None
        for source in self.sources.values():
            source.go_back(store)

    @property
    def cases_cached(self) -> int:
        return self._core.cases_cached

    def sight(self, case: str) -> tuple[int | None, int]:
        """Return how far the sources were seen and how far they stay behind by intent; (None, 0) when all have ended."""
        going = [source.mark.lag for source in self.sources.values() if not source.ended]
        return (self.w, max(going)) if going else (None, 0)

    def submit(
        self, source: str, raws: Sequence[bytes], *, mapping: str | None = None, on_take: Callable[[], None] = lambda: None
    ) -> "asyncio.Future[Tally]":
        """Take records in; the tally comes after their commit. on_take: is called when they come into a batch.

        Raises Full, Draining, and KeyError for an unknown source or mapping.
        """
        return self.inbox.put(source, self.sources[source].intakes[mapping], raws, arrived=self._clock(), on_take=on_take)

    async def feed(self, source: str, lines: AsyncIterator[list[bytes]], *, mapping: str | None = None) -> Tally:
        """Take in a source that can wait, such as a file or standard input, to its end. lines: those that came at once."""
        total: Counter[str] = Counter()
        pending: deque[asyncio.Future[Tally]] = deque()
        async for some in lines:
            await self.inbox.room(len(some))
            if self.inbox.draining:
                break
            pending.append(self.submit(source, some, mapping=mapping))
            while pending and pending[0].done():
                _add(total, await pending.popleft())
        for done in pending:
            _add(total, await done)
        self._end(self.sources[source])
        return tally_of(total)

    def _end(self, source: Source) -> None:
        source.ended = True
        if isinstance(source.mark, FileWatermark):
            source.mark.end()

    async def run(self) -> None:
        """Take in, fire and tell until `drain`; what was taken in by then is committed and acknowledged."""
        telling = asyncio.ensure_future(self._tell())
        try:
            while self.inbox or not self.inbox.draining:
                await self._wait()
                self.step()
                if telling.done():
                    telling.result()
            self.remember()
        finally:
            self.inbox.drain()
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    def drain(self) -> None:
        """Take nothing more in, finish what was taken, and let `run` return."""
        self.inbox.drain()

    async def _wait(self) -> None:
        """Wait for a record, at most a tick; then a moment more, so that those sent together are committed together."""
        waits = [asyncio.ensure_future(self.inbox.something()), asyncio.ensure_future(asyncio.sleep(TICK_SECONDS))]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        if self.inbox.waiting < self._batch and not self.inbox.draining:
            await asyncio.sleep(LINGER_SECONDS)

    async def _tell(self) -> None:
        rounds = Rounds(self._ask)
        try:
            while True:
                now = self._clock()
                if (due := self._store.next_ask()) is not None and due <= now:
                    rounds.begin(now)
                await asyncio.sleep(TELL_SECONDS)
                rounds.look()
        finally:
            await rounds.end()

    def step(self) -> None:
        """Commit one batch of what waits, and fire what the clock made due."""
        deliveries, self._began = self.inbox.take(self._batch), self._clock()
        try:
            self._take(deliveries)
            self._acknowledge(deliveries)
        except BaseException as failure:
            for delivery in deliveries:
                self.inbox.finished(delivery)
                if not delivery.done.done():
                    delivery.done.set_exception(failure)
                    delivery.done.exception()  # seen: whoever waits for many deliveries asks only the first
            raise

    def _take(self, deliveries: Sequence[Delivery]) -> None:
        try:
            read = self._read(deliveries)
            self._core.expect([event for _, records in read for record in records for event in record.events])
            for delivery, records in read:
                self._take_all(delivery, records)
            self._look(now := self._clock(), self.inbox.oldest)
            self._fire(now)
        except POISON:
            self._one_by_one(deliveries)
        if deliveries or self._core.has_found:
            self._commit(min((delivery.arrived for delivery in deliveries), default=None))
        elif self._clock() - self._remembered_at >= REMEMBER_W_EVERY:
            self.remember()

    def _read(self, deliveries: Sequence[Delivery]) -> list[tuple[Delivery, list[Record]]]:
        """Return the records of deliveries, before any of them is applied."""
        read, positions = [], {name: source.next for name, source in self.sources.items()}
        for each in deliveries:
            read.append((each, each.intake.read_all(each.raws, arrived=each.arrived, first=positions[each.source])))
            positions[each.source] += len(each.raws)
        return read

    def _take_all(self, delivery: Delivery, records: Sequence[Record]) -> None:
        source, now = self.sources[delivery.source], self._clock()
        self._look(now, delivery.arrived)
        fates = self._core.take_all(records, source.name, saw=self._seeing(source.mark, now), w=self.w, now=now)
        delivery.fates.update(fates)
        source.next += len(records)
        self._note(source, records, delivery.arrived)

    def _seeing(self, mark: LiveWatermark | FileWatermark, now: int) -> Saw:
        """Return what hears of each event of a source, and tells W of all of them after it."""

        def saw(event: Event) -> int | None:
            before = mark.w
            if mark.saw(event) != before:
                self._gather(now)
            return self.w

        return saw

    def _note(self, source: Source, records: Sequence[Record], arrived: int) -> None:
        """Take up what a sender said of how far it is, and note of times what those who run us want to know."""
        said = [record.until for record in records if record.until is not None]
        if said and isinstance(source.mark, LiveWatermark):
            source.mark.complete(max(said))
        oldest = min([event.time for record in records for event in record.events], default=None)
        clamped = sum([record.clamped for record in records])
        self._core.note(source.name, oldest=None if oldest is None else arrived - oldest, clamped=clamped)

    def _look(self, now: int, read_to: int | None) -> None:
        """Bring W up to the clock, but not past the arrival of the oldest record that still waits."""
        for source in self.sources.values():
            if isinstance(source.mark, LiveWatermark) and not source.ended:
                source.mark.look(now, read_to=read_to)
        self._gather(now)

    def _gather(self, now: int) -> None:
        """W is the least of the sources that are neither quiet nor at their end; of all, when none is left."""
        going = [source.mark.w for source in self.sources.values() if not source.ended and not source.mark.quiet(now)]
        w = least(going or [source.mark.w for source in self.sources.values()])
        if w is not None and (self.w is None or w > self.w):
            self.w = w

    def _fire(self, now: int) -> None:
        if self.w is not None:
            self._core.fire(self.w, now)

    def _commit(self, arrived: int | None = None) -> None:
        positions = [SourcePosition(each.name, 0, each.next, each.mark.state()) for each in self.sources.values()]
        moves = [Move(position, source.stored) for position, source in zip(positions, self.sources.values(), strict=True)]
        ready = self._clock()
        committed = self._core.commit(moves, now=ready)
        committed.counts.spent = {"take": ready - self._began, "commit": self._clock() - ready}
        for source in self.sources.values():
            source.stored = source.next
        self._remembered_at = self._clock()
        self._on_commit(committed, arrived)

    def remember(self) -> None:
        """Write how far W is, so that the next start knows it."""
        self._commit()

    def _acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            self.inbox.finished(delivery)
            if not delivery.done.done():
                delivery.done.set_result(tally_of(delivery.fates))

    def _one_by_one(self, deliveries: Sequence[Delivery]) -> None:
        """A record broke the core: take each by itself; the one that breaks it becomes a dead letter."""
        self._start_over()
        for delivery in deliveries:
            delivery.fates.clear()
            for raw in delivery.raws:
                try:
                    position = self.sources[delivery.source].next
                    self._take_all(delivery, [delivery.intake.read(raw, arrived=delivery.arrived, position=position)])
                except POISON as broken:
                    self._start_over()
                    self._bury(delivery, raw, f"{type(broken).__name__}: {broken}")
                self._commit()

    def _start_over(self) -> None:
        """Go back to what the store has."""
        self._core.drop()
        for source in self.sources.values():
            source.go_back(self._store)
            for intake in source.intakes.values():
                intake.forget()

    def _bury(self, delivery: Delivery, raw: bytes, detail: str) -> None:
        source = self.sources[delivery.source]
        self._core.bury(DeadLetter(source.name, source.next, raw, DeadReason.POISON, detail, self._clock()))
        self._core.count(source.name, Fate.DEAD)
        delivery.fates[Fate.DEAD] += 1
        source.next += 1


def _add(total: Counter[str], tally: Tally) -> None:
    total.update(
        {Fate.APPLIED: tally.applied, Fate.REPEATED: tally.repeated, Fate.UNREAD: tally.unread, Fate.DEAD: tally.dead_letters}
    )
