"""Which cases have something due, and in which order it fires: (due, case, rule)."""

from collections.abc import Callable, Collection, Iterable, Iterator
from heapq import heapify, heappop, heappush


class Dues:
    """One entry per case: the earliest W at which something of it is ripe. An entry may be early, never late (S2)."""

    def __init__(self, armed: Iterable[tuple[str, int]] = ()) -> None:
        self._armed = dict(armed)
        self._heap = [(ripe_at, case) for case, ripe_at in self._armed.items()]
        heapify(self._heap)

    def __len__(self) -> int:
        return len(self._armed)

    def arm(self, case: str, ripe_at: int | None) -> None:
        """Note when a case is to be looked at. A later time than the noted one changes nothing: the look finds out."""
        if ripe_at is not None and ripe_at < self._armed.get(case, ripe_at + 1):
            self._armed[case] = ripe_at
            heappush(self._heap, (ripe_at, case))

    def rearm(self, case: str, ripe_at: int | None) -> None:
        """Put right an entry that was found to be early."""
        self._armed.pop(case, None)
        self.arm(case, ripe_at)

    def first(self) -> tuple[int, str] | None:
        """Return the earliest entry (ripe_at, case), or None."""
        heap = self._heap
        while heap and self._armed.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
        return heap[0] if heap else None

    def quiet(self, w: int) -> bool:
        """Whether certainly nothing is to be looked at up to `w`."""
        return not self._heap or self._heap[0][0] > w

    def take(self, w: int) -> list[str]:
        """Take out the cases whose entry is at most `w`."""
        heap, armed, cases = self._heap, self._armed, []
        while heap and heap[0][0] <= w:
            ripe_at, case = heappop(heap)
            if armed.get(case) == ripe_at:
                del armed[case]
                cases.append(case)
        return cases


def in_order(cases: Collection[str], due_of: Callable[[str], int | None]) -> Iterator[str]:
    """Yield the case whose least due time is the earliest, again and again, until none has one; ties go by case.

    due_of is asked anew after the caller has fired what was due.
    """
    if len(cases) == 1:
        (case,) = cases
        while due_of(case) is not None:
            yield case
        return
    heap = [(due, case) for case in cases if (due := due_of(case)) is not None]
    heapify(heap)
    while heap:
        _, case = heappop(heap)
        yield case
        if (due := due_of(case)) is not None:
            heappush(heap, (due, case))
