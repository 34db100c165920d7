"""What is remembered of one case between events: newest facts and times, windows, and how every detector stands. Bounded."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from msgspec import Struct, defstruct

from contracts.event import Citation
from contracts.values import Day, FieldType, Money
from rules.detectors.states import Kept, ripeness, timers
from rules.places import origin_field, sight_field, value_field, window_field
from rules.windows import MARK, Window

MARKS_KEPT = 16

PYTHON: dict[FieldType, Any] = {
    FieldType.TEXT: str | None,
    FieldType.INTEGER: int | None,
    FieldType.DECIMAL: float | None,
    FieldType.BOOL: bool | None,
    FieldType.DATE: Day | None,
    FieldType.INSTANT: int | None,
    FieldType.DURATION: int | None,
    FieldType.MONEY: Money | None,
}


class Origin(Struct, frozen=True, array_like=True, gc=False):
    """An event of whose type the place tells that it stands in."""

    id: str
    source: str
    time: int

    def of_type(self, event_type: str) -> Citation:
        return Citation(self.id, self.source, event_type, self.time)


class Life(Struct, array_like=True, gc=False):
    """The watch of all rules with the same `from` and `until`. start: the opening, None before it; closed_at: None while open.

    newcomers: the positions of rules that came later; they take part from the next opening on.
    """

    start: int | None = None
    closed_at: int | None = None
    newcomers: frozenset[int] = frozenset()

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
    fired: dict[str, tuple[Day | int | None, Citation | None]] = {}


class Memory(Struct, array_like=True, gc=False):
    """The memory of one case. What its kind's rules remember beside this are fields of a struct made for them: see memory_of.

    lives: the watches. states: how a detector stands, by its number, as far as memory does not tell it otherwise, and for one
    that is merely armed the W at which it is ripe; problems: by the rule's position.
    newest: the greatest time of its events. marks: the last 16 events. ripe_at: nothing is ripe, and nothing to be forgotten,
    before this W; it may be early, but is exact in what is stored (rules.forgetting.settle).
    stub: forgotten but for newest and marks, at `stub_since`. gone: may be deleted.
    limit_hits, too_late: window entries that were dropped for lack of room, and refused for being too old, since somebody asked.
    """

    fact_events: ClassVar[Sequence[str]] = ()
    time_types: ClassVar[Sequence[str]] = ()
    graces: ClassVar[Sequence[int]] = ()

    case: str
    newest: int = 0
    marks: bytes = b""
    ripe_at: int | None = None
    customer: str | None = None
    customer_origin: Origin | None = None
    stub: bool = False
    stub_since: int = 0
    gone: bool = False
    limit_hits: int = 0
    too_late: int = 0
    lives: tuple[Life, ...] = ()
    problems: dict[int, Problems] = {}
    states: dict[int, Kept] = {}

    def value(self, slot: int) -> Any:
        """Return the newest value of a fact, None while it is unknown."""
        return getattr(self, value_field(slot))

    def cite(self, slot: int) -> Citation | None:
        """Return the event that a fact came from."""
        origin: Origin | None = getattr(self, origin_field(slot))
        return None if origin is None else origin.of_type(self.fact_events[slot])

    def sight(self, slot: int) -> Citation | None:
        """Return the newest event of a type."""
        origin: Origin | None = getattr(self, sight_field(slot))
        return None if origin is None else origin.of_type(self.time_types[slot])

    def watch(self, life: int, position: int) -> Life:
        """Return how the watch of a rule stands, given its life and its position."""
        return Life() if position in self.lives[life].newcomers else self.lives[life]

    def clear(self) -> None:
        """Forget all but the case's newest time, its last events and its customer."""
        for field in self.__struct_fields__[len(HEAD) :]:
            setattr(self, field, None)
        self.lives, self.states, self.problems = (), {}, {}

    def mark(self, mark: bytes) -> None:
        """Remember an event; the oldest of more than 16 goes."""
        self.marks = self.marks[-(MARKS_KEPT - 1) * MARK :] + mark

    def timers(self) -> list[tuple[int, int]]:
        """Return (due, ripe_at) of everything that is armed."""
        return [timer for number, state in self.states.items() for timer in timers(state, self.graces[number])]

    def ripe_timers(self, w: int) -> list[tuple[int, int]]:
        """Return (due, the detector's number) of everything that is ripe at w."""
        return [
            (due, number)
            for number, state in self.states.items()
            if (soonest := ripeness(state)) is not None and soonest <= w
            for due, ripe_at in timers(state, self.graces[number])
            if ripe_at <= w
        ]

    def ripe_due(self, w: int) -> int | None:
        """Return the least due among what is ripe at w, None when nothing is."""
        return None if self.ripe_at is None or self.ripe_at > w else min(self.ripe_timers(w), default=(None, None))[0]


HEAD = Memory.__struct_fields__
"""The fields that every memory has; those of its kind follow."""


def fields_of(facts: Sequence[FieldType], times: int, windows: int) -> dict[str, Any]:
    """Return the fields that memory has for facts of these types, so many newest times, and so many windows: name to type.

    A fact is its value and the event that it came from; a window is None until something enters it.
    """
    return {
        **{value_field(slot): PYTHON[kind] for slot, kind in enumerate(facts)},
        **{origin_field(slot): Origin | None for slot in range(len(facts))},
        **{sight_field(slot): Origin | None for slot in range(times)},
        **{window_field(slot): Window | None for slot in range(windows)},
    }


def memory_of(kind: str, fields: Mapping[str, Any], **told: Sequence[Any]) -> type[Memory]:
    """Return the struct of what is remembered of a case of a kind; a field is None while nothing is known.

    told: of all cases, by slot the types of the events that facts and newest times are of, by number the graces of detectors.
    """
    made = defstruct(
        f"memory of one {kind}",
        [(name, of, None) for name, of in fields.items()],
        bases=(Memory,),
        namespace=told,
        array_like=True,
        gc=False,
    )
    assert issubclass(made, Memory)
    return made


def is_newer(origin: Origin, than: Origin | None) -> bool:
    """Newest by (time, id, source). Text compares as its UTF-8 bytes do, since events carry no lone surrogates."""
    if than is None or origin.time != than.time:
        return than is None or origin.time > than.time
    return (origin.id, origin.source) > (than.id, than.source)
