"""Which topics have fallen silent in all their partitions, by what the workers of all slots wrote of when they heard of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from contracts.times import HOUR
from storage.store import MinutesRow, Slot, SourcePosition
from streams.kafka.minutes import union
from streams.kafka.patience import By, Patience, patience_of
from streams.settings import SourceSettings


class Store(Protocol):
    def minutes_of(self, source: str) -> Sequence[MinutesRow]: ...
    def parts_of(self, source: str) -> Sequence[SourcePosition]: ...
    def slots(self) -> Sequence[Slot]: ...


class Hearing:
    """A topic is quiet once it was read farther than its patience goes, from the newest record of all its partitions on.

    While one is quiet nothing is learnt from its end, and for `settle` after something came again, while its sender repeats.
    patience: of each topic of which it is known, as it was at the beginning of this hour.
    """

    def __init__(self, store: Store, topics: Mapping[str, SourceSettings], *, clock: Callable[[], int]) -> None:
        self._store, self._topics, self._clock = store, topics, clock
        self._began, self._hour = clock(), 0
        self._quiet_from: dict[str, int] = {}
        self._settles_until: dict[str, int] = {}
        self.patience: dict[str, Patience] = {}
        self.quiet: frozenset[str] = frozenset()

    def look(self) -> None:
        """Find out what has come since the last look, in whoever's slots."""
        now, before = self._clock(), self.quiet
        if self._hour != now // HOUR:
            self._learn()
            self._hour = now // HOUR
        self._quiet_from = {topic: each.ends(self._heard(topic)) for topic, each in self.patience.items()}
        read_to = max((slot.own_w + slot.lag for slot in self._store.slots() if slot.own_w is not None), default=self._began)
        self.quiet = frozenset(topic for topic, moment in self._quiet_from.items() if read_to > moment)
        for topic in before - self.quiet:
            self._settles_until[topic] = now + self._topics[topic].settle

    def _learn(self) -> None:
        known = {topic: patience_of(own, union(self._store.minutes_of(topic))) for topic, own in self._topics.items()}
        self.patience = {topic: patience for topic, patience in known.items() if patience is not None}

    def _heard(self, topic: str) -> int:
        """Return when something came last; where never anything did, when we began."""
        parts = self._store.parts_of(topic)
        return max((part.state["heard"] for part in parts if "heard" in part.state), default=self._began)

    def in_force(self) -> Mapping[str, tuple[int, By]]:
        """Return for how many microseconds each topic may be silent now, and whence that comes; of those of which it is known."""
        now = self._clock()
        return {topic: (patience.at(now), patience.by) for topic, patience in self.patience.items()}

    def is_blind(self, topic: str, now: int) -> bool:
        """Whether that nothing stands in a topic says nothing."""
        return now > self._quiet_from.get(topic, now) or now < self._settles_until.get(topic, 0)
