"""The core and the courier on a clock that only events move: replay, rule tests, backtest, demo and the simulator stand on it."""

from collections.abc import Awaitable, Callable, Container, Sequence

from msgspec.structs import replace

from contracts.event import Event, Fate
from contracts.notice import Answer, Reason
from storage.store import SourcePosition, Store
from streams.batch import Committed, Core, Move, summary
from streams.due import NEVER
from streams.intake import Record
from streams.watermark import ClockWatermark, FileWatermark

BATCH = 1_000
MOST_ROUNDS = 10_000
MOST_BURIED = 1 << 26


class Restless(Exception):
    """The courier was asked again and again at one moment, and still something was due."""


class Rehearsal:
    """One source, read record by record; `clock` is the greatest believed time so far, or where `advance` put it.

    ask: has the courier do what is due at a time of the clock; returns why it holds what it now holds.
    on_commit: hears what was committed, before the courier speaks of it.
    batch: records in a transaction at most; it closes, whatever its size, before the courier has something to do, so that the
    courier always sees what was found and the size means nothing (S2), and when its dead letters are more than 64 MiB.
    flush: ends the transaction of a store that joins them (streams/grouping.py); then a batch is closed for the courier by
    writing what was found, and all else follows when it is full. None: each commit ends its own.
    """

    def __init__(
        self,
        core: Core,
        store: Store,
        ask: Callable[[int], Awaitable[Container[Reason]]],
        *,
        source: str,
        mark: FileWatermark | ClockWatermark,
        batch: int = BATCH,
        flush: Callable[[], None] | None = None,
        on_commit: Callable[[Committed], None] = lambda committed: None,
    ) -> None:
        self._core, self._store, self._ask = core, store, ask
        self._source, self._mark, self._batch = source, mark, batch
        self._flush, self._on_commit = flush, on_commit
        stored = store.position(source, 0)
        self.next = self._stored_next = stored.next if stored else 0
        self.clock = mark.greatest or 0
        self._next_ask = self._asked_next()
        self._somebody_waits = bool(store.counts()["notices"].get(Answer.HELD, {}).get(Reason.CUSTOMER_UNKNOWN))

    async def take(self, record: Record) -> Fate:
        """Take one record, fire what its move of W makes due, and let the courier speak where it has something to say."""
        core = self._core
        if record.letter is not None:
            core.bury(replace(record.letter, at=self.clock))
            fate, late = Fate.DEAD, False
        elif len(record.events) == 1:
            fate, late = self._event(record.events[0])
        else:
            fate, late = self._events(record.events)
        core.count(self._source, fate, late=late)
        self.next += 1
        if core.has_found or self.clock >= self._next_ask or (self._somebody_waits and core.knows_somebody_new):
            await self._speak()
        if self.next - self._stored_next >= self._batch or core.buried_bytes > MOST_BURIED:
            self.commit()
        return fate

    def _event(self, event: Event) -> tuple[Fate, bool]:
        """Apply an event and fire what its move of W makes due; return its fate, and whether it was behind W."""
        mark, core = self._mark, self._core
        was = mark.w
        mark.saw(event)
        w, greatest = mark.w, mark.greatest
        if greatest is not None and greatest > self.clock:
            self.clock = greatest
        if w is None:
            return core.take(event, w=event.time, now=self.clock), False
        fate = core.take(event, w=w, now=self.clock)
        core.fire(w, self.clock)
        return fate, was is not None and event.time < was

    def _events(self, events: Sequence[Event]) -> tuple[Fate, bool]:
        each = [self._event(event) for event in events]
        return summary([fate for fate, _ in each]), any(late for _, late in each)

    def _asked_next(self) -> int:
        """Return when the courier has something to do next."""
        moment = self._store.next_ask()
        return NEVER if moment is None else moment

    async def _speak(self) -> None:
        """Write what was found, then ask the courier until nothing is due at this moment."""
        if self._flush is None:
            self.commit()
        else:
            self._heard(self._core.publish(now=self.clock))
        for _ in range(MOST_ROUNDS):
            if self._next_ask > self.clock:
                return
            self._somebody_waits |= Reason.CUSTOMER_UNKNOWN in await self._ask(self.clock)
            self._next_ask = self._asked_next()
        raise Restless(f"after {MOST_ROUNDS} rounds at {self.clock} something was still due at {self._next_ask}")

    def commit(self) -> None:
        """Write everything since the last commit; the position moves with it."""
        position = SourcePosition(self._source, 0, self.next, self._mark.state())
        committed = self._core.commit([Move(position, self._stored_next)], now=self.clock)
        self._stored_next = self.next
        self._heard(committed)
        if self._flush is not None:
            self._flush()

    def _heard(self, committed: Committed) -> None:
        """A new notice is asked at once."""
        made = any(each.notices for each in committed.noticed)
        self._next_ask = self.clock if made else self._asked_next()
        self._on_commit(committed)

    async def advance(self, to: int) -> None:
        """Move clock and W on to a time, passing through every due + grace, hold and promise on the way."""
        while (moment := self._next_moment()) <= to:
            await self._stand_at(moment)
        await self._stand_at(to)

    def _next_moment(self) -> int:
        ripe = self._core.next_ripe()
        return max(self._next_ask if ripe is None else min(ripe, self._next_ask), self.clock)

    async def _stand_at(self, moment: int) -> None:
        self.clock = max(self.clock, moment)
        self._mark.end(moment)
        await self._fire_and_speak()

    async def finish(self, until: int | None = None) -> None:
        """The file is at its end: W is the greatest believed time, then moves on to `until`."""
        self._mark.end(self.clock)
        await self._fire_and_speak()
        if until is not None:
            await self.advance(until)
        self.commit()

    async def _fire_and_speak(self) -> None:
        if self._mark.w is not None:
            self._core.fire(self._mark.w, self.clock)
        core = self._core
        if core.has_found or self.clock >= self._next_ask or (self._somebody_waits and core.knows_somebody_new):
            await self._speak()
