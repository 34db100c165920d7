"""What the compiler makes of the rules that watch one kind of case: where memory holds what, and who reads which event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from contracts.tell import RuleTelling
from contracts.times import DAY
from contracts.values import FieldType
from rules.detectors.expect import ExpectDetector
from rules.detectors.sequence import SequenceDetector
from rules.detectors.silence import SilenceDetector
from rules.detectors.when import WhenDetector
from rules.expression import Condition, WindowSpec
from rules.memory import Memory, Watch
from rules.model import Rule
from rules.windows import Window

CountingDetector: TypeAlias = ExpectDetector | SilenceDetector | SequenceDetector
CompiledDetector: TypeAlias = CountingDetector | WhenDetector


@dataclass(frozen=True, kw_only=True)
class CompiledRule:
    """One rule, ready to look.

    opens_on: empty for the first event of the case. ends_by: solved_by and moot_by.
    facts: name to its slot; fact_bits: a bit for each of these. deadlines: detector to its `by` fact.
    labels: the slots of what messages may call the case, beside its id.
    until_slots: where the newest times of its `until` types stand. reads: the event types at which it looks.
    concerned: event type to the detectors, by number, to which it may make a difference; counting: those that name it;
    everyone: all of them. evidence: detector to the slots of the facts, and of the newest times, that it reads.
    """

    rule: Rule
    name: str
    opens_on: frozenset[str]
    once: bool
    solved_by: frozenset[str]
    moot_by: frozenset[str]
    again: int | None
    facts: Mapping[str, int]
    fact_bits: int
    labels: tuple[int, ...]
    deadlines: Mapping[str, str]
    until_slots: tuple[int, ...]
    detectors: tuple[CompiledDetector, ...]
    reads: frozenset[str]
    ends_by: frozenset[str]
    concerned: Mapping[str, tuple[int, ...]]
    counting: Mapping[str, tuple[tuple[int, CountingDetector], ...]]
    everyone: tuple[int, ...]
    evidence: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]
    telling: RuleTelling


@dataclass(frozen=True)
class WindowFeed:
    """An event of this type enters this window with this field's value, where the condition holds."""

    slot: int
    spec: WindowSpec
    where: Condition | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an event of one type changes in the memory of a case of this kind.

    facts: (slot, field). time_slot: of its newest time, None when nobody asks.
    feeds: windows that it may enter; moves: windows since it.
    rules: positions in the plan of the rules that must look. sequences: (rule, detector) of those that may know the event.
    """

    facts: tuple[tuple[int, str], ...]
    time_slot: int | None
    feeds: tuple[WindowFeed, ...]
    moves: tuple[int, ...]
    rules: tuple[int, ...]
    sequences: tuple[tuple[int, int], ...]


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
    """

    kind: str
    rules: tuple[CompiledRule, ...]
    fact_types: tuple[FieldType, ...]
    fact_events: tuple[str, ...]
    time_types: tuple[str, ...]
    windows: tuple[WindowSpec, ...]
    readings: Mapping[str, Reading]
    layout: Sequence[Sequence[str]]
    forgetting: Forgetting

    def new_memory(self, case: str) -> Memory:
        memory = Memory(case)
        self.fill(memory)
        return memory

    def fill(self, memory: Memory) -> None:
        """Give an empty memory its slots, everything unknown."""
        memory.v = [None] * len(self.fact_types)
        memory.cites = [None] * len(self.fact_types)
        memory.t = [None] * len(self.time_types)
        memory.sights = [None] * len(self.time_types)
        memory.w = [Window(spec) for spec in self.windows]
        memory.watches = [Watch() for _ in self.rules]
        memory.detectors = [[detector.new_state() for detector in rule.detectors] for rule in self.rules]
        memory.fired = [{} for _ in self.rules]
