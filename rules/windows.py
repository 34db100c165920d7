"""A window of one case: events enter with their own time, and it answers for any moment how many, how much, how extreme.

Exact to 64 entries; what is older is folded into at most 65 buckets, which come and go as one, with their newest entry.
Where `keep` of the newest decide, 64 more are kept, since a look may lie some way behind the newest; what is older is dropped.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import chain
from math import fsum
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct

from contracts.times import SECOND
from rules.expression.spec import WindowSpec

EXACT = 64
BUCKETS = 64
NEVER = -(2**63)
MARK = 8
"""The bytes of a mark; marks stand one after another, so that looking for one reads one piece of memory."""

Number: TypeAlias = int | float


class Bucket(NamedTuple):
    """Some old entries taken as one; newest: the time at which they come and go."""

    newest: int
    size: int
    total: Number
    least: Number
    greatest: Number

    def joined(self, later: "Bucket") -> "Bucket":
        return Bucket(
            max(self.newest, later.newest),
            self.size + later.size,
            self.total + later.total,
            min(self.least, later.least),
            max(self.greatest, later.greatest),
        )


class Window(Struct, array_like=True, gc=False):
    """Entries stand in the order of (time, mark), so that the order of arrival changes nothing.

    length, keep: of its spec. since: the newest time of the event type since which it counts, None before the first.
    horizon: the greatest time whose mark was dropped by a limit; what is not later may be a repeat, and is refused.
    width: of a bucket.
    """

    times: list[int]
    marks: bytes
    values: list[Number | None]
    since: int | None
    horizon: int
    width: int
    buckets: list[Bucket]
    length: int | None
    keep: int | None

    @classmethod
    def of(cls, spec: WindowSpec) -> "Window":
        """Return a window in which nothing is."""
        width = SECOND if spec.length is None else max(1, spec.length // BUCKETS)
        return cls([], b"", [], None, NEVER, width, [], spec.length, spec.keep)

    def refuses(self, time: int) -> bool:
        """Whether an event of this time is too old to tell that it is new."""
        return time <= self.horizon

    def enter(self, time: int, mark: bytes, value: Number | None) -> bool:
        """Take in one event that is known to be new and not refused; False when it is before what the window counts since."""
        if self.since is not None and time < self.since:
            return False
        if not self.times or time > self.times[-1]:
            self.times.append(time)
            self.marks += mark
            self.values.append(value)
        else:
            place = self._place(time, mark)
            self.times.insert(place, time)
            self.marks = self.marks[: place * MARK] + mark + self.marks[place * MARK :]
            self.values.insert(place, value)
        if len(self.times) > EXACT:
            self.limit()
        return True

    def moves_since(self, time: int) -> None:
        """An event of the type since which it counts happened at this time."""
        if self.since is None or time > self.since:
            self.since = time
            self._drop(bisect_left(self.times, time))
            self.buckets = [bucket for bucket in self.buckets if bucket.newest >= time]

    def count(self, now: int) -> int | None:
        """Return how many entries it holds at a moment; None before the first event since which it counts."""
        start, end = self._span(now)
        if start < 0:
            return None
        return end - start + sum(bucket.size for bucket in self._buckets(now)) if self.buckets else end - start

    def sum(self, now: int) -> Number | None:
        """Return the sum of the values, 0 of nothing, None when unknown or beyond all numbers."""
        values = self._values(now)
        if values is None:
            return None
        return _total([*(bucket.total for bucket in self._buckets(now)), *values] if self.buckets else values)

    def min(self, now: int) -> Number | None:
        """Return the least value, None of nothing."""
        values = self._values(now) or []
        return min(chain((bucket.least for bucket in self._buckets(now)), values) if self.buckets else values, default=None)

    def max(self, now: int) -> Number | None:
        """Return the greatest value, None of nothing."""
        values = self._values(now) or []
        return max(chain((bucket.greatest for bucket in self._buckets(now)), values) if self.buckets else values, default=None)

    def mean(self, now: int) -> float | None:
        """Return the mean of the values, None of nothing."""
        count, total = self.count(now), self.sum(now)
        return total / count if count and total is not None else None

    def turns_after(self, now: int) -> int | None:
        """Return the next moment after this one at which an entry comes in or goes out, None when there is none."""
        turns = [bucket.newest for bucket in self.buckets] + self.times if self.buckets else self.times
        if self.length is None:
            return None if self.since is None else _first_after(turns, now)
        comes, goes = _first_after(turns, now), _first_after(turns, now - self.length)
        if goes is None:
            return None
        leaves = goes + self.length
        return leaves if comes is None else min(comes, leaves)

    def drop_before(self, now: int) -> None:
        """Drop what no look from this moment on can hold, all but the newest entry: it says when there was a look."""
        if self.length is not None:
            past = now - self.length
            if self.times and self.times[0] <= past:
                self._drop(min(bisect_right(self.times, past), len(self.times) - 1))
            if self.buckets:
                self.buckets = [bucket for bucket in self.buckets if bucket.newest > past]

    def drop_oldest(self) -> bool:
        """Drop the oldest bucket or entry for lack of room; False when it is empty."""
        if self.buckets:
            self.horizon = max(self.horizon, self.buckets.pop(0).newest)
            return True
        if not self.times:
            return False
        self.horizon = max(self.horizon, self.times[0])
        self._drop(1)
        return True

    def _place(self, time: int, mark: bytes) -> int:
        place = bisect_right(self.times, time)
        while place and self.times[place - 1] == time and self.marks[(place - 1) * MARK : place * MARK] > mark:
            place -= 1
        return place

    def _span(self, now: int) -> tuple[int, int]:
        """Return where the entries held at a moment begin and end, or (-1, -1) while that is unknown."""
        times = self.times
        end = len(times) if not times or times[-1] <= now else bisect_right(times, now)
        if self.length is not None:
            past = now - self.length
            return 0 if not times or times[0] > past else bisect_right(times, past), end
        return (min(bisect_left(times, self.since), end), end) if self.since is not None else (-1, -1)

    def _values(self, now: int) -> list[Any] | None:
        """Return the values of the entries held at a moment, None while that is unknown."""
        start, end = self._span(now)
        return None if start < 0 else self.values[start:end]

    @property
    def has_negative(self) -> bool:
        """Whether the sum may grow as an entry leaves."""
        return bool(self.values) and min(self.values) < 0  # type: ignore[type-var, operator]

    def _buckets(self, now: int) -> Iterator[Bucket]:
        """Yield the buckets held at a moment."""
        if self.length is not None:
            oldest = now - self.length + 1
        elif self.since is not None:
            oldest = self.since
        else:
            return
        yield from (bucket for bucket in self.buckets if oldest <= bucket.newest <= now)

    def limit(self) -> None:
        """Keep as many entries as are enough, or as are exact; the oldest beyond that go, or fold."""
        enough = EXACT if self.keep is None else self.keep + EXACT
        while len(self.times) > enough:
            self.horizon = self.times[0]
            if self.keep is None:
                self._fold(self.times[0], self.values[0])
            self._drop(1)

    def _fold(self, time: int, value: Number | None) -> None:
        """Take the oldest entry into the newest bucket, or a new one: folded times never fall."""
        amount = 0 if value is None else value
        self._add_bucket(Bucket(time, 1, amount, amount, amount))
        if self.length is not None:
            del self.buckets[: -BUCKETS - 1]  # 65 cover more than the whole length, wherever their grid begins
        while len(self.buckets) > BUCKETS and self.length is None:
            self.width *= 2
            narrow, self.buckets = self.buckets, []
            for bucket in narrow:
                self._add_bucket(bucket)

    def _add_bucket(self, bucket: Bucket) -> None:
        if self.buckets and self.buckets[-1].newest // self.width == bucket.newest // self.width:
            self.buckets[-1] = self.buckets[-1].joined(bucket)
        else:
            self.buckets.append(bucket)

    def _drop(self, entries: int) -> None:
        del self.times[:entries], self.values[:entries]
        self.marks = self.marks[entries * MARK :]


def _total(values: list[Number]) -> Number | None:
    """Return the exact sum of whole numbers, and of decimals the one nearest to it, whatever their order."""
    try:
        return fsum(values) if float in set(map(type, values)) else sum(values)
    except (OverflowError, ValueError):
        return None


def _first_after(times: list[int], moment: int) -> int | None:
    place = bisect_right(times, moment)
    return times[place] if place < len(times) else None
