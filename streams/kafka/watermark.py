"""How far a slot has certainly been seen: events, and what each fetch says of the end of a topic, in; W out.

Behind a backlog W follows the events. Once a topic was read to its end, everything written before that moment is known, and W
follows the clock; when brokers cannot be reached nobody learns of the end, so W stands by itself.
"""

from collections.abc import Iterable, Mapping

from contracts.event import Event
from contracts.times import later
from streams.watermark import MAX_LEAP, SOURCE_DELAY, FileWatermark, least


class TopicMark:
    """W of one topic's partition, in microseconds since 1970; None while nothing is known.

    lag: how long after it happened an event may be written, or come after later ones.
    """

    def __init__(self, *, lag: int = SOURCE_DELAY, max_leap: int = MAX_LEAP, state: Mapping[str, int] | None = None) -> None:
        stored = dict(state or {})
        self.lag = lag
        self._seen: int | None = stored.pop("w", None)
        self._events = FileWatermark(disorder=lag, max_leap=max_leap, state=stored)

    def saw(self, event: Event) -> None:
        self._events.saw(event)

    def read_to_end(self, as_of: int) -> None:
        """All that was written by this moment of the clock was read and applied, open transactions included."""
        self._seen = later(self._seen, as_of - self.lag)

    @property
    def w(self) -> int | None:
        events = self._events.w
        return self._seen if events is None else later(self._seen, events)

    def state(self) -> dict[str, int]:
        return self._events.state() | ({} if self._seen is None else {"w": self._seen})


class SlotMark:
    """W of a slot: the least of its topics that carry anything whose absence is looked for, all of them where nothing is."""

    def __init__(self, marks: Mapping[str, TopicMark], *, awaited: Iterable[str] = ()) -> None:
        self._marks = marks
        self._counted = [mark for topic, mark in marks.items() if topic in set(awaited)] or list(marks.values())

    def __getitem__(self, topic: str) -> TopicMark:
        return self._marks[topic]

    @property
    def lag(self) -> int:
        return max(mark.lag for mark in self._counted)

    @property
    def w(self) -> int | None:
        return least(mark.w for mark in self._counted)


def is_read_to_end(position: int, highwater: int | None) -> bool:
    """Whether a partition was read to its end: its position has reached the high watermark that the last fetch told.

    Not the last stable offset: below an open transaction lie events that were written and cannot be read yet.
    """
    return highwater is not None and position >= highwater
