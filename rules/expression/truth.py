"""When is a condition surely true, when surely false? Its negation normal form, where only single comparisons are negated.

Taking every unknown comparison as false in it answers exactly as Kleene's three-valued logic does.
"""

from dataclasses import dataclass
from typing import TypeAlias

from contracts.values import FieldType
from rules.expression.faults import refuse
from rules.expression.tree import children
from rules.expression.typed import Compare, Fact, Joined, Known, Literal, Not, Pick, Typed

MAX_COMPARISONS = 2000


@dataclass(frozen=True, slots=True)
class Every:
    parts: "tuple[Normal, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    parts: "tuple[Normal, ...]"


@dataclass(frozen=True, slots=True)
class Single:
    """One comparison that has to be known, and to be `wanted`."""

    of: Typed
    wanted: bool


Normal: TypeAlias = Every | Some | Single


def normal(node: Typed, *, wanted: bool) -> Normal:
    """Return when a condition is surely true (wanted) or surely false. Raises ExpressionError when choices nest too widely."""
    if comparisons(node) > MAX_COMPARISONS:
        raise refuse(0, "the choices are nested too widely", "split it into several detectors")
    return _normal(node, wanted)


def comparisons(node: Typed) -> int:
    """Return an upper bound of the single comparisons in the normal form; choices and `==` between conditions double theirs."""
    below = [comparisons(child) for child in children(node)]
    doubled = isinstance(node, Pick) or (isinstance(node, Compare) and node.left.type is FieldType.BOOL)
    return max(1, sum(below)) * (2 if doubled else 1)


def _normal(node: Typed, wanted: bool) -> Normal:
    match node:
        case Not(of=of):
            return _normal(of, not wanted)
        case Joined(operator=operator, parts=parts):
            return _joined((operator == "and") is wanted, *(_normal(part, wanted) for part in parts))
        case Pick(type=FieldType.BOOL, condition=condition, yes=yes, no=no):
            return _either(condition, _normal(yes, wanted), _normal(no, wanted), wanted=wanted)
        case Compare(operator=operator, left=left, right=right) if left.type is FieldType.BOOL:
            same = wanted is (operator == "==")
            return _joined(
                False,
                _joined(True, _normal(left, True), _normal(right, same)),
                _joined(True, _normal(left, False), _normal(right, not same)),
            )
        case _:
            return Single(node, wanted)


def _either(condition: Typed, yes: Normal, no: Normal, *, wanted: bool) -> Normal:
    """`c ? a : b` is `(c and a) or (not c and b)`; untrue, it is `(not c or not a) and (c or not b)`."""
    return _joined(
        not wanted,
        _joined(wanted, _normal(condition, wanted), yes),
        _joined(wanted, _normal(condition, not wanted), no),
    )


def _joined(every: bool, *parts: Normal) -> Normal:
    return Every(parts) if every else Some(parts)


def bound_facts(form: Normal) -> frozenset[str] | None:
    """Return the facts that must be known for this to hold; None when it can never hold."""
    match form:
        case Every(parts=parts):
            below = [bound_facts(part) for part in parts]
            return None if None in below else frozenset().union(*(facts for facts in below if facts is not None))
        case Some(parts=parts):
            possible = [facts for part in parts if (facts := bound_facts(part)) is not None]
            return frozenset.intersection(*possible) if possible else None
        case Single(of=Literal(value=value), wanted=wanted):
            return frozenset() if value is wanted else None
        case Single(of=Known(of=of), wanted=wanted):
            return frozenset({of.name}) if wanted and isinstance(of, Fact) else frozenset()
        case Single(of=of):
            return needed_facts(of)


def absent_facts(form: Normal) -> frozenset[str]:
    """Return the facts that must be unknown for this to hold."""
    match form:
        case Every(parts=parts):
            return frozenset().union(*map(absent_facts, parts))
        case Some(parts=parts):
            return frozenset.intersection(*map(absent_facts, parts))
        case Single(of=Known(of=Fact(name=name)), wanted=False):
            return frozenset({name})
        case _:
            return frozenset()


def needed_facts(node: Typed) -> frozenset[str]:
    """Return the facts without which a value is unknown."""
    match node:
        case Fact(name=name):
            return frozenset({name})
        case Pick(type=kind, condition=condition, yes=yes, no=no) if kind is not FieldType.BOOL:
            ways = ((bound_facts(_normal(condition, True)), yes), (bound_facts(_normal(condition, False)), no))
            possible = [facts | needed_facts(value) for facts, value in ways if facts is not None]
            return frozenset.intersection(*possible) if possible else frozenset()
        case _:
            return frozenset().union(*map(needed_facts, children(node)))
