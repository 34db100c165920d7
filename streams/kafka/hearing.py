"""Which topics have fallen silent in all their partitions, by what the workers of all slots wrote of when they heard of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from storage.store import SourcePosition
from streams.settings import SourceSettings


class Store(Protocol):
    def parts_of(self, source: str) -> Sequence[SourcePosition]: ...


class Hearing:
    """Only topics that have a `quiet_after` can fall silent: not even since we began did anything come by them for that long.

    While one is silent nothing is learnt from its end, and for `settle` after something came again, while its sender repeats.
    """

    def __init__(self, store: Store, topics: Mapping[str, SourceSettings], *, clock: Callable[[], int]) -> None:
        self._store, self._clock = store, clock
        self._topics = {topic: own for topic, own in topics.items() if own.quiet_after is not None}
        self._heard = dict.fromkeys(self._topics, clock())
        self._settles_until: dict[str, int] = {}
        self.quiet: frozenset[str] = frozenset()

    def look(self) -> None:
        """Find out what has come since the last look, in whoever's slots."""
        now, before = self._clock(), self.quiet
        for topic in self._topics:
            heard = [part.state["heard"] for part in self._store.parts_of(topic) if "heard" in part.state]
            self._heard[topic] = max([self._heard[topic], *heard])
        self.quiet = frozenset(topic for topic in self._topics if self._is_quiet(topic, now))
        for topic in before - self.quiet:
            self._settles_until[topic] = now + self._topics[topic].settle

    def is_blind(self, topic: str, now: int) -> bool:
        """Whether that nothing stands in a topic says nothing."""
        return self._is_quiet(topic, now) or now < self._settles_until.get(topic, 0)

    def _is_quiet(self, topic: str, now: int) -> bool:
        own = self._topics.get(topic)
        return own is not None and own.quiet_after is not None and now - self._heard[topic] > own.quiet_after
