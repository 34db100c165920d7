"""A text and its scope come in, a condition or a formula that can be asked goes out."""

import ast
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from contracts.values import FieldType
from rules.expression.checker import Checker
from rules.expression.code import Emitter
from rules.expression.functions import LOOK, MEMORY, Written
from rules.expression.parser import parse
from rules.expression.printing import cel_text, rule_text
from rules.expression.spec import Scope, Slots, WindowSpec
from rules.expression.thresholds import Threshold, counted, limits_of, threshold_of
from rules.expression.tree import children, walk
from rules.expression.truth import absent_facts, bound_facts, needed_facts, normal
from rules.expression.typed import Clocked, Compare, Elapsed, Fact, Literal, Typed, Windowed, is_composite

Look = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One atomic comparison of a condition, for `why`.

    text: as a rule would write it. facts: those it reads. evaluate(memory, now, past, it): its truth, None where unknown.
    sides: the same arguments, the values of its sides (one where it is no comparison); sides_text: what they are.
    """

    text: str
    facts: frozenset[str]
    evaluate: Look
    sides: Look
    sides_text: tuple[str, ...]


class Limit(NamedTuple):
    """A comparison with a constant without which a condition is never true. code: of its left side, None while unknown."""

    code: ast.expr
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Condition:
    """Something true, false or unknown of a case.

    holds(memory, now, past, it): is it surely true? truth: the same arguments, True, False or None.
    reads_types: event types whose newest time or windows it reads.
    bound: facts that must be known, absent: facts that must be unknown for it to be true.
    moments: for each comparison with now, (memory) → the moment at which it turns, None while unknown.
    window_comparisons: for each comparison with a window, the windows' slots and its truth; thresholds: what each of
    them asks, where it compares one window with a constant.
    limits: for which values it may hold. code, moment_codes: the Python of `holds` and of the moments, for functions that ask
    them in passing.
    """

    text: str
    cel: str
    reads_facts: frozenset[str]
    reads_types: frozenset[str]
    windows: tuple[WindowSpec, ...]
    bound: frozenset[str]
    absent: frozenset[str]
    holds: Look
    truth: Look
    moments: tuple[Callable[[Any], int | None], ...]
    window_comparisons: tuple[tuple[tuple[int, ...], Look], ...]
    thresholds: tuple[Threshold | None, ...]
    parts: tuple[Part, ...]
    limits: tuple[Limit, ...]
    code: ast.expr
    moment_codes: tuple[ast.expr, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A value of a case: value(memory, now, past, it), None where unknown. The value of money is its amount.

    bound: facts that must be known for it to be known. code: the Python of `value`.
    """

    text: str
    cel: str
    type: FieldType
    reads_facts: frozenset[str]
    bound: frozenset[str]
    reads_types: frozenset[str]
    windows: tuple[WindowSpec, ...]
    value: Look
    code: ast.expr


def compile_condition(text: str, scope: Scope, slots: Slots) -> Condition:
    """Return the condition of a `when`, `clear` or `if`. Raises ExpressionError with all faults found."""
    tree = Checker(scope).condition(parse(text))
    return Workshop(tree, slots).condition(text)


def compile_where(text: str, scope: Scope, slots: Slots) -> Condition:
    """Return the condition of a `where`, which speaks of `it`: no now and no windows. Raises ExpressionError."""
    return compile_condition(text, replace(scope, allow_now=False, allow_windows=False), slots)


def compile_formula(text: str, scope: Scope, slots: Slots) -> Formula:
    """Return a value, such as the T of `by: T`. Raises ExpressionError."""
    tree = Checker(scope).any_value(parse(text))
    return Workshop(tree, slots).formula(text)


class Workshop:
    """Makes the functions of one typed tree."""

    def __init__(self, tree: Typed, slots: Slots) -> None:
        self.tree = tree
        self.slots = Remembered(slots)
        self.specs = kept_windows(tree)

    def condition(self, text: str) -> Condition:
        """Return the tree as a condition."""
        true = normal(self.tree, wanted=True)
        atoms = tuple(comparisons_of(self.tree))
        code = self.emitter().holds(true)
        moments = tuple(self.emitter().value(node.moment) for node in walk(self.tree) if isinstance(node, Clocked))
        return Condition(
            text=text,
            cel=cel_text(self.tree),
            reads_facts=facts_in(self.tree),
            reads_types=types_read(self.tree),
            windows=tuple(dict.fromkeys(self.specs.values())),
            bound=bound_facts(true) or frozenset(),
            absent=absent_facts(true),
            holds=asked_later(code, LOOK),
            truth=self.truth_of(self.tree),
            moments=tuple(asked_later(each, MEMORY) for each in moments),
            window_comparisons=tuple((slots, self.truth_of(atom)) for atom in atoms if (slots := self.windows_of(atom))),
            thresholds=tuple(threshold_of(atom) for atom in atoms if self.windows_of(atom)),
            parts=tuple(self.part(atom) for atom in atoms),
            limits=tuple(Limit(self.emitter().value(left), operator, value) for left, operator, value in limits_of(true)),
            code=code,
            moment_codes=moments,
        )

    def formula(self, text: str) -> Formula:
        """Return the tree as a formula."""
        code = self.emitter().value(self.tree)
        return Formula(
            text=text,
            cel=cel_text(self.tree),
            type=self.tree.type,
            reads_facts=facts_in(self.tree),
            bound=needed_facts(self.tree),
            reads_types=types_read(self.tree),
            windows=tuple(dict.fromkeys(self.specs.values())),
            value=asked_later(code, LOOK),
            code=code,
        )

    def emitter(self) -> Emitter:
        return Emitter(self.slots, self.specs)

    def truth_of(self, node: Typed) -> Look:
        return Written(lambda: self.emitter().kleene(node), LOOK)

    def windows_of(self, node: Typed) -> tuple[int, ...]:
        specs = (self.specs[part.spec] for part in walk(node) if isinstance(part, Windowed)) if self.specs else ()
        return tuple(dict.fromkeys(map(self.slots.window, specs)))

    def part(self, atom: Typed) -> Part:
        sides = (atom.left, atom.right) if isinstance(atom, Compare | Clocked) else (atom,)
        return Part(
            text=rule_text(atom),
            facts=facts_in(atom),
            evaluate=self.truth_of(atom),
            sides=Written(lambda: self.emitter().together(sides), LOOK),
            sides_text=tuple(map(rule_text, sides)),
        )


def asked_later(code: ast.expr, parameters: Sequence[str]) -> Written:
    return Written(lambda: code, parameters)


class Remembered:
    """Asks the case's slots once per distinct thing."""

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.facts: dict[str, int] = {}
        self.windows: dict[WindowSpec, int] = {}
        self.times: dict[str, int] = {}

    def fact(self, name: str) -> int:
        return self.facts[name] if name in self.facts else self.facts.setdefault(name, self.slots.fact(name))

    def window(self, spec: WindowSpec) -> int:
        return self.windows[spec] if spec in self.windows else self.windows.setdefault(spec, self.slots.window(spec))

    def newest(self, event_type: str) -> int:
        return (
            self.times[event_type]
            if event_type in self.times
            else self.times.setdefault(event_type, self.slots.newest(event_type))
        )


def kept_windows(tree: Typed) -> dict[WindowSpec, WindowSpec]:
    """Return each window as written → as it is to be kept, which says how many entries are enough for this expression."""
    uses: defaultdict[WindowSpec, int] = defaultdict(int)
    enough: defaultdict[WindowSpec, list[int]] = defaultdict(list)
    for node in walk(tree):
        if isinstance(node, Windowed):
            uses[node.spec] += 1
        elif isinstance(node, Compare) and (enough_of := counted(node)):
            enough[enough_of[0]].append(enough_of[1])
    return {spec: replace(spec, keep=max(enough[spec]) if len(enough[spec]) == times else None) for spec, times in uses.items()}


def comparisons_of(node: Typed) -> list[Typed]:
    """Return the atomic comparisons of a condition, in the order of the text, each once."""
    if is_composite(node):
        return list(dict.fromkeys(atom for child in children(node) for atom in comparisons_of(child)))
    return [] if isinstance(node, Literal) else [node]


def facts_in(tree: Typed) -> frozenset[str]:
    return frozenset(node.name for node in walk(tree) if isinstance(node, Fact))


def types_read(tree: Typed) -> frozenset[str]:
    """Return the event types whose newest times or windows a tree reads."""
    windows = [node.spec for node in walk(tree) if isinstance(node, Windowed)]
    elapsed = [node.event for node in walk(tree) if isinstance(node, Elapsed)]
    return frozenset([*elapsed, *(spec.event_type for spec in windows), *(spec.since for spec in windows if spec.since)])
