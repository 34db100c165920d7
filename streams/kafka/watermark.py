"""How far a slot has certainly been seen: events, and what each fetch says of the end of a topic, in; W out.

Behind a backlog W follows the events. Once a topic was read to its end, everything written before that moment is known, and W
follows the clock; when brokers cannot be reached nobody learns of the end, so W stands by itself. What comes as a copy from
another slot is known once that slot has seen it, passed it on, and we have read the copies to their end after that.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from contracts.event import Event
from contracts.times import MINUTE, later
from storage.store import MinutesRow, Seen
from streams.kafka.minutes import Minutes
from streams.watermark import MAX_LEAP, SOURCE_DELAY, FileWatermark, least


class Arrives(Protocol):
    """A record that reached the brokers at some time, as far as they say so."""

    def arrived(self, now: int) -> int: ...


class TopicMark:
    """W of one topic's partition, in microseconds since 1970; None while nothing is known.

    lag: how long after it happened an event may be written, or come after later ones.
    is_blind: whether nothing that came of late says anything: not seen is not the same as cannot see.
    minutes: in which something came or somebody looked; of a batch that failed too, for the records are there.
    """

    def __init__(
        self,
        *,
        lag: int = SOURCE_DELAY,
        max_leap: int = MAX_LEAP,
        state: Mapping[str, int] | None = None,
        minutes: Minutes | None = None,
    ) -> None:
        self.lag, self._max_leap, self.minutes = lag, max_leap, minutes or Minutes()
        self.is_blind: Callable[[int], bool] = lambda now: False
        self.heard_at: int | None = None
        self._begin(dict(state or {}))

    def _begin(self, state: dict[str, int]) -> None:
        self._kept = dict(state)
        self._seen: int | None = state.pop("w", None)
        self.heard_at = state.pop("heard", None)
        self._events = FileWatermark(disorder=self.lag, max_leap=self._max_leap, state=state)
        self._ended: int | None = None
        self.w = self._gathered()

    def saw(self, event: Event) -> None:
        self._events.saw(event)
        self.w = self._gathered()

    def heard(self, records: Sequence[Arrives], now: int) -> None:
        """Something came, whatever it was."""
        self.heard_at = later(self.heard_at, min(records[-1].arrived(now), now))
        _hear(self.minutes, records, now)

    def read_to_end(self, as_of: int) -> None:
        """All that was written by this moment of the clock was read, applied and committed, open transactions included."""
        self._ended = later(self._ended, as_of - self.lag)
        if not self.is_blind(as_of):
            self.minutes.look(as_of // MINUTE)
            self._seen = self._kept["w"] = later(self._seen, as_of - self.lag)
            self.w = self._gathered()

    @property
    def read_up_to(self) -> int | None:
        """W as it would be if nothing were blind."""
        return self.w if self._ended is None else later(self.w, self._ended)

    def _gathered(self) -> int | None:
        events = self._events.w
        return self._seen if events is None else later(self._seen, events)

    def state(self) -> dict[str, int]:
        own = {"w": self._seen, "heard": self.heard_at}
        return self._events.state() | {name: number for name, number in own.items() if number is not None}

    def keep(self) -> None:
        """What was seen so far is committed."""
        self._kept = self.state()
        if self.minutes.to_be_written:
            self.minutes.written()

    def go_back(self) -> None:
        """What was seen since `keep` was not committed, and will be seen again."""
        self._begin(dict(self._kept))


class Relayed(NamedTuple):
    """By `at` of our clock every copy of what all slots have seen up to w stood in its topic."""

    w: int
    at: int


class CopiesMark:
    """W of what reaches a slot as copies from all slots. relayed: says the newest that is known of what stands in the topic."""

    def __init__(self, relayed: Callable[[], Relayed | None]) -> None:
        self._relayed = relayed
        self._awaited: Relayed | None = None
        self.w: int | None = None

    def read_to_end(self, as_of: int) -> None:
        """The topic's partition was read and applied to the end that it had at this moment of the clock."""
        for each in (self._awaited, self._relayed()):
            if each is not None and each.at <= as_of:
                self.w = later(self.w, each.w)
        if self._awaited is None or self._awaited.at <= as_of:
            self._awaited = self._relayed()


NEVER = Seen(w=None, own_w=None, lag=0, at=0)


class SlotMark:
    """W of a slot: the least of its topics that carry anything whose absence is looked for, all of them where nothing is.

    copies: of what comes from other slots, None where nothing does that is waited for.
    before: how far the slot was seen by whoever had it before; W never runs back. own_w: W by the slot's own inputs.
    """

    def __init__(
        self,
        marks: Mapping[str, TopicMark],
        *,
        awaited: Iterable[str] = (),
        copies: CopiesMark | None = None,
        before: Seen = NEVER,
    ) -> None:
        self.topics, self._copies, self._before = marks, copies, before
        self._counted = [mark for topic, mark in marks.items() if topic in set(awaited)] or list(marks.values())
        self.lag = max(mark.lag for mark in self._counted)
        self._gather()

    def __getitem__(self, topic: str) -> TopicMark:
        return self.topics[topic]

    def saw(self, topic: str, event: Event) -> None:
        """Only a topic that was among the least can move W."""
        mark = self.topics[topic]
        before = mark.w
        mark.saw(event)
        if mark.w != before and (before is None or self.own_w is None or before <= self.own_w):
            self._gather()

    def read_to_end(self, topic: str, as_of: int) -> None:
        if topic in self.topics:
            self.topics[topic].read_to_end(as_of)
        elif self._copies is not None:
            self._copies.read_to_end(as_of)
        self._gather()

    def _gather(self) -> None:
        self.own_w = _never_back(least(mark.w for mark in self._counted), self._before.own_w)
        w = self.own_w if self._copies is None else least((self.own_w, self._copies.w))
        self.w = _never_back(w, self._before.w)

    def minutes(self, slot: int) -> list[MinutesRow]:
        """Return what is to be written of when something came."""
        return [mark.minutes.row(topic, slot) for topic, mark in self.topics.items() if mark.minutes.to_be_written]

    def seen(self, at: int) -> Seen:
        """Return how far the slot is seen at a time of the clock. What a silent topic holds W back by is held back by intent."""
        return Seen(self.w, self.own_w, self.lag + self._held_back(), at)

    def _held_back(self) -> int:
        """Return how much farther the slot was read than it is seen. What lies unread in a silent topic was not read either."""
        read = least(mark.read_up_to for mark in self._counted)
        return 0 if read is None or self.own_w is None else max(read - self.own_w, 0)

    def keep(self) -> None:
        for mark in self.topics.values():
            mark.keep()

    def go_back(self) -> None:
        for mark in self.topics.values():
            mark.go_back()
        self._gather()


def _hear(minutes: Minutes, records: Sequence[Arrives], now: int) -> None:
    """Of records that came in the same minute two are looked at, however many there are."""
    first, last = (min(each.arrived(now), now) // MINUTE for each in (records[0], records[-1]))
    minutes.hear(first)
    minutes.hear(last)
    if abs(last - first) > 1 and len(records) > 2:
        middle = len(records) // 2
        _hear(minutes, records[: middle + 1], now)
        _hear(minutes, records[middle:], now)


def _never_back(w: int | None, before: int | None) -> int | None:
    return before if w is None else later(before, w)


def is_read_to_end(position: int, highwater: int | None) -> bool:
    """Whether a partition was read to its end: its position has reached the high watermark that the last fetch told.

    Not the last stable offset: below an open transaction lie events that were written and cannot be read yet.
    """
    return highwater is not None and position >= highwater
