"""How far a source has certainly been seen: event times and the clock in, W out, the same for every batch size.

Of each kind: w is W in microseconds since 1970, never running back, None while nothing was seen; saw(event) hears of an event and
returns W after it; lag is how far W stays behind by intent; state() is what the store keeps of it.
"""

from collections.abc import Iterable

from contracts.event import Event
from contracts.ids import mark_of, number_of
from contracts.times import DAY, MINUTE

MAX_LEAP = 30 * DAY
SOURCE_DELAY = 2 * MINUTE
SETTLE = 5 * MINUTE
LONGEST_ABSENCE = MINUTE


class FileWatermark:
    """W of a file: the greatest believed time so far, less `disorder`.

    A time more than `max_leap` ahead is not believed, until an event of a second case is as far ahead: then the lesser is (S4).
    wild: how many times were not believed.
    """

    def __init__(self, *, disorder: int = 0, max_leap: int = MAX_LEAP, state: dict[str, int] | None = None) -> None:
        stored = state or {}
        self.lag, self._max_leap, self.wild = disorder, max_leap, 0
        self.greatest: int | None = stored.get("greatest")
        self._floor: int | None = stored.get("floor")
        self._wild_time: int | None = stored.get("wild_time")
        self._wild_case: int | None = stored.get("wild_case")
        self.w: int | None = self._floor
        if self.greatest is not None:
            self._believe(self.greatest)

    def saw(self, event: Event) -> int | None:
        time, greatest = event.time, self.greatest
        if greatest is None or greatest < time <= greatest + self._max_leap:
            return self._believe(time)
        if time > greatest:
            self._saw_wild(time, number_of(mark_of("case", event.cases[0])), greatest + self._max_leap)
        return self.w

    def _believe(self, time: int) -> int:
        self.greatest, seen, w = time, time - self.lag, self.w
        if w is None or seen > w:
            self.w = w = seen
        return w

    def _saw_wild(self, time: int, case: int, believed_to: int) -> None:
        self.wild += 1
        if self._wild_time is None or self._wild_time <= believed_to:
            self._wild_time, self._wild_case = time, case
        elif self._wild_case == case:
            self._wild_time = min(time, self._wild_time)
        else:
            self._believe(min(time, self._wild_time))
            self._wild_time = self._wild_case = None

    def end(self, until: int | None = None) -> None:
        """The file is at its end: W is the greatest believed time, or `until` where that is later."""
        moments = [moment for moment in (self.greatest, self._floor, until) if moment is not None]
        self._floor = self.w = max(moments, default=None)

    def quiet(self, now: int) -> bool:
        """A file has its own time: it is never quiet."""
        return False

    def state(self) -> dict[str, int]:
        numbers = {"greatest": self.greatest, "floor": self._floor, "wild_time": self._wild_time, "wild_case": self._wild_case}
        return {name: number for name, number in numbers.items() if number is not None}


class ClockWatermark:
    """W of a rule's test: the virtual clock, wherever whoever holds it puts it."""

    lag = 0

    def __init__(self, start: int) -> None:
        self.greatest = self.w = start

    def saw(self, event: Event) -> int:
        """The clock moves W, not the event."""
        return self.w

    def end(self, until: int) -> None:
        self.greatest = self.w = max(self.w, until)

    def state(self) -> dict[str, int]:
        return {"floor": self.w}


class LiveWatermark:
    """W of a source that sends as things happen: the clock less `source_delay`, as long as we accept.

    After a start, and after a minute or more in which nobody looked (a suspended machine, a clock that jumped), W stays for
    `settle`, while senders repeat what they could not deliver. W never runs ahead of what the sender said (`source.complete`).
    While the source is quiet W stays too, since not seen is not the same as cannot see, and settles when something comes again.
    """

    def __init__(
        self,
        *,
        source_delay: int = SOURCE_DELAY,
        settle: int = SETTLE,
        quiet_after: int | None = None,
        state: dict[str, int] | None = None,
    ) -> None:
        stored = state or {}
        self.lag, self._settle, self._quiet_after = source_delay, settle, quiet_after
        self.w: int | None = stored.get("w")
        self._complete: int | None = stored.get("complete")
        self._looked: int | None = None
        self._settles_until: int | None = None
        self._last_event: int | None = None

    def saw(self, event: Event) -> int | None:
        """An event moves the W of a live source by its arrival, not by its time: `look` does that."""
        if self._looked is not None and self.quiet(self._looked):
            self._settles_until = self._looked + self._settle
        self._last_event = self._looked
        return self.w

    def look(self, now: int, *, read_to: int | None = None) -> None:
        """The clock stands at `now`. read_to: when the oldest record that waits to be read arrived, None where none waits."""
        away = self._looked is None or now - self._looked > LONGEST_ABSENCE
        if away and self.w is not None:
            self._settles_until = now + self._settle
        self._looked = now
        self._last_event = now if self._last_event is None else self._last_event
        if self.quiet(now):
            return
        if self._settles_until is None or now >= self._settles_until:
            self._settles_until = None
            self._move((now if read_to is None else min(now, read_to)) - self.lag)

    def _move(self, to: int) -> None:
        bound = to if self._complete is None else min(to, self._complete)
        self.w = bound if self.w is None else max(self.w, bound)

    def complete(self, until: int) -> None:
        """The sender says that it has sent everything up to `until`."""
        self._complete = until if self._complete is None else max(self._complete, until)

    def quiet(self, now: int) -> bool:
        """Whether nothing came for longer than `quiet_after`, not even since the start; a source without it is never quiet."""
        if self._quiet_after is None or self._last_event is None:
            return False
        return now - self._last_event > self._quiet_after

    def state(self) -> dict[str, int]:
        numbers = {"w": self.w, "complete": self._complete}
        return {name: number for name, number in numbers.items() if number is not None}


def least(marks: Iterable[int | None]) -> int | None:
    """Return the least W of several sources; None where one of them was not seen at all."""
    w: int | None = None
    for mark in marks:
        if mark is None:
            return None
        if w is None or mark < w:
            w = mark
    return w
