"""What is remembered of one case between events: the newest facts and times, windows, and how every watch stands. Bounded."""

from typing import Any

from msgspec import Struct

from contracts.event import Citation
from rules.windows import Window

MARKS_KEPT = 16


class Watch(Struct, array_like=True, gc=False):
    """One rule looking at this case. start: the opening, None before it; closed_at: None while it is open.

    problems: how many this watch has had. problem_state: see rules.problem.
    opened_at: `at` of the newest problem; peak: its gravest detector; speaker: the one that opened or updated it last.
    cleared_at: `at` of its newest clear. ripe_at: the earliest W at which something of it is ripe.
    """

    start: int | None = None
    closed_at: int | None = None
    problems: int = 0
    problem_state: int = 0
    opened_at: int = 0
    peak: int = -1
    cleared_at: int = 0
    speaker: int = -1
    ripe_at: int | None = None

    @property
    def is_open(self) -> bool:
        return self.start is not None and self.closed_at is None


class Memory:
    """The memory of one case; positions are given by its kind's plan.

    v, cites: value and citation of each fact; t, sights: newest time and citation of each event type; w: windows.
    watches, detectors, fired: for each rule its watch, the states of its detectors, and the `by` facts of its problem as they
    were when they fired.
    newest: the greatest time of its events. marks: the last 16 events.
    stub: forgotten but for newest and marks, at `stub_since`. gone: may be deleted.
    """

    __slots__ = (
        "case", "cites", "customer", "customer_cite", "detectors", "fired", "gone", "limit_hits", "marks", "newest", "ripe_at",
        "sights", "stub", "stub_since", "t", "v", "w", "watches",
    )  # fmt: skip

    def __init__(self, case: str) -> None:
        self.case = case
        self.customer: str | None = None
        self.customer_cite: Citation | None = None
        self.newest = 0
        self.marks: list[int] = []
        self.ripe_at: int | None = None
        self.stub = False
        self.stub_since = 0
        self.gone = False
        self.limit_hits = 0
        self.clear()

    def clear(self) -> None:
        self.v: list[Any] = []
        self.cites: list[Citation | None] = []
        self.t: list[int | None] = []
        self.sights: list[Citation | None] = []
        self.w: list[Window] = []
        self.watches: list[Watch] = []
        self.detectors: list[list[Any]] = []
        self.fired: list[dict[str, tuple[Any, Citation | None]]] = []

    def mark(self, mark: int) -> None:
        self.marks.append(mark)
        if len(self.marks) > MARKS_KEPT:
            del self.marks[0]

    def ripe_due(self, w: int) -> int | None:
        """Return the least due among what is ripe at w, None when nothing is."""
        if self.ripe_at is None or self.ripe_at > w:
            return None
        ripe = [
            due
            for watch, states in zip(self.watches, self.detectors, strict=True)
            if watch.ripe_at is not None and watch.ripe_at <= w
            for state in states
            for due, ripe_at in state.timers()
            if ripe_at <= w
        ]
        return min(ripe) if ripe else self.ripe_at


def is_newer(cite: Citation, than: Citation | None) -> bool:
    """Newest by (time, id, source). Text compares as its UTF-8 bytes do, since events carry no lone surrogates."""
    if than is None or cite.time != than.time:
        return than is None or cite.time > than.time
    return (cite.id, cite.source) > (than.id, than.source)
