"""What is remembered of one case between events: newest facts and times, windows, and how every detector stands. Bounded."""

from typing import Any

from msgspec import Struct, field

from contracts.event import Citation
from rules.windows import MARK, Window, packed

MARKS_KEPT = 16


class Life(Struct, array_like=True, gc=False):
    """The watch of all rules with the same `from` and `until`. start: the opening, None before it; closed_at: None while open.

    newcomers: a bit for each rule that came later; it takes part from the next opening on.
    """

    start: int | None = None
    closed_at: int | None = None
    newcomers: int = 0

    @property
    def is_open(self) -> bool:
        return self.start is not None and self.closed_at is None


class Problems(Struct, array_like=True):
    """What one rule found in this watch. count: how many problems it had; state: of the newest, see rules.problem.

    start: the opening of the watch. opened_at: `at` of the newest; peak: its gravest detector; speaker: the one that opened or
    updated it last. cleared_at: `at` of its newest clear. fired: its `by` facts as they were when they fired.
    """

    start: int
    count: int = 0
    state: int = 0
    opened_at: int = 0
    peak: int = -1
    cleared_at: int = 0
    speaker: int = -1
    fired: dict[str, tuple[Any, Citation | None]] = field(default_factory=dict)


class Memory(Struct, gc=False):
    """The memory of one case; positions are given by its kind's plan.

    v, cites: value and citation of each fact; t, sights: newest time and citation of each event type; w: windows.
    lives: the watches. states: how a detector stands, by its number; problems: by the rule's position; both only where there
    is something to say.
    newest: the greatest time of its events. marks: the last 16 events. ripe_at: nothing is ripe, and nothing to be forgotten,
    before this W; it may be early, but is exact in what is stored (rules.forgetting.settle).
    stub: forgotten but for newest and marks, at `stub_since`. gone: may be deleted.
    """

    case: str
    v: list[Any]
    cites: list[Citation | None]
    t: list[int | None]
    sights: list[Citation | None]
    w: list[Window]
    lives: list[Life]
    states: dict[int, Any]
    problems: dict[int, Problems]
    marks: bytes
    newest: int = 0
    ripe_at: int | None = None
    customer: str | None = None
    customer_cite: Citation | None = None
    stub: bool = False
    stub_since: int = 0
    gone: bool = False
    limit_hits: int = 0

    def watch(self, life: int, position: int) -> Life:
        """Return how the watch of a rule stands, given its life and its position."""
        return Life() if self.lives[life].newcomers >> position & 1 else self.lives[life]

    def clear(self) -> None:
        """Forget all but the case's newest time, its last events and its customer."""
        self.v, self.cites, self.t, self.sights, self.w, self.lives = [], [], [], [], [], []
        self.states, self.problems = {}, {}

    def mark(self, mark: int) -> None:
        """Remember an event; the oldest of more than 16 goes."""
        self.marks = self.marks[-(MARKS_KEPT - 1) * MARK :] + packed(mark)

    def timers(self) -> list[tuple[int, int]]:
        """Return (due, ripe_at) of everything that is armed."""
        return [timer for state in self.states.values() for timer in state.timers()]

    def ripe_timers(self, w: int) -> list[tuple[int, int]]:
        """Return (due, the detector's number) of everything that is ripe at w."""
        return [
            (due, number)
            for number, state in self.states.items()
            if state.ripe_at is not None and state.ripe_at <= w
            for due, ripe_at in state.timers()
            if ripe_at <= w
        ]

    def ripe_due(self, w: int) -> int | None:
        """Return the least due among what is ripe at w, None when nothing is."""
        return None if self.ripe_at is None or self.ripe_at > w else min(self.ripe_timers(w), default=(None, None))[0]


def is_newer(cite: Citation, than: Citation | None) -> bool:
    """Newest by (time, id, source). Text compares as its UTF-8 bytes do, since events carry no lone surrogates."""
    if than is None or cite.time != than.time:
        return than is None or cite.time > than.time
    return (cite.id, cite.source) > (than.id, than.source)
