"""Rules as written come in, plans ready to run go out; what their expressions have wrong is found here, all of it in one run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contracts.tell import RuleTelling
from contracts.values import FieldType
from rules.catalogue import Catalogue, EventType
from rules.detectors.compiling import compile_detector, named_types
from rules.detectors.expect import ExpectDetector
from rules.detectors.sequence import SequenceDetector
from rules.detectors.silence import SilenceDetector
from rules.detectors.when import WhenDetector
from rules.errors import Fault, Faulty
from rules.expression import Condition, Scope, WindowSpec, compile_where
from rules.expressions import Expressions
from rules.layouts import NOTES, layout_of
from rules.lives import LifePlan
from rules.model import Detector, Expect, Rule
from rules.places import sight_field
from rules.plan import CasePlan, CompiledDetector, CompiledRule, CountingDetector, Forgetting, Reading, WindowFeed
from rules.slots import DetectorSlots, KindSlots
from rules.voices import telling_of

USUAL = Forgetting()


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """All rules of a project. plans: kind to its plan."""

    rules: Mapping[str, CompiledRule]
    plans: Mapping[str, CasePlan]
    tellings: Mapping[str, RuleTelling]

    def reads(self, event_type: str, kind: str) -> bool:
        """Whether an event of this type is applied to cases of this kind."""
        return kind in self.plans and event_type in self.plans[kind].readings


def compile_rules(rules: Sequence[Rule], catalogue: Catalogue, *, forgetting: Forgetting = USUAL) -> RuleSet:
    """Compile the rules of a project. Raises Faulty with every fault of every rule."""
    faults: list[Fault] = []
    plans: dict[str, CasePlan] = {}
    for kind in sorted({rule.watch for rule in rules}):
        slots = KindSlots()
        watching = sorted((rule for rule in rules if rule.watch == kind), key=lambda rule: rule.name)
        lives: dict[LifePlan, int] = {}
        compiled: list[CompiledRule] = []
        for rule in watching:
            first = compiled[-1].numbers.stop if compiled else 0
            place = Place(len(compiled), first, _life(rule, slots, lives))
            if (ready := _compile(rule, catalogue, slots, place, faults)) is not None:
                compiled.append(ready)
        plans[kind] = _plan(kind, compiled, tuple(lives), catalogue, slots, forgetting)
    if faults:
        raise Faulty(tuple(faults))
    by_name = {rule.name: rule for plan in plans.values() for rule in plan.rules}
    return RuleSet(rules=by_name, plans=plans, tellings={name: rule.telling for name, rule in by_name.items()})


class Place(NamedTuple):
    """Where a rule stands among those of its kind: its position, the number of its first detector, and of its life."""

    position: int
    first: int
    life: int


def _life(rule: Rule, slots: KindSlots, lives: dict[LifePlan, int]) -> int:
    """Return the number of the life that rules with this `from`, `until` and `once` share."""
    ends_by = frozenset((*rule.solved_by, *rule.moot_by))
    endings = tuple(sight_field(slots.newest(name)) for name in sorted(ends_by))
    life = LifePlan(frozenset(rule.opens_on), ends_by, rule.once, endings)
    return lives.setdefault(life, len(lives))


def _compile(rule: Rule, catalogue: Catalogue, kind: KindSlots, place: Place, faults: list[Fault]) -> CompiledRule | None:
    types = {fact.name: catalogue[fact.event_type].fields[fact.field].type for fact in rule.facts}
    places = {fact.name: kind.fact(fact.event_type, fact.field, types[fact.name]) for fact in rule.facts}
    compiled = [_compile_detector(rule, each, catalogue, DetectorSlots(kind, places), types) for each in rule.detectors]
    faults += (each for _, expressions in compiled for each in expressions.faults)
    ready = tuple(detector for detector, _ in compiled if detector is not None)
    if len(ready) < len(compiled):
        return None
    deadlines = {
        each.name: each.by.text for each in rule.detectors if isinstance(each, Expect) and each.by and each.by.text in types
    }
    return CompiledRule(
        rule=rule,
        name=rule.name,
        position=place.position,
        first=place.first,
        life=place.life,
        solved_by=frozenset(rule.solved_by),
        again=rule.again,
        facts=places,
        fact_bits=sum({1 << slot for slot in places.values()}),
        labels=_labels(rule.watch, catalogue, kind),
        deadlines=deadlines,
        detectors=ready,
        reads=_reads(rule, [expressions for _, expressions in compiled]),
        concerned=_concerned(rule, [expressions for _, expressions in compiled]),
        counting=_counting(rule, ready),
        everyone=tuple(range(len(ready))),
        evidence={
            written.name: _evidence(written, expressions, kind, places)
            for written, (_, expressions) in zip(rule.detectors, compiled, strict=True)
        },
        telling=telling_of(rule, catalogue, types, ready, deadlines),
    )


def _compile_detector(
    rule: Rule, detector: Detector, catalogue: Catalogue, slots: DetectorSlots, types: Mapping[str, FieldType]
) -> tuple[CompiledDetector | None, Expressions]:
    expressions = Expressions(catalogue, rule.watch, slots, types)
    compiled = compile_detector(detector, expressions, slots)
    return None if expressions.faults else compiled, expressions


def _reads(rule: Rule, expressions: Sequence[Expressions]) -> frozenset[str]:
    """Return every event type at which the rule must look."""
    named = (name for each in rule.detectors for name in named_types(each))
    facts = (fact.event_type for fact in rule.facts)
    return frozenset(
        (*rule.opens_on, *rule.solved_by, *rule.moot_by, *named, *facts, *(name for each in expressions for name in each.types))
    )


def _labels(watched: str, catalogue: Catalogue, kind: KindSlots) -> tuple[int, ...]:
    """Return where the fields stand by which the catalogue wants the case named, other than by its id."""
    return tuple(
        kind.fact(each.name, each.label, each.fields[each.label].type)
        for each in catalogue.concerning(watched)
        if each.label is not None and each.cases[0][0] == watched and each.label != each.cases[0][1]
    )


def _evidence(
    written: Detector, expressions: Expressions, kind: KindSlots, places: Mapping[str, int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    facts = tuple(sorted(places[name] for name in expressions.names))
    return facts, tuple(sorted({kind.newest(name) for name in (*named_types(written), *sorted(expressions.types))}))


def _concerned(rule: Rule, expressions: Sequence[Expressions]) -> dict[str, tuple[int, ...]]:
    """Return for each event type the detectors that name it, or whose expressions read it or a fact of it."""
    source = {fact.name: fact.event_type for fact in rule.facts}
    types = [
        {*named_types(detector), *each.types, *(source[name] for name in each.names)}
        for detector, each in zip(rule.detectors, expressions, strict=True)
    ]
    return _by_type(types)


def _counting(rule: Rule, detectors: Sequence[CompiledDetector]) -> dict[str, tuple[tuple[int, CountingDetector], ...]]:
    """Return for each event type the detectors that name it outside their expressions."""
    named = _by_type([set(named_types(each)) for each in rule.detectors])
    return {
        name: tuple((number, each) for number in numbers if not isinstance(each := detectors[number], WhenDetector))
        for name, numbers in named.items()
    }


def _by_type(types: Sequence[set[str]]) -> dict[str, tuple[int, ...]]:
    """Turn the types of each detector into the detectors of each type."""
    everything = {name for each in types for name in each}
    return {name: tuple(number for number, own in enumerate(types) if name in own) for name in everything}


def _plan(
    kind: str,
    rules: Sequence[CompiledRule],
    lives: tuple[LifePlan, ...],
    catalogue: Catalogue,
    slots: KindSlots,
    forgetting: Forgetting,
) -> CasePlan:
    wheres = {spec: _where(spec, catalogue, slots) for spec in slots.specs}
    readings = {each.name: _reading(each, rules, slots, wheres) for each in catalogue.concerning(kind)}
    return CasePlan(
        kind=kind,
        rules=tuple(rules),
        lives=lives,
        fact_types=tuple(slots.fact_types),
        fact_events=tuple(event_type for event_type, _ in slots.facts),
        time_types=tuple(slots.times),
        windows=tuple(slots.specs),
        readings={name: reading for name, reading in readings.items() if reading.rules or reading.names_customer},
        layout=_layout(rules, lives, slots),
        forgetting=forgetting,
    )


def _where(spec: WindowSpec, catalogue: Catalogue, slots: KindSlots) -> Condition | None:
    """Compile a window's `where`, which speaks of `it` alone."""
    if spec.where is None:
        return None
    fields = {name: field.type for name, field in catalogue[spec.event_type].fields.items()}
    return compile_where(spec.where, Scope({}, {}, it=fields, allow_now=False, allow_windows=False), DetectorSlots(slots, {}))


def _reading(
    of: EventType, rules: Sequence[CompiledRule], slots: KindSlots, wheres: Mapping[WindowSpec, Condition | None]
) -> Reading:
    event_type = of.name
    return Reading(
        facts=tuple((slot, field) for (name, field), slot in slots.facts.items() if name == event_type),
        names_customer="customer_id" in of.fields,
        time_slot=slots.times.get(event_type),
        feeds=tuple(
            WindowFeed(slot, spec, _is_money(of, spec), wheres[spec])
            for slot, spec in enumerate(slots.specs)
            if spec.event_type == event_type
        ),
        moves=tuple(slot for slot, spec in enumerate(slots.specs) if spec.since == event_type),
        rules=tuple(position for position, rule in enumerate(rules) if event_type in rule.reads or not rule.rule.opens_on),
        sequences=tuple(
            rule.first + number
            for rule in rules
            for number in rule.concerned.get(event_type, ())
            if isinstance(rule.detectors[number], SequenceDetector)
        ),
    )


def _is_money(of: EventType, spec: WindowSpec) -> bool:
    return spec.field is not None and of.fields[spec.field].type is FieldType.MONEY


def _layout(rules: Sequence[CompiledRule], lives: Sequence[LifePlan], slots: KindSlots) -> Sequence[Sequence[str]]:
    return layout_of(
        [(f"{event_type}.{field}", slots.fact_types[slot].value) for (event_type, field), slot in slots.facts.items()],
        list(slots.times),
        [f"{each.event_type}.{each.field} where {each.where} in {each.length} since {each.since}" for each in slots.specs],
        [life.name for life in lives],
        [
            (
                rule.name,
                lives[rule.life].name,
                rule.rule.fingerprint,
                [(each.name, _kind(each)) for each in rule.detectors],
            )
            for rule in rules
        ],
    )


def _kind(detector: CompiledDetector) -> str:
    """Return what a detector's state is known by under other rules, and whether it notes what memory alone does not tell."""
    notes = isinstance(detector, ExpectDetector | SilenceDetector) and detector.notes
    return f"{type(detector).__name__}{NOTES if notes else ''}"
