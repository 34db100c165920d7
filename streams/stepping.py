"""Records in, and what each comes to out, on a clock that only events move; nothing is written and nobody is told."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from contracts.event import Event, Fate
from streams.detecting import Detecting, summary
from streams.intake import Record
from streams.unwritten import Closed, Unwritten
from streams.watermark import ClockWatermark, FileWatermark

BATCH = 1_000
MOST_BURIED = 1 << 26


class End(Struct, frozen=True, gc=False):
    """Where a batch ends. state: of the watermark."""

    closed: Closed
    state: dict[str, int]


class Step(Struct, frozen=True, gc=False):
    """What a record came to, or a time at which something fell due.

    records: how many, one or none. clock, w: after it. unwritten: what it brought, None for nothing.
    end: where it is the last of its batch.
    """

    records: int
    clock: int
    w: int | None
    unwritten: Unwritten | None
    end: End | None


class Stepping:
    """One source, read record by record. clock: the greatest believed time so far, or where `stand_at` put it.

    batch: records in a batch at most; it closes too when its dead letters are more than 64 MiB.
    """

    def __init__(self, detecting: Detecting, *, source: str, mark: FileWatermark | ClockWatermark, batch: int = BATCH) -> None:
        self._detecting, self._source, self._mark, self._batch = detecting, source, mark, batch
        self.clock = mark.greatest or 0
        self._records = 0

    def take(self, record: Record) -> Fate:
        """Take one record, and fire what its move of W makes due."""
        detecting = self._detecting
        if record.letter is not None:
            detecting.bury(replace(record.letter, at=self.clock))
            fate, late = Fate.DEAD, False
        elif len(record.events) == 1:
            fate, late = self._event(record.events[0])
        else:
            fate, late = self._events(record.events)
        detecting.count(self._source, fate, late=late)
        self._records += 1
        return fate

    def _event(self, event: Event) -> tuple[Fate, bool]:
        """Apply an event and fire what its move of W makes due; return its fate, and whether it was behind W."""
        mark, detecting = self._mark, self._detecting
        was, w, greatest = mark.w, mark.saw(event), mark.greatest
        if greatest is not None and greatest > self.clock:
            self.clock = greatest
        if w is None:
            return detecting.take(event, w=event.time, now=self.clock), False
        fate = detecting.take(event, w=w, now=self.clock)
        detecting.fire(w, self.clock)
        return fate, was is not None and event.time < was

    def _events(self, events: Sequence[Event]) -> tuple[Fate, bool]:
        each = [self._event(event) for event in events]
        return summary([fate for fate, _ in each]), any(late for _, late in each)

    def stand_at(self, moment: int) -> None:
        """The clock is at a time, and nothing is on its way any more: W is there too."""
        self.clock = max(self.clock, moment)
        self._mark.end(moment)
        if self._mark.w is not None:
            self._detecting.fire(self._mark.w, self.clock)

    @property
    def is_full(self) -> bool:
        return self._records >= self._batch or self._detecting.buried_bytes > MOST_BURIED

    def close(self) -> End:
        """Close the batch at hand."""
        self._records = 0
        return End(self._detecting.close(), self._mark.state())

    def steps(self, records: Iterable[Sequence[Record]], until: int | None) -> Iterator[Step]:
        """Yield what each record comes to, then what falls due at their end, and on the way from there to `until`.

        records: many at a time, of which the memories are read at once.
        """
        for some in records:
            self._detecting.expect([event for record in some for event in record.events])
            for record in some:
                self.take(record)
                yield self._step(1, ends=self.is_full)
        self.stand_at(self.clock)
        yield self._step(0)
        while until is not None and (ripe := self._detecting.next_ripe()) is not None and ripe <= until:
            self.stand_at(max(ripe, self.clock))
            yield self._step(0)
        if until is not None:
            self.stand_at(until)
        yield self._step(0, ends=True)

    def _step(self, records: int, *, ends: bool = False) -> Step:
        unwritten = self._detecting.hand_on() if self._detecting.has_news else None
        return Step(records, self.clock, self._mark.w, unwritten, self.close() if ends else None)
