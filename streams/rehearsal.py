"""The core and the courier on a clock that only events move: rule tests, backtest, demo and the simulator stand on it."""

from collections.abc import Callable

from contracts.event import Fate
from storage.store import SourcePosition, Store
from streams.batch import Committed, Core, Move
from streams.intake import Record
from streams.speaking import Ask, Speaking
from streams.stepping import Stepping
from streams.watermark import ClockWatermark, FileWatermark


class Rehearsal:
    """One source, read record by record. A batch ends before the courier has something to do, so that it sees what was found.

    ask: see Speaking. on_commit: hears what was committed, before the courier speaks of it.
    """

    def __init__(
        self,
        core: Core,
        store: Store,
        ask: Ask,
        *,
        source: str,
        mark: FileWatermark | ClockWatermark,
        on_commit: Callable[[Committed], None] = lambda committed: None,
    ) -> None:
        self._core, self._source, self._mark, self._on_commit = core, source, mark, on_commit
        self._stepping, self._speaking = Stepping(core, source=source, mark=mark), Speaking(store, ask)
        stored = store.position(source, 0)
        self._next = self._stored_next = stored.next if stored else 0

    @property
    def clock(self) -> int:
        """The greatest believed time so far, or where `advance` put it."""
        return self._stepping.clock

    async def take(self, record: Record) -> Fate:
        """Take one record, fire what its move of W makes due, and let the courier speak where it has something to say."""
        fate = self._stepping.take(record)
        self._next += 1
        await self._look()
        return fate

    async def _look(self) -> None:
        core = self._core
        if self._speaking.is_wanted(self.clock, found=core.has_found, somebody_new=core.knows_somebody_new):
            self.commit()
            await self._speaking.speak(self.clock)

    def commit(self) -> None:
        """Write everything since the last commit; the position moves with it."""
        position = SourcePosition(self._source, 0, self._next, self._mark.state())
        committed = self._core.commit([Move(position, self._stored_next)], now=self.clock)
        self._stored_next = self._next
        self._speaking.heard(committed, self.clock)
        self._on_commit(committed)

    async def advance(self, to: int) -> None:
        """Move clock and W on to a time, passing through every due + grace, hold and promise on the way."""
        while (moment := self._next_moment()) <= to:
            await self._stand_at(moment)
        await self._stand_at(to)

    def _next_moment(self) -> int:
        ripe, asked = self._core.next_ripe(), self._speaking.next_ask
        return max(asked if ripe is None else min(ripe, asked), self.clock)

    async def _stand_at(self, moment: int) -> None:
        self._stepping.stand_at(moment)
        await self._look()

    async def finish(self) -> None:
        """The source is at its end: W is the greatest believed time."""
        await self._stand_at(self.clock)
        self.commit()
