"""What the compiler makes of the rules that watch one kind of case: where memory holds what, and who reads which event."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from msgspec.msgpack import Decoder

from contracts.event import Event
from contracts.tell import RuleTelling
from contracts.times import DAY
from contracts.values import FieldType
from rules.applied import Applied
from rules.detectors.expect import ExpectDetector
from rules.detectors.sequence import SequenceDetector
from rules.detectors.silence import SilenceDetector
from rules.detectors.when import WhenDetector
from rules.expression import Condition, WindowSpec
from rules.lives import LifePlan
from rules.memory import Life, Memory, fields_of, memory_of
from rules.model import Rule
from rules.places import window_field
from rules.windows import Window

Applying: TypeAlias = Callable[[Memory, Event, int], Applied]
CountingDetector: TypeAlias = ExpectDetector | SilenceDetector | SequenceDetector
CompiledDetector: TypeAlias = CountingDetector | WhenDetector


@dataclass(frozen=True, kw_only=True)
class CompiledRule:
    """One rule, ready to look.

    position: among the rules of its kind. first: the number of its first detector among theirs; life: the number of its watch.
    facts: name to its slot; fact_bits: a bit for each of these. deadlines: detector to its `by` fact.
    labels: the slots of what messages may call the case, beside its id.
    reads: the event types at which it looks.
    concerned: event type to the detectors, by number, to which it may make a difference; counting: those that name it;
    everyone: all of them. evidence: detector to the slots of the facts, and of the newest times, that it reads.
    """

    rule: Rule
    name: str
    position: int
    first: int
    life: int
    solved_by: frozenset[str]
    again: int | None
    facts: Mapping[str, int]
    fact_bits: int
    labels: tuple[int, ...]
    deadlines: Mapping[str, str]
    detectors: tuple[CompiledDetector, ...]
    reads: frozenset[str]
    concerned: Mapping[str, tuple[int, ...]]
    counting: Mapping[str, tuple[tuple[int, CountingDetector], ...]]
    everyone: tuple[int, ...]
    evidence: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]
    telling: RuleTelling

    @property
    def numbers(self) -> range:
        """Return the numbers of its detectors among those of its kind."""
        return range(self.first, self.first + len(self.detectors))

    def state(self, memory: Memory, number: int, start: int) -> Any:
        """Return in full how a detector stands, by its number. start: the opening of the watch."""
        state = memory.states.get(number)
        if state is None or isinstance(state, int):
            return self.detectors[number - self.first].whole(state, memory, start)
        return state

    def reset(self, states: MutableMapping[int, Any], number: int) -> None:
        """Let go of what a detector has armed or found: the watch is over. number: the detector's, which has a state."""
        detector = self.detectors[number - self.first]
        if isinstance(detector, WhenDetector) or not detector.notes:
            del states[number]
        else:
            detector.reset(states[number])


@dataclass(frozen=True)
class WindowFeed:
    """An event of this type enters this window with this field's value, where the condition holds."""

    slot: int
    spec: WindowSpec
    is_money: bool
    where: Condition | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an event of one type changes in the memory of a case of this kind.

    facts: (slot, field). names_customer: the type has a `customer_id`. time_slot: of its newest time, None when nobody asks.
    feeds: windows that it may enter; moves: windows since it.
    rules: positions in the plan of the rules that must look. sequences: the numbers of those that may know the event.
    """

    facts: tuple[tuple[int, str], ...]
    names_customer: bool
    time_slot: int | None
    feeds: tuple[WindowFeed, ...]
    moves: tuple[int, ...]
    rules: tuple[int, ...]
    sequences: tuple[int, ...]


@dataclass(frozen=True)
class Forgetting:
    """When a case is forgotten (S10), in microseconds: so long beyond its last closing, or without any event; then its stub."""

    closed: int = 7 * DAY
    silent: int = 90 * DAY
    stub: int = 30 * DAY


@dataclass(frozen=True, kw_only=True)
class CasePlan:
    """All rules that watch one kind of case, by name. layout: (name, type) of each part of a packed memory.

    fact_types, fact_events, time_types: of each slot the field's type, and the event type that it comes from.
    applying: event type to the function that applies such an event, as far as they are written (rules.generating).
    """

    kind: str
    rules: tuple[CompiledRule, ...]
    lives: tuple[LifePlan, ...]
    fact_types: tuple[FieldType, ...]
    fact_events: tuple[str, ...]
    time_types: tuple[str, ...]
    windows: tuple[WindowSpec, ...]
    readings: Mapping[str, Reading]
    layout: Sequence[Sequence[str]]
    forgetting: Forgetting
    applying: MutableMapping[str, Applying] = field(default_factory=dict, compare=False)

    @cached_property
    def detectors(self) -> tuple[CompiledDetector, ...]:
        """Return the detectors of all rules, by number."""
        return tuple(detector for rule in self.rules for detector in rule.detectors)

    @cached_property
    def rule_of(self) -> tuple[int, ...]:
        """Return for each detector the position of its rule."""
        return tuple(rule.position for rule in self.rules for _ in rule.detectors)

    @cached_property
    def rules_by_life(self) -> tuple[tuple[CompiledRule, ...], ...]:
        """Return for each life the rules that share it."""
        return tuple(tuple(rule for rule in self.rules if rule.life == life) for life in range(len(self.lives)))

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        """Return what memory holds beside what every memory does: name to type."""
        return fields_of(self.fact_types, len(self.time_types), len(self.windows))

    @cached_property
    def memory(self) -> type[Memory]:
        """Return the struct of what is remembered of a case."""
        graces = tuple(detector.grace for detector in self.detectors)
        return memory_of(self.kind, self.fields, fact_events=self.fact_events, time_types=self.time_types, graces=graces)

    @cached_property
    def decoder(self) -> Decoder[Memory]:
        return Decoder(self.memory)

    def new_memory(self, case: str) -> Memory:
        """Return the memory of a case of which nothing is known."""
        return self.memory(case, lives=self.new_lives())

    def new_lives(self) -> tuple[Life, ...]:
        """Return the watches of a case before any of them opens."""
        return tuple([Life() for _ in self.lives])

    def state(self, memory: Memory, number: int) -> Any:
        """Return in full how a detector stands, by its number."""
        rule = self.rules[self.rule_of[number]]
        return rule.state(memory, number, memory.lives[rule.life].start or 0)

    def new_window(self, slot: int) -> Window:
        return Window.of(self.windows[slot])

    def windows_in(self, memory: Memory) -> list[Window]:
        """Return the windows of a case in which something has been."""
        every = (getattr(memory, window_field(slot)) for slot in range(len(self.windows)))
        return [window for window in every if window is not None]
