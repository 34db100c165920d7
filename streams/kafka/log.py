"""What a worker asks of the brokers for its slots: which it was given, where their topics begin and end, what was written."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

from streams.kafka.incoming import Incoming
from streams.kafka.lag import Offsets
from streams.kafka.watermark import is_read_to_end

Where: TypeAlias = tuple[str, int]
"""A topic and one of its partitions."""


@dataclass(frozen=True)
class Reach:
    """How far a partition was handed to us. highwater: its end, open transactions counted, when it was asked for at `as_of`.

    position, highwater: offsets of the next record. as_of: microseconds since 1970.
    """

    position: int
    highwater: int
    as_of: int

    @property
    def lag(self) -> int:
        return max(self.highwater - self.position, 0)

    @property
    def is_at_the_end(self) -> bool:
        return is_read_to_end(self.position, self.highwater)


class Fetched(NamedTuple):
    """reached: how far partitions were handed to us with these records, of those whose end is known."""

    records: Mapping[Where, Sequence[Incoming]]
    reached: Mapping[Where, Reach]

    def of(self, slots: Container[int]) -> "Fetched":
        """Return what of it belongs to these slots."""
        records = {where: own for where, own in self.records.items() if where[1] in slots}
        return Fetched(records, {where: reach for where, reach in self.reached.items() if where[1] in slots})


class Log(Protocol):
    """Nothing of it is lost: a record that was handed out once is handed out again after a seek to it."""

    def assigned(self) -> frozenset[Where]:
        """Return the partitions that the group gave us."""

    async def begins(self, where: Sequence[Where]) -> Offsets: ...
    async def ends(self, where: Sequence[Where]) -> Offsets: ...
    async def seek(self, positions: Offsets) -> None: ...
    async def fetch(self, where: Sequence[Where], *, within: float) -> Fetched:
        """Return what was written to these since the last fetch, nothing when nothing came within so many seconds."""

    async def committed(self, where: Sequence[Where]) -> Offsets:
        """Return what our group has committed, of those of which it has anything."""

    async def commit(self, positions: Offsets) -> None: ...
    async def join_again(self) -> None:
        """Have the group deal its partitions out anew."""
