"""A slot as its worker holds it: who may write for it, where each topic of it goes on, and which fetched records are new.

Every claim of a slot raises its epoch in the database, and every transaction of the slot asks for that epoch first: whoever
claimed it before can write nothing more. Positions come from the database at the claim. Kafka's own offsets are a courtesy.

    free ──claim──▶ claimed ──apply──▶ claimed
                       │
                       └──fenced, revoked, any doubt──▶ free: forget everything of it, claim again, seek there

What is refused is never guessed at: TornSlot, LogMismatch (streams/kafka/errors.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from storage.records import SourcePosition
from streams.batch import Move
from streams.kafka.agreement import Disagreement
from streams.kafka.errors import LogMismatch, TornSlot
from streams.kafka.lag import Share, mismatches


class Stands(Protocol):
    """A record that stands somewhere in its topic."""

    @property
    def offset(self) -> int: ...


Record = TypeVar("Record", bound=Stands)


@dataclass
class Claim:
    """next: by topic, the offset of the first record whose effect is not in the database."""

    slot: int
    epoch: int
    next: dict[str, int]

    def unseen(self, topic: str, records: Sequence[Record]) -> Sequence[Record]:
        """Return those of a topic's records, in their order, that are not applied yet."""
        begin = self.next[topic]
        if not records or records[0].offset >= begin:
            return records
        return [each for each in records if each.offset >= begin]

    def move(self, topic: str, past: int, state: dict[str, int]) -> Move:
        """Return what one transaction writes of the position. past: the offset after the last record applied in it."""
        return Move(SourcePosition(topic, self.slot, past, state), expected=self.next[topic])

    def moved(self, topic: str, past: int) -> None:
        """The transaction is committed."""
        self.next[topic] = past


def slots_of(assigned: Iterable[tuple[str, int]], topics: Iterable[str]) -> tuple[int, ...]:
    """Return the slots of an assignment, in order. Raises TornSlot where a worker was not given all topics of one."""
    every = frozenset(topics)
    given: dict[int, set[str]] = {}
    for topic, slot in assigned:
        given.setdefault(slot, set()).add(topic)
    for slot, own in sorted(given.items()):
        if own != every:
            raise TornSlot(
                f"slot {slot}  it was given to us without {', '.join(sorted(every - own))} — all topics need equally many "
                "partitions, and all workers the same assignor: stop all, then start them"
            )
    return tuple(sorted(given))


def first_of(slot: int, stored: Mapping[str, int], begins: Mapping[str, int], ends: Mapping[str, int]) -> dict[str, int]:
    """Return where each topic of a slot goes on: where the database says, else at the oldest record that is kept.

    ends: asked for after the claim; before it, the former owner may still move on. Raises LogMismatch.
    """
    shares = [Share(topic, slot, begin, ends[topic], stored.get(topic)) for topic, begin in begins.items()]
    _refuse(mismatches(shares))
    return {each.topic: each.begin if each.read is None else each.read for each in shares}


def _refuse(found: Iterable[Disagreement]) -> None:
    if wrong := next(iter(found), None):
        raise LogMismatch(str(wrong))
