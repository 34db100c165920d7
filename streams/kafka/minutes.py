"""When something came by a topic: the minutes of the last four weeks in which it did, and those in which somebody looked.

Each slot keeps those of its own partitions. What they come to together is a union, so it does not matter who wrote first, what is
read late, or read again.
"""

import zlib
from collections.abc import Iterable
from functools import reduce

from storage.store import MinutesRow

SPAN = 4 * 7 * 24 * 60
MASK = (1 << SPAN) - 1
BYTES = SPAN // 8
BRIDGED = 10
WRITTEN_EVERY = 5


class Minutes:
    """newest: minutes since 1970; bit n of `heard` and of `looked` stands for the n-th minute before it.

    since: the first minute of which anything is known, None while nothing is.
    """

    def __init__(self, *, since: int | None = None, newest: int = 0, heard: int = 0, looked: int = 0) -> None:
        self.since, self.newest, self.heard, self.looked = since, newest, heard, looked
        self._written = (newest, heard)

    def hear(self, minute: int) -> None:
        bit = self._bit(minute)
        self.heard |= bit

    def look(self, minute: int) -> None:
        """Of a few minutes before it nobody needs to have said that they looked: a restart is no absence."""
        if minute != self.newest or not self.looked & 1:
            bit = self._bit(minute)
            before = self.looked & ((bit << BRIDGED + 1) - bit)
            self.looked |= (before & -before) - bit if before else bit

    def _bit(self, minute: int) -> int:
        """Return the bit of a minute, 0 where it is too long ago."""
        if minute > self.newest:
            self.heard, self.looked = (_moved(bits, minute - self.newest) for bits in (self.heard, self.looked))
            self.newest = minute
        self.since = minute if self.since is None else min(minute, self.since)
        age = self.newest - minute
        return 1 << age if age < SPAN else 0

    def joined(self, other: "Minutes") -> "Minutes":
        newest = max(self.newest, other.newest)
        heard, looked = (
            _moved(ours, newest - self.newest) | _moved(theirs, newest - other.newest)
            for ours, theirs in ((self.heard, other.heard), (self.looked, other.looked))
        )
        return Minutes(since=_earlier(self.since, other.since), newest=newest, heard=heard, looked=looked)

    @property
    def to_be_written(self) -> bool:
        """What was heard is written with the position; that somebody looked, now and then: it is bridged."""
        newest, heard = self._written
        return self.heard != _moved(heard, self.newest - newest) or self.newest - newest >= WRITTEN_EVERY

    def written(self) -> None:
        self._written = self.newest, self.heard

    def row(self, source: str, part: int) -> MinutesRow:
        return MinutesRow(source, part, self.since or 0, self.newest, _packed(self.heard), _packed(self.looked))


def minutes_of(row: MinutesRow) -> Minutes:
    return Minutes(since=row.since, newest=row.newest, heard=_unpacked(row.heard), looked=_unpacked(row.looked))


def union(rows: Iterable[MinutesRow]) -> Minutes:
    return reduce(Minutes.joined, map(minutes_of, rows), Minutes())


def _moved(bits: int, by: int) -> int:
    return (bits << by) & MASK if by < SPAN else 0


def _earlier(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _packed(bits: int) -> bytes:
    return zlib.compress(bits.to_bytes(BYTES, "big"), 1)


def _unpacked(packed: bytes) -> int:
    return int.from_bytes(zlib.decompress(packed), "big")
