"""How far the slots are behind: where topics begin and end, and how far they were read, in; the lag of each share out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from streams.kafka.agreement import Disagreement

Offsets: TypeAlias = Mapping[tuple[str, int], int]
"""By topic and partition."""


@dataclass(frozen=True)
class Share:
    """What one topic has of a slot, in offsets.

    begin: of the oldest record kept; end: of the next one written; read: of the first not read, None where nobody knows.
    """

    topic: str
    slot: int
    begin: int
    end: int
    read: int | None

    @property
    def lag(self) -> int | None:
        """How many records wait; None where nobody knows. Of an empty topic none do."""
        if self.read is None:
            return None if self.end > self.begin else 0
        return max(self.end - max(self.read, self.begin), 0)


def shares_of(begins: Offsets, ends: Offsets, read: Offsets) -> tuple[Share, ...]:
    """Return the shares in the order of topics and slots. read: what is known of how far they were."""
    return tuple(Share(*where, begins[where], end, read.get(where)) for where, end in sorted(ends.items()))


def lag_of(shares: Sequence[Share]) -> int | None:
    """Return how many records of these wait to be read, None where that is not known of all."""
    lags = [each.lag for each in shares]
    return None if not lags or None in lags else sum(lag for lag in lags if lag is not None)


def mismatches(shares: Sequence[Share]) -> Iterator[Disagreement]:
    """Yield the shares whose position does not lie within what their topic holds."""
    for each in shares:
        place = f"{each.topic}, slot {each.slot}"
        if each.read is not None and each.read > each.end:
            fact = f"we have read to {each.read}, and it ends at {each.end}: it was made anew, or cut back"
            yield Disagreement(place, fact, "bring the topic back, or begin with a new `group`", refused=True)
        elif each.read is not None and each.read < each.begin:
            fact = f"{each.begin - each.read} records were removed before we read them"
            yield Disagreement(place, fact, "keep events for longer than we may be away: `retention`", refused=True)
