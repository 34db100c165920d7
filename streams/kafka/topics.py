"""Which topics there should be: the inputs, and our own beside them, each with its partitions, copies and settings.

A *slot* is a partition number: partition i of all slotted topics together. One worker reads a slot, so the slotted topics must
have equally many partitions, and a case must always be in the same one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.outgoing import Word
from contracts.times import DAY
from streams.kafka.settings import KafkaSettings

USUAL_PARTITIONS = 12
USUAL_REPLICAS = 3
IN_SYNC = 2
LARGEST_LETTER = 2 << 20
ROUTED, TOLD, DEAD_LETTERS = Word.ROUTED, Word.TOLD, Word.DEAD_LETTERS
DECIDED = (Word.PROBLEMS, Word.NOTICES, Word.RECEIPTS)

POLICY, RETENTION, SEGMENT, STAMP = "cleanup.policy", "retention.ms", "segment.ms", "message.timestamp.type"
LEAST_IN_SYNC, LARGEST = "min.insync.replicas", "max.message.bytes"
COMPACTED_AFTER, TAKEN_BACK_FOR = "max.compaction.lag.ms", "delete.retention.ms"
SETTINGS = (POLICY, RETENTION, SEGMENT, STAMP, LEAST_IN_SYNC, LARGEST, COMPACTED_AFTER, TAKEN_BACK_FOR)


@dataclass(frozen=True)
class Cluster:
    """brokers: how many there are."""

    id: str
    brokers: int


@dataclass(frozen=True)
class Wanted:
    """slotted: whether its partitions are slots. ours: whether nobody but us writes to it."""

    topic: str
    partitions: int
    replicas: int
    configs: Mapping[str, str]
    slotted: bool
    ours: bool


@dataclass(frozen=True)
class Found:
    """A topic as it is. replicas: the least of its partitions; leaderless: the partitions that nobody serves."""

    topic: str
    id: str
    partitions: int
    replicas: int
    leaderless: tuple[int, ...]
    configs: Mapping[str, str]

    @property
    def served(self) -> tuple[int, ...]:
        return tuple(number for number in range(self.partitions) if number not in self.leaderless)


def names_of(settings: KafkaSettings) -> tuple[str, ...]:
    """Return the names of all topics, the inputs first."""
    own = (f"{settings.group}.{name}" for name in (ROUTED, *DECIDED, DEAD_LETTERS, TOLD))
    return (*(each.topic for each in settings.inputs), *own)


def routed_of(settings: KafkaSettings) -> str:
    """Return the name of our topic of copies."""
    return f"{settings.group}.{ROUTED}"


def slotted_of(settings: KafkaSettings) -> tuple[str, ...]:
    """Return the names of the topics of which every slot has a partition, our own first."""
    return (routed_of(settings), *(each.topic for each in settings.inputs))


def slots_in(slotted: Mapping[str, Found]) -> int:
    """Return how many slots there are, by topics of which each has a partition of every slot."""
    return next(iter(slotted.values())).partitions


def wanted_of(settings: KafkaSettings, cluster: Cluster, found: Mapping[str, Found]) -> tuple[Wanted, ...]:
    """Return the topics in the order of their names. What the settings leave open follows the cluster and what is there."""
    partitions = settings.partitions or _present_partitions(settings, found) or USUAL_PARTITIONS
    replicas = settings.replicas or min(USUAL_REPLICAS, cluster.brokers)
    in_sync = settings.in_sync or (IN_SYNC if replicas > IN_SYNC else 1)
    inputs = {each.topic for each in settings.inputs}
    slotted = slotted_of(settings)
    told, letters = (f"{settings.group}.{name}" for name in (TOLD, DEAD_LETTERS))

    def wanted(topic: str) -> Wanted:
        configs = {**(_newest_only() if topic == told else _for(settings.retention)), LEAST_IN_SYNC: str(in_sync)}
        if topic == letters:
            configs[LARGEST] = str(LARGEST_LETTER)
        return Wanted(topic, partitions, replicas, configs, slotted=topic in slotted, ours=topic not in inputs)

    return tuple(wanted(topic) for topic in names_of(settings))


def _present_partitions(settings: KafkaSettings, found: Mapping[str, Found]) -> int | None:
    """Return how many slots there are already, by the first slotted topic that is there."""
    return next((found[topic].partitions for topic in slotted_of(settings) if topic in found), None)


def _for(retention: int) -> dict[str, str]:
    """Kept for so long after they were written, whatever time they tell of; at most a day of them goes at once."""
    return {
        POLICY: "delete",
        RETENTION: _milliseconds(retention),
        SEGMENT: _milliseconds(min(retention, DAY)),
        STAMP: "LogAppendTime",
    }


def _newest_only() -> dict[str, str]:
    """Of each key the newest, for good; what was taken back is gone within days."""
    return {
        POLICY: "compact",
        SEGMENT: _milliseconds(DAY),
        COMPACTED_AFTER: _milliseconds(7 * DAY),
        TAKEN_BACK_FOR: _milliseconds(DAY),
    }


def _milliseconds(length: int) -> str:
    return str(length // 1_000)
