"""What the slots owe each other: how far all have been seen, and whether the copies of all that is before stand in their topic.

    all slots were seen up to w ──▶ the copies that waited then are gone ──▶ our partition was read to its end after that
                                    (Relayed, at a time of our clock)        (CopiesMark)

A slot writes how far it was seen in the transaction that writes the copies of what it saw. So whoever reads first how far all
slots are, and then which copies still wait, misses none.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from storage.store import Slot
from streams.kafka.watermark import Relayed
from streams.watermark import least


class Store(Protocol):
    def slots(self) -> Sequence[Slot]: ...
    def copies_waiting(self) -> tuple[int, int] | None: ...


class Owed(NamedTuple):
    """Everything up to w is relayed once no copy up to this number waits."""

    w: int
    last: int


class Exchange:
    """One for each process. slots: how many there are. relayed: the newest that is known, None while some slot was never seen."""

    def __init__(self, store: Store, *, slots: int, clock: Callable[[], int]) -> None:
        self._store, self._slots, self._clock = store, slots, clock
        self._owed: Owed | None = None
        self.relayed: Relayed | None = None

    def look(self) -> None:
        """Find out what has been relayed since the last look. The clock is asked last: an end asked for later has all of it."""
        if self._owed is None:
            self._owed = self._owe()
        waiting = self._store.copies_waiting()
        if self._owed is not None and (waiting is None or waiting[0] > self._owed.last):
            self.relayed, self._owed = Relayed(self._owed.w, self._clock()), None

    def _owe(self) -> Owed | None:
        slots = self._store.slots()
        w = least(each.own_w for each in slots) if len(slots) >= self._slots else None
        waiting = self._store.copies_waiting()
        return None if w is None else Owed(w, waiting[1] if waiting else 0)
