"""Whether the topics are still those that were read: what the brokers say of them, and what the store remembers, in."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from streams.kafka.errors import KafkaUnreachable, LogMismatch, TornSlot
from streams.kafka.topics import Found

UNKNOWN = frozenset({"", "None", "AAAAAAAAAAAAAAAAAAAAAA", "00000000-0000-0000-0000-000000000000"})


class Remembering(Protocol):
    """A store, which knows each topic by the id that brokers gave it when it was made."""

    def topic_ids(self) -> Mapping[str, str]: ...
    def remember_topics(self, ids: Mapping[str, str]) -> None:
        """Those that are remembered already stay as they are."""


class Identity:
    """slots: how many there were when we started; a topic has as many partitions for good."""

    def __init__(self, store: Remembering, topics: Iterable[str], *, slots: int) -> None:
        self._store, self.topics, self._slots = store, tuple(topics), slots

    def must_be_ours(self, found: Mapping[str, Found]) -> None:
        """Remember topics that are new. Raises KafkaUnreachable for one that is gone, LogMismatch, and TornSlot."""
        for topic in self.topics:
            if topic not in found:
                raise KafkaUnreachable(f"{topic}  there is no such topic — `tellfirst kafka init` makes what is missing")
            if found[topic].partitions != self._slots:
                fact = f"it has {found[topic].partitions} partitions, where there are {self._slots} slots"
                raise TornSlot(f"{topic}  {fact} — see docs/kafka.md, the topics")
        self._store.remember_topics({each: found[each].id for each in self.topics if found[each].id not in UNKNOWN})
        for topic, known in self._store.topic_ids().items():
            if topic in found and found[topic].id not in (known, *UNKNOWN):
                raise LogMismatch(
                    f"{topic}  it was made anew since it was read: our positions mean nothing in it — bring the topic back, or "
                    "begin with an empty database and a new `group`"
                )
