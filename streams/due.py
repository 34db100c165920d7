"""Which cases have something due, and in which order it fires: (due, case, rule)."""

from collections.abc import Callable, Collection, Iterable, Iterator
from heapq import heapify, heappop, heappush

from contracts.times import HOUR

NEVER = 1 << 63
MOST_LEFT_BEHIND = 1_000
"""So many entries that count no more may lie about, beside one for each case; then they are swept out."""


class Dues:
    """One entry per case: the earliest W at which something of it is ripe. An entry may be early, never late (S2).

    Entries lie unsorted in buckets of an hour each; only what comes next is near, and in order. It is empty when all is.
    quiet_until: certainly nothing is to be looked at before this W.
    """

    def __init__(self, armed: Iterable[tuple[str, int]] = ()) -> None:
        self._begin(armed)

    def _begin(self, armed: Iterable[tuple[str, int]]) -> None:
        self._armed: dict[str, int] = {}
        self._buckets: dict[int, list[str]] = {}
        self._hours: list[int] = []
        self._near: list[tuple[int, str]] = []
        self._near_until, self.quiet_until, self._left_behind = 0, NEVER, 0
        for case, ripe_at in armed:
            self.arm(case, ripe_at)

    def __len__(self) -> int:
        return len(self._armed)

    def arm(self, case: str, ripe_at: int) -> None:
        """Note when a case is to be looked at; what was noted before is passed over when its time comes."""
        before = self._armed.get(case)
        if before == ripe_at:
            return
        self._armed[case] = ripe_at
        if before is not None:
            self._left_behind += 1
            if self._left_behind > len(self._armed) + MOST_LEFT_BEHIND:
                self._begin(self._armed.items())
                return
        if ripe_at < self.quiet_until:
            self.quiet_until = ripe_at
        hour = ripe_at // HOUR
        if not self._near:
            self._near_until = hour + 1
        if hour < self._near_until:
            heappush(self._near, (ripe_at, case))
        elif (bucket := self._buckets.get(hour)) is not None:
            bucket.append(case)
        else:
            self._buckets[hour] = [case]
            heappush(self._hours, hour)

    def rearm(self, case: str, ripe_at: int | None) -> None:
        """Put right an entry that was found to be early."""
        self._armed.pop(case, None)
        if ripe_at is not None:
            self.arm(case, ripe_at)

    def take(self, w: int) -> list[str]:
        """Take out the cases whose entry is at most `w`."""
        armed, cases = self._armed, []
        while self.quiet_until <= w:
            ripe_at, case = heappop(self._near)
            if armed.get(case) == ripe_at:
                del armed[case]
                cases.append(case)
            self._look_ahead()
        return cases

    def first(self) -> tuple[int, str] | None:
        """Return the earliest entry (ripe_at, case), or None."""
        while self._near and self._armed.get(self._near[0][1]) != self._near[0][0]:
            heappop(self._near)
            self._look_ahead()
        return self._near[0] if self._near else None

    def _look_ahead(self) -> None:
        """Put the next bucket in order when nothing before it is left; note until when it is quiet."""
        while not self._near and self._hours:
            hour, armed = heappop(self._hours), self._armed
            self._near_until = hour + 1
            before = self._near_until * HOUR
            self._near = [(armed[case], case) for case in self._buckets.pop(hour) if armed.get(case, NEVER) < before]
            heapify(self._near)
        self.quiet_until = self._near[0][0] if self._near else NEVER


def in_order(cases: Collection[str], due_of: Callable[[str], int | None]) -> Iterator[str]:
    """Yield the case whose least due time is the earliest, again and again, until none has one; ties go by case.

    due_of is asked anew after the caller has fired what was due.
    """
    heap = [(due, case) for case in cases if (due := due_of(case)) is not None]
    heapify(heap)
    while heap:
        _, case = heappop(heap)
        yield case
        if (due := due_of(case)) is not None:
            heappush(heap, (due, case))
