"""The process that reads the log: the real core behind the real watermark, batch by batch."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from storage.store import SourcePosition
from streams.batch import Core, Move
from streams.noticing import Noticed
from streams.simulator.house import House
from streams.simulator.wire import Wire
from streams.simulator.world import DELAY, SOURCE, Arrival


class Step(NamedTuple):
    """What one step came to. read: the records. noticed: what was found."""

    read: Sequence[Arrival]
    noticed: Sequence[Noticed]


class Reader:
    """next: the record that it reads next. seen_up_to: W as of its last commit, which is what couriers may trust.

    true: what a perfect clock says; clock: what the clock of the machine says. Microseconds.
    """

    def __init__(self, house: House, database: sqlite3.Connection, log: Sequence[Arrival], *, name: str) -> None:
        self.name, self.wire = name, Wire(database)
        store = house.store(self.wire)
        self.core: Core = house.core(store)
        stored = store.position(SOURCE, 0)
        self.next = self._stored = stored.next if stored else 0
        self.mark = house.mark(stored.state if stored else None)
        self.seen_up_to = self.mark.w
        self._log = log

    def look(self, true: int, clock: int) -> None:
        """Bring W up to the clock, but not past the oldest record that has arrived and waits."""
        self.mark.look(clock, read_to=self._waits_since(true))

    def step(self, true: int, clock: int, *, most: int) -> Step:
        """Read at most so many records, fire what is due, commit. Raises sqlite3.Error and Fenced."""
        first = self.next
        while self.next < first + most and (since := self._waits_since(true)) is not None:
            self.mark.look(clock, read_to=since)
            if self.mark.w is None or self.mark.w < since - DELAY:
                break  # W settles: it comes up to this record first, so that what is due before it fires before it
            self._take(self._log[self.next], self.mark.w, clock)
        self.look(true, clock)
        if self.mark.w is not None:
            self.core.fire(self.mark.w, clock)
        return Step(self._log[first : self.next], self._commit(clock))

    def _waits_since(self, true: int) -> int | None:
        if self.next < len(self._log) and self._log[self.next].at <= true:
            return self._log[self.next].at
        return None

    def _take(self, arrival: Arrival, w: int, clock: int) -> None:
        self.core.fire(w, clock)
        self.mark.saw(arrival.event)
        self.core.count(SOURCE, self.core.take(arrival.event, w=w, now=clock))
        self.next += 1

    def _commit(self, clock: int) -> Sequence[Noticed]:
        noticed: Sequence[Noticed] = ()
        if self.next != self._stored or self.core.has_found:
            position = SourcePosition(SOURCE, 0, self.next, self.mark.state())
            noticed = self.core.commit([Move(position, self._stored)], now=clock).noticed
            self._stored = self.next
        self.seen_up_to = self.mark.w
        return noticed
